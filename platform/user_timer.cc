#include "platform/user_timer.h"

#include <algorithm>

#include "platform/atomic_file.h"
#include "platform/child_process.h"

namespace wayside::platform {
namespace {

constexpr std::int64_t kManager_ms = 20'000;
constexpr std::uint64_t kMaxUnitBytes = 64 * 1024;
constexpr std::string_view kAt = "OnCalendar=*-*-* ";

std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// A word of ExecStart: in quotes, with what systemd would read something into taken apart.
std::string quoted(const std::string& word) {
  std::string out = "\"";
  for (const char each : word) {
    if (each == '"' || each == '\\') out += '\\';
    if (each == '%' || each == '$') out += each;
    out += each;
  }
  return out + '"';
}

/// A line of a unit ends at the end of the line, whatever is quoted.
bool is_one_line(const std::string& text) {
  return std::ranges::none_of(text, [](char each) { return static_cast<unsigned char>(each) < 0x20; });
}

bool is_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Along PATH, as a shell would; the environment that we were given decides, not the one that we happen to run in.
std::optional<Path> found_program(Files& files, const Environment& environment, std::string_view name) {
  std::string_view path;
  const auto folders = environment("PATH");
  if (folders) path = *folders;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const Path candidate = Path(path.substr(0, end)) / name;
    if (candidate.is_absolute() && files.exists(candidate)) return candidate;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return std::nullopt;
}

/// Each of `orders` is the words of one call. The first that fails ends it.
Manager tell_manager(Files& files, const Environment& environment, const std::vector<std::vector<std::string>>& orders) {
  const auto program = found_program(files, environment, "systemctl");
  if (!program) return Manager::silent;
  for (const auto& words : orders) {
    ChildOptions options;
    options.program = *program;
    options.arguments = {"--user", "--quiet"};
    options.arguments.insert(options.arguments.end(), words.begin(), words.end());
    options.capture_errors = true;
    const auto outcome = run_child(options, "", kManager_ms);
    if (!outcome || !outcome->exit.ok()) return Manager::silent;
  }
  return Manager::answered;
}

}  // namespace

std::string service_unit(const DailyRun& run) {
  std::string start = quoted(run.program.string());
  for (const std::string& word : run.arguments) start += " " + quoted(word);
  const std::string again = std::to_string(run.again_min);
  return "[Unit]\nDescription=" + run.description +
         "\nStartLimitIntervalSec=" + std::to_string((run.again_min + 1) * run.times + 60) + "min\nStartLimitBurst=" +
         std::to_string(run.times) + "\n\n[Service]\nType=oneshot\nExecStart=" + start +
         "\nRestart=on-failure\nRestartSec=" + again + "min\nNice=10\nIOSchedulingClass=idle\n";
}

std::string timer_unit(const DailyRun& run) {
  return "[Unit]\nDescription=" + run.description + "\n\n[Timer]\n" + std::string(kAt) + two(run.hour) + ":" + two(run.minute) +
         ":00\nRandomizedDelaySec=" + std::to_string(run.spread_min) +
         "min\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n";
}

Path user_units(const Environment& environment) { return config_folder(environment) / "systemd" / "user"; }

Result<Manager> start_daily(Files& files, const Environment& environment, const DailyRun& run) {
  if (!is_name(run.name)) return fail(Errc::bad_input, "the name of a unit");
  for (const std::string& word : run.arguments) {
    if (!is_one_line(word)) return fail(Errc::bad_input, "a control character in " + run.name);
  }
  if (!is_one_line(run.program.string())) return fail(Errc::bad_input, "a control character in a path");
  const Path folder = user_units(environment);
  WAYSIDE_OK(files.make_folders(folder));
  WAYSIDE_OK(write_atomically(files, folder / (run.name + ".service"), service_unit(run)));
  WAYSIDE_OK(write_atomically(files, folder / (run.name + ".timer"), timer_unit(run)));
  const std::string timer = run.name + ".timer";
  return tell_manager(files, environment, {{"daemon-reload"}, {"enable", timer}, {"restart", timer}});   // restart: the time may be new
}

Result<Manager> stop_daily(Files& files, const Environment& environment, const std::string& name) {
  if (!is_name(name)) return fail(Errc::bad_input, "the name of a unit");
  const Manager stopped = tell_manager(files, environment, {{"disable", "--now", name + ".timer"}});
  const Path folder = user_units(environment);
  for (const char* suffix : {".timer", ".service"}) {
    const Path file = folder / (name + suffix);
    if (files.exists(file)) WAYSIDE_OK(files.remove(file));
  }
  if (stopped == Manager::silent) return stopped;
  return tell_manager(files, environment, {{"daemon-reload"}});
}

std::optional<std::string> daily_at(Files& files, const Environment& environment, const std::string& name) {
  const auto unit = read_all(files, user_units(environment) / (name + ".timer"), kMaxUnitBytes);
  if (!unit) return std::nullopt;
  const std::size_t at = unit->find(kAt);
  return at == Bytes::npos ? std::nullopt : std::optional(unit->substr(at + kAt.size(), 5));
}

}  // namespace wayside::platform
