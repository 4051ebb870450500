#include "core/casework/rules/text_key.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "core/base/value.h"

namespace wayside::casework::rules {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string to_latin(std::string_view text) {
  // One for the process: making it takes 10 ms. ICU does not promise that one transliterator serves two threads at
  // once.
  static std::mutex mutex;
  static const std::unique_ptr<icu::Transliterator> transliterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  }();
  if (!transliterator) return {};
  auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const std::lock_guard lock(mutex);
  transliterator->transliterate(unicode);
  std::string out;
  unicode.toUTF8String(out);
  return out;
}

bool is_word_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string latin_key(std::string_view text) {
  if (!is_clean_utf8(text)) return {};
  const auto latin = is_ascii(text) ? std::string(text) : to_latin(text);
  std::string out;
  bool gap = false;
  for (char c : latin) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '\'' || c == '`') continue;  // O'Brien is obrien, and so are transliteration's soft signs
    if (!is_word_letter(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view key) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin < key.size();) {
    const auto end = std::min(key.find(' ', begin), key.size());
    if (end > begin) out.push_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string sound_key(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kPairs{{{"ph", "f"},
                                                                                  {"kh", "k"},
                                                                                  {"gh", "g"},
                                                                                  {"sch", "s"},
                                                                                  {"sh", "s"},
                                                                                  {"zh", "s"},
                                                                                  {"ch", "k"},
                                                                                  {"ck", "k"},
                                                                                  {"th", "t"},
                                                                                  {"cz", "k"}}};
  constexpr std::string_view kFrom = "cqzwdj";
  constexpr std::string_view kTo = "kksvtg";
  std::string out;
  const auto add = [&](char c) {
    if (out.empty() || out.back() != c) out += c;
  };
  for (std::size_t i = 0; i < word.size();) {
    const auto rest = word.substr(i);
    const auto pair = std::ranges::find_if(kPairs, [&](const auto& each) { return rest.starts_with(each.first); });
    if (pair != kPairs.end()) {
      add(pair->second[0]);
      i += pair->first.size();
      continue;
    }
    const char c = word[i++];
    if (c == 'x') {
      add('k');
      add('s');
      continue;
    }
    const bool vowel = std::string_view("aeiouy").find(c) != std::string_view::npos;
    if (vowel) {
      if (out.empty()) out += 'a';  // a first vowel is heard, whichever it is
      continue;
    }
    const auto at = kFrom.find(c);
    add(at == std::string_view::npos ? c : kTo[at]);
  }
  return out;
}

int edit_distance(std::string_view a, std::string_view b, int limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (static_cast<int>(b.size() - a.size()) > limit || b.size() > 64) return a == b ? 0 : limit + 1;
  std::array<std::array<int, 65>, 3> rows{};
  for (std::size_t j = 0; j <= a.size(); ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= b.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = static_cast<int>(i);
    int lowest = row[0];
    for (std::size_t j = 1; j <= a.size(); ++j) {
      const bool same = b[i - 1] == a[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && b[i - 1] == a[j - 2] && b[i - 2] == a[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      lowest = std::min(lowest, row[j]);
    }
    if (lowest > limit + 1) return limit + 1;
  }
  return std::min(rows[b.size() % 3][a.size()], limit + 1);
}

}  // namespace wayside::casework::rules
