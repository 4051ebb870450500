#include "core/ledger/dot.h"

#include <charconv>

namespace wayside::ledger {

std::string to_text(const Dot& dot) {
  return to_hex(dot.device.view()) + ":" + to_hex(dot.envelope.view()) + ":" + std::to_string(dot.index);
}

std::optional<Dot> dot_from_text(std::string_view text) {
  constexpr std::size_t kHexId = 32;
  if (text.size() < 2 * kHexId + 3 || text[kHexId] != ':' || text[2 * kHexId + 1] != ':') return std::nullopt;
  const auto device = DeviceId::from(from_hex(text.substr(0, kHexId)));
  const auto envelope = EnvelopeStem::from(from_hex(text.substr(kHexId + 1, kHexId)));
  const std::string_view digits = text.substr(2 * kHexId + 2);
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (!device || !envelope || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return Dot{*device, *envelope, index};
}

Bytes to_bytes(const Dot& dot) {
  Bytes bytes;
  bytes.reserve(36);
  bytes.append(dot.device.view()).append(dot.envelope.view());
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(dot.index >> shift));
  return bytes;
}

std::optional<Dot> dot_from_bytes(BytesView bytes) {
  if (bytes.size() != 36) return std::nullopt;
  std::uint32_t index = 0;
  for (int i = 0; i < 4; ++i) index |= std::uint32_t{static_cast<unsigned char>(bytes[32 + i])} << (8 * i);
  return Dot{*DeviceId::from(bytes.substr(0, 16)), *EnvelopeStem::from(bytes.substr(16, 16)), index};
}

}  // namespace wayside::ledger
