#include "core/casework/rules/referral.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::casework::rules;
using enum ReferralState;

namespace {

Day on(int day_of_june) { return Day(std::chrono::year(2026) / 6 / day_of_june); }

ReferralStep step(ReferralState state, int day_of_june) {
  ReferralStep out;
  out.state = state;
  out.on = on(day_of_june);
  if (state == declined) out.decline_reasons = {"NO_SPACE"};
  return out;
}

Referral referral(std::string id, std::vector<ReferralStep> steps) { return {std::move(id), std::move(steps)}; }

ReferralStanding stands(const Referral& of) {
  const auto out = standing(of);
  REQUIRE(out.has_value());
  return *out;
}

}  // namespace

TEST_CASE("a referral goes from draft to placed, and every day of it is kept") {
  const auto out =
      stands(referral("r", {step(draft, 1), step(sent, 2), step(waiting, 3), step(accepted, 12), step(placed, 14)}));
  CHECK(out.state == placed);
  CHECK(out.sent_on == on(2));
  CHECK(out.answered_on == on(12));
  CHECK(out.ended_on == on(14));
  CHECK(out.days_to_answer == 10);
}

TEST_CASE("steps read the same in any order, and several on one day are put right") {
  std::vector<ReferralStep> steps{step(placed, 2), step(accepted, 2), step(sent, 2), step(draft, 2)};
  for (int turn = 0; turn < 4; ++turn) {
    std::ranges::rotate(steps, steps.begin() + 1);
    CHECK(stands(referral("r", steps)).state == placed);
  }
}

TEST_CASE("every state has a code that reads back, and only the table's moves are allowed") {
  int allowed = 0;
  for (int from = 0; from <= static_cast<int>(no_reply); ++from) {
    const auto state = static_cast<ReferralState>(from);
    CHECK(referral_state_from(code_of(state)) == state);
    for (int to = 0; to <= static_cast<int>(no_reply); ++to)
      allowed += may_follow(state, static_cast<ReferralState>(to));
  }
  CHECK(allowed == 22);
  CHECK_FALSE(may_follow(draft, placed));
  CHECK_FALSE(may_follow(placed, waiting));
  CHECK(may_follow(no_reply, accepted));
  CHECK_FALSE(referral_state_from("LOST").has_value());
}

TEST_CASE("a decline needs its reason, and of several the main one") {
  auto decline = step(declined, 5);
  decline.decline_reasons.clear();
  CHECK_FALSE(check_step(sent, decline).has_value());
  decline.decline_reasons = {"NO_SPACE"};
  CHECK(check_step(sent, decline).has_value());
  CHECK(stands(referral("r", {step(sent, 2), decline})).main_reason == "NO_SPACE");
  decline.decline_reasons = {"NO_SPACE", "PET"};
  CHECK_FALSE(check_step(sent, decline).has_value());
  decline.main_reason = "PET";
  CHECK(check_step(sent, decline).has_value());
  decline.main_reason = "NRPF";
  CHECK_FALSE(check_step(sent, decline).has_value());
  decline.decline_reasons = {"NOT_STATED", "PET"};
  decline.main_reason = "PET";
  CHECK_FALSE(check_step(sent, decline).has_value());
  auto accept = step(accepted, 5);
  accept.decline_reasons = {"PET"};
  CHECK_FALSE(check_step(sent, accept).has_value());
}

TEST_CASE("barriers and alternatives of all steps are kept together") {
  auto wait = step(waiting, 3);
  wait.barriers = {"PET", "FAMILY_SIZE"};
  auto refuse = step(refused, 6);
  refuse.barriers = {"LOCATION_WANTED"};
  refuse.alternatives = {"Sanctuary"};
  const auto out = stands(referral("r", {step(sent, 2), wait, refuse}));
  CHECK(out.barriers == std::set<std::string>{"FAMILY_SIZE", "LOCATION_WANTED", "PET"});
  CHECK(out.alternatives == std::set<std::string>{"Sanctuary"});
  CHECK_FALSE(out.days_to_answer.has_value());  // she refused: the service never answered
}

TEST_CASE("no reply is not the end: a late answer counts from the day it was sent") {
  const auto out = stands(referral("r", {step(sent, 1), step(no_reply, 15), step(declined, 20)}));
  CHECK(out.state == declined);
  CHECK(out.days_to_answer == 19);
}

TEST_CASE("steps that cannot be are an error, not a guess") {
  CHECK_FALSE(standing(referral("r", {})).has_value());
  CHECK_FALSE(standing(referral("r", {step(accepted, 1)})).has_value());
  CHECK_FALSE(standing(referral("r", {step(draft, 1), step(placed, 2)})).has_value());
  CHECK_FALSE(standing(referral("r", {step(sent, 1), step(declined, 2), step(accepted, 3)})).has_value());
}

TEST_CASE("the waiting list is as at the end of a day, longest wait first") {
  const std::vector<Referral> all{
      referral("b", {step(sent, 1), step(waiting, 2), step(placed, 0 + 20)}),
      referral("a", {step(sent, 1), step(waiting, 2)}),
      referral("c", {step(sent, 1), step(waiting, 1), step(withdrawn, 9)}),
      referral("d", {step(sent, 11), step(waiting, 11)}),
  };
  CHECK_FALSE(waiting_list(all, on(10)).has_value());  // placed without having been accepted
  auto right = all;
  right[0].steps.push_back(step(accepted, 20));
  const auto list = waiting_list(right, on(10));
  REQUIRE(list.has_value());
  CHECK(*list == std::vector<Waiting>{{"a", on(2), 8}, {"b", on(2), 8}});
  CHECK(waiting_list(right, on(1))->size() == 1);
  CHECK(waiting_list(right, on(20))->size() == 2);
}

TEST_CASE("declines for lack of space are given of all declines and of all decided: 20% of two thirds is 13.2%") {
  // Southampton strategy 2021-24: 66% of referrals declined, 20% of those for lack of space.
  std::vector<Referral> all;
  for (int i = 0; i < 1'000; ++i) {
    auto end = step(i < 660 ? declined : accepted, 5);
    if (i < 660 && i >= 132) end.decline_reasons = {"SUPPORT_NEEDS"};
    all.push_back(referral(std::to_string(i), {step(sent, 1), end}));
  }
  const auto share = declined_for(all, "NO_SPACE", on(1), on(30));
  REQUIRE(share.has_value());
  CHECK(share->with_reason * 100 == share->declined * 20);
  CHECK(share->with_reason * 1'000 == share->decided * 132);
  CHECK(declined_for(all, "NO_SPACE", on(6), on(30))->decided == 0);
}
