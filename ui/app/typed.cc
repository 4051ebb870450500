#include "ui/app/typed.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#include "core/schema/display.h"
#include "core/schema/validate.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using schema::Field;
using schema::FieldKind;
template <class T>
using Typed = std::expected<T, std::string>;

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
constexpr std::string_view kUnreadableDay = "That day cannot be read. Write day, month, year, for example 14 3 1991.";
constexpr std::string_view kUnreadableTime = "That time cannot be read. Write it like 14 6 2026 09:40.";
constexpr std::string_view kUnreadableMoney = "Write an amount in pounds, for example 12.50.";

/// Days that have happened when they are written down: a later one is a slip.
constexpr std::array<std::string_view, 4> kPastDays{"dob", "opened", "closed", "safe_contact_checked"};

std::optional<int> number(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<int> month_number(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
  if (const auto value = number(word)) return value;
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i].starts_with(word)) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    const bool separates = c == ' ' || c == '/' || c == '-' || c == '.' || c == ',';
    if (!separates && !inside) words.emplace_back();
    inside = !separates;
    if (inside) words.back().push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return words;
}

struct Day {
  int year = 0, month = 0, day = 0;
};

std::optional<Day> day_parts(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != 3) return std::nullopt;
  const bool year_first = words[0].size() == 4;
  const auto year = number(words[year_first ? 0 : 2]);
  const auto month = month_number(words[1]);
  const auto day = number(words[year_first ? 2 : 0]);
  if (!year || !month || !day) return std::nullopt;
  return Day{*year, *month, *day};
}

Typed<std::string> read_day(std::string_view text) {
  const auto parts = day_parts(text);
  if (!parts) return std::unexpected(std::string(kUnreadableDay));
  const auto [year, month, day] = *parts;
  if (year >= 0 && year < 100)
    return std::unexpected("Write the year with four digits, for example 19" + std::string(year < 10 ? "0" : "") +
                           std::to_string(year) + ".");
  if (year < 1900) return std::unexpected(std::to_string(year) + " is too long ago. Check the year.");
  if (year > 2199) return std::unexpected(std::to_string(year) + " is in the future. Check the year.");
  std::array<char, 40> iso{};
  std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02d", year, month, day);
  if (!parse_date(iso.data())) return std::unexpected("There is no such day. Check the day and the month.");
  return iso.data();
}

Typed<Value> read_date(const Field& field, std::string_view text, std::int64_t now_ms) {
  const auto iso = read_day(text);
  if (!iso) return std::unexpected(iso.error());
  const bool past = std::ranges::find(kPastDays, field.name) != kPastDays.end();
  const std::string today = iso_day(now_ms);
  if (past && *iso > today) {
    const bool other_year = iso->substr(0, 4) != today.substr(0, 4);
    return std::unexpected(other_year ? iso->substr(0, 4) + " is in the future. Check the year."
                                      : short_day(*iso, now_ms) + " is in the future. Check the day.");
  }
  return Date{*iso};
}

/// The moment at which the clock on the wall shows that day and minute.
std::int64_t from_wall(std::string_view iso, std::int64_t minute) {
  using namespace std::chrono;
  const auto part = [&](std::size_t at, std::size_t size) { return *number(iso.substr(at, size)); };
  const sys_days day =
      year(part(0, 4)) / month(static_cast<unsigned>(part(5, 2))) / std::chrono::day(static_cast<unsigned>(part(8, 2)));
  const std::int64_t wall = duration_cast<milliseconds>(day.time_since_epoch()).count() + minute * kMsPerMinute;
  return schema::uk_wall_ms(wall - kMsPerHour) == wall ? wall - kMsPerHour : wall;
}

Typed<Value> read_time(std::string_view text, std::int64_t now_ms) {
  const auto unreadable = std::unexpected(std::string(kUnreadableTime));
  const auto space = text.find_last_of(" \t");
  const std::string_view clock = space == std::string_view::npos ? text : text.substr(space + 1);
  const auto colon = clock.find_first_of(":.");
  if (colon == std::string_view::npos || clock.size() - colon != 3) return unreadable;
  const auto hour = number(clock.substr(0, colon));
  const auto minute = number(clock.substr(colon + 1));
  if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return unreadable;
  std::string day = iso_day(now_ms);
  if (space != std::string_view::npos) {
    const auto read = read_day(trimmed(text.substr(0, space)));
    if (!read) return std::unexpected(read.error() == kUnreadableDay ? std::string(kUnreadableTime) : read.error());
    day = *read;
  }
  return Instant{from_wall(day, *hour * 60 + *minute)};
}

/// Turns what the schema says for scripts into a sentence for a person.
std::string sentence_of(const Field& field, const schema::Problem& problem) {
  if (problem.code == Errc::unknown_code) return "Choose one of the answers in the list.";
  switch (field.kind) {
    case FieldKind::pence:
      if (problem.what.starts_with("needs")) return std::string(kUnreadableMoney);
      break;
    case FieldKind::integer:
      if (problem.what.starts_with("needs")) return "Write a whole number, for example 3.";
      break;
    case FieldKind::flag: return "Choose yes or no.";
    default: break;
  }
  return field.label + " " + problem.what + ".";
}

}  // namespace

std::string typed_text(const Field& field, const Value& value) {
  if (const auto* date = std::get_if<Date>(&value)) return schema::display_date(date->iso);
  if (const auto* instant = std::get_if<Instant>(&value)) return schema::display_time(instant->ms);
  return schema::form_text(field, value);
}

std::expected<Value, std::string> read_typed(const Field& field, std::string_view text, std::int64_t now_ms) {
  if (field.kind != FieldKind::long_text) text = trimmed(text);
  if (field.kind == FieldKind::date) return read_date(field, text, now_ms);
  if (field.kind == FieldKind::time) return read_time(text, now_ms);
  std::string pounds;
  if (field.kind == FieldKind::pence && !text.starts_with("£")) {
    pounds = "£" + std::string(text);
    text = pounds;
  }
  auto value = schema::parse_field(field, text);
  if (!value) return std::unexpected(sentence_of(field, value.error()));
  return *std::move(value);
}

std::string needed_words(const schema::RecordType& type, const Field& field) {
  const Field* needed = &field;
  const Field* other = field.or_field.empty() ? nullptr : type.field(field.or_field);
  if (field.required == schema::Required::no) {  // it may serve for another
    const auto served = std::ranges::find(type.fields, field.name, &Field::or_field);
    if (served == type.fields.end()) return {};
    needed = other = &*served;
  }
  std::string words;
  switch (needed->required) {
    case schema::Required::no: return {};
    case schema::Required::to_save: words = "Needed to save"; break;
    case schema::Required::to_send:
      words = type.name == "person" || type.name == "case" ? "Needed to open the case fully" : "Needed before it is sent";
      break;
    case schema::Required::to_close: words = "Needed before the case is closed"; break;
  }
  return other == nullptr ? words + "." : words + ": this or “" + other->label + "”.";
}

std::string needed_sentence(const Field& field) {
  const bool choose =
      field.kind == FieldKind::code || field.kind == FieldKind::flag || field.kind == FieldKind::reference;
  return choose ? "Choose an answer. It is needed to save." : "Write something here. It is needed to save.";
}

}  // namespace wayside::app
