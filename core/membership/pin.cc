#include "core/membership/pin.h"

namespace wayside::membership {
namespace {

constexpr char kVersion = 1;
/// An entry has 64 KiB; what else stands in it takes the rest.
constexpr std::size_t kMostPlaces = 1000;
constexpr std::size_t kPlaceBytes = LedgerId::size_bytes + 8 + EnvelopeId::size_bytes;
constexpr std::size_t kAuthorBytes = DeviceId::size_bytes + IncarnationId::size_bytes + 4;

void put(Bytes& out, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

/// The caller has looked at the length.
std::uint64_t take(BytesView& in, int width) {
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i) value |= std::uint64_t{static_cast<unsigned char>(in[i])} << (8 * i);
  in.remove_prefix(static_cast<std::size_t>(width));
  return value;
}

template <class IdType>
IdType take(BytesView& in) {
  const auto id = IdType::from(in.substr(0, IdType::size_bytes));
  in.remove_prefix(IdType::size_bytes);
  return *id;
}

Bytes encode_piece(const Pin& piece) {
  Bytes out(1, kVersion);
  put(out, piece.size(), 2);
  for (const auto& [author, places] : piece) {
    out.append(author.first.view()).append(author.second.view());
    put(out, places.size(), 4);
    for (const auto& [ledger, place] : places) {
      out.append(ledger.view());
      put(out, place.seq, 8);
      out.append(place.id.view());
    }
  }
  return out;
}

}  // namespace

std::vector<Bytes> encode_pin(const Pin& pin) {
  std::vector<Bytes> out;
  Pin piece;
  std::size_t places = 0;
  for (const auto& [author, ledgers] : pin) {
    for (const auto& [ledger, place] : ledgers) {
      if (places == kMostPlaces) {
        out.push_back(encode_piece(piece));
        piece.clear();
        places = 0;
      }
      piece[author].emplace(ledger, place);
      ++places;
    }
  }
  out.push_back(encode_piece(piece));
  return out;
}

Result<Pin> decode_pin(BytesView bytes) {
  if (bytes.empty()) return fail(Errc::bad_input, "pin");
  if (bytes[0] != kVersion) return fail(Errc::newer_format, "pin");
  bytes.remove_prefix(1);
  if (bytes.size() < 2) return fail(Errc::bad_input, "pin");
  Pin out;
  for (std::uint64_t authors = take(bytes, 2); authors > 0; --authors) {
    if (bytes.size() < kAuthorBytes) return fail(Errc::bad_input, "pin");
    const auto device = take<DeviceId>(bytes);
    const auto incarnation = take<IncarnationId>(bytes);
    const std::uint64_t count = take(bytes, 4);
    if (count > bytes.size() / kPlaceBytes) return fail(Errc::bad_input, "pin");
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto ledger = take<LedgerId>(bytes);
      const std::uint64_t seq = take(bytes, 8);
      out[{device, incarnation}][ledger] = {seq, take<EnvelopeId>(bytes)};
    }
  }
  return bytes.empty() ? Result<Pin>(std::move(out)) : fail(Errc::bad_input, "pin");
}

}  // namespace wayside::membership
