#include "core/casework/rules/check_in.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
constexpr std::int64_t kMinute = 60'000;
CheckIn entry(std::string id, CheckInKind kind, std::set<std::string> has_seen = {}, std::string who = "Amina") {
  return {std::move(id), kind, 0, std::move(who), std::move(has_seen)};
}
const LoneVisit kVisit{"Amina", {100 * kMinute}, false};
Alarm alarm(const std::vector<CheckIn>& entries, std::int64_t minute, const LoneVisit& visit = kVisit) {
  auto reversed = entries;
  std::ranges::reverse(reversed);
  const auto out = check_in_standing(visit, entries, minute * kMinute);
  CHECK(check_in_standing(visit, reversed, minute * kMinute).alarm == out.alarm);
  CHECK(out.reasons.empty() == (out.alarm == Alarm::none));
  return out.alarm;
}
const auto kStarted = entry("s", CheckInKind::started);
}  // namespace

TEST_CASE("time that runs out is first due and then an alarm, until the worker herself is back") {
  CHECK(alarm({kStarted}, 99) == Alarm::none);
  CHECK(alarm({kStarted}, 100) == Alarm::due);
  CHECK(alarm({kStarted}, 115) == Alarm::raised);
  CHECK(alarm({kStarted, entry("b", CheckInKind::back)}, 115) == Alarm::none);
  CHECK(alarm({kStarted, entry("b", CheckInKind::back, {}, "Ben")}, 115) == Alarm::raised);
  CHECK(alarm({kStarted, entry("w", CheckInKind::well)}, 115) == Alarm::raised);
  CHECK(alarm({}, 115) == Alarm::none);
}

TEST_CASE("an alarm is not ended by an entry whose author had not seen it, whatever the clocks say") {
  const auto missed = entry("m", CheckInKind::missed, {}, "Desk");
  auto stale = entry("w", CheckInKind::well);
  stale.at_ms = 1'000 * kMinute;
  CHECK(alarm({kStarted, missed, stale}, 10) == Alarm::raised);
  stale.has_seen = {"m"};
  CHECK(alarm({kStarted, missed, stale}, 10) == Alarm::none);
  CHECK(alarm({kStarted, missed, entry("h", CheckInKind::help), stale}, 10) == Alarm::raised);
  CHECK(alarm({entry("h", CheckInKind::help)}, 10) == Alarm::raised);
}

TEST_CASE("entries that claim to have seen each other leave the alarm on") {
  CHECK(alarm({entry("h", CheckInKind::help, {"b"}), entry("b", CheckInKind::back, {"h"})}, 10) == Alarm::raised);
}

TEST_CASE("cancelling the visit or writing a later time elsewhere ends no alarm") {
  auto visit = kVisit;
  visit.cancelled = true;
  CHECK(alarm({kStarted}, 115, visit) == Alarm::raised);
  visit.back_by_ms = {500 * kMinute, 100 * kMinute};
  CHECK(alarm({kStarted}, 115, visit) == Alarm::raised);
  CHECK(check_in_standing(visit, {kStarted}, 115 * kMinute).overdue_since_ms == 100 * kMinute);
}
