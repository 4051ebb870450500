#include "ui/safe_mode/timetable.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::safe_mode;

TEST_CASE("every route runs on every kind of day, in order, within the day") {
  for (const Route& route : routes()) {
    for (const Days days : {Days::weekdays, Days::saturday, Days::sunday}) {
      const auto times = departures(route, days);
      REQUIRE(times.size() > 3);
      for (std::size_t i = 1; i < times.size(); ++i) CHECK(times[i] > times[i - 1]);
      CHECK(times.front() >= 4 * 60);
      CHECK(times.back() < 24 * 60);
    }
    for (std::size_t i = 1; i < route.stops.size(); ++i) CHECK(route.stops[i].minutes > route.stops[i - 1].minutes);
    CHECK(route.stops.front().skipped_every == 0);
  }
}

TEST_CASE("the next bus is the first that has not left yet") {
  TimetableModel model;
  model.open_at(4, 8 * 60 + 45);
  CHECK(model.days() == Days::weekdays);
  CHECK(model.next_sentence() == "Next from Mill Lane: 08:56");
  model.set_clock(4, 8 * 60 + 56);
  CHECK(model.next_sentence() == "Next from Mill Lane: 08:56");
  model.set_clock(4, 8 * 60 + 57);
  CHECK(model.next_sentence() == "Next from Mill Lane: 09:26");
}

TEST_CASE("after the last bus the page says so") {
  TimetableModel model;
  model.open_at(4, 23 * 60 + 50);
  CHECK(model.next_sentence() == "No more buses today");
  CHECK_FALSE(model.next_bus().has_value());
}

TEST_CASE("another day's table has a first bus and no next one") {
  TimetableModel model;
  model.open_at(6, 12 * 60);
  CHECK(model.days() == Days::saturday);
  model.choose_days(Days::sunday);
  CHECK_FALSE(model.next_bus().has_value());
  CHECK(model.next_sentence() == "First from Mill Lane: 08:56");
}

TEST_CASE("a bus that does not call at a stop shows none") {
  const Route& route = routes()[0];
  const auto times = departures(route, Days::weekdays);
  CHECK_FALSE(calls_at(route, 0, 2, times).has_value());
  CHECK(calls_at(route, 1, 2, times) == times[1] + 9);
}

TEST_CASE("search finds routes by number and by stop, in any case") {
  CHECK(TimetableModel::find("").size() == routes().size());
  CHECK(TimetableModel::find("x4") == std::vector<std::size_t>{3});
  CHECK(TimetableModel::find("STATION").size() == 3);
  CHECK(TimetableModel::find("moon").empty());
}

TEST_CASE("earlier and later stay within the day") {
  TimetableModel model;
  model.open_at(4, 12 * 60);
  const std::size_t before = model.first_shown(10);
  model.page(5);
  CHECK(model.first_shown(10) == before + 5);
  model.page(-1000);
  CHECK(model.first_shown(10) == 0);
  model.page(5000);
  CHECK(model.first_shown(10) + 10 == departures(model.route(), model.days()).size());
}
