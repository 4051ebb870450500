#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wayside::safe_mode {

/// The neutral page: bus times of a small town that is nowhere, worked out from a few rules, the same on every
/// device. It works: routes, days, search, the next bus by the clock. It holds nothing of ours and needs no file.
enum class Days { weekdays, saturday, sunday };

struct Stop {
  std::string_view name;
  int minutes;        ///< from the first stop
  int skipped_every;  ///< 0: every bus calls; n: each nth bus of the day does not
};

/// Minutes after midnight of the first stop: every `every` minutes from `first` until `dense_until`, then hourly
/// until `last`. No service when `every` is 0.
struct Service {
  int first;
  int every;
  int dense_until;
  int last;
};

struct Route {
  std::string_view number;
  std::string_view from;
  std::string_view to;
  std::string_view by;
  std::vector<Stop> stops;
  std::array<Service, 3> services;  ///< by Days
};

const std::vector<Route>& routes();

/// Departures from the first stop, in minutes after midnight.
std::vector<int> departures(const Route& route, Days days);
/// When bus `bus` of the day calls at `stop`; nothing when it does not.
std::optional<int> calls_at(const Route& route, std::size_t bus, std::size_t stop, const std::vector<int>& departures);
/// "09:26"
std::string clock_text(int minutes);
std::string_view label_of(Days days);
/// "Every 30 minutes until 18:42, then hourly."
std::string service_sentence(const Route& route, Days days);

/// What is on the page, moved by taps and typing.
class TimetableModel {
 public:
  /// Local time. `weekday` 0 is Sunday. Chooses the day's table when the page opens.
  void open_at(int weekday, int minutes_of_day);
  void set_clock(int weekday, int minutes_of_day);

  [[nodiscard]] const Route& route() const { return routes()[route_]; }
  [[nodiscard]] Days days() const { return days_; }
  void choose_route(std::size_t route) { route_ = route < routes().size() ? route : route_; }
  void choose_days(Days days) { days_ = days; }

  /// The bus that next leaves the stop where people wait, today only; nothing on another day's table or after the last.
  [[nodiscard]] std::optional<std::size_t> next_bus() const;
  [[nodiscard]] std::size_t waiting_stop() const;
  /// "Next from Mill Lane: 09:26", or what holds instead.
  [[nodiscard]] std::string next_sentence() const;
  /// The first of `columns` buses to show, so that the next one stands third.
  [[nodiscard]] std::size_t first_shown(std::size_t columns) const;
  void page(int by_buses) { shift_ += by_buses; }

  /// Routes whose number or a stop holds the text; all for an empty one.
  [[nodiscard]] static std::vector<std::size_t> find(std::string_view text);

 private:
  std::size_t route_ = 0;
  Days days_ = Days::weekdays;
  Days today_ = Days::weekdays;
  int now_ = 0;
  int shift_ = 0;
};

}  // namespace wayside::safe_mode
