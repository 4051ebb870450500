#include "ui/app/night_schedule.h"

#include <array>
#include <cstdlib>

#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::int64_t kMinute_ms = 60'000;
constexpr std::int64_t kNight_ms = 8 * 60 * kMinute_ms;   ///< then people come to work
constexpr std::int64_t kAgain_ms = kNightAgain_min * kMinute_ms;

/// When that time of day last came, to the minute.
std::int64_t last_came(const TimeOfDay& at, std::int64_t now_ms) {
  const auto now = time_of_day(clock_time(now_ms)).value_or(at);
  const int since_min = (now.hour * 60 + now.minute - at.hour * 60 - at.minute + 24 * 60) % (24 * 60);
  return (now_ms / kMinute_ms - since_min) * kMinute_ms;
}

std::int64_t random_wait_ms(platform::Random& random) {
  std::array<unsigned char, 2> bytes{};
  random.fill(bytes);
  return (bytes[0] * 256 + bytes[1]) % (kNightSpread_min * 60) * std::int64_t{1000};
}

/// A clock that was set back makes nobody wait for it.
bool was_just_now(std::int64_t ms, std::int64_t now_ms) { return ms != 0 && std::abs(now_ms - ms) < kAgain_ms; }

}  // namespace

bool NightSchedule::begin(const TimeOfDay& at, std::int64_t now_ms, const std::optional<spool::LastRun>& last,
                          std::int64_t reconciled_ms, platform::Random& random) {
  const std::int64_t night_ms = last_came(at, now_ms);
  if (night_ms != night_ms_) {
    night_ms_ = night_ms;
    from_ms_ = night_ms + random_wait_ms(random);
    runs_ = 0;
  }
  if (now_ms < from_ms_ || now_ms - night_ms >= kNight_ms || runs_ >= kNightTimes) return false;
  if (reconciled_ms >= night_ms || (last && last->reached_ms >= night_ms)) return false;
  if (was_just_now(begun_ms_, now_ms) || (last && was_just_now(last->ended_ms, now_ms))) return false;
  begun_ms_ = now_ms;
  ++runs_;
  return true;
}

}  // namespace wayside::app
