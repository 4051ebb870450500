#include "ui/app/due_words.h"

#include <array>

#include "ui/app/words.h"

namespace wayside::app {

using casework::rules::Day;

std::string long_day(Day day, std::int64_t now_ms) {
  constexpr std::array kNames{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  return kNames[std::chrono::weekday(day).c_encoding()] + (" " + short_day(casework::rules::iso(day), now_ms));
}

std::string due_when(std::optional<Day> due, Day today, std::int64_t now_ms) {
  if (!due) return "Now";
  if (*due < today) return "Overdue since " + short_day(casework::rules::iso(*due), now_ms);
  if (*due == today) return "Today";
  return *due == today + std::chrono::days(1) ? "Tomorrow" : long_day(*due, now_ms);
}

}  // namespace wayside::app
