#include "sync/office/founding.h"

#include "core/crypto/crypto.h"
#include "core/membership/names.h"
#include "sync/office/address.h"
#include "sync/office/tuning.h"

namespace wayside::office {
namespace {

constexpr std::string_view kFirstTeam = "main";
constexpr std::uint32_t kFirstEpoch = 1;

/// Signs one entry after another with the root key.
class Chain {
 public:
  Chain(const OrganisationId& organisation, std::int64_t time_ms, const SecretBytes& root_seed)
      : organisation_(organisation), time_ms_(time_ms), root_seed_(root_seed) {}

  void add(membership::EntryKind kind) {
    membership::Entry entry;
    entry.organisation = organisation_;
    entry.number = entries_.size();
    if (!entries_.empty()) entry.previous = entries_.back().hash;
    entry.time_ms = time_ms_;
    entry.signer_kind = membership::SignerKind::root;
    entry.kind = std::move(kind);
    entries_.push_back(membership::sign_entry(entry, root_seed_));
  }
  [[nodiscard]] std::vector<membership::SignedEntry> finish() && { return std::move(entries_); }

 private:
  OrganisationId organisation_;
  std::int64_t time_ms_;
  const SecretBytes& root_seed_;
  std::vector<membership::SignedEntry> entries_;
};

}  // namespace

Result<Founding> found_organisation(std::string_view name, std::string_view first_user, std::string_view address,
                                    platform::Clock& clock, platform::Random& random) {
  WAYSIDE_OK(parse_address(address));
  Founding founding{GenerationId::random(random), OfficeKeys::random(random), {}, {}, {}};
  founding.recovery.organisation = OrganisationId::random(random);
  founding.recovery.root_seed = crypto::random_secret(random, crypto::kKeyBytes);
  crypto::BoxPair recovery = crypto::new_box_pair(random);
  founding.recovery.recovery_secret = std::move(recovery.secret);

  // Whoever comes back with nothing but the pages can open the names too.
  const SecretBytes member_key = recovery::member_key_of(founding.recovery);
  WAYSIDE_TRY(const Bytes sealed_name, membership::seal_name(member_key.view(), name, random));
  WAYSIDE_TRY(const Bytes sealed_team, membership::seal_name(member_key.view(), kFirstTeam, random));
  WAYSIDE_TRY(const Bytes sealed_user, membership::seal_name(member_key.view(), first_user, random));
  crypto::BoxPair epoch = crypto::new_box_pair(random);
  const TeamId team = TeamId::random(random);
  const std::int64_t now_ms = clock.wall_ms();

  membership::Ticket& ticket = founding.first_ticket;
  ticket.organisation = founding.recovery.organisation;
  ticket.root_public = crypto::sign_public(founding.recovery.root_seed);
  ticket.ticket = TicketId::random(random);
  ticket.user = UserId::random(random);
  ticket.seed = crypto::random_secret(random, crypto::kKeyBytes);
  ticket.office_pin = founding.keys.tls_pin();
  ticket.expires_ms = now_ms + kTicketLifetime_ms;
  ticket.teams.push_back({team, kFirstEpoch});
  ticket.office_address = address;
  membership::TicketSecrets secrets{member_key.clone(), {}};
  secrets.epoch_secrets.push_back(std::move(epoch.secret));
  ticket.sealed = membership::seal_ticket_secrets(ticket.seed, secrets);

  Chain chain(ticket.organisation, now_ms, founding.recovery.root_seed);
  chain.add(membership::Found{ticket.root_public, recovery.public_key, LedgerId::random(random), sealed_name});
  chain.add(membership::OfficeKey{ticket.office_pin, founding.keys.sign_public(), std::string(address)});
  chain.add(membership::Team{team, sealed_team, LedgerId::random(random)});
  chain.add(membership::Epoch{team, kFirstEpoch, epoch.public_key, {}, {}, {}});
  chain.add(membership::TicketEntry{ticket.ticket,
                                    crypto::sign_public(ticket.seed),
                                    ticket.user,
                                    sealed_user,
                                    membership::Role::admin,
                                    {team},
                                    ticket.expires_ms});
  founding.entries = std::move(chain).finish();
  return founding;
}

}  // namespace wayside::office
