#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/membership/entry.h"
#include "core/membership/grant.h"
#include "core/membership/pin.h"

namespace wayside::membership {

/// An entry took a right from the holder of a device. What the device signed under an older head counts as far as it is
/// pinned; the rest is late work, which an administrator decides about.
struct Cut { std::uint64_t number = 0; Pin pin; std::optional<LedgerId> ledger{}; };   ///< ledger: there alone
struct DeviceInfo {
  DeviceEntry entry;
  std::uint64_t admitted = 0;                 ///< entry number
  std::optional<std::uint64_t> removed;
  std::vector<Cut> cuts{};                    ///< oldest first
  std::int64_t admitted_ms = 0;
  std::int64_t removed_ms = 0;                ///< 0: it is not
};
struct UserInfo {
  Bytes sealed_name;
  struct Change { std::uint64_t number; Role role; };
  std::vector<Change> roles;                  ///< oldest first
  std::vector<TeamId> teams;
  struct Move { std::uint64_t number; TeamId team; bool leaves; };
  std::vector<Move> moves{};                  ///< into and out of teams, oldest first
  std::uint64_t changed = 0;                  ///< the newest role entry
};
/// What an administrator decided about an envelope that was kept apart. The newest word counts.
struct Decision {
  std::uint64_t number = 0;                   ///< of the entry
  bool accept = false;
  std::optional<DeviceId> signer;             ///< nothing: the root
  Bytes sealed_reason;                        ///< sealed like a name
};
/// Where an envelope stands, as far as everybody can see.
struct EnvelopePlace {
  DeviceId device;
  IncarnationId incarnation;
  LedgerId ledger;
  std::uint64_t seq = 0;
  EnvelopeId id;
};
struct TicketInfo {
  TicketEntry entry;
  std::uint64_t issued = 0;
  std::optional<std::uint64_t> used;          ///< also when its user was removed before
  bool by_root = false;
};
struct PackInfo {
  Pack entry;
  std::uint64_t number = 0;                   ///< of the entry
  std::optional<DeviceId> signer;             ///< nothing: the root
};
/// The certificate of a lawful erasure: all that is left of a ledger.
struct ErasureInfo {
  std::uint64_t number = 0;                   ///< of the entry
  std::int64_t time_ms = 0;
  std::optional<DeviceId> signer;             ///< nothing: the root
  Bytes sealed_reason;                        ///< sealed like a name
};
/// A case is not shared with a team any more.
struct WithdrawalInfo {
  std::uint64_t number = 0;                   ///< of the entry
  std::int64_t time_ms = 0;
  std::optional<DeviceId> signer;             ///< nothing: the root
  Bytes sealed_reason;                        ///< sealed like a name
  std::vector<TeamId> readers{};              ///< who reads on
  std::vector<std::uint64_t> numbers{};       ///< of all entries that withdrew it from that team, oldest first
};
/// Who reads a case from an entry on.
struct RestrictionInfo {
  std::uint64_t number = 0;                   ///< of the entry
  std::int64_t time_ms = 0;
  std::optional<DeviceId> signer;             ///< nothing: the root
  Bytes sealed_reason;                        ///< sealed like a name
  std::vector<UserId> users{};                ///< nobody: its whole team
};
struct TeamInfo {
  Team entry;
  std::vector<Epoch> epochs;
  std::vector<std::uint64_t> epoch_entries{}; ///< their entry numbers
  std::uint64_t keys_since = 0;               ///< case keys made under an older head serve no new writing
  /// The newest epoch that does not lead back to the one before, whose secret was lost: its number and its entry's.
  std::uint32_t leads_back_to = 0;
  std::uint64_t broken_at = 0;
};
/// Once somebody belongs, devices sign. What the root signs then was signed with the recovery pages.
struct RootUse { std::uint64_t number = 0; std::int64_t time_ms = 0; };

/// The signed log that says who and which device belongs, folded. One signature decides each entry: the root's,
/// an admin device's, or, for the device that redeems it, a one-time ticket's. The office signs none.
class Log {
 public:
  /// Checks number, chain, signature and the signer's right, then folds.
  /// Errors: stale_head (number or chain), bad_signature, not_permitted (also: erasing a ledger that is no case's),
  /// ticket_used, ticket_unknown, bad_input (also: a pin that is none, a branch that keeps nothing of this log).
  /// Unchanged on an error. That a ticket has expired is for the office to say: a log knows no clock.
  Result<void> append(const SignedEntry& entry);

  [[nodiscard]] std::uint64_t size() const { return heads_.size(); }
  [[nodiscard]] std::optional<EntryHash> head() const;
  /// Where an envelope with that head is judged: the entry's number; of an entry that the root refused when the log had
  /// branched, the number of the last entry before the branches.
  [[nodiscard]] std::optional<std::uint64_t> number_of(const EntryHash& head) const;
  /// Entries of branches that the root refused, with that number.
  [[nodiscard]] const std::map<EntryHash, std::uint64_t>& refused() const { return refused_; }
  [[nodiscard]] bool has_unknown_kind() const { return unknown_kind_; }   ///< then this version appends nothing

  [[nodiscard]] const OrganisationId& organisation() const { return organisation_; }
  [[nodiscard]] const std::optional<Found>& found() const { return found_; }
  [[nodiscard]] const std::optional<OfficeKey>& office() const { return office_; }
  [[nodiscard]] const std::map<DeviceId, DeviceInfo>& devices() const { return devices_; }
  [[nodiscard]] const std::map<UserId, UserInfo>& users() const { return users_; }
  [[nodiscard]] const std::map<TeamId, TeamInfo>& teams() const { return teams_; }
  [[nodiscard]] const std::map<TicketId, TicketInfo>& tickets() const { return tickets_; }
  [[nodiscard]] const std::vector<PackInfo>& packs() const { return packs_; }   ///< oldest first, all versions

  [[nodiscard]] const std::vector<RootUse>& root_uses() const { return root_uses_; }   ///< oldest first
  /// It joined with a ticket that the pages signed after every administrator's device was lost.
  [[nodiscard]] bool admitted_by_recovery(const DeviceInfo& device) const;

  [[nodiscard]] const std::map<LedgerId, ErasureInfo>& erasures() const { return erasures_; }
  [[nodiscard]] bool erased(const LedgerId& ledger) const { return erasures_.contains(ledger); }
  using Withdrawals = std::map<std::pair<LedgerId, TeamId>, WithdrawalInfo>;
  [[nodiscard]] const Withdrawals& withdrawals() const { return withdrawals_; }   ///< the newest of each
  using Restrictions = std::map<LedgerId, std::vector<RestrictionInfo>>;
  [[nodiscard]] const Restrictions& restrictions() const { return restrictions_; }   ///< of each ledger all, oldest first
  /// The one that counted after entry `number`; nullptr: no entry has said anything about that ledger by then.
  [[nodiscard]] const RestrictionInfo* restriction_at(const LedgerId& ledger, std::uint64_t number) const;
  /// The newest entry that left this ledger to named workers; 0: none did.
  [[nodiscard]] std::uint64_t restricted_at(const LedgerId& ledger) const;
  /// Whether a grant that an envelope brought which was signed under the head of entry `head` still gives its reader anything:
  /// not when the case was withdrawn from that team since, or from the team of that device's user.
  [[nodiscard]] bool counts(const Grant& grant, std::uint64_t head) const;
  /// The newest entry that withdrew this ledger from anybody; 0: none did.
  [[nodiscard]] std::uint64_t withdrawn_at(const LedgerId& ledger) const;
  /// The organisation's ledger or a team's, which only membership names.
  [[nodiscard]] bool names_ledger(const LedgerId& ledger) const;

  [[nodiscard]] const DeviceInfo* device(const DeviceId& id) const;
  [[nodiscard]] const DeviceInfo* device_by_courier(const PublicKey& courier) const;
  [[nodiscard]] const TicketInfo* ticket_by_key(const PublicKey& key) const;
  /// The user's role as the log stood after entry `number`.
  [[nodiscard]] Role role_at(const UserId& user, std::uint64_t number) const;
  [[nodiscard]] bool member_at(const DeviceId& device, std::uint64_t number) const;
  [[nodiscard]] std::vector<TeamId> teams_of(const UserId& user) const;
  [[nodiscard]] std::vector<TeamId> teams_at(const UserId& user, std::uint64_t number) const;
  [[nodiscard]] const Epoch* newest_epoch(const TeamId& team) const;
  /// Whether the device was given the secret of the team's newest epoch, by the epoch's entry or by its ticket.
  [[nodiscard]] bool holds_newest_epoch(const DeviceId& device, const TeamId& team) const;
  /// Nobody was given the newest epoch who may not read what the team writes now.
  [[nodiscard]] bool epoch_is_clean(const TeamId& team) const;

  /// What speaks against an envelope that its device signed under the head of entry `head`: not_a_member, or removed (it
  /// lies beyond a pin, and no administrator has accepted it). A function of the log and the envelope alone.
  [[nodiscard]] std::optional<Errc> objection(const EnvelopePlace& place, std::uint64_t head) const;
  [[nodiscard]] const Decision* decision(const EnvelopeId& envelope) const;

 private:
  Result<void> check_signer(const SignedEntry& entry) const;
  Result<void> check_device(const SignedEntry& entry, const DeviceEntry& device) const;
  [[nodiscard]] Result<void> check_branch(const SignedEntry& entry, const Branch& branch) const;
  [[nodiscard]] Result<void> check_restrict(const SignedEntry& entry, const Restrict& restrict) const;
  void restrict_to(const Restrict& restrict, const RestrictionInfo& info);
  void cut(const DeviceId& device, BytesView pin, std::uint64_t number, bool goes_on, std::optional<LedgerId> ledger = std::nullopt);
  void fold(const SignedEntry& entry);

  OrganisationId organisation_;
  std::vector<EntryHash> heads_;
  std::map<EntryHash, std::uint64_t> numbers_, refused_;
  std::optional<Found> found_;
  std::optional<OfficeKey> office_;
  std::map<DeviceId, DeviceInfo> devices_;
  std::map<UserId, UserInfo> users_;
  std::map<TeamId, TeamInfo> teams_;
  std::map<TicketId, TicketInfo> tickets_;
  std::vector<PackInfo> packs_;
  std::vector<RootUse> root_uses_;
  std::map<LedgerId, ErasureInfo> erasures_;
  Withdrawals withdrawals_;
  Restrictions restrictions_;
  std::map<EnvelopeId, Decision> decisions_;
  bool unknown_kind_ = false;
};

}  // namespace wayside::membership
