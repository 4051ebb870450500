#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/ledger/receipt.h"
#include "core/vault/vault.h"

/// What this vault has seen of the office's ledgers, what colleagues say that they have seen (core/ledger/receipt.h), and where
/// the two do not go together.
///
/// Every place is of one generation of the office. A receipt is compared at its own lsn: at once when that was folded here, else
/// as soon as it is. What was folded before this vault kept places, or came as one piece, has no head here and is not compared.
namespace wayside::vault {

/// The membership log, where the numbers of ledgers (LedgerRow::n) are meant.
inline constexpr std::int64_t kMembershipLog = 0;

struct SeenPlace { std::uint64_t lsn = 0; Digest head; };

/// Two statements that cannot both be true of one honest office: that of a colleague's device and what the office shows here.
struct Contradiction {
  enum class Kind : std::int64_t {
    another_history = 1,        ///< another head at the same lsn
    withheld = 2,               ///< the colleague has more than the office says there is
  };
  Kind kind = Kind::another_history;
  LedgerId ledger;              ///< the membership log: the organisation's id
  DeviceId device;              ///< the colleague's
  SeenPlace theirs, ours;       ///< ours: at the same lsn; withheld: the newest that the office has signed
  std::int64_t noticed_ms = 0;
};

/// Told once for each colleague's device and ledger, kept for good.
struct Contradictions {
  std::vector<Contradiction> kept;     ///< oldest first, at most kMaxContradictions
  std::uint64_t more = 0;              ///< noticed when so many were kept already
};
inline constexpr std::size_t kMaxContradictions = 256;
Result<Contradictions> contradictions(Vault& vault);
/// Of these, the ones that nobody was told of; `note_contradictions_told` says that now somebody was.
Result<std::vector<Contradiction>> untold_contradictions(Vault& vault);
Result<void> note_contradictions_told(Vault& vault, Vault::Writing& writing);

/// The newest that a device is known to have had.
struct LastReceipt { std::uint64_t lsn = 0; std::int64_t time_ms = 0; };
/// By the number of the ledger. Nothing for a device that never said.
Result<std::map<std::int64_t, LastReceipt>> receipts_of(Vault& vault, const DeviceId& device);

/// Places and receipts of one generation, within one transaction.
class Receipts {
 public:
  /// What was kept of another generation is forgotten; contradictions stay.
  static Result<Receipts> begin(Vault& vault, Vault::Writing& writing, const GenerationId& generation);

  /// The head at an lsn, as it was folded here. Before the first: zeros.
  Result<std::optional<Digest>> head_at(std::int64_t ledger, std::uint64_t lsn);
  /// The office put `envelope` (its row, 0: none here) there. When it said otherwise before, that and what follows is forgotten.
  struct Placed { std::int64_t envelope = 0; bool own = false; };
  Result<void> note_place(std::int64_t ledger, const SeenPlace& place, const Placed& placed);

  /// A colleague's receipt as it came. What is no receipt of a member's device for this generation is left.
  Result<void> take(BytesView receipt);

  /// The office has signed that its ledgers stand there, all that it gives this device, and what lies before is folded. Of a
  /// ledger that was folded with another history nothing is noted: no receipt says what was not seen. A colleague's receipt
  /// that goes further is a contradiction now. `frontier` names the whole of it.
  Result<void> note_signed(const std::map<LedgerId, SeenPlace>& all, const Digest& frontier);
  /// Whether just that was noted already and no receipt came since that goes further.
  static Result<bool> is_settled(Vault& vault, const Digest& frontier);

  /// What the office has not been told yet, by ledger: for the next receipt. At most `most`.
  Result<std::vector<ledger::ReceiptPlace>> untold(std::size_t most);
  Result<void> note_told(const std::vector<ledger::ReceiptPlace>& places);
  /// A time later than that of any receipt of this device before.
  Result<HybridTime> next_time();
  /// The office may have gone back, and its ledgers may go on otherwise: all is told again, and what colleagues said counts once
  /// the office has handed it on again.
  static Result<void> forget_told(Vault& vault, Vault::Writing& writing);

  /// What the ledger holds is not on this device any more: its places are forgotten. What this device said of it before is
  /// taken back with its next receipt (place 0, a head of zeros), since colleagues count on it.
  static Result<void> forget_ledger(Vault& vault, store::Transaction& transaction, std::int64_t ledger);

  /// At the end: how far what was written here is covered, in ledgers of which this transaction has learnt something.
  Result<void> finish();

 private:
  Receipts(Vault& vault, Vault::Writing& writing, const GenerationId& generation)
      : vault_(vault), writing_(writing), generation_(generation) {}
  Result<std::optional<std::int64_t>> number_of(const LedgerId& ledger);
  Result<std::optional<std::int64_t>> folded_here(const LedgerId& ledger);   ///< not of one that was put down
  Result<LedgerId> id_of(std::int64_t ledger);
  Result<std::int64_t> number_of(const DeviceId& device);
  Result<void> take_place(const ledger::Receipt& receipt, std::int64_t device, const ledger::ReceiptPlace& place);
  struct Theirs { DeviceId device; std::int64_t number = 0; SeenPlace place; };
  Result<void> compare(std::int64_t ledger, const Theirs& theirs, const Digest& ours);
  Result<void> contradict(std::int64_t ledger, const Theirs& theirs, const SeenPlace& ours);
  Result<void> note_signed(std::int64_t ledger, const SeenPlace& place);
  Result<void> look_for_withheld();
  Result<void> note(const Contradiction& found);
  Result<std::uint64_t> newest(std::int64_t ledger);

  Vault& vault_;
  Vault::Writing& writing_;
  GenerationId generation_;
  std::set<std::int64_t> touched_;
};

}  // namespace wayside::vault
