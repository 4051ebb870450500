#include "core/casework/rules/household_at.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
const Day kOn = day("2026-06-10");

HouseholdMember member(std::string person, std::string role, std::string home = "h") {
  return {std::move(home), std::move(person), std::move(role), {}, {}};
}
KnownPerson person(std::string id, Sex sex, std::string_view dob, std::vector<std::string> children = {}) {
  return {std::move(id), sex, day(dob), {}, std::move(children)};
}
const std::vector<KnownPerson> kPeople{person("her", Sex::female, "1990-01-01", {"son"}),
                                       person("son", Sex::male, "2011-06-11")};
}  // namespace

TEST_CASE("a household is who lives there on the day, with the ages of that day") {
  auto rows = std::vector{member("her", "survivor"), member("son", "child"), member("him", "partner")};
  rows[2].moved_out = kOn;
  const auto out = household_at("h", rows, kPeople, kOn);
  REQUIRE(out.has_value());
  CHECK(out->members.size() == 2);
  REQUIRE(out->household.children.size() == 1);
  CHECK(out->household.children[0].age == 14);
  CHECK(out->household.children[0].sex == Sex::male);
  CHECK(out->household.adults.size() == 1);
  const auto before = household_at("h", rows, kPeople, day("2026-06-09"));
  CHECK(before->household.adults.size() == 2);
  CHECK(household_at("other", rows, kPeople, kOn)->members.empty());
}

TEST_CASE("a grown-up child is listed with the children, a survivor of 17 with the adults") {
  const std::vector<KnownPerson> people{person("her", Sex::female, "2008-07-01"),
                                        person("big", Sex::male, "2000-01-01")};
  const auto out = household_at("h", {member("her", "survivor"), member("big", "adult_child")}, people, kOn);
  REQUIRE(out.has_value());
  CHECK(out->household.adults.size() == 1);
  CHECK(out->household.adults[0].age == 17);
  CHECK(out->household.children[0].age == 26);
}

TEST_CASE("the order of rows makes no household another") {
  auto rows = std::vector{member("her", "survivor"), member("son", "child"), member("aunt", "other_relative")};
  std::ranges::reverse(rows);
  const auto out = household_at("h", rows, kPeople, kOn);
  REQUIRE(out.has_value());
  CHECK(out->members[0].person == "aunt");
  CHECK(out->members[1].person == "her");
}

TEST_CASE("contradictory members are an error that names the person") {
  const auto refused = [](const std::vector<HouseholdMember>& rows, const std::vector<KnownPerson>& people = kPeople) {
    const auto out = household_at("h", rows, people, kOn);
    REQUIRE_FALSE(out.has_value());
    CHECK(out.error().code == Errc::bad_input);
    return out.error().detail;
  };
  auto backwards = member("her", "survivor");
  backwards.moved_in = day("2026-01-02");
  backwards.moved_out = day("2026-01-01");
  CHECK(refused({backwards}).find("her") != std::string::npos);
  CHECK(refused({member("her", "survivor"), member("her", "child")}).find("two roles") != std::string::npos);
  CHECK(refused({member("her", "survivor"), member("her", "lodger", "elsewhere")}).find("two households") !=
        std::string::npos);
  CHECK(refused({}, {kPeople[0], kPeople[0]}).find("twice") != std::string::npos);
  CHECK(refused({}, {person("baby", Sex::female, "2026-06-11")}).find("not born") != std::string::npos);
}

TEST_CASE("nobody is among her own descendants, and no child is older than a parent") {
  std::vector<KnownPerson> ring{
      {"a", Sex::female, {}, {}, {"b"}}, {"b", Sex::male, {}, {}, {"c"}}, {"c", Sex::male, {}, {}, {"a"}}};
  CHECK_FALSE(household_at("h", {}, ring, kOn).has_value());
  ring[2].children.clear();
  CHECK(household_at("h", {}, ring, kOn).has_value());
  CHECK_FALSE(household_at("h", {}, {{"a", Sex::female, {}, {}, {"a"}}}, kOn).has_value());
  CHECK_FALSE(
      household_at("h", {}, {person("a", Sex::female, "1990-01-01", {"b"}), person("b", Sex::male, "1989-01-01")}, kOn)
          .has_value());
}
