#include "ui/app/night_sentence.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using app::night_sentence;
using app::overdue_sentence;
using spool::LastRun;

namespace {

constexpr std::int64_t kMinute_ms = 60'000, kDay_ms = 1440 * kMinute_ms;
constexpr std::int64_t kMorning_ms = 1'781'078'400'000;   // 10 June 2026, 08:00 UTC: 09:00 in London
constexpr std::int64_t kNight_ms = kMorning_ms - 400 * kMinute_ms;

}  // namespace

TEST_CASE("a night is told in one sentence, with what moved") {
  CHECK(night_sentence({kNight_ms, {}, 31, 12, 0}, 0, kMorning_ms) == "Today 02:20: 31 changes went to the office, and 12 came.");
  CHECK(night_sentence({kNight_ms, {}, 1, 0, 0}, 0, kMorning_ms) == "Today 02:20: 1 change went to the office.");
  CHECK(night_sentence({kNight_ms, {}, 0, 2, 0}, 0, kMorning_ms) == "Today 02:20: 2 changes came from the office.");
  CHECK(night_sentence({kNight_ms, {}, 0, 0, 0}, 0, kMorning_ms) == "Today 02:20: nothing new, here or at the office.");
}

TEST_CASE("a night that failed says why, and what is nowhere else") {
  CHECK(night_sentence({kNight_ms, Errc::unreachable, 0, 0, kNight_ms}, 31, kMorning_ms) ==
        "Today 02:20: the office could not be reached. 31 changes are only on this device.");
  CHECK(night_sentence({kNight_ms, Errc::later, 0, 0, kNight_ms}, 1, kMorning_ms) ==
        "Today 02:20: the office was busy. 1 change is only on this device.");
  CHECK(night_sentence({kNight_ms, Errc::wrong_office, 0, 0, kNight_ms}, 0, kMorning_ms).starts_with("Today 02:20: it did not work. What answers there"));
}

TEST_CASE("two days without the office are told, with what is only here") {
  CHECK(overdue_sentence(kMorning_ms - kDay_ms, 31, kMorning_ms).empty());
  CHECK(overdue_sentence(kMorning_ms - 5 * kDay_ms, 31, kMorning_ms) == "Last reconciled 5 days ago. 31 changes are only on this device.");
  CHECK(overdue_sentence(kMorning_ms - 5 * kDay_ms, 0, kMorning_ms) == "Last reconciled 5 days ago.");
  CHECK(overdue_sentence(0, 0, kMorning_ms).empty());
  CHECK(overdue_sentence(0, 2, kMorning_ms) == "This device has never reconciled. 2 changes are only on this device.");
}
