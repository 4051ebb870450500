#include "core/casework/rules/dates.h"

#include <algorithm>

namespace wayside::casework::rules {

using std::chrono::year_month_day;

std::optional<Day> day_of(std::string_view text) {
  const auto date = parse_date(text);
  if (!date) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(date->iso.substr(at, size)); };
  return Day(std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2));
}

std::optional<Day> day_of(const Date& date) { return day_of(std::string_view(date.iso)); }

std::string iso(Day day) { return iso_time(std::chrono::milliseconds(day.time_since_epoch()).count()).substr(0, 10); }

Day plus_months(Day day, int months) {
  const auto moved = year_month_day(day) + std::chrono::months(months);
  return moved.ok() ? Day(moved) : Day(moved.year() / moved.month() / std::chrono::last);
}

int age_on(Day born, Day on) {
  const year_month_day birth(born);
  const year_month_day now(on);
  const bool before_birthday = std::pair(now.month(), now.day()) < std::pair(birth.month(), birth.day());
  return int(now.year()) - int(birth.year()) - (before_birthday ? 1 : 0);
}

bool within_twelve_months(Day a, Day b) {
  const auto [first, last] = std::minmax(a, b);
  return last <= plus_years(first, 1);
}

}  // namespace wayside::casework::rules
