#pragma once

#include <cstdint>
#include <optional>

#include "platform/env.h"
#include "sync/spool/last_run.h"
#include "ui/app/time_of_day.h"

namespace wayside::app {

/// How the timer of a login and the program itself go about a night.
inline constexpr int kNightSpread_min = 90;   ///< a random wait of up to so long, so that not all devices come at once
inline constexpr int kNightAgain_min = 15;    ///< after a run that failed
inline constexpr int kNightTimes = 8;         ///< runs of one night at most

/// When a program that stays open reconciles by itself. Each night, by the clock on the wall of the United Kingdom, from `at` and
/// a random wait on, for as long as a night lasts and until one run of anybody's reached the office. Pure but for the wait.
class NightSchedule {
 public:
  /// Whether a run is to begin now; then it counts as begun. `last`: how the newest run ended that nobody watched.
  /// `reconciled_ms`: when this device last reconciled in any other way.
  bool begin(const TimeOfDay& at, std::int64_t now_ms, const std::optional<spool::LastRun>& last, std::int64_t reconciled_ms,
             platform::Random& random);

 private:
  std::int64_t night_ms_ = 0;    ///< when it came
  std::int64_t from_ms_ = 0;
  std::int64_t begun_ms_ = 0;    ///< the newest run
  int runs_ = 0;
};

}  // namespace wayside::app
