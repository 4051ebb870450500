#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "core/vault/vault.h"

namespace wayside::vault {

/// A sealed envelope and the wraps that travel with it.
struct Parcel {
  Bytes envelope;
  std::vector<Bytes> grants;
  bool covered = false;           ///< a snapshot in use has folded it (core/vault/snapshot.h): kept, and not folded again
};

enum class Outcome {
  applied,       ///< verified, opened, folded
  known,         ///< had it already, or does not carry its case
  pending,       ///< waits for what it builds on, for its membership entry, or for a key
  quarantined,   ///< kept apart: malformed, not signed by whom it names, a fork …; blocks nothing else. Of an erased
                 ///< case its id alone
};

struct Ingested {
  std::uint64_t applied = 0;      ///< also those that had waited
  std::uint64_t known = 0;
  std::uint64_t pending = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t unverified = 0;   ///< of these: what no author signed so, with these grants. An honest office has none such
};

membership::EnvelopePlace place_of(const ledger::ParsedEnvelope& envelope);
/// Envelopes of a device that were kept apart because it had no right, or lost it before they came; decided about or not.
Result<std::vector<EnvelopeId>> late_work(Vault& vault, const DeviceId& device);
/// How many envelopes are kept apart, those apart that an administrator has declined.
Result<std::uint64_t> undecided(Vault& vault);

/// What an envelope waits for: the numbers of `pending.why`.
enum class WaitsFor : std::int64_t { membership = 1, previous = 2, dependency = 3, key = 4 };

/// Takes in what a courier brought. Verifies the signature, the membership at the head the envelope names, the chain,
/// the grants and the key, then folds it by the same code as a local save. Nothing is dropped: what cannot be applied
/// waits or is kept apart. Returns an error only when the store itself fails.
class Ingest {
 public:
  Ingest(Vault& vault, Vault::Writing& writing) : vault_(vault), writing_(writing) {}

  /// New entries of the membership log, oldest first; those already held are skipped. Errc::fork when one differs from
  /// the entry held at its number, and for one that has to wait until a branch is decided (core/vault/branches.h). An entry that takes a right away, or a word about late work, is applied to what
  /// is here already: the ledgers it touches are folded anew.
  Result<void> membership(const std::vector<Bytes>& entries);
  /// The log was cut back to where another branch of it begins, which is kept: takes that in, and judges everything anew.
  Result<void> change_over(const std::vector<Bytes>& entries);
  Result<Outcome> parcel(const Parcel& parcel);
  /// Tries again whatever waits for a key: after this device was given one by another way than a parcel's grants.
  Result<void> retry_keys();
  [[nodiscard]] const Ingested& totals() const { return totals_; }

 private:
  Result<Outcome> take(const Parcel& parcel);
  Result<Outcome> apply(const Parcel& parcel, const ledger::ParsedEnvelope& envelope, const membership::DeviceInfo& device,
                        std::uint64_t head_number, std::optional<std::int64_t> set_aside);
  Result<void> take_grants(const Parcel& parcel, const ledger::ParsedEnvelope& envelope, const ledger::LedgerRow& row, const UserId& author,
                           std::uint64_t head_number);
  Result<void> lower_ages(const Parcel& parcel, const ledger::LedgerRow& row, std::uint64_t head_number);
  Result<void> note_shares_of(const Parcel& parcel, const ledger::LedgerRow& row, const UserId& author, std::uint64_t head_number);
  Result<void> note_named_of(const ledger::LedgerRow& row, const ledger::ChangeSet& change, bool opens);
  [[nodiscard]] bool is_left_to_others(const LedgerId& ledger) const;
  Result<void> note_opening(const ledger::LedgerRow& row, bool holds_more);
  Result<void> judge_if_any_apart(const LedgerId& ledger);
  Result<void> take_epoch(const membership::Epoch& epoch);
  Result<void> take_earlier_epochs(const membership::Epoch& epoch);
  Result<void> rejudge(const membership::EntryKind& kind);
  Result<bool> counts(BytesView sealed);
  Result<void> set_apart(const ledger::EnvelopeRow& row, std::set<std::int64_t>& touched);
  Result<void> set_late_apart(const DeviceId& device, const std::set<LedgerId>& within, std::set<std::int64_t>& touched);
  Result<void> judge_again(const EnvelopeId& id, std::set<std::int64_t>& touched, std::deque<Bytes>& arrivals);
  Result<void> judge_ledger(const LedgerId& ledger);
  /// What does not fit in the chain of its device; nothing when it does, or when it cannot be told yet.
  struct Chain { bool complete = false; std::optional<Errc> fault; };
  Result<Chain> check_chain(const ledger::LedgerRow& row, std::int64_t author, const ledger::ParsedEnvelope& envelope,
                            std::uint64_t head_number);
  Result<Outcome> wait(const Parcel& parcel, BytesView id, WaitsFor why, BytesView waits_for);
  enum class Form { unverified, verified };
  Result<Outcome> keep_apart(const Parcel& parcel, BytesView id, Errc why, const ledger::ParsedEnvelope* envelope, Form form);
  Result<bool> is_present(const EnvelopeId& id);
  Result<bool> is_erased(const LedgerId& ledger);
  Result<bool> is_unchecked(std::int64_t ledger);
  Result<SecretBytes> key_for(const ledger::LedgerRow& row, const ledger::ParsedEnvelope& envelope, bool unchecked);
  Result<void> clear_spool_later();
  Result<Outcome> keep_id_of_erased(const ledger::ParsedEnvelope& envelope);
  Result<Outcome> erase_late_compartment(const ledger::Opening& opening, const ledger::LedgerRow& row,
                                         const ledger::ParsedEnvelope& envelope);
  Result<void> retry(std::deque<Bytes> arrivals);
  void add_arrivals(const Parcel& parcel, Outcome outcome, std::deque<Bytes>& arrivals);

  Vault& vault_;
  Vault::Writing& writing_;
  Ingested totals_;
  std::vector<Bytes> fresh_keys_;   ///< ledgers that a parcel just brought a key for
  std::set<LedgerId> to_judge_;     ///< ledgers of which it was just learnt whose they are, or who shares them
  std::optional<bool> snapshot_in_use_;   ///< nothing: not looked at yet
};

}  // namespace wayside::vault
