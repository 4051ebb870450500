#include "core/casework/rules/nrpf.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
ImmigrationFacts partner() {
  ImmigrationFacts out;
  out.status = "partner_leave";
  out.nrpf = true;
  out.route = "MVDAC_FM";
  out.adviser = "Law centre";
  return out;
}
bool still_asks(const NrpfStanding& standing, std::string_view rule) {
  return std::ranges::any_of(standing.next.reasons,
                             [&](const Reason& reason) { return reason.rule == rule && reason.answer == Answer::ask; });
}
}  // namespace

TEST_CASE("the clock of the concession starts on its grant and runs three months") {
  auto facts = partner();
  facts.applied_on = day("2026-01-10");
  CHECK(nrpf_standing(facts, day("2026-02-01")).clocks.empty());
  facts.granted_on = day("2026-01-31");
  auto standing = nrpf_standing(facts, day("2026-02-01"));
  REQUIRE(standing.clocks.size() == 1);
  CHECK(standing.clocks[0].ends_on == day("2026-04-30"));
  CHECK(standing.clocks[0].days_left == 88);
  CHECK_FALSE(standing.clocks[0].alarm);
  CHECK(standing.next.answer == Answer::yes);
  standing = nrpf_standing(facts, day("2026-04-02"));
  CHECK(standing.clocks[0].alarm);
  CHECK(still_asks(standing, "clock"));
  CHECK(nrpf_standing(facts, day("2026-05-01")).clocks[0].days_left == -1);
}

TEST_CASE("leave that ends earlier stands before the concession") {
  auto facts = partner();
  facts.granted_on = day("2026-01-31");
  facts.leave_ends = day("2026-03-01");
  const auto clocks = nrpf_standing(facts, day("2026-02-01")).clocks;
  REQUIRE(clocks.size() == 2);
  CHECK(clocks[0].what == "leave");
}

TEST_CASE("it signposts: an adviser is named before anything else, and routes are only to be asked about") {
  ImmigrationFacts facts;
  facts.status = "pre_settled";
  auto standing = nrpf_standing(facts, day("2026-02-01"));
  CHECK(still_asks(standing, "adviser"));
  CHECK(still_asks(standing, "route"));
  CHECK(still_asks(standing, "nrpf"));
  CHECK(standing.routes_to_ask_about ==
        std::vector<std::string>{"MVDAC_EU", "MVDAC_FM", "OTHER_LEGAL", "PRE_SETTLED_DWP"});
  facts.children_in_household = true;
  const auto routes = nrpf_standing(facts, day("2026-02-01")).routes_to_ask_about;
  CHECK(std::ranges::count(routes, "CHILDREN_ACT") == 1);
  facts = partner();
  CHECK(still_asks(nrpf_standing(facts, day("2026-02-01")), "apply"));
  facts.refused_on = day("2026-01-20");
  CHECK(still_asks(nrpf_standing(facts, day("2026-02-01")), "refused"));
}

TEST_CASE("who has recourse to public funds has nothing to do here") {
  ImmigrationFacts facts;
  facts.status = "settled";
  const auto standing = nrpf_standing(facts, day("2026-02-01"));
  CHECK(standing.next.answer == Answer::yes);
  CHECK(standing.routes_to_ask_about.empty());
}
