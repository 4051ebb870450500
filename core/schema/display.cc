#include "core/schema/display.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <variant>

namespace wayside::schema {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string day_text(std::chrono::year_month_day day) {
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         std::string(kMonths[static_cast<unsigned>(day.month()) - 1]) + " " +
         std::to_string(static_cast<int>(day.year()));
}

/// Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on that of October (since 1996; the rule
/// is also used for earlier years, where nothing but the shown hour depends on it).
bool is_summer_time(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds(ms)};
  const auto year = year_month_day(floor<days>(at)).year();
  const auto begin = sys_days(year / March / Sunday[last]) + hours(1);
  const auto end = sys_days(year / October / Sunday[last]) + hours(1);
  return at >= begin && at < end;
}

std::string pounds(std::int64_t pence) {
  const auto size = pence < 0 ? ~static_cast<std::uint64_t>(pence) + 1 : static_cast<std::uint64_t>(pence);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%s£%llu.%02llu", pence < 0 ? "-" : "",
                static_cast<unsigned long long>(size / 100), static_cast<unsigned long long>(size % 100));
  return text.data();
}

}  // namespace

std::int64_t uk_wall_ms(std::int64_t ms) { return ms + (is_summer_time(ms) ? kMsPerHour : 0); }

std::string display_time(std::int64_t ms) {
  using namespace std::chrono;
  // Beyond what a calendar can say: a clock that lies, or damage. Shown as it stands.
  constexpr std::int64_t kFarthestMs = 253'402'300'800'000;  // the end of the year 9999
  if (ms < -kFarthestMs || ms > kFarthestMs) return std::to_string(ms) + " ms";
  const auto local = uk_wall_ms(ms);
  const auto day = floor<days>(sys_time<milliseconds>(milliseconds(local)));
  const auto minute = (local - duration_cast<milliseconds>(day.time_since_epoch()).count()) / kMsPerMinute;
  std::array<char, 32> clock{};
  std::snprintf(clock.data(), clock.size(), ", %02d:%02d", static_cast<int>(minute / 60),
                static_cast<int>(minute % 60));
  return day_text(year_month_day(day)) + clock.data();
}

std::string display_date(std::string_view iso) {
  if (!parse_date(iso)) return std::string(iso);
  const auto number = [&](std::size_t at, std::size_t count) { return std::stoi(std::string(iso.substr(at, count))); };
  return day_text(std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2));
}

std::string display(const Field& field, const Value& value) {
  return std::visit(
      Overloaded{
          [](const Text& text) { return text.utf8; },
          [&](std::int64_t number) {
            if (field.kind == FieldKind::pence) return pounds(number);
            return std::to_string(number) + (field.unit.empty() ? "" : " " + field.unit);
          },
          [](bool flag) { return std::string(flag ? "Yes" : "No"); },
          [](const RecordId& id) { return to_text(id); },
          [&](const Code& code) {
            const auto* entry = field.list != nullptr ? field.list->find(code.code) : nullptr;
            return entry != nullptr ? entry->label : code.code;
          },
          [](const Date& date) { return display_date(date.iso); },
          [](const Instant& instant) { return display_time(instant.ms); },
          [](const RawValue& raw) { return to_hex(raw.encoded); },
      },
      value);
}

nlohmann::json to_json(const Value& value) {
  return std::visit(Overloaded{
                        [](const Text& text) { return nlohmann::json(text.utf8); },
                        [](std::int64_t number) { return nlohmann::json(number); },
                        [](bool flag) { return nlohmann::json(flag); },
                        [](const RecordId& id) { return nlohmann::json(to_text(id)); },
                        [](const Code& code) { return nlohmann::json(code.code); },
                        [](const Date& date) { return nlohmann::json(date.iso); },
                        [](const Instant& instant) { return nlohmann::json(iso_time(instant.ms)); },
                        [](const RawValue& raw) { return nlohmann::json{{"raw", to_hex(raw.encoded)}}; },
                    },
                    value);
}

std::string form_text(const Field& field, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return field.kind == FieldKind::pence && *number >= 0 ? pounds(*number) : std::to_string(*number);
  }
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  const auto json = to_json(value);
  return json.is_string() ? json.get<std::string>() : json.dump();
}

}  // namespace wayside::schema
