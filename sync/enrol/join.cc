#include "sync/enrol/join.h"

#include "core/membership/names.h"
#include "core/vault/ingest.h"
#include "core/vault/solo.h"
#include "platform/atomic_file.h"
#include "sync/enrol/tuning.h"
#include "sync/reconcile/reconcile.h"

namespace wayside::enrol {
namespace {

using membership::Ticket;
using vault::Vault;

Result<std::unique_ptr<Vault>> make_vault(platform::Env& env, const JoinRequest& request, const Ticket& ticket,
                                          const SecretString& passphrase) {
  if (env.clock.wall_ms() > ticket.expires_ms) return fail(Errc::ticket_expired);
  WAYSIDE_TRY(membership::TicketSecrets secrets, membership::open_ticket_secrets(ticket));
  // A name that cannot be sealed would be found out only after the vault is there.
  WAYSIDE_OK(membership::seal_name(secrets.member_key.view(), request.device_name, env.random));
  vault::NewVault made;
  made.identity = {ticket.organisation, ticket.user, DeviceId::random(env.random), IncarnationId::random(env.random)};
  made.keys = vault::make_device_keys(env.random, std::move(secrets.member_key));
  for (std::size_t i = 0; i < ticket.teams.size(); ++i) {
    made.keys.epochs.push_back({ticket.teams[i].team, ticket.teams[i].epoch, std::move(secrets.epoch_secrets[i])});
  }
  made.label = request.device_name;
  made.office = vault::OfficePlace{ticket.office_address, ticket.office_pin};
  made.ticket = ticket.ticket;
  return Vault::create(env, request.home, passphrase, std::move(made));
}

/// The vault of an earlier try with this very ticket.
Result<std::unique_ptr<Vault>> reopen_vault(platform::Env& env, const JoinRequest& request, const Ticket& ticket,
                                            const SecretString& passphrase) {
  WAYSIDE_TRY(auto vault, Vault::open(env, request.home, passphrase));
  WAYSIDE_TRY(const auto made_with, vault->store().meta("ticket"));
  if (made_with != ticket.ticket.str() || vault->identity().organisation != ticket.organisation) {
    return fail(Errc::already_exists, "another vault is in " + request.home.string());
  }
  return vault;
}

/// One try with one key: fetch, judge, sign, append.
class Admission {
 public:
  Admission(Vault& vault, const Ticket& ticket, const std::string& device_name)
      : vault_(vault), ticket_(ticket), device_name_(device_name) {}

  /// Afterwards `entries` holds the log with this device in it.
  Result<void> through(MembershipLine& line) {
    WAYSIDE_TRY(auto fetched, line.ask(0, {}));
    WAYSIDE_OK(take(fetched.entries));
    for (int tries = 0; tries < kAppendTries; ++tries) {
      if (log_.device(vault_.identity().device) != nullptr) return {};
      WAYSIDE_TRY(const auto entry, own_entry());
      WAYSIDE_TRY(auto answer, line.ask(log_.size(), entry.bytes));
      WAYSIDE_OK(take(answer.entries));
      if (answer.append == MembershipLine::Append::refused) return std::unexpected(error_of_refusal(answer.reason));
    }
    return log_.device(vault_.identity().device) != nullptr ? Result<void>{} : fail(Errc::stale_head);
  }
  [[nodiscard]] const std::vector<Bytes>& entries() const { return entries_; }

 private:
  /// Nothing of it is believed but what the ticket's root has signed, entry by entry.
  Result<void> take(const std::vector<Bytes>& entries) {
    for (const Bytes& bytes : entries) {
      WAYSIDE_TRY(const auto entry, membership::parse_entry(bytes));
      WAYSIDE_OK(log_.append(entry));
      entries_.push_back(bytes);
    }
    const auto& found = log_.found();
    if (!found || found->root_public != ticket_.root_public || log_.organisation() != ticket_.organisation) {
      return fail(Errc::wrong_office, "it holds another organisation");
    }
    const auto issued = log_.tickets().find(ticket_.ticket);
    if (issued == log_.tickets().end() || issued->second.entry.public_key != crypto::sign_public(ticket_.seed) ||
        issued->second.entry.user != ticket_.user) {
      return fail(Errc::ticket_unknown);
    }
    if (issued->second.used && log_.device(vault_.identity().device) == nullptr) return fail(Errc::ticket_used);
    return {};
  }

  [[nodiscard]] Result<membership::SignedEntry> own_entry() const {
    if (log_.has_unknown_kind()) return fail(Errc::newer_format, "membership log");
    WAYSIDE_TRY(auto device, vault::device_entry(vault_.identity(), vault_.keys(), ticket_.ticket, device_name_,
                                                 vault_.env().random));
    const membership::Entry entry{
        ticket_.organisation,           log_.size(),          log_.head(),      vault_.env().clock.wall_ms(),
        membership::SignerKind::ticket, ticket_.ticket.str(), std::move(device)};
    return membership::sign_entry(entry, ticket_.seed);
  }

  Vault& vault_;
  const Ticket& ticket_;
  const std::string& device_name_;
  membership::Log log_;
  std::vector<Bytes> entries_;
};

Result<std::vector<Bytes>> admit(Vault& vault, const Ticket& ticket, const JoinRequest& request,
                                 const OpenLine& open_line) {
  const CourierLine::Office office{request.address.empty() ? ticket.office_address : request.address,
                                   ticket.office_pin};
  Admission with_ticket(vault, ticket, vault.header().label);
  const auto line = open_line(office, ticket.seed);
  auto admitted = with_ticket.through(*line);
  if (admitted) return with_ticket.entries();
  // The office refuses a ticket that was redeemed or has expired. If it was this device that redeemed it, the office
  // knows this device's own key.
  if (admitted.error().code != Errc::ticket_used && admitted.error().code != Errc::ticket_expired) {
    return std::unexpected(admitted.error());
  }
  Admission as_device(vault, ticket, vault.header().label);
  const auto own_line = open_line(office, vault.keys().courier_seed);
  const auto known = as_device.through(*own_line);
  if (known) return as_device.entries();
  const bool cut_off = known.error().code == Errc::unreachable || known.error().code == Errc::later;
  return std::unexpected(cut_off ? known.error() : admitted.error());
}

Result<void> take_log(Vault& vault, const std::vector<Bytes>& entries) {
  WAYSIDE_TRY(auto writing, vault.begin());
  vault::Ingest ingest(vault, writing);
  WAYSIDE_OK(ingest.membership(entries));
  return std::move(writing).commit();
}

/// The office has said for good that this ticket admits no device of ours.
bool never_will(Errc code) {
  return code == Errc::ticket_used || code == Errc::ticket_expired || code == Errc::ticket_unknown;
}

/// Makes room for the next ticket. A vault that was never admitted has taken no save, so nothing is lost with it;
/// without its header the rest is made anew by whoever makes a vault there.
Result<void> abandon(platform::Files& files, const platform::Path& home) {
  WAYSIDE_OK(files.remove(home / "header"));
  return files.sync_folder(home);
}

Result<void> delete_ticket(platform::Files& files, const platform::Path& file) {
  WAYSIDE_OK(files.remove(file));
  const platform::Path folder = file.parent_path();
  return files.sync_folder(folder.empty() ? "." : folder);
}

}  // namespace

Result<Ticket> read_ticket(platform::Files& files, const platform::Path& file) {
  WAYSIDE_TRY(const SecretBytes text, platform::read_secret(files, file, kMaxTicketFileBytes));
  return membership::parse_ticket(text);
}

Result<std::unique_ptr<Vault>> join(platform::Env& env, const JoinRequest& request, const SecretString& passphrase,
                                    const OpenLine& open_line) {
  WAYSIDE_TRY(const Ticket ticket, read_ticket(env.files, request.ticket_file));
  const bool again = env.files.exists(request.home / "header");
  WAYSIDE_TRY(auto vault,
              again ? reopen_vault(env, request, ticket, passphrase) : make_vault(env, request, ticket, passphrase));
  if (!vault->admitted()) {
    const auto entries = admit(*vault, ticket, request, open_line);
    if (!entries) {
      vault.reset();  // it writes its header once more as it closes
      if (never_will(entries.error().code)) WAYSIDE_OK(abandon(env.files, request.home));
      return std::unexpected(entries.error());
    }
    WAYSIDE_OK(take_log(*vault, *entries));
  }
  WAYSIDE_OK(reconcile::write_courier_files(*vault));
  WAYSIDE_OK(delete_ticket(env.files, request.ticket_file));
  return vault;
}

}  // namespace wayside::enrol
