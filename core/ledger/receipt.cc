#include "core/ledger/receipt.h"

#include <algorithm>

namespace wayside::ledger {
namespace {

constexpr char kVersion = 1;
constexpr char kCovered = 0, kOpen = 1;

Bytes number(std::uint64_t value) {
  Bytes out;
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

/// Takes pieces from the front. Once one was not there, nothing is, and `well` says so.
class Reader {
 public:
  explicit Reader(BytesView in) : in_(in) {}
  [[nodiscard]] bool well() const { return well_; }
  [[nodiscard]] BytesView rest() const { return in_; }

  BytesView take(std::size_t size) {
    well_ = well_ && size <= in_.size();
    if (!well_) return {};
    const BytesView out = in_.substr(0, size);
    in_.remove_prefix(size);
    return out;
  }
  template <class IdType>
  IdType id() { return IdType::from(take(IdType::size_bytes)).value_or(IdType{}); }
  unsigned byte() {
    const BytesView one = take(1);
    return one.empty() ? 0 : static_cast<unsigned char>(one.front());
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    int shift = 0;
    for (const char each : take(8)) {
      value |= std::uint64_t{static_cast<unsigned char>(each)} << shift;
      shift += 8;
    }
    return value;
  }

 private:
  BytesView in_;
  bool well_ = true;
};

Digest hash_of(const ReceiptPlace& place) {
  if (place.covered) return *place.covered;
  return crypto::hash("wayside/receipt-place/1", {place.ledger.view(), number(place.lsn), place.head.view()});
}

/// What is signed.
Digest hash_of(const Receipt& receipt) {
  Bytes hashes;
  for (const ReceiptPlace& each : receipt.places) hashes.append(hash_of(each).view());
  return crypto::hash("wayside/receipt/1", {receipt.organisation.view(), receipt.device.view(), receipt.generation.view(),
                                            number(receipt.time), hashes});
}

/// Nothing when it is no place.
std::optional<ReceiptPlace> read_place(Reader& in) {
  ReceiptPlace out;
  const unsigned form = in.byte();
  if (form == static_cast<unsigned>(kCovered)) {
    out.covered = in.id<Digest>();
  } else if (form == static_cast<unsigned>(kOpen)) {
    out.ledger = in.id<LedgerId>();
    out.lsn = in.number();
    out.head = in.id<Digest>();
    if (out.lsn > INT64_MAX || (out.lsn == 0 && out.head != Digest{})) return std::nullopt;
  } else {
    return std::nullopt;
  }
  return in.well() ? std::optional(out) : std::nullopt;
}

Result<Receipt> read_receipt(Reader& in) {
  const unsigned version = in.byte();
  if (in.well() && version > static_cast<unsigned>(kVersion)) return fail(Errc::newer_format, "receipt");
  Receipt out;
  out.organisation = in.id<OrganisationId>();
  out.device = in.id<DeviceId>();
  out.generation = in.id<GenerationId>();
  out.time = in.number();
  const unsigned count = in.byte();
  if (!in.well() || version != static_cast<unsigned>(kVersion) || count == 0 || count > kMaxReceiptPlaces || out.time > INT64_MAX) {
    return fail(Errc::bad_input, "receipt");
  }
  out.places.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    const auto place = read_place(in);
    if (!place) return fail(Errc::bad_input, "a place of a receipt");
    out.places.push_back(*place);
  }
  out.signature = in.id<Signature>();
  return in.well() ? Result<Receipt>(std::move(out)) : fail(Errc::bad_input, "receipt");
}

}  // namespace

std::vector<Receipt> sign_receipts(const Receipt& frame, const std::vector<ReceiptPlace>& places, const crypto::Signer& signer) {
  std::vector<Receipt> out;
  for (std::size_t at = 0; at < places.size(); at += kMaxReceiptPlaces) {
    Receipt receipt = frame;
    const auto begin = places.begin() + static_cast<std::ptrdiff_t>(at);
    receipt.places.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(kMaxReceiptPlaces, places.size() - at)));
    receipt.signature = signer.sign(hash_of(receipt).view());
    out.push_back(std::move(receipt));
  }
  return out;
}

Bytes encode_receipt(const Receipt& receipt) {
  Bytes out(1, kVersion);
  out.append(receipt.organisation.view()).append(receipt.device.view()).append(receipt.generation.view());
  out.append(number(receipt.time)).push_back(static_cast<char>(receipt.places.size()));
  for (const ReceiptPlace& each : receipt.places) {
    if (each.covered) out.append(1, kCovered).append(each.covered->view());
    else out.append(1, kOpen).append(each.ledger.view()).append(number(each.lsn)).append(each.head.view());
  }
  return out.append(receipt.signature.view());
}

Result<std::vector<Receipt>> parse_receipts(BytesView bytes) {
  std::vector<Receipt> out;
  for (Reader in(bytes); !in.rest().empty();) {
    WAYSIDE_TRY(Receipt receipt, read_receipt(in));
    out.push_back(std::move(receipt));
  }
  return out;
}

Result<Receipt> parse_receipt(BytesView bytes) {
  Reader in(bytes);
  WAYSIDE_TRY(Receipt receipt, read_receipt(in));
  return in.rest().empty() ? Result<Receipt>(std::move(receipt)) : fail(Errc::bad_input, "something behind a receipt");
}

bool signed_by(const Receipt& receipt, const PublicKey& device) {
  return crypto::verify(device, hash_of(receipt).view(), receipt.signature);
}

ReceiptPlace cover(const ReceiptPlace& place) { return {{}, 0, {}, hash_of(place)}; }

}  // namespace wayside::ledger
