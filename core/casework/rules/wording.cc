#include "core/casework/rules/wording.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <algorithm>

#include "core/base/value.h"

namespace wayside::casework::rules {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Hands out what `folded` would, letter by letter and without a copy: a directory is compared word by word.
class Folding {
 public:
  static constexpr int kEnd = -1'000;

  /// `scanned`: with the capital I and the small l made one, as scanning mixes them up ("lmkaan").
  Folding(std::string_view text, bool scanned) : text_(text), scanned_(scanned) { skip_blanks(); }
  /// kEnd at the end, which is no letter.
  int next() {
    if (at_ == text_.size()) return kEnd;
    if (is_blank(text_[at_])) {
      skip_blanks();
      return at_ == text_.size() ? kEnd : ' ';
    }
    const char c = text_[at_++];
    return scanned_ && c == 'I' ? 'l' : lower(c);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string_view text_;
  std::size_t at_ = 0;
  bool scanned_;
};

bool same_folded(std::string_view a, std::string_view b, bool scanned) {
  Folding left(a, scanned);
  Folding right(b, scanned);
  for (;;) {
    const int c = left.next();
    if (c != right.next()) return false;
    if (c == Folding::kEnd) return true;
  }
}

/// Texts that look alike have equal skeletons.
icu::UnicodeString skeleton(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  static USpoofChecker* const checker = [] {
    UErrorCode opening = U_ZERO_ERROR;
    return uspoof_open(&opening);
  }();
  icu::UnicodeString out;
  uspoof_getSkeletonUnicodeString(checker, 0, text, out, &status);
  return U_FAILURE(status) ? text : out;
}

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))).trim();
}

}  // namespace

std::string pounds(std::int64_t pence) {
  const bool negative = pence < 0;
  const auto amount = negative ? 0 - static_cast<std::uint64_t>(pence) : static_cast<std::uint64_t>(pence);
  const auto rest = amount % 100;
  return std::string(negative ? "-" : "") + "£" + std::to_string(amount / 100) + (rest < 10 ? ".0" : ".") +
         std::to_string(rest);
}

std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string folded(std::string_view text) {
  std::string out;
  Folding folding(text, false);
  for (int c = folding.next(); c != Folding::kEnd; c = folding.next()) out += static_cast<char>(c);
  return out;
}

bool same_words(std::string_view a, std::string_view b) {
  if (same_folded(a, b, false)) return true;
  if (is_ascii(a) && is_ascii(b)) return same_folded(a, b, true);
  if (!is_clean_utf8(a) || !is_clean_utf8(b)) return false;
  const auto left = unicode(a);
  const auto right = unicode(b);
  if (skeleton(left) == skeleton(right)) return true;
  // Capitals look alike where small letters do not (Cyrillic В and B, but в and b).
  return skeleton(icu::UnicodeString(left).toUpper(icu::Locale::getRoot())) ==
         skeleton(icu::UnicodeString(right).toUpper(icu::Locale::getRoot()));
}

bool contains_words(const std::vector<std::string>& all, std::string_view word) {
  return std::ranges::any_of(all, [&](const std::string& each) { return same_words(each, word); });
}

}  // namespace wayside::casework::rules
