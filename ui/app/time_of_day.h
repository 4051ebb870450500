#pragma once

#include <optional>
#include <string_view>

namespace wayside::app {

struct TimeOfDay { int hour = 0, minute = 0; };

/// Of "22:30"; nothing of anything else.
std::optional<TimeOfDay> time_of_day(std::string_view text);

}  // namespace wayside::app
