#include "core/casework/rules/orders.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
bool has(const OrderStanding& standing, std::string_view rule) {
  return std::ranges::any_of(standing.reasons, [&](const Reason& reason) { return reason.rule == rule; });
}
CourtOrder order(std::string id, std::vector<Day> until) {
  return {std::move(id), "NMO", day("2026-01-01"), std::move(until), {true}};
}
}  // namespace

TEST_CASE("of two end dates the earlier raises the alarm, whichever stands first") {
  for (auto dates :
       {std::vector{day("2026-12-01"), day("2026-06-30")}, std::vector{day("2026-06-30"), day("2026-12-01")}}) {
    const auto out = order_standing(order("o", dates), day("2026-06-02"));
    CHECK(out.ends_on == day("2026-06-30"));
    CHECK(out.warn_on == day("2026-06-02"));
    CHECK(has(out, "two_ends"));
    CHECK(has(out, "ending"));
    CHECK_FALSE(has(order_standing(order("o", dates), day("2026-06-01")), "ending"));
  }
}

TEST_CASE("an order counts as not served until everybody says that it was") {
  auto each = order("o", {day("2026-12-01")});
  CHECK(order_standing(each, day("2026-06-01")).served);
  CHECK(order_standing(each, day("2026-06-01")).reasons.empty());
  each.served = {true, false};
  CHECK_FALSE(order_standing(each, day("2026-06-01")).served);
  each.served = {};
  CHECK(has(order_standing(each, day("2026-06-01")), "not_served"));
}

TEST_CASE("an order is in force on its last day and has ended the day after") {
  const auto each = order("o", {day("2026-06-30")});
  CHECK(order_standing(each, day("2026-06-30")).in_force);
  CHECK_FALSE(order_standing(each, day("2026-07-01")).in_force);
  CHECK(has(order_standing(each, day("2026-07-01")), "ended"));
  CHECK_FALSE(order_standing(each, day("2025-12-31")).in_force);
  CHECK(has(order_standing(order("o", {}), day("2026-06-01")), "no_end"));
}

TEST_CASE("a DVPO of more than 28 days was typed wrongly") {
  auto each = order("o", {day("2026-01-29")});
  each.kind = "DVPO";
  CHECK_FALSE(has(order_standing(each, day("2026-01-02")), "too_long"));
  each.until_dates = {day("2026-01-30")};
  CHECK(has(order_standing(each, day("2026-01-02")), "too_long"));
}

TEST_CASE("alarms come with the earliest end first and leave out what needs nobody") {
  const auto alarms = order_alarms(
      {order("b", {day("2026-06-20")}), order("calm", {day("2027-06-20")}), order("a", {day("2026-06-10")})},
      day("2026-06-01"));
  REQUIRE(alarms.size() == 2);
  CHECK(alarms[0].id == "a");
  CHECK(alarms[1].id == "b");
}
