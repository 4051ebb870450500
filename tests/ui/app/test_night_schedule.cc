#include "ui/app/night_schedule.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "tests/support/fake_env.h"

using namespace wayside;
using app::NightSchedule;
using app::TimeOfDay;
using spool::LastRun;

namespace {

constexpr std::int64_t kMinute_ms = 60'000, kHour_ms = 60 * kMinute_ms, kDay_ms = 24 * kHour_ms;
constexpr std::int64_t kHalfPastTen_ms = 1'781'127'000'000;   // 10 June 2026, 21:30 UTC: 22:30 in London
constexpr TimeOfDay kAt{22, 30};
/// By then every device's wait is over.
constexpr std::int64_t kAllWaited_ms = kHalfPastTen_ms + app::kNightSpread_min * kMinute_ms;

struct Night {
  support::FakeRandom random{1};
  NightSchedule schedule;
  std::optional<LastRun> last;
  std::int64_t reconciled_ms = 0;
  bool begins(std::int64_t now_ms) { return schedule.begin(kAt, now_ms, last, reconciled_ms, random); }
};

}  // namespace

TEST_CASE("a night begins at its time and a random wait after, once for each device and not for all at once") {
  std::set<std::int64_t> begun;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Night night{.random = support::FakeRandom(seed)};
    CHECK_FALSE(night.begins(kHalfPastTen_ms - kMinute_ms));
    std::int64_t now_ms = kHalfPastTen_ms;
    while (now_ms < kAllWaited_ms && !night.begins(now_ms)) now_ms += kMinute_ms;
    CHECK(now_ms <= kAllWaited_ms);
    begun.insert(now_ms);
  }
  CHECK(begun.size() > 10);
}

TEST_CASE("a run that reached the office ends the night, whoever began it, and the next evening is another") {
  Night night;
  SECTION("the timer of the login") { night.last = LastRun{kAllWaited_ms - kMinute_ms, {}, 3, 2, kAllWaited_ms - kMinute_ms}; }
  SECTION("somebody by hand") { night.reconciled_ms = kHalfPastTen_ms + kMinute_ms; }
  for (std::int64_t now_ms = kHalfPastTen_ms; now_ms < kHalfPastTen_ms + 20 * kHour_ms; now_ms += kMinute_ms) CHECK_FALSE(night.begins(now_ms));
  CHECK(night.begins(kAllWaited_ms + kDay_ms));
}

TEST_CASE("a run that failed is tried again after a while, a few times, and not into the day") {
  Night night;
  int runs = 0;
  std::int64_t latest_ms = 0;
  for (std::int64_t now_ms = kHalfPastTen_ms; now_ms < kHalfPastTen_ms + kDay_ms; now_ms += kMinute_ms) {
    if (!night.begins(now_ms)) continue;
    if (latest_ms != 0) CHECK(now_ms - latest_ms >= app::kNightAgain_min * kMinute_ms);
    latest_ms = now_ms;
    night.last = LastRun{now_ms, Errc::unreachable, 0, 0, 0};
    ++runs;
  }
  CHECK(runs == app::kNightTimes);
  // A machine that was asleep until the morning leaves it to people.
  Night late;
  CHECK(late.begins(kHalfPastTen_ms + 7 * kHour_ms));
  Night day;
  CHECK_FALSE(day.begins(kHalfPastTen_ms + 8 * kHour_ms));
}

TEST_CASE("a clock that jumps makes no night wait for it") {
  Night night;
  night.last = LastRun{kHalfPastTen_ms + 3650 * kDay_ms, Errc::unreachable, 0, 0, 0};   // the clock was ten years ahead
  CHECK(night.begins(kAllWaited_ms));
}

TEST_CASE("a time of day is two digits, a colon and two digits") {
  CHECK(app::time_of_day("00:00").has_value());
  CHECK(app::time_of_day("23:59").has_value());
  for (const char* text : {"", "24:00", "9:30", "22:60", "-1:30", "1:300", "22.30", "22:3x"}) CHECK_FALSE(app::time_of_day(text).has_value());
}
