#pragma once

#include <string>

#include "platform/user_timer.h"
#include "ui/app/night_schedule.h"

/// The timer of this login that starts `sync --locked` by night, also while no program of ours is open. One for each vault of this
/// user; what it is called and where it lies says nothing of where the vault is.
namespace wayside::app {

struct NightTimer {
  platform::Path home;             ///< of the vault
  platform::Path program;          ///< wayside-cli
  TimeOfDay at;
  std::uint64_t kilobytes_per_s = 0;   ///< 0: as fast as the line is
};

/// "wayside-" and eight hexadecimal digits.
std::string night_timer_name(const platform::Path& home);
/// Errors: those of platform::start_daily.
Result<platform::Manager> start_night_timer(platform::Files& files, const platform::Environment& environment, const NightTimer& timer);
/// Fine when there is none. Errors: those of platform::stop_daily.
Result<platform::Manager> stop_night_timer(platform::Files& files, const platform::Environment& environment, const platform::Path& home);

}  // namespace wayside::app
