#pragma once

#include <vector>

#include "core/ledger/record_state.h"

/// Records of several ledgers in few bytes: what a snapshot brings, and the store keeps so until somebody looks at one of
/// them. Ten thousand cases are in the store within a second that way, where their records as rows would take three.
namespace wayside::ledger {

/// Uncompressed: as much is decompressed when one of its ledgers is looked at, some fifteen cases. Larger ones take less room.
inline constexpr std::size_t kBundleBytes = std::size_t{96} << 10;
/// A reader takes no more; a ledger that is larger by itself stands in no bundle.
inline constexpr std::size_t kMostBundleBytes = std::size_t{64} << 20;

struct Bundle {
  Bytes ids;                        ///< 16 for each record, through all ledgers in order
  Bytes content;                    ///< one zstd frame
  std::vector<std::uint32_t> counts;   ///< how many records each ledger has
  std::uint32_t reviews = 0;        ///< how many of its fields wait for a person, as its writer says
};

/// `encoded`: the state as this version writes it.
struct BundledRecord { RecordId id; RecordState state; Bytes encoded; };
using BundledLedger = std::vector<BundledRecord>;

class BundleWriter {
 public:
  /// False, and nothing is added, for a ledger that is larger than a reader takes.
  bool add(const BundledLedger& ledger, std::uint32_t reviews);
  [[nodiscard]] bool empty() const { return ledgers_.empty(); }
  [[nodiscard]] bool full() const { return bytes_ >= kBundleBytes; }
  /// What it holds; it is empty then.
  Bundle take();

 private:
  struct Encoded { std::vector<std::uint32_t> types; std::vector<Bytes> states; };
  std::vector<Encoded> ledgers_;
  Bytes ids_;
  std::size_t bytes_ = 0;
  std::uint32_t reviews_ = 0;
};

/// Every ledger in it, in order. What is no record is left out, as if it had never been there: whoever compares will see
/// it. Errc::corrupt when nothing can be read; memory is asked for only after the size was looked at.
Result<std::vector<BundledLedger>> unfold_bundle(BytesView ids, BytesView content);
/// One of them alone. Empty when there is none at that place.
Result<BundledLedger> unfold_bundle(BytesView ids, BytesView content, std::size_t place);

/// What a ledger holds: the same on every device that folded the same envelopes. Records in the order of their ids.
Digest digest_of(const BundledLedger& ledger);

}  // namespace wayside::ledger
