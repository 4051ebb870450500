#include "ui/app/night_timer.h"

#include "core/crypto/crypto.h"

namespace wayside::app {
namespace {

/// The service manager starts the run elsewhere.
platform::Path full_path(const platform::Path& home) { return std::filesystem::absolute(home).lexically_normal(); }

}  // namespace

std::string night_timer_name(const platform::Path& home) {
  const Digest digest = crypto::hash("wayside/timer/1", {full_path(home).string()});
  return "wayside-" + to_hex(digest.view()).substr(0, 8);
}

Result<platform::Manager> start_night_timer(platform::Files& files, const platform::Environment& environment, const NightTimer& timer) {
  platform::DailyRun run{.name = night_timer_name(timer.home),
                         .description = "Wayside, by night",
                         .program = timer.program,
                         .arguments = {"--home", full_path(timer.home).string(), "sync", "--locked", "--unwatched"},
                         .hour = timer.at.hour,
                         .minute = timer.at.minute,
                         .spread_min = kNightSpread_min,
                         .again_min = kNightAgain_min,
                         .times = kNightTimes};
  if (timer.kilobytes_per_s > 0) {
    run.arguments.insert(run.arguments.end(), {"--limit-rate", std::to_string(timer.kilobytes_per_s)});
  }
  return platform::start_daily(files, environment, run);
}

Result<platform::Manager> stop_night_timer(platform::Files& files, const platform::Environment& environment, const platform::Path& home) {
  return platform::stop_daily(files, environment, night_timer_name(home));
}

}  // namespace wayside::app
