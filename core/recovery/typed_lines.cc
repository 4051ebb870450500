#include "core/recovery/typed_lines.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/secret_text.h"
#include "core/crypto/crypto.h"

namespace wayside::recovery {
namespace {

constexpr std::string_view kDomain = "wayside/typed-line/1";
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kDataLetters = 16, kCheckLetters = 4, kLineLetters = kDataLetters + kCheckLetters;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kLineTextBytes = 2 + 1 + 5 * (1 + kGroup) + 1 + 1;
constexpr std::size_t kMaxLines = 99;
constexpr std::size_t kMostFaults = 12;  // more than that is another kind of text

/// A line's 20 letters as values of five bits.
using Letters = std::array<unsigned char, kLineLetters>;

void put_data(BytesView data, Letters& out) {
  std::uint32_t held = 0;
  int bits = 0;
  std::size_t at = 0;
  for (const char byte : data) {
    held = held << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) out.at(at++) = held >> (bits - 5) & 31;
  }
}

void take_data(const Letters& letters, unsigned char* data) {
  std::uint32_t held = 0;
  int bits = 0;
  for (std::size_t at = 0; at < kDataLetters; ++at) {
    held = held << 5 | letters[at];
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    *data++ = static_cast<unsigned char>(held >> bits & 255);
  }
}

void put_check(BytesView bytes, std::size_t line, Letters& out) {
  const char number = static_cast<char>(line + 1);
  const BytesView first = line == 0 ? BytesView() : bytes.substr(0, kLineBytes);
  const Digest digest = crypto::hash(kDomain, {{&number, 1}, first, bytes.substr(line * kLineBytes, kLineBytes)});
  std::uint32_t held = 0;
  for (int i = 0; i < 3; ++i) held = held << 8 | static_cast<unsigned char>(digest.bytes[i]);
  for (std::size_t i = 0; i < kCheckLetters; ++i) out[kDataLetters + i] = held >> (19 - 5 * i) & 31;
}

int value_of(char letter) {
  if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  if (letter == 'O') letter = '0';
  if (letter == 'I' || letter == 'L') letter = '1';
  const auto found = kDigits.find(letter);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_gap(char letter) { return letter == ' ' || letter == '\t' || letter == '-' || letter == '\r'; }

/// What somebody typed, line by line.
class Typed {
 public:
  explicit Typed(std::size_t lines) : bytes_(lines * kLineBytes), checks_(lines) {}

  void look_at(BytesView line) {
    while (!line.empty() && is_gap(line.front())) line.remove_prefix(1);
    std::size_t digits = 0, number = 0;
    while (digits < line.size() && digits < 3 && is_digit(line[digits]))
      number = number * 10 + static_cast<std::size_t>(line[digits++] - '0');
    if (digits == 0 || digits > 2 || digits == line.size() || number == 0) return;
    const char after = line[digits];
    if (!is_gap(after) && after != '.' && after != ')' && after != ':') return;
    line.remove_prefix(digits + 1);
    if (number <= checks_.size()) take(number - 1, line);
  }

  Result<SecretBytes> finish() && {
    for (std::size_t i = 0; i < checks_.size(); ++i) {
      if (!seen_.contains(i)) faults_.push_back(name(i) + " is missing");
    }
    // Every other line's check takes in the first: without it there is nothing to be said of them.
    if (fits(0)) {
      for (std::size_t i = 1; i < checks_.size(); ++i) (void)fits(i);
    }
    if (faults_.empty()) return std::move(bytes_);
    std::string all;
    for (std::size_t i = 0; i < faults_.size() && i < kMostFaults; ++i) all += (all.empty() ? "" : "; ") + faults_[i];
    return fail(Errc::bad_input, all);
  }

 private:
  static std::string name(std::size_t line) { return "line " + std::to_string(line + 1); }

  void take(std::size_t line, BytesView text) {
    if (!seen_.insert(line).second) {
      if (faults_.size() < kMostFaults) faults_.push_back(name(line) + " is there twice");
      return;
    }
    Letters letters{};
    std::size_t count = 0;
    for (const char each : text) {
      if (is_gap(each)) continue;
      const int value = value_of(each);
      if (value < 0) {
        faults_.push_back(name(line) + " has a sign that is none of its letters");
        sodium_memzero(letters.data(), letters.size());
        return;
      }
      if (count < letters.size()) letters[count] = static_cast<unsigned char>(value);
      ++count;
    }
    if (count != letters.size()) {
      faults_.push_back(name(line) + " has " + std::to_string(count) + " letters instead of 20");
    } else {
      take_data(letters, bytes_.data() + line * kLineBytes);
      std::array<unsigned char, kCheckLetters> check{};
      std::copy(letters.begin() + kDataLetters, letters.end(), check.begin());
      checks_[line] = check;
    }
    sodium_memzero(letters.data(), letters.size());
  }

  /// False too when the line did not come whole, which was said already.
  bool fits(std::size_t line) {
    if (!checks_[line]) return false;
    Letters wanted{};
    put_check(bytes_.view(), line, wanted);
    if (std::equal(checks_[line]->begin(), checks_[line]->end(), wanted.begin() + kDataLetters)) return true;
    faults_.push_back(name(line) + " has a wrong letter, or is of another page");
    return false;
  }

  SecretBytes bytes_;
  std::vector<std::optional<std::array<unsigned char, kCheckLetters>>> checks_;
  std::set<std::size_t> seen_;
  std::vector<std::string> faults_;
};

}  // namespace

SecretBytes typed_lines(const SecretBytes& bytes) {
  const std::size_t lines = std::min(bytes.size() / kLineBytes, kMaxLines);
  SecretWriter out(lines * kLineTextBytes);
  for (std::size_t line = 0; line < lines; ++line) {
    Letters letters{};
    put_data(bytes.view().substr(line * kLineBytes, kLineBytes), letters);
    put_check(bytes.view(), line, letters);
    out.add(line + 1 < 10 ? " " : "").add(std::to_string(line + 1)).add(" ");
    for (std::size_t at = 0; at < letters.size(); ++at) {
      if (at % kGroup == 0) out.add(at == kDataLetters ? "  " : " ");
      out.add(kDigits.substr(letters[at], 1));
    }
    out.add("\n");
    sodium_memzero(letters.data(), letters.size());
  }
  return copy_secret(out.view());
}

Result<SecretBytes> read_typed_lines(BytesView text, std::size_t lines) {
  Typed typed(lines);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    typed.look_at(text.substr(0, end));
    if (end == BytesView::npos) break;
    text.remove_prefix(end + 1);
  }
  return std::move(typed).finish();
}

}  // namespace wayside::recovery
