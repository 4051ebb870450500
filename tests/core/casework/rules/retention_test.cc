#include "core/casework/rules/retention.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
RetentionFacts closed() {
  RetentionFacts out;
  out.clock_from = day("2020-03-01");
  return out;
}
}  // namespace

TEST_CASE("a case is kept for the years that are set, and may be erased after") {
  CHECK(retention({}, day("2040-01-01")).state == RetentionState::open);
  CHECK(retention({}, day("2040-01-01")).may_erase == Answer::no);
  const auto at = [](std::string_view text, const RetentionSettings& settings = {}) {
    return retention(closed(), day(text), settings);
  };
  CHECK(at("2026-01-01").state == RetentionState::kept);
  CHECK(at("2027-02-01").state == RetentionState::due_soon);
  CHECK(at("2027-03-01").may_erase == Answer::no);
  CHECK(at("2027-03-02").state == RetentionState::due);
  CHECK(at("2027-03-02").may_erase == Answer::yes);
  CHECK(at("2026-03-02", {.adult_years = 6}).may_erase == Answer::yes);
}

TEST_CASE("a child's case is kept until the youngest is 25, or the adults' years if that is longer") {
  auto facts = closed();
  facts.about_a_child = true;
  facts.children_born = {day("2010-05-05"), day("2015-06-06")};
  CHECK(retention(facts, day("2040-06-06")).may_erase == Answer::no);
  CHECK(retention(facts, day("2040-06-07")).may_erase == Answer::yes);
  facts.children_born = {day("2000-01-01")};
  CHECK(retention(facts, day("2027-03-02")).may_erase == Answer::yes);
  CHECK(retention(facts, day("2026-01-01")).may_erase == Answer::no);
  facts.children_born.emplace_back();
  CHECK(retention(facts, day("2090-01-01")).may_erase == Answer::ask);
  facts.children_born.clear();
  CHECK(retention(facts, day("2090-01-01")).may_erase == Answer::ask);
}

TEST_CASE("a hold beats the clock and a wish to erase, whichever of two values was written later") {
  auto facts = closed();
  facts.holds = {false, true};
  CHECK(retention(facts, day("2090-01-01")).state == RetentionState::held);
  CHECK(retention(facts, day("2090-01-01")).may_erase == Answer::no);
  facts.erasure_asked = true;
  CHECK(retention(facts, day("2090-01-01")).may_erase == Answer::no);
  facts.holds = {false};
  CHECK(retention(facts, day("2021-01-01")).may_erase == Answer::ask);
}
