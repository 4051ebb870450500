#include "sync/office/admit.h"

#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/membership/names.h"
#include "sync/office/root_writer.h"
#include "sync/office/tuning.h"

namespace wayside::office {
namespace {

/// The one before it is lost, so nothing leads back to it: what was granted to that is granted anew.
membership::Epoch next_epoch(const membership::Log& log, const TeamId& team, const crypto::BoxPair& pair) {
  const membership::Epoch* before = log.newest_epoch(team);
  membership::Epoch epoch{team, before == nullptr ? 1 : before->number + 1, pair.public_key, {}, {}, {}};
  for (const auto& [id, device] : log.devices()) {
    const std::vector<TeamId> teams = log.teams_of(device.entry.user);
    if (device.removed || std::ranges::find(teams, team) == teams.end()) continue;
    epoch.wraps.push_back({id, crypto::seal_to(device.entry.box_public, pair.secret.view())});
  }
  return epoch;
}

}  // namespace

Result<Admission> admit_with_pages(platform::Env& env, LedgerStore& store, const recovery::OrganisationSecrets& secrets,
                                   const std::string& name) {
  const membership::Log& log = store.log();
  WAYSIDE_OK(check_pages(log, secrets));
  membership::TicketSecrets inside{recovery::member_key_of(secrets), {}};
  WAYSIDE_TRY(Bytes sealed_name, membership::seal_name(inside.member_key.view(), name, env.random));

  Admission out;
  out.names_readable = membership::open_name(inside.member_key.view(), log.found()->sealed_name).has_value();
  membership::Ticket& ticket = out.ticket;
  ticket.organisation = secrets.organisation;
  ticket.root_public = log.found()->root_public;
  ticket.ticket = TicketId::random(env.random);
  ticket.user = UserId::random(env.random);
  ticket.seed = crypto::random_secret(env.random, crypto::kKeyBytes);
  ticket.office_pin = log.office()->tls_pin;
  ticket.office_address = log.office()->address;
  ticket.expires_ms = env.clock.wall_ms() + kTicketLifetime_ms;

  RootWriter writer(env, store, secrets.root_seed);
  std::vector<TeamId> teams;
  for (const auto& [id, team] : log.teams()) teams.push_back(id);
  for (const TeamId& team : teams) {
    crypto::BoxPair pair = crypto::new_box_pair(env.random);
    membership::Epoch epoch = next_epoch(log, team, pair);
    ticket.teams.push_back({team, epoch.number});
    inside.epoch_secrets.push_back(std::move(pair.secret));
    WAYSIDE_OK(writer.append(std::move(epoch)));
  }
  ticket.sealed = membership::seal_ticket_secrets(ticket.seed, inside);
  WAYSIDE_OK(writer.append(membership::TicketEntry{ticket.ticket, crypto::sign_public(ticket.seed), ticket.user,
                                                   std::move(sealed_name), membership::Role::admin, teams,
                                                   ticket.expires_ms}));
  return out;
}

}  // namespace wayside::office
