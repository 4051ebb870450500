#include <ostream>

#include "sync/reconcile/reconcile.h"
#include "sync/spool/last_run.h"
#include "ui/app/night_sentence.h"
#include "ui/app/night_timer.h"
#include "ui/app/settings_file.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// night on | off | status: a timer of the user's service manager starts `sync --locked`, which needs no passphrase; and the
// desktop does the same while it is open.

namespace wayside::cli {
namespace {

using nlohmann::json;
using platform::Manager;

struct NightWords {
  std::string at = "22:30";
  std::uint64_t kilobytes_per_s = 0;
};

/// What the desktop goes by while it is open, and shows in its settings.
Result<void> keep_in_settings(Context& context, const std::string& at) {
  app::SettingsFile file(context.env(), context.common().home);
  file.load();
  app::pb::Settings settings = file.now();
  settings.set_night_at(at);
  file.keep(settings);
  return file.trouble().empty() ? Result<void>{} : fail(Errc::io, "settings.toml");
}

Result<Exit> turn_on(Context& context, const NightWords& words) {
  const auto time = app::time_of_day(words.at);
  if (!time) return fail(Errc::usage, "--at takes a time of day, such as 22:30");
  const spool::Layout layout(reconcile::spool_folder(context.common().home));
  if (!context.env().files.exists(layout.office())) {
    return fail(Errc::not_found, "an office for this vault to reconcile with. Run `join`, then `sync` once, and try again");
  }
  const app::NightTimer timer{context.common().home, context.surroundings().program, *time, words.kilobytes_per_s};
  WAYSIDE_TRY(const Manager manager, app::start_night_timer(context.env().files, context.surroundings().environment, timer));
  WAYSIDE_OK(keep_in_settings(context, words.at));
  if (context.json()) {
    context.print({{"at", words.at}, {"timer", app::night_timer_name(timer.home) + ".timer"}, {"started", manager == Manager::answered}});
    return Exit::done;
  }
  context.say("Every night, within " + std::to_string(app::kNightSpread_min) + " minutes after " + words.at +
              ", this device reconciles by itself. It stays locked.");
  if (manager == Manager::silent) {
    context.say("The timer begins when you next log in: nothing answered that could start it now. Until then it happens while "
                "Wayside is open.");
  }
  return Exit::done;
}

Result<Exit> turn_off(Context& context) {
  WAYSIDE_OK(app::stop_night_timer(context.env().files, context.surroundings().environment, context.common().home));
  WAYSIDE_OK(keep_in_settings(context, ""));
  if (context.json()) context.print({{"at", nullptr}});
  else context.say("This device no longer reconciles by itself. `sync` does it.");
  return Exit::done;
}

json run_json(const spool::LastRun& run) {
  return {{"ended_ms", run.ended_ms},
          {"error", run.error ? json(name_of(*run.error)) : json()},
          {"sent", run.sent},
          {"fetched", run.fetched},
          {"reached_ms", run.reached_ms > 0 ? json(run.reached_ms) : json()}};
}

Result<Exit> status(Context& context) {
  platform::Files& files = context.env().files;
  const auto at = platform::daily_at(files, context.surroundings().environment, app::night_timer_name(context.common().home));
  const auto run = spool::read_last_run(files, spool::Layout(reconcile::spool_folder(context.common().home)));
  if (context.json()) {
    context.print({{"at", at ? json(*at) : json()}, {"last", run ? run_json(*run) : json()}});
    return Exit::done;
  }
  context.say(at ? "Reconciles by itself after " + *at + "." : "Does not reconcile by itself. `night on` changes that.");
  if (run) context.say(app::night_sentence(*run, 0, context.env().clock.wall_ms()));
  return Exit::done;
}

}  // namespace

Action declare_night(CLI::App& app) {
  const auto words = std::make_shared<NightWords>();
  app.require_subcommand(1);
  CLI::App* const on = app.add_subcommand("on", "every night, with a timer of your login");
  on->add_option("--at", words->at, "from when on")->type_name("HH:MM")->capture_default_str();
  on->add_option("--limit-rate", words->kilobytes_per_s, "at most so many kilobytes a second each way")
      ->type_name("KB/S")
      ->check(CLI::Range(kSlowestKilobytes, kFastestKilobytes));
  CLI::App* const off = app.add_subcommand("off", "no more");
  app.add_subcommand("status", "when, and how the last night went");
  return [words, on, off](Context& context) {
    if (on->parsed()) return turn_on(context, *words);
    return off->parsed() ? turn_off(context) : status(context);
  };
}

}  // namespace wayside::cli
