#include "core/casework/rules/closing.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
CaseToClose settled() {
  CaseToClose out;
  out.high_risk = false;
  out.closing_plan = out.safe_to_follow_up = true;
  return out;
}
}  // namespace

TEST_CASE("a case closes when nothing is left; what is missing bars, what is open is asked about") {
  CHECK(may_close(settled()).answer == Answer::yes);
  const auto changed = [](auto&& change) {
    auto facts = settled();
    change(facts);
    return may_close(facts);
  };
  const auto missing = changed([](auto& f) { f.missing_fields = {"Reason closed", "Abuse types"}; });
  CHECK(missing.answer == Answer::no);
  CHECK(missing.reasons[0].sentence == "Needed to close, and empty: Abuse types and Reason closed.");
  CHECK(changed([](auto& f) { f.open_reviews = 1; }).answer == Answer::no);
  CHECK(changed([](auto& f) { f.loans_out = 1; }).answer == Answer::no);
  CHECK(changed([](auto& f) { f.alarm_raised = true; }).answer == Answer::no);
  CHECK(changed([](auto& f) { f.open_needs = 2; }).answer == Answer::ask);
  CHECK(changed([](auto& f) { f.open_tasks = 1; }).answer == Answer::ask);
  CHECK(changed([](auto& f) { f.open_referrals = 1; }).answer == Answer::ask);
  CHECK(changed([](auto& f) { f.high_risk = true; }).answer == Answer::ask);
  CHECK(changed([](auto& f) { f.high_risk.reset(); }).answer == Answer::ask);
  CHECK(changed([](auto& f) { f.closing_plan = false; }).answer == Answer::ask);
}

TEST_CASE("follow-ups are due after 6 and 12 months, and only where that is safe") {
  const auto closed = day_of("2026-08-31").value();
  CHECK(follow_ups(closed, true) ==
        std::vector<FollowUp>{{6, day_of("2027-02-28").value()}, {12, day_of("2027-08-31").value()}});
  CHECK(follow_ups(closed, false).empty());
  CHECK(follow_ups(closed, std::nullopt).empty());
}
