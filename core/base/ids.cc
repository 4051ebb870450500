#include "core/base/ids.h"

#include <algorithm>

namespace wayside {
namespace {

constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kUuidTextSize = 36;

constexpr bool hyphen_at(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

RecordId new_record_id(platform::Random& random, platform::Clock& clock) {
  auto id = RecordId::random(random);
  // RFC 9562, 5.7: 48 bits of ms, big endian; version 7; variant 0b10; the rest random.
  const auto ms = static_cast<std::uint64_t>(std::clamp<std::int64_t>(clock.wall_ms(), 0, (std::int64_t{1} << 48) - 1));
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<char>(ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<char>((id.bytes[6] & 0x0F) | 0x70);
  id.bytes[8] = static_cast<char>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

std::string to_text(BytesView id) {
  std::string text = to_hex(id);
  if (id.size() != kUuidBytes) return text;
  for (const std::size_t position : {8, 13, 18, 23}) text.insert(position, 1, '-');
  return text;
}

Bytes id_bytes_from_text(std::string_view text) {
  if (text.size() != kUuidTextSize) return from_hex(text);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!hyphen_at(i)) digits.push_back(text[i]);
    else if (text[i] != '-') return {};
  }
  return from_hex(digits);
}

}  // namespace wayside
