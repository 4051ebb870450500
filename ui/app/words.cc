#include "ui/app/words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "core/base/value.h"
#include "core/schema/display.h"

namespace wayside::app {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::string_view kEllipsis = "…";

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_word_byte(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Days since 1970 of the day on the wall. A clock that lies beyond every calendar counts as its edge.
std::int64_t day_number(std::int64_t ms) {
  constexpr std::int64_t kFarthestMs = 253'402'000'000'000;  // late in the year 9999
  const std::int64_t wall = schema::uk_wall_ms(std::clamp(ms, -kFarthestMs, kFarthestMs));
  return wall >= 0 ? wall / kMsPerDay : -((-wall + kMsPerDay - 1) / kMsPerDay);
}

/// Where `count` characters after `at` end.
std::size_t characters_on(std::string_view text, std::size_t at, std::size_t count) {
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
    --count;
  }
  return at;
}

std::size_t characters_back(std::string_view text, std::size_t at, std::size_t count) {
  while (at > 0 && count > 0) {
    --at;
    while (at > 0 && continues(text[at])) --at;
    --count;
  }
  return at;
}

/// The first place where any word of `query` begins a word of `text`; letters of either case.
std::optional<std::size_t> first_match(std::string_view text, std::string_view query) {
  std::optional<std::size_t> best;
  for (std::size_t at = 0; at < query.size();) {
    if (!is_word_byte(query[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < query.size() && is_word_byte(query[end])) ++end;
    const std::string_view word = query.substr(at, end - at);
    at = end;
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    for (auto from = text.begin(); from != text.end();) {
      const auto hit = std::search(from, text.end(), word.begin(), word.end(), same);
      if (hit == text.end()) break;
      const auto place = static_cast<std::size_t>(hit - text.begin());
      if (place == 0 || !is_word_byte(text[place - 1])) {
        best = std::min(best.value_or(place), place);
        break;
      }
      from = hit + 1;
    }
  }
  return best;
}

}  // namespace

std::string iso_day(std::int64_t ms) {
  using namespace std::chrono;
  const year_month_day day{sys_days(days(day_number(ms)))};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

std::string short_day(std::string_view iso, std::int64_t now_ms) {
  if (!parse_date(iso)) return std::string(iso);
  std::string day = schema::display_date(iso);
  if (iso.substr(0, 4) == iso_day(now_ms).substr(0, 4)) day.resize(day.size() - 5);  // " 2026"
  return day;
}

std::string short_day(std::int64_t ms, std::int64_t now_ms) { return short_day(iso_day(ms), now_ms); }

std::string short_time(std::int64_t ms, std::int64_t now_ms) { return short_day(ms, now_ms) + ", " + clock_time(ms); }

std::string clock_time(std::int64_t ms) {
  const std::int64_t minute = ((schema::uk_wall_ms(ms) % kMsPerDay + kMsPerDay) % kMsPerDay) / 60'000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
  return text.data();
}

std::string how_long_ago(std::int64_t ms, std::int64_t now_ms) {
  if (ms <= 0) return "never";
  const std::int64_t days = day_number(now_ms) - day_number(ms);
  if (days <= 0) return "today " + clock_time(ms);
  if (days == 1) return "yesterday " + clock_time(ms);
  return std::to_string(days) + " days ago";
}

std::optional<int> age_on(std::string_view birth_iso, std::string_view day_iso) {
  if (!parse_date(birth_iso) || !parse_date(day_iso) || birth_iso > day_iso) return std::nullopt;
  const int years = std::stoi(std::string(day_iso.substr(0, 4))) - std::stoi(std::string(birth_iso.substr(0, 4)));
  return years - (day_iso.substr(5) < birth_iso.substr(5) ? 1 : 0);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string in_sentence(std::string_view label) {
  std::string out(label);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!out.empty() && !(out.size() > 1 && capital(out[1]))) out[0] = lower(out[0]);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string cut_at_word(std::string_view text, std::size_t limit) {
  text = trimmed(text);
  if (characters_on(text, 0, limit) == text.size()) return std::string(text);
  const std::size_t whole = characters_on(text, 0, limit - 1);
  std::size_t end = whole;
  while (end > 0 && !is_space(text[end])) --end;
  if (end == 0) end = whole;  // one very long word
  return std::string(trimmed(text.substr(0, end))) + std::string(kEllipsis);
}

bool has_match(std::string_view text, std::string_view query) { return first_match(text, query).has_value(); }

std::string excerpt(std::string_view text, std::string_view query, std::size_t limit) {
  std::string flat(trimmed(text));
  std::ranges::replace_if(flat, is_space, ' ');
  const std::size_t match = first_match(flat, query).value_or(0);
  // A third of the room stands before the match, so that its sentence can be recognised.
  std::size_t begin = characters_back(flat, match, limit / 3);
  if (begin == 0 || characters_on(flat, 0, limit) == flat.size()) return cut_at_word(flat, limit);
  while (begin < match && flat[begin] != ' ') ++begin;
  return std::string(kEllipsis) + cut_at_word(std::string_view(flat).substr(begin), limit - 1);
}

}  // namespace wayside::app
