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

/// With the capital I and the small l made one: "lmkaan".
std::string scanned(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, 'I', 'l');
  return folded(out);
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
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool same_words(std::string_view a, std::string_view b) {
  if (a == b || folded(a) == folded(b)) return true;
  if (!is_clean_utf8(a) || !is_clean_utf8(b)) return false;
  if (is_ascii(a) && is_ascii(b)) return scanned(a) == scanned(b);  // the only two that scanning mixes up within ASCII
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
