#include "ui/models/field_hints.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

#include "ui/models/utf8.h"

namespace wayside::models {
namespace {

std::vector<std::string> words_of(std::string_view typed) {
  std::vector<std::string> words(1);
  for (const char c : lower_ascii(typed)) {
    const bool separates = c == ' ' || c == '/' || c == '-' || c == '.' || c == ',';
    if (!separates) words.back().push_back(c);
    else if (!words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<int> number(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<int> month(std::string_view word) {
  if (const auto value = number(word)) return value;
  static constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (kMonths[i].starts_with(word)) return static_cast<int>(i) + 1;
  return std::nullopt;
}

bool is_day(std::optional<int> y, std::optional<int> m, std::optional<int> d) {
  if (!y || !m || !d || *y < 1900 || *y > 2999 || *m < 1 || *m > 12 || *d < 1) return false;
  return std::chrono::year_month_day(std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                     std::chrono::day(static_cast<unsigned>(*d)))
      .ok();
}

bool reads_as_time(std::string_view typed) {
  const auto colon = typed.find_first_of(":.");
  if (colon == std::string_view::npos) return false;
  const auto hour = number(typed.substr(0, colon));
  const auto minute = number(typed.substr(colon + 1));
  return hour && minute && *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60 && typed.size() - colon == 3;
}

bool reads_as_pounds(std::string_view typed) {
  if (typed.starts_with("£")) typed.remove_prefix(std::string_view("£").size());
  const auto point = typed.find('.');
  const auto whole = typed.substr(0, point);
  const auto digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
  };
  if (whole.empty() || !digits(whole)) return false;
  return point == std::string_view::npos || (digits(typed.substr(point + 1)) && typed.size() - point == 3);
}

}  // namespace

bool reads_as_date(std::string_view typed) {
  const auto words = words_of(typed);
  if (words.size() != 3) return false;
  if (words[0].size() == 4) return is_day(number(words[0]), month(words[1]), number(words[2]));
  return is_day(number(words[2]), month(words[1]), number(words[0]));
}

std::string hint_for(pb::FormField::Kind kind, std::string_view typed) {
  const std::string_view text = trimmed(typed);
  if (text.empty()) return {};
  switch (kind) {
    case pb::FormField::date:
      return reads_as_date(text) ? "" : "That day cannot be read. Write day, month, year, for example 14 3 1991.";
    case pb::FormField::integer: return number(text) ? "" : "Write a whole number, for example 3.";
    case pb::FormField::time: {
      const auto space = text.rfind(' ');
      const bool day_and_time = space != std::string_view::npos && reads_as_date(text.substr(0, space)) &&
                                reads_as_time(text.substr(space + 1));
      return reads_as_time(text) || day_and_time ? "" : "That time cannot be read. Write it like 14 6 2026 09:40.";
    }
    case pb::FormField::pence: return reads_as_pounds(text) ? "" : "Write an amount in pounds, for example 12.50.";
    default: return {};
  }
}

}  // namespace wayside::models
