#include "ui/app/settings_file.h"

#include <algorithm>
#include <array>

#include "core/schema/toml.h"
#include "platform/atomic_file.h"
#include "ui/app/night_schedule.h"
#include "ui/safe_mode/exit_chord.h"

namespace wayside::app {
namespace {

constexpr std::array<std::string_view, 3> kColours{"light", "dark", "contrast"};
constexpr std::array<std::int64_t, 5> kTextPercents{100, 125, 150, 175, 200};
constexpr std::array<std::int64_t, 2> kLockMinutes{2, 10};
constexpr std::uint64_t kMostBytes = 64 * 1024;

pb::Settings defaults() {
  pb::Settings out;
  out.set_text_percent(100);
  out.set_lock_after_minutes(10);
  return out;
}

/// Reads one number that must be one of a few; what it is otherwise goes into `trouble`.
template <std::size_t N>
std::optional<std::uint32_t> one_of(const toml::node& node, const std::array<std::int64_t, N>& allowed) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number || std::ranges::find(allowed, *number) == allowed.end()) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

/// Whether the line made sense.
bool take(std::string_view key, const toml::node& node, pb::Settings& out) {
  const auto text = node.value_exact<std::string>();
  if (key == "text_percent") {
    const auto percent = one_of(node, kTextPercents);
    if (percent) out.set_text_percent(*percent);
    return percent.has_value();
  }
  if (key == "lock_after_minutes") {
    const auto minutes = one_of(node, kLockMinutes);
    if (minutes) out.set_lock_after_minutes(*minutes);
    return minutes.has_value();
  }
  if (key == "colours") {
    const auto at = std::ranges::find(kColours, text.value_or(""));
    if (at == kColours.end()) return false;
    out.set_colours(static_cast<pb::Settings::Colours>(at - kColours.begin()));
    return true;
  }
  if (key == "exit_chord") {
    if (!text || (!text->empty() && !safe_mode::exit_chord_from(*text))) return false;
    out.set_exit_chord(*text);
    return true;
  }
  if (key == "night_at") {
    if (!text || (!text->empty() && !time_of_day(*text))) return false;
    out.set_night_at(*text);
    return true;
  }
  return false;
}

}  // namespace

std::string to_toml(const pb::Settings& settings) {
  const auto colours = static_cast<std::size_t>(settings.colours());
  std::string out = "text_percent = " + std::to_string(settings.text_percent()) + "\ncolours = \"" +
                    std::string(kColours[colours < kColours.size() ? colours : 0]) +
                    "\"\nlock_after_minutes = " + std::to_string(settings.lock_after_minutes()) + "\n";
  if (!settings.exit_chord().empty()) out += "exit_chord = \"" + settings.exit_chord() + "\"\n";
  if (!settings.night_at().empty()) out += "night_at = \"" + settings.night_at() + "\"\n";
  return out;
}

ReadSettings settings_from_toml(std::string_view text) {
  ReadSettings out{defaults(), {}};
  try {
    for (const auto& [key, node] : toml::parse(text)) {
      if (take(key.str(), node, out.settings)) continue;
      out.trouble += (out.trouble.empty() ? "" : ", ") + std::string(key.str());
    }
  } catch (const toml::parse_error& error) {
    return {defaults(), "line " + std::to_string(error.source().begin.line)};
  }
  return out;
}

SettingsFile::SettingsFile(platform::Env env, const platform::Path& home)
    : env_(env), file_(home / "settings.toml"), settings_(defaults()) {}

void SettingsFile::load() {
  settings_ = defaults();
  trouble_.clear();
  makes_no_sense_ = false;
  const auto text = platform::read_all(env_.files, file_, kMostBytes);
  if (!text) {
    if (text.error().code == Errc::not_found) return;
    makes_no_sense_ = true;
    trouble_ = "Your settings could not be read, so the usual ones hold. Choose again under Settings.";
    return;
  }
  ReadSettings read = settings_from_toml(*text);
  settings_ = std::move(read.settings);
  if (read.trouble.empty()) return;
  makes_no_sense_ = true;
  trouble_ = "settings.toml holds something that makes no sense (" + read.trouble +
             "), so the usual settings hold there. Choose again under Settings; the file is kept beside the new one.";
}

/// A copy first, and the new file over the old one afterwards: no crash in between takes anything away.
Result<void> SettingsFile::put_aside() {
  WAYSIDE_TRY(const Bytes old, platform::read_all(env_.files, file_, kMostBytes));
  platform::Path beside;
  for (int n = 1; beside.empty() || env_.files.exists(beside); ++n) {
    beside = file_;
    beside += ".unreadable-" + std::to_string(n);
  }
  return platform::write_atomically(env_.files, beside, old);
}

void SettingsFile::keep(const pb::Settings& settings) {
  // What came over the line is judged as what stands in a file: nothing is written that would not be read.
  pb::Settings wanted = settings;
  if (!safe_mode::exit_chord_from(wanted.exit_chord())) wanted.clear_exit_chord();
  if (!time_of_day(wanted.night_at())) wanted.clear_night_at();
  settings_ = settings_from_toml(to_toml(wanted)).settings;
  Result<void> done = env_.files.make_folders(file_.parent_path());
  if (done && makes_no_sense_) done = put_aside();
  if (done) done = platform::write_atomically(env_.files, file_, to_toml(settings_));
  if (done) makes_no_sense_ = false;
  trouble_ = done ? "" : "Your settings could not be written. They hold until you close Wayside.";
}

}  // namespace wayside::app
