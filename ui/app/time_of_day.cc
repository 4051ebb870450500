#include "ui/app/time_of_day.h"

#include <charconv>

namespace wayside::app {

std::optional<TimeOfDay> time_of_day(std::string_view text) {
  TimeOfDay out;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto number = [](std::string_view two, int& to) {
    const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), to);
    return error == std::errc{} && end == two.data() + two.size() && two[0] != '-';
  };
  if (!number(text.substr(0, 2), out.hour) || !number(text.substr(3), out.minute) || out.hour > 23 || out.minute > 59) return std::nullopt;
  return out;
}

}  // namespace wayside::app
