#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/env.h"
#include "platform/paths.h"

/// A program that the user's own service manager (systemd --user) starts once a day. No root, nothing for other users.
namespace wayside::platform {

struct DailyRun {
  std::string name;                    ///< of both units, without suffix: letters, digits, '-'
  std::string description;             ///< anybody on this machine can read it, as the arguments
  Path program;
  std::vector<std::string> arguments;
  int hour = 0, minute = 0;            ///< local time
  int spread_min = 0;                  ///< a random wait of up to so long, so that not all devices come at once
  int again_min = 0;                   ///< after a failure
  int times = 1;                       ///< at most, for one night
};

/// The two files, as systemd reads them. A missed time is made up for at the next start of the machine.
std::string service_unit(const DailyRun& run);
std::string timer_unit(const DailyRun& run);

/// Where they stand: systemd/user in the user's configuration folder (XDG).
Path user_units(const Environment& environment);

/// Whether the service manager took the change. One that does not answer, or is not there (a container, a login without
/// a session), finds the files, or misses them, at its next start.
enum class Manager { answered, silent };

/// Writes both files and starts the timer. Errors: bad_input (a name, or a path that no unit can hold), those of Files.
Result<Manager> start_daily(Files& files, const Environment& environment, const DailyRun& run);
/// Stops the timer and takes both files away; fine when there is none. Errors: those of Files.
Result<Manager> stop_daily(Files& files, const Environment& environment, const std::string& name);

/// "22:30" of a timer that stands there; nothing when none does.
std::optional<std::string> daily_at(Files& files, const Environment& environment, const std::string& name);

}  // namespace wayside::platform
