#include "ui/safe_mode/timetable.h"

#include <algorithm>
#include <cstdio>

namespace wayside::safe_mode {
namespace {

constexpr int at(int hour, int minute) { return hour * 60 + minute; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Days days_of(int weekday) { return weekday == 0 ? Days::sunday : weekday == 6 ? Days::saturday : Days::weekdays; }

}  // namespace

const std::vector<Route>& routes() {
  // clang-format off: a table
  static const std::vector<Route> kRoutes{
      {"31",
       "Market Place",
       "Meadow Park",
       "by Station Road, Mill Lane and Priory Gardens",
       {{"Market Place, stop C", 0, 0},
        {"Station Road", 4, 0},
        {"Victoria Avenue, library", 9, 3},
        {"Mill Lane", 14, 0},
        {"Priory Gardens", 19, 0},
        {"Orchard Way", 23, 0},
        {"Weaver Street", 28, 0},
        {"Meadow Park", 35, 0}},
       {{{at(5, 42), 30, at(18, 42), at(22, 42)},
         {at(6, 42), 30, at(17, 42), at(22, 42)},
         {at(8, 42), 60, at(17, 42), at(20, 42)}}}},
      {"7",
       "Market Place",
       "General Hospital",
       "by Castle Street and the college",
       {{"Market Place, stop A", 0, 0},
        {"Castle Street", 3, 0},
        {"College, main gate", 8, 0},
        {"Northfield Road", 12, 4},
        {"Beech Avenue", 16, 0},
        {"Swimming baths", 19, 0},
        {"General Hospital", 26, 0}},
       {{{at(5, 55), 15, at(19, 10), at(23, 10)},
         {at(6, 25), 20, at(18, 45), at(23, 45)},
         {at(7, 55), 30, at(17, 55), at(22, 55)}}}},
      {"12",
       "Railway Station",
       "Garden Centre",
       "by Market Place and Weaver Street",
       {{"Railway Station, stand 2", 0, 0},
        {"Market Place, stop D", 5, 0},
        {"Weaver Street", 11, 0},
        {"Canal Bridge", 15, 2},
        {"Foundry Lane", 18, 0},
        {"Garden Centre", 24, 0}},
       {{{at(6, 20), 20, at(18, 20), at(21, 20)},
         {at(7, 20), 30, at(17, 50), at(20, 50)},
         {at(9, 20), 60, at(16, 20), at(18, 20)}}}},
      {"X4",
       "Market Place",
       "City, bus station",
       "fast, by the bypass",
       {{"Market Place, stop B", 0, 0},
        {"Railway Station, stand 1", 6, 0},
        {"Park and ride", 15, 0},
        {"University", 34, 0},
        {"City, bus station", 45, 0}},
       {{{at(6, 5), 30, at(18, 35), at(22, 35)},
         {at(7, 5), 30, at(18, 5), at(22, 5)},
         {at(9, 5), 60, at(18, 5), at(20, 5)}}}},
  };
  // clang-format on
  return kRoutes;
}

std::vector<int> departures(const Route& route, Days days) {
  const Service& service = route.services[static_cast<std::size_t>(days)];
  std::vector<int> times;
  if (service.every <= 0) return times;
  int time = service.first;
  for (; time <= service.dense_until; time += service.every) times.push_back(time);
  for (time = times.back() + 60; time <= service.last; time += 60) times.push_back(time);
  return times;
}

std::optional<int> calls_at(const Route& route, std::size_t bus, std::size_t stop, const std::vector<int>& times) {
  const Stop& at_stop = route.stops[stop];
  if (at_stop.skipped_every > 0 && bus % static_cast<std::size_t>(at_stop.skipped_every) == 0) return std::nullopt;
  return times[bus] + at_stop.minutes;
}

std::string clock_text(int minutes) {
  char text[8];
  std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60 % 24, minutes % 60);
  return text;
}

std::string_view label_of(Days days) {
  switch (days) {
    case Days::weekdays: return "Monday to Friday";
    case Days::saturday: return "Saturday";
    case Days::sunday: return "Sunday";
  }
  return {};
}

std::string service_sentence(const Route& route, Days days) {
  const Service& service = route.services[static_cast<std::size_t>(days)];
  if (service.every <= 0) return "No service.";
  std::vector<int> times = departures(route, days);
  if (service.every == 60) return "Every hour until " + clock_text(times.back()) + ".";
  const auto last_dense =
      std::find_if(times.rbegin(), times.rend(), [&](int time) { return time <= service.dense_until; });
  return "Every " + std::to_string(service.every) + " minutes until " + clock_text(*last_dense) +
         ", then hourly until " + clock_text(times.back()) + ".";
}

void TimetableModel::open_at(int weekday, int minutes_of_day) {
  set_clock(weekday, minutes_of_day);
  days_ = today_;
  shift_ = 0;
}

void TimetableModel::set_clock(int weekday, int minutes_of_day) {
  today_ = days_of(weekday);
  now_ = minutes_of_day;
}

std::size_t TimetableModel::waiting_stop() const {
  return route().stops.size() / 2 - (route().stops.size() % 2 == 0 ? 1 : 0);
}

std::optional<std::size_t> TimetableModel::next_bus() const {
  if (days_ != today_) return std::nullopt;
  const auto times = departures(route(), days_);
  for (std::size_t bus = 0; bus < times.size(); ++bus)
    if (const auto time = calls_at(route(), bus, waiting_stop(), times); time && *time >= now_) return bus;
  return std::nullopt;
}

std::string TimetableModel::next_sentence() const {
  const auto times = departures(route(), days_);
  const std::string stop(route().stops[waiting_stop()].name);
  if (days_ != today_)
    return "First from " + stop + ": " + clock_text(times.front() + route().stops[waiting_stop()].minutes);
  if (const auto bus = next_bus())
    return "Next from " + stop + ": " + clock_text(*calls_at(route(), *bus, waiting_stop(), times));
  return "No more buses today";
}

std::size_t TimetableModel::first_shown(std::size_t columns) const {
  const auto total = static_cast<int>(departures(route(), days_).size());
  const int next = next_bus() ? static_cast<int>(*next_bus()) - 2 : days_ == today_ ? total : 0;
  return static_cast<std::size_t>(std::clamp(next + shift_, 0, std::max(0, total - static_cast<int>(columns))));
}

std::vector<std::size_t> TimetableModel::find(std::string_view text) {
  std::vector<std::size_t> found;
  const std::string wanted = lower(text);
  for (std::size_t i = 0; i < routes().size(); ++i) {
    const Route& route = routes()[i];
    const bool by_stop = std::ranges::any_of(
        route.stops, [&](const Stop& stop) { return lower(stop.name).find(wanted) != std::string::npos; });
    if (wanted.empty() || lower(route.number).starts_with(wanted) || by_stop) found.push_back(i);
  }
  return found;
}

}  // namespace wayside::safe_mode
