#pragma once

#include <optional>
#include <vector>

#include "core/base/hybrid_time.h"
#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include "platform/result.h"

/// What a device has seen of the office's ledgers, signed: which head each had at which lsn when it was folded here. Colleagues
/// compare it with what the office shows them, so an office that shows two histories has to keep their devices apart for good.
///
///     u8 version = 1 ‖ organisation 16 ‖ device 16 ‖ generation 16 ‖ u64le time ‖ u8 count ‖ count × place ‖ signature 64
///     place, open     01 ‖ ledger 16 ‖ u64le lsn ‖ head 32
///     place, covered  00 ‖ hash 32
///
/// The hash of a place is BLAKE2b-256("wayside/receipt-place/1" ‖ ledger ‖ u64le lsn ‖ head). The signature, of the device's
/// signing key, covers BLAKE2b-256("wayside/receipt/1" ‖ organisation ‖ device ‖ generation ‖ u64le time ‖ the hashes). So
/// whoever hands it on covers the ledgers that its reader has no part in, and the signature holds as before.
/// The membership log counts as one more ledger: its id is the organisation's, its lsn the number of entries, its head the
/// hash of the newest.
namespace wayside::ledger {

inline constexpr std::size_t kMaxReceiptPlaces = 64;
inline constexpr std::size_t kReceiptFrameBytes = 1 + 3 * 16 + 8 + 1 + 64;   ///< what is no place
inline constexpr std::size_t kOpenPlaceBytes = 1 + 16 + 8 + 32;
inline constexpr std::size_t kCoveredPlaceBytes = 1 + 32;
inline constexpr std::size_t kMaxReceiptBytes = kReceiptFrameBytes + kMaxReceiptPlaces * kOpenPlaceBytes;

struct ReceiptPlace {
  LedgerId ledger;
  std::uint64_t lsn = 0;              ///< 1, 2, 3 …; 0 with a head of zeros: nothing of it is on this device any more
  Digest head;
  std::optional<Digest> covered;      ///< its hash, when whoever handed the receipt on has covered it: then nothing else counts

  friend bool operator==(const ReceiptPlace&, const ReceiptPlace&) = default;
};

struct Receipt {
  OrganisationId organisation;
  DeviceId device;
  GenerationId generation;            ///< of the office
  HybridTime time = 0;                ///< of the device: of two, the later one counts
  std::vector<ReceiptPlace> places;   ///< 1 to kMaxReceiptPlaces
  Signature signature;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// As many receipts as `places` need, each signed and in the order of `places`. What stands in `frame` but for places and
/// signature is in each.
std::vector<Receipt> sign_receipts(const Receipt& frame, const std::vector<ReceiptPlace>& places, const crypto::Signer& signer);

Bytes encode_receipt(const Receipt& receipt);
/// Several, one after the other, nothing before, between or behind. Errors: bad_input, newer_format.
Result<std::vector<Receipt>> parse_receipts(BytesView bytes);
/// Just one. Errors: those of parse_receipts.
Result<Receipt> parse_receipt(BytesView bytes);

/// Whether the device's signing key made it. Covered places count as their hashes.
bool signed_by(const Receipt& receipt, const PublicKey& device);

/// The place with nothing left but its hash.
ReceiptPlace cover(const ReceiptPlace& place);

}  // namespace wayside::ledger
