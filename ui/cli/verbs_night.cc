#include <charconv>
#include <ostream>

#include "core/crypto/crypto.h"
#include "platform/user_timer.h"
#include "sync/reconcile/reconcile.h"
#include "sync/spool/last_run.h"
#include "ui/app/night_sentence.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// night on | off | status: a timer of the user's service manager starts `sync --locked`, which needs no passphrase.

namespace wayside::cli {
namespace {

using nlohmann::json;
using platform::Manager;

constexpr int kSpread_min = 90;
constexpr int kAgain_min = 15;
constexpr int kTimes = 8;

struct NightWords {
  std::string at = "22:30";
  std::uint64_t kilobytes_per_s = 0;
};

/// The home as an absolute path: the service manager starts the run elsewhere.
platform::Path home_of(Context& context) { return std::filesystem::absolute(context.common().home).lexically_normal(); }

/// One timer for each vault of this user. The name says nothing of where the vault is.
std::string timer_of(Context& context) {
  const Digest digest = crypto::hash("wayside/timer/1", {home_of(context).string()});
  return "wayside-" + to_hex(digest.view()).substr(0, 8);
}

std::optional<std::pair<int, int>> time_of_day(std::string_view text) {
  int hour = 0, minute = 0;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto number = [](std::string_view two, int& out) {
    const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), out);
    return error == std::errc{} && end == two.data() + two.size() && two[0] != '-';
  };
  if (!number(text.substr(0, 2), hour) || !number(text.substr(3), minute) || hour > 23 || minute > 59) return std::nullopt;
  return std::pair(hour, minute);
}

Result<Exit> turn_on(Context& context, const NightWords& words) {
  const auto time = time_of_day(words.at);
  if (!time) return fail(Errc::usage, "--at takes a time of day, such as 22:30");
  const spool::Layout layout(reconcile::spool_folder(home_of(context)));
  if (!context.env().files.exists(layout.office())) {
    return fail(Errc::not_found, "an office for this vault to reconcile with. Run `join`, then `sync` once, and try again");
  }
  platform::DailyRun run{.name = timer_of(context),
                         .description = "Wayside, by night",
                         .program = context.surroundings().program,
                         .arguments = {"--home", home_of(context).string(), "sync", "--locked", "--unwatched"},
                         .hour = time->first,
                         .minute = time->second,
                         .spread_min = kSpread_min,
                         .again_min = kAgain_min,
                         .times = kTimes};
  if (words.kilobytes_per_s > 0) run.arguments.insert(run.arguments.end(), {"--limit-rate", std::to_string(words.kilobytes_per_s)});
  WAYSIDE_TRY(const Manager manager, platform::start_daily(context.env().files, context.surroundings().environment, run));
  if (context.json()) {
    context.print({{"at", words.at}, {"timer", run.name + ".timer"}, {"started", manager == Manager::answered}});
    return Exit::done;
  }
  context.say("Every night, within " + std::to_string(kSpread_min) + " minutes after " + words.at +
              ", this device reconciles by itself. It stays locked.");
  if (manager == Manager::silent) {
    context.say("The timer begins when you next log in: nothing answered that could start it now.");
  }
  return Exit::done;
}

Result<Exit> turn_off(Context& context) {
  WAYSIDE_OK(platform::stop_daily(context.env().files, context.surroundings().environment, timer_of(context)));
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
  const auto at = platform::daily_at(files, context.surroundings().environment, timer_of(context));
  const auto run = spool::read_last_run(files, spool::Layout(reconcile::spool_folder(home_of(context))));
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
