#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "core/ledger/ledger_store.h"
#include "core/vault/ingest.h"
#include "core/vault/vault.h"

/// A snapshot: what a team's cases hold, with every dot, as one member device folded it. It speeds the first sync of a
/// newcomer and nothing else. It is used at once and not believed: the envelopes that it covers arrive afterwards, and each
/// ledger is folded from them and compared. A ledger that differs makes the snapshot false: what is left of it goes, and
/// its publisher is named.
///
/// It travels as an envelope of the team's own ledger: signed by the publisher's device, sealed under the team's key, its
/// parts named in the header, so that who may read, judge, fetch or erase it follows from what holds for envelopes.
/// Compartments are never in it, nor is a ledger of which this team lacks a grant. Keys are not in it: the grants are, as
/// they stand in their envelopes.
namespace wayside::vault {

/// Folded so far, as the office counts.
struct LedgerPoint { LedgerId ledger; std::uint64_t lsn = 0; Digest head; };
struct Frontier { Bytes generation; std::uint64_t position = 0; std::vector<LedgerPoint> ledgers; };

// ---- Publishing (snapshot_make.cc) ----

struct MadeSnapshot { Bytes manifest; std::vector<Digest> parts; std::uint64_t ledgers = 0, records = 0, bytes = 0; };
/// Of every ledger of the frontier that the team as a whole may read; the parts are files of HOME/blobs, durable. A ledger
/// with an envelope that waits or was kept apart here is left out, as is what was erased.
/// Errors: not_a_member (not of this team), too_large, busy (something written here is not at the office yet), and the disk's.
Result<MadeSnapshot> make_snapshot(Vault& vault, const TeamId& team, const Frontier& frontier);
/// Saves it into the team's ledger. From here on it goes with the next reconcile, as an attachment does.
Result<EnvelopeId> publish_snapshot(Vault& vault, const TeamId& team, const MadeSnapshot& made);
/// Files of a snapshot published here go once the office has them, or once a case that may be in it was erased.
Result<void> let_go_of_published(Vault& vault);
/// They go at once, since a case that is in it leaves this device: what is left of them, with finish_erasures (erasure.h).
Result<void> drop_published(Vault& vault, Vault::Writing& writing);

// ---- Using one (snapshot_load.cc) ----

struct Offer {
  DeviceId publisher;
  TeamId team;
  Bytes manifest;
  std::vector<Digest> parts;
};
/// The newest of them that a member signed, this device can open and this version reads, made in that generation.
/// `parcels`: envelopes of team ledgers, those with grants before those that need their keys. Nothing of them is kept.
Result<std::optional<Offer>> best_offer(Vault& vault, const std::vector<Parcel>& parcels, BytesView generation);
/// Into an empty casebook, in one transaction: all or nothing. `next` gives the parts, held against their address.
/// Errors: corrupt (its parts are not what its manifest says), already_exists (cases are here already), those of the store.
Result<void> load_snapshot(Vault& vault, const Offer& offer, const std::function<Result<Bytes>(const Digest&)>& next);

// ---- Checking (snapshot_check.cc) ----

enum class Trust : std::uint32_t {
  unverified = 1,
  verified = 2,
  false_ = 3,     ///< its publisher is named
  let_go = 4,     ///< the office holds another history than when it was made, whoever is to blame
};
struct SnapshotUse {
  DeviceId publisher;
  Bytes generation;
  std::uint64_t position = 0;
  std::int64_t loaded_ms = 0;
  Trust trust = Trust::unverified;
  std::uint64_t ledgers = 0, records = 0;
  std::uint64_t unchecked = 0;      ///< ledgers
};
/// The one that this vault began with; nothing when it began without.
Result<std::optional<SnapshotUse>> snapshot_use(Vault& vault);
/// What the courier is to take as held: empty unless it is unverified.
Result<Frontier> covered_frontier(Vault& vault);

/// What a snapshot covers, while pages are folded: asked for each delivery, settled at the end of each page. Without one in
/// use each call costs nothing.
class SnapshotCheck {
 public:
  static Result<SnapshotCheck> open(Vault& vault);
  [[nodiscard]] bool in_use() const { return in_use_; }
  /// Whether this delivery is one that the snapshot has folded already; then it is noted for the comparison.
  Result<bool> covers(const LedgerId& ledger, std::uint64_t lsn, const EnvelopeId& id);
  /// Compares every ledger of which the last covered envelope came with this page. Once one differs the snapshot is false
  /// and nothing more is compared.
  Result<void> end_page(Vault::Writing& writing);

 private:
  explicit SnapshotCheck(Vault& vault) : vault_(&vault) {}
  struct Progress { std::uint64_t lsn = 0, seen = 0; Digest head; std::vector<EnvelopeId> ids; };
  Result<Progress*> progress_of(std::int64_t ledger);

  Vault* vault_;
  bool in_use_ = false;
  std::map<std::int64_t, Progress> pages_;
};

/// Once the office has nothing more of what it covers: what was never delivered makes it false, all else is verified.
/// `carried`: the ledgers that the office gives this device.
Result<void> settle_snapshot(Vault& vault, const std::set<LedgerId>& carried);
/// Takes away what is left of a snapshot that is false or let go, at most so many ledgers in one transaction. What was written here on top of
/// it stays, and so does what colleagues wrote since. True while there is more to do.
Result<bool> drop_useless_snapshot(Vault& vault, std::size_t most);
/// The office holds another history than it says, or began anew.
Result<void> let_go_of_snapshot(Vault& vault);

/// The head at that lsn, where it is the one that the snapshot's frontier names for the ledger.
Result<std::optional<Digest>> covered_head(Vault& vault, std::int64_t ledger, std::uint64_t lsn);
/// Whether the ledger shows what a snapshot says and was not compared yet. No query when none is in use.
Result<bool> is_unchecked(Vault& vault, std::int64_t ledger);
/// Grants that a snapshot brought for a ledger: to open what came before the envelopes that carry them.
Result<std::vector<Bytes>> snapshot_grants(Vault& vault, std::int64_t ledger);
/// Of a ledger that was erased, or is on this device no more, nothing is left to compare.
Result<void> forget_unchecked(Vault& vault, store::Transaction& transaction, std::int64_t ledger);

}  // namespace wayside::vault
