#include "tests/e2e/needle_search.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "tests/support/read_file.h"

namespace wayside::e2e {
namespace {

constexpr std::size_t kHeadBytes = 8;
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `before` bytes of something else stand in front; characters that depend on neighbours are left out.
Bytes base64_core(BytesView needle, std::size_t before) {
  const Bytes all = Bytes(before, '\0').append(needle);
  Bytes out;
  for (std::size_t bit = 0; bit + 6 <= all.size() * 8; bit += 6) {
    if (bit < before * 8) continue;
    const auto byte_at = [&](std::size_t i) { return i < all.size() ? static_cast<unsigned char>(all[i]) : 0U; };
    const unsigned pair = byte_at(bit / 8) << 8 | byte_at(bit / 8 + 1);
    out.push_back(kBase64[pair >> (10 - bit % 8) & 0x3F]);
  }
  return out;
}

Bytes url_alphabet(Bytes text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

Bytes utf16(BytesView text, bool little_endian) {
  Bytes out;
  for (const char c : text) {
    if (!little_endian) out.push_back('\0');
    out.push_back(c);
    if (little_endian) out.push_back('\0');
  }
  return out;
}

Bytes lowered(BytesView text) {
  Bytes out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Bytes raised(BytesView text) {
  Bytes out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::uint64_t head_at(const char* bytes) {
  std::uint64_t head = 0;
  std::memcpy(&head, bytes, kHeadBytes);
  return head;
}

std::size_t filter_place(std::uint64_t head, unsigned bits) { return head * 0x9E3779B97F4A7C15U >> (64 - bits); }

}  // namespace

void NeedleSearch::add_pattern(const std::string& name, const char* dress, Bytes bytes) {
  if (bytes.size() < kHeadBytes) throw std::invalid_argument("a needle of fewer than 8 bytes");
  const std::uint64_t head = head_at(bytes.data());
  patterns_.push_back({head, std::move(bytes), name, dress});
  prepared_ = false;
}

void NeedleSearch::add(const std::string& name, BytesView needle) {
  add_pattern(name, "raw", Bytes(needle));
  if (lowered(needle) != needle) add_pattern(name, "small letters", lowered(needle));
  add_pattern(name, "UTF-16LE", utf16(needle, true));
  add_pattern(name, "UTF-16BE", utf16(needle, false));
  add_pattern(name, "hex", to_hex(needle));
  add_pattern(name, "HEX", raised(to_hex(needle)));
  constexpr std::array kNames{"base64", "base64+1", "base64+2"};
  for (std::size_t before = 0; before < kNames.size(); ++before) {
    const Bytes core = base64_core(needle, before);
    add_pattern(name, kNames[before], core);
    if (url_alphabet(core) != core) add_pattern(name, kNames[before], url_alphabet(core));
  }
}

void NeedleSearch::prepare() const {
  if (prepared_) return;
  std::sort(patterns_.begin(), patterns_.end());
  filter_.assign(std::size_t{1} << kFilterBits, false);
  for (const Pattern& pattern : patterns_) filter_[filter_place(pattern.head, kFilterBits)] = true;
  prepared_ = true;
}

std::vector<NeedleSearch::Hit> NeedleSearch::in(BytesView bytes) const {
  prepare();
  looked_at_ += bytes.size();
  std::vector<Hit> hits;
  for (std::size_t at = 0; at + kHeadBytes <= bytes.size(); ++at) {
    const std::uint64_t head = head_at(bytes.data() + at);
    if (!filter_[filter_place(head, kFilterBits)]) continue;
    auto pattern = std::lower_bound(patterns_.begin(), patterns_.end(), Pattern{head, {}, {}, {}});
    for (; pattern != patterns_.end() && pattern->head == head; ++pattern) {
      if (bytes.substr(at).starts_with(pattern->bytes)) hits.push_back({pattern->name, pattern->dress, at});
    }
  }
  return hits;
}

std::vector<std::string> NeedleSearch::in_folder(const std::filesystem::path& folder) const {
  std::vector<std::string> found;
  const auto note = [&](const std::filesystem::path& path, const char* where, const std::vector<Hit>& hits) {
    for (const Hit& hit : hits) {
      found.push_back(path.string() + where + std::to_string(hit.offset) + ": " + hit.needle + " (" + hit.dress + ")");
    }
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path relative = entry.path().lexically_relative(folder);
    note(relative, ", in its name, at ", in(relative.string()));
    if (!entry.is_regular_file()) continue;
    note(relative, ", at ", in(support::read_file(entry.path())));
  }
  return found;
}

std::vector<std::pair<std::string, Bytes>> dressed(BytesView needle) {
  const auto framed = [](const Bytes& inner) { return "some 17 bytes ... " + inner + " and more"; };
  const auto in_base64 = [](BytesView text) {
    Bytes whole(text);
    while (whole.size() % 3 != 0) whole.push_back('!');
    return base64_core(whole, 0);
  };
  return {{"raw", framed(Bytes(needle))},
          {"small letters", framed(lowered(needle))},
          {"UTF-16LE", framed(utf16(needle, true))},
          {"UTF-16BE", framed(utf16(needle, false))},
          {"hex", framed(to_hex(needle))},
          {"HEX", framed(raised(to_hex(needle)))},
          {"base64", in_base64(Bytes(needle) + "xyz")},
          {"base64+1", in_base64("abcd" + Bytes(needle) + "xy")},
          {"base64+2", in_base64("ab" + Bytes(needle) + "?>?>")}};
}

}  // namespace wayside::e2e
