#include "core/vault/writing_key.h"

#include <algorithm>
#include <set>

#include "core/membership/grant.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"

namespace wayside::vault {
namespace {

using membership::Grant;
using membership::ReaderKind;

/// What travels with one envelope has a bound; a team with more devices is granted as a whole.
constexpr std::size_t kMostDevices = 48;

/// A team whose newest epoch somebody holds who may not read any more is granted device by device, until there is a new
/// one. Those beyond the bound get theirs with later envelopes.
Readers without_unclean_epochs(const Vault& vault, const Readers& readers) {
  const membership::Log& log = vault.membership();
  Readers out{{}, readers.devices};
  for (const TeamId& team : readers.teams) {
    if (log.epoch_is_clean(team)) {
      out.teams.push_back(team);
      continue;
    }
    for (const DeviceId& device : devices_of_team(log, team)) {
      const bool own = device == vault.identity().device;
      if (own || out.devices.size() < kMostDevices) out.devices.push_back(device);
    }
  }
  return out;
}

/// A grant for each reader that is not in `granted`.
Result<void> add_grants(Vault& vault, const LedgerId& ledger, const Readers& readers, const std::set<Bytes>& granted, WritingKey& key) {
  const membership::Log& log = vault.membership();
  for (const TeamId& team : readers.teams) {
    if (granted.contains(team.str())) continue;
    const membership::Epoch* epoch = log.newest_epoch(team);
    if (epoch == nullptr) return fail(Errc::no_key, "the team has no epoch key");
    const Grant grant{ledger, key.generation, ReaderKind::team_epoch, team.str(), epoch->number, {}};
    key.grants.push_back(membership::make_grant(grant, epoch->public_key, key.key.view(), vault.session_box()));
  }
  for (const DeviceId& device : readers.devices) {
    const membership::DeviceInfo* info = log.device(device);
    if (info == nullptr || granted.contains(device.str())) continue;
    const Grant grant{ledger, key.generation, ReaderKind::device, device.str(), 0, {}};
    key.grants.push_back(membership::make_grant(grant, info->entry.box_public, key.key.view(), vault.session_box()));
  }
  return {};
}

Result<WritingKey> new_key(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const Readers& readers) {
  const membership::Log& log = vault.membership();
  WritingKey out{KeyGenerationId::random(vault.env().random), crypto::random_secret(vault.env().random, crypto::kKeyBytes), {}};
  const Grant recovery{ledger.id, out.generation, ReaderKind::recovery, vault.identity().organisation.str(), 0, {}};
  out.grants.push_back(membership::make_grant(recovery, log.found()->recovery_public, out.key.view(), vault.session_box()));
  WAYSIDE_OK(add_grants(vault, ledger.id, without_unclean_epochs(vault, readers), {}, out));
  WAYSIDE_OK(vault.store().put_case_key(writing.transaction(), ledger.n, out.generation, out.key.view(), log.size() - 1));
  return out;
}

/// Whether whoever joins the team can open it: no lost epoch lies between.
bool leads_to_newest(const membership::Log& log, const Grant& grant) {
  if (grant.reader_kind != ReaderKind::team_epoch) return true;
  const auto team = TeamId::from(grant.reader);
  const auto info = team ? log.teams().find(*team) : log.teams().end();
  return info == log.teams().end() || grant.epoch >= info->second.leads_back_to;
}

/// Whom the ledger's envelopes here have granted this generation to. Where a case was withdrawn from somebody, it counts under
/// which head each came.
Result<std::set<Bytes>> granted_readers(Vault& vault, const ledger::LedgerRow& ledger, const KeyGenerationId& generation) {
  const membership::Log& log = vault.membership();
  const bool look_at_heads = log.withdrawn_at(ledger.id) > 0;
  std::set<Bytes> out;
  store::Query rows = vault.store().database().query("SELECT grants, sealed FROM envelopes WHERE ledger = ? AND grants != x''", ledger.n);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    std::uint64_t head = log.size();
    if (look_at_heads) {
      const auto envelope = ledger::parse_envelope(rows.blob(1));
      head = envelope ? log.number_of(envelope->header.membership_head).value_or(0) : 0;
    }
    for (const Bytes& bytes : ledger::unpack_grants(rows.blob(0))) {
      const auto grant = membership::parse_grant(bytes);
      if (!grant || grant->key_generation != generation || grant->reader_kind == ReaderKind::recovery) continue;
      if (leads_to_newest(log, *grant) && log.counts(*grant, head)) out.insert(grant->reader);
    }
  }
}

/// A new key of a case is for everybody who reads it, whomever its envelope brings grants of earlier keys.
Result<Readers> with_sharers(Vault& vault, const ledger::LedgerRow& ledger, Readers readers) {
  if (ledger.kind != ledger::LedgerKind::case_ledger) return readers;
  WAYSIDE_TRY(auto teams, shared_with(vault, ledger));
  if (ledger.team) teams.push_back(*ledger.team);
  for (const TeamId& team : teams) {
    if (std::ranges::find(readers.teams, team) == readers.teams.end()) readers.teams.push_back(team);
  }
  return readers;
}

}  // namespace

std::uint64_t keys_since(const membership::Log& log, const ledger::LedgerRow& ledger, const Readers& readers) {
  std::uint64_t out = 0;
  const auto look_at = [&](const TeamId& team) {
    const auto info = log.teams().find(team);
    if (info != log.teams().end()) out = std::max(out, info->second.keys_since);
  };
  for (const TeamId& team : readers.teams) look_at(team);
  if (ledger.team) look_at(*ledger.team);
  if (ledger.parent) out = std::max(out, log.restricted_at(*ledger.parent));
  return std::max({out, log.withdrawn_at(ledger.id), log.restricted_at(ledger.id)});
}

std::vector<DeviceId> devices_of_team(const membership::Log& log, const TeamId& team) {
  std::vector<DeviceId> out;
  for (const auto& [id, device] : log.devices()) {
    const std::vector<TeamId> teams = log.teams_of(device.entry.user);
    if (!device.removed && std::find(teams.begin(), teams.end(), team) != teams.end()) out.push_back(id);
  }
  return out;
}

Result<std::vector<Bytes>> missing_grants(Vault& vault, const ledger::LedgerRow& ledger, const Readers& wanted) {
  WAYSIDE_TRY(const auto circle, circle_of(vault, ledger));
  WAYSIDE_TRY(const Readers readers, circle.empty() ? Result<Readers>(wanted) : readers_of(vault, ledger));
  WAYSIDE_TRY(auto all, vault.store().case_keys(ledger.n));
  std::vector<Bytes> out;
  for (ledger::LedgerStore::WritingKey& each : all) {
    // Whoever is granted it would write under it.
    if (each.made_at == ledger::LedgerStore::kForOpening) continue;
    WritingKey key{each.generation, std::move(each.key), {}};
    WAYSIDE_TRY(const auto granted, granted_readers(vault, ledger, key.generation));
    // A team that was granted as a whole needs nobody one by one.
    if (readers.teams.empty() && ledger.team && granted.contains(ledger.team->str())) continue;
    WAYSIDE_OK(add_grants(vault, ledger.id, readers, granted, key));
    for (Bytes& grant : key.grants) out.push_back(std::move(grant));
  }
  if (out.size() > kMostDevices) out.resize(kMostDevices);   // the rest with the next change-set
  return out;
}

namespace {

/// Whatever a caller knows of a ledger: what is left to named workers is granted to their devices alone, and those beyond the
/// bound get theirs with later envelopes.
Result<WritingKey> key_of_named(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger) {
  WAYSIDE_TRY(Readers readers, readers_of(vault, ledger));
  WAYSIDE_TRY(auto known, vault.store().writing_key(ledger.n));
  if (!known || known->made_at < keys_since(vault.membership(), ledger, readers)) {
    if (readers.devices.size() > kMostDevices) readers.devices.resize(kMostDevices);
    return new_key(vault, writing, ledger, readers);
  }
  WritingKey out{known->generation, std::move(known->key), {}};
  WAYSIDE_TRY(const auto granted, granted_readers(vault, ledger, out.generation));
  WAYSIDE_OK(add_grants(vault, ledger.id, readers, granted, out));
  if (out.grants.size() > kMostDevices) out.grants.resize(kMostDevices);
  return out;
}

}  // namespace

Result<WritingKey> writing_key(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const Readers& readers) {
  const membership::Log& log = vault.membership();
  WAYSIDE_TRY(const auto circle, circle_of(vault, ledger));
  if (!circle.empty()) return key_of_named(vault, writing, ledger);
  Readers bounded = readers;
  if (bounded.devices.size() > kMostDevices && ledger.team) bounded = {{*ledger.team}, {}};
  WAYSIDE_TRY(auto known, vault.store().writing_key(ledger.n));
  WAYSIDE_TRY(const Readers all, with_sharers(vault, ledger, bounded));
  if (!known || known->made_at < keys_since(log, ledger, all)) return new_key(vault, writing, ledger, all);
  WritingKey out{known->generation, std::move(known->key), {}};
  // A key was granted to its ledger's one team when it was made, unless the case was left to named workers then.
  const bool left_to_some_once = log.restrictions().contains(ledger.id) || (ledger.parent && log.restrictions().contains(*ledger.parent));
  const bool to_another = bounded.teams.size() == 1 && ledger.kind == ledger::LedgerKind::case_ledger && bounded.teams.front() != ledger.team;
  if (bounded.teams.size() <= 1 && bounded.devices.empty() && !to_another && !left_to_some_once) return out;
  WAYSIDE_TRY(const auto granted, granted_readers(vault, ledger, out.generation));
  WAYSIDE_OK(add_grants(vault, ledger.id, bounded, granted, out));
  return out;
}

}  // namespace wayside::vault
