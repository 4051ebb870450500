#pragma once

#include <optional>
#include <string>

#include "core/casework/rules/dates.h"

/// What falls due, as a screen says it.
namespace wayside::app {

inline constexpr int kDaysAhead = 14;   ///< what is looked at: a fortnight, as a team plans

/// "Now", "Overdue since 5 June", "Today", "Tomorrow", "Sunday 15 June".
std::string due_when(std::optional<casework::rules::Day> due, casework::rules::Day today, std::int64_t now_ms);
/// "Thursday 12 June".
std::string long_day(casework::rules::Day day, std::int64_t now_ms);

}  // namespace wayside::app
