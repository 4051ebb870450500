#include "core/casework/rules/sanctuary.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }

SanctuaryRequest settled() {
  SanctuaryRequest out;
  out.her_choice = out.safe_to_remain = out.right_to_occupy = out.perpetrator_out = true;
  out.tenure = "PRS";
  out.tenure_holder = "SOLE";
  out.permission = "given";
  out.fire_advice = "two ways out";
  out.requested = day("2026-01-10");
  return out;
}
bool prompts(const SanctuaryRequest& request, std::string_view rule) {
  const auto all = sanctuary_prompts(request);
  return std::ranges::any_of(all, [&](const Reason& reason) { return reason.rule == rule; });
}
}  // namespace

TEST_CASE("works wait until every question is settled") {
  CHECK(sanctuary_ready(settled()).answer == Answer::yes);
  CHECK(sanctuary_ready({}).answer == Answer::ask);
  CHECK(sanctuary_ready({}).reasons.size() == 6);
  const auto changed = [](auto&& change) {
    auto request = settled();
    change(request);
    return sanctuary_ready(request).answer;
  };
  CHECK(changed([](auto& r) { r.her_choice = false; }) == Answer::no);
  CHECK(changed([](auto& r) { r.safe_to_remain = false; }) == Answer::no);
  CHECK(changed([](auto& r) { r.right_to_occupy = false; }) == Answer::no);
  CHECK(changed([](auto& r) { r.perpetrator_out = false; }) == Answer::no);
  CHECK(changed([](auto& r) { r.permission = "refused"; }) == Answer::no);
  CHECK(changed([](auto& r) { r.permission = "asked"; }) == Answer::ask);
  CHECK(changed([](auto& r) { r.permission.clear(); }) == Answer::ask);
  CHECK(changed([](auto& r) { r.fire_advice.clear(); }) == Answer::ask);
  CHECK(changed([](auto& r) {
          r.permission.clear();
          r.tenure = "OWNER";
        }) == Answer::yes);
  CHECK(changed([](auto& r) {
          r.permission.clear();
          r.tenure = "OWNER";
          r.tenure_holder = "JOINT_PERP";
        }) == Answer::ask);
}

TEST_CASE("a tenure that the perpetrator shares prompts for an occupation order") {
  auto request = settled();
  CHECK_FALSE(prompts(request, "occupation_order"));
  request.tenure_holder = "JOINT_PERP";
  CHECK(prompts(request, "occupation_order"));
  request.measures = {{"SAFE_ROOM", day("2026-01-10"), {}, ""}};
  CHECK(prompts(request, "bedroom_exemption"));
  request.tenure = "OWNER";
  CHECK_FALSE(prompts(request, "bedroom_exemption"));
}

TEST_CASE("waits are counted from the day of the request, and open ones until today") {
  auto request = settled();
  request.needed_by = day("2026-02-01");
  auto progress = sanctuary_progress(request, day("2026-02-01"));
  CHECK(progress.days_waiting == 22);
  CHECK_FALSE(progress.late);
  CHECK(sanctuary_progress(request, day("2026-02-02")).late);
  request.surveyed = day("2026-01-15");
  request.completed = day("2026-02-10");
  progress = sanctuary_progress(request, day("2026-03-01"));
  CHECK(progress.days_to_survey == 5);
  CHECK(progress.days_to_completion == 31);
  CHECK_FALSE(progress.days_waiting.has_value());
  CHECK(progress.late);
}

TEST_CASE("checks are due three and six months after the works") {
  auto request = settled();
  CHECK_FALSE(sanctuary_progress(request, day("2026-03-01")).first_check_due.has_value());
  request.completed = day("2026-02-10");
  auto progress = sanctuary_progress(request, day("2026-03-01"));
  CHECK(progress.first_check_due == day("2026-05-10"));
  CHECK(progress.second_check_due == day("2026-08-10"));
  request.checks_done = {day("2026-05-09")};
  progress = sanctuary_progress(request, day("2026-06-01"));
  CHECK_FALSE(progress.first_check_due.has_value());
  CHECK(progress.second_check_due == day("2026-08-10"));
  request.checks_done = {day("2026-08-01")};  // the later check makes up for the earlier
  progress = sanctuary_progress(request, day("2026-09-01"));
  CHECK_FALSE(progress.first_check_due.has_value());
  CHECK_FALSE(progress.second_check_due.has_value());
}

TEST_CASE("measures that were asked for and not fitted are listed") {
  auto request = settled();
  request.measures = {{"WINDOW_LOCK", day("2026-01-10"), {}, ""},
                      {"DOOR", day("2026-01-10"), day("2026-01-20"), "scheme"},
                      {"DOORBELL", day("2026-01-10"), {}, ""}};
  CHECK(sanctuary_progress(request, day("2026-02-01")).not_fitted ==
        std::vector<std::string>{"DOORBELL", "WINDOW_LOCK"});
}
