#include "core/casework/rules/journey.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::casework::rules;

namespace {

Day day(std::string_view text) { return day_of(text).value(); }
const Day kNow = day("2026-06-30");

Stay stay(std::string id, std::string_view from, std::string_view to, std::string place = "REFUGE",
          std::string tenure = "") {
  return {std::move(id),
          std::move(place),
          day(from),
          to.empty() ? std::nullopt : std::optional(day(to)),
          std::move(tenure),
          {},
          {}};
}

Journey made(std::vector<Stay> stays, std::optional<Day> need = {}) {
  const auto out = journey(std::move(stays), need, kNow);
  REQUIRE(out.has_value());
  return *out;
}

}  // namespace

TEST_CASE("leaving and arriving on one day is no gap; a night between is one") {
  CHECK(made({stay("a", "2026-01-01", "2026-02-01"), stay("b", "2026-02-01", "")}).flags.empty());
  const auto flags = made({stay("a", "2026-01-01", "2026-02-01"), stay("b", "2026-02-03", "")}).flags;
  REQUIRE(flags.size() == 1);
  CHECK(flags[0] == JourneyFlag{JourneyFlag::Kind::gap, "a", "b", day("2026-02-01"), day("2026-02-03"), 2});
}

TEST_CASE("two places at once are flagged and both kept") {
  const auto out = made({stay("a", "2026-01-01", "2026-02-10"), stay("b", "2026-02-01", "")});
  REQUIRE(out.flags.size() == 1);
  CHECK(out.flags[0] == JourneyFlag{JourneyFlag::Kind::overlap, "a", "b", day("2026-02-01"), day("2026-02-10"), 9});
  CHECK(out.stays.size() == 2);
  CHECK(made({stay("a", "2026-01-01", ""), stay("b", "2026-06-01", "")}).flags[0].days == 29);  // both open: until now
}

TEST_CASE("a short stay inside a long one hides no gap and makes none") {
  const auto out = made({stay("long", "2026-01-01", "2026-03-01"), stay("short", "2026-01-10", "2026-01-12"),
                         stay("next", "2026-03-01", "")});
  REQUIRE(out.flags.size() == 1);
  CHECK(out.flags[0].kind == JourneyFlag::Kind::overlap);
}

TEST_CASE("every day of a journey is in a stay or in a flagged gap, whatever the order of rows") {
  std::vector<Stay> stays{stay("a", "2026-01-01", "2026-01-20"), stay("b", "2026-01-15", "2026-02-05"),
                          stay("c", "2026-02-07", "2026-02-07"), stay("d", "2026-03-01", "")};
  std::ranges::sort(stays, {}, &Stay::id);
  const auto first = made(stays);
  do {
    const auto again = made(stays);
    CHECK(again.flags == first.flags);
    CHECK(again.moves == 3);
  } while (std::ranges::next_permutation(stays, {}, &Stay::id).found);
  for (auto at = day("2026-01-01"); at <= kNow; at += std::chrono::days(1)) {
    const auto in_stay = std::ranges::any_of(
        first.stays, [&](const Stay& each) { return each.start <= at && at <= each.end.value_or(kNow); });
    const auto in_gap = std::ranges::any_of(first.flags, [&](const JourneyFlag& each) {
      return each.kind == JourneyFlag::Kind::gap && each.from < at && at < each.to;
    });
    CHECK(in_stay != in_gap);
  }
}

TEST_CASE("moves are counted until the first settled home, with the days since the need began") {
  const auto out = made({stay("ta", "2025-01-05", "2025-01-10", "LA_TA"), stay("refuge", "2025-01-10", "2025-04-01"),
                         stay("home", "2025-04-01", "", "SOCIAL_LET")},
                        day("2025-01-01"));
  CHECK(out.moves == 2);
  CHECK(out.moves_before_settled == 2);
  CHECK(out.days_to_settled == 90);
  CHECK(out.settled_on == day("2025-04-01"));
  CHECK_FALSE(made({stay("ta", "2025-01-05", "", "LA_TA")}).moves_before_settled.has_value());
}

TEST_CASE("settled at 6 and 12 months is yes, no, or not known yet") {
  const auto both = made({stay("home", "2025-04-01", "", "PRS_LET")});
  CHECK(both.settled_at_6_months == Answer::yes);
  CHECK(both.settled_at_12_months == Answer::yes);
  const auto young = made({stay("home", "2026-01-15", "", "PRS_LET")});
  CHECK(young.settled_at_6_months == Answer::ask);
  const auto lost = made({stay("home", "2025-01-01", "2025-09-01", "PRS_LET"), stay("bnb", "2025-09-01", "", "BNB")});
  CHECK(lost.settled_at_6_months == Answer::yes);
  CHECK(lost.settled_at_12_months == Answer::no);
  const auto unreached = made({stay("home", "2025-01-01", "2025-09-01", "PRS_LET")});
  CHECK(unreached.settled_at_12_months == Answer::ask);
}

TEST_CASE("tenure is kept when it is secure at both ends, and nothing is said when it is not known") {
  const auto kept = [](std::string first, std::string last) {
    return made({stay("a", "2026-01-01", "2026-02-01", "OWN_HOME", std::move(first)),
                 stay("b", "2026-02-01", "", "SOCIAL_LET", std::move(last))})
        .tenure_kept;
  };
  CHECK(kept("LA_SECURE_LIFE", "RP_ASSURED_LIFE") == true);
  CHECK(kept("LA_SECURE_LIFE", "PRS") == false);
  CHECK_FALSE(kept("PRS", "LA_SECURE_LIFE").has_value());
  CHECK_FALSE(kept("LA_SECURE_LIFE", "NOT_KNOWN").has_value());
}

TEST_CASE("moving on is timely within 28 days of being ready") {
  auto each = stay("a", "2026-01-01", "2026-04-29");
  each.ready_on = day("2026-04-01");
  CHECK(move_on(each, kNow).timely == true);
  each.end = day("2026-04-30");
  CHECK(move_on(each, kNow).timely == false);
  CHECK(move_on(each, kNow, {.timely_move_on_days = 29}).timely == true);
  each.end.reset();
  CHECK(move_on(each, kNow).timely == false);
  CHECK(move_on(each, kNow).days_waiting == 90);
  CHECK_FALSE(move_on(each, day("2026-04-10")).timely.has_value());
  CHECK(move_on(each, day("2026-04-10")).days_waiting == 9);
}

TEST_CASE("a stay is sustained at 28 days when it is live then or ended as planned") {
  auto each = stay("a", "2026-01-01", "2026-01-20");
  each.end_reason = "UNPLANNED";
  CHECK(sustained(each, 28, kNow) == false);
  each.end_reason = "PLANNED_SETTLED";
  CHECK(sustained(each, 28, kNow) == true);
  CHECK_FALSE(sustained(each, 28, day("2026-01-10")).has_value());
  each.end = day("2026-01-29");
  each.end_reason = "UNPLANNED";
  CHECK(sustained(each, 28, kNow) == true);
}

TEST_CASE("contradictory stays are an error") {
  CHECK_FALSE(journey({stay("a", "2026-02-01", "2026-01-01")}, {}, kNow).has_value());
  CHECK_FALSE(journey({stay("a", "2026-01-01", ""), stay("a", "2026-02-01", "")}, {}, kNow).has_value());
  CHECK(made({stay("a", "2026-07-15", "")}).stays.empty());  // not yet
}
