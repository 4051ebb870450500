#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/base/value.h"

/// Days of the calendar for the rules. A rule never asks what day it is: every date comes in.
namespace wayside::casework::rules {

using Day = std::chrono::sys_days;

/// Nothing when `date` is no day ("YYYY-MM-DD", years 1900 to 2199).
std::optional<Day> day_of(const Date& date);
std::optional<Day> day_of(std::string_view iso);
std::string iso(Day day);

inline std::int64_t days_between(Day from, Day to) { return (to - from).count(); }  ///< negative when `to` is earlier

/// The same day of a later (or earlier) month; the last day of that month where it is shorter: 31 January and one month
/// is 28 or 29 February.
Day plus_months(Day day, int months);
inline Day plus_years(Day day, int years) { return plus_months(day, years * 12); }

/// Whole years, as people count them: the birthday itself counts. Born on 29 February: on 1 March of other years.
/// Negative before birth.
int age_on(Day born, Day on);

/// True when `earlier` is at most 12 calendar months before `later` (the same day a year on included), either way
/// round.
bool within_twelve_months(Day earlier, Day later);

}  // namespace wayside::casework::rules
