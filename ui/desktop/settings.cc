#include "ui/desktop/settings.h"

#include <toml++/toml.h>

#include <algorithm>

#include "platform/atomic_file.h"

namespace wayside::desktop {
namespace {

constexpr std::array<std::string_view, 3> kModeNames{"light", "dark", "contrast"};

platform::Path file_in(const platform::Path& home) { return home / "settings.toml"; }

}  // namespace

std::string_view label_of(Mode mode) {
  switch (mode) {
    case Mode::light: return "Light";
    case Mode::dark: return "Dark";
    case Mode::contrast: return "High contrast";
  }
  return {};
}

Mode next_mode(Mode mode) { return static_cast<Mode>((static_cast<int>(mode) + 1) % 3); }

int larger_text(int percent) {
  for (const int larger : kTextPercents)
    if (larger > percent) return larger;
  return kTextPercents.back();
}

int smaller_text(int percent) {
  for (auto smaller = kTextPercents.rbegin(); smaller != kTextPercents.rend(); ++smaller)
    if (*smaller < percent) return *smaller;
  return kTextPercents.front();
}

int next_text_percent(int percent) {
  return percent >= kTextPercents.back() ? kTextPercents.front() : larger_text(percent);
}

std::string to_toml(const Settings& settings) {
  return "text_percent = " + std::to_string(settings.text_percent) + "\ncolours = \"" +
         std::string(kModeNames[static_cast<std::size_t>(settings.mode)]) +
         "\"\nlock_after_minutes = " + std::to_string(settings.lock_after_minutes) + "\n";
}

Settings settings_from_toml(std::string_view text) {
  Settings settings;
  try {
    const toml::table table = toml::parse(text);
    const auto percent = table["text_percent"].value_or<std::int64_t>(settings.text_percent);
    if (std::ranges::find(kTextPercents, percent) != kTextPercents.end())
      settings.text_percent = static_cast<int>(percent);
    const auto name = table["colours"].value_or<std::string>("light");
    if (const auto at = std::ranges::find(kModeNames, name); at != kModeNames.end())
      settings.mode = static_cast<Mode>(at - kModeNames.begin());
    const auto minutes = table["lock_after_minutes"].value_or<std::int64_t>(settings.lock_after_minutes);
    if (std::ranges::find(kLockMinutes, minutes) != kLockMinutes.end())
      settings.lock_after_minutes = static_cast<int>(minutes);
  } catch (const toml::parse_error&) {
    return Settings();
  }
  return settings;
}

Settings load_settings(platform::Files& files, const platform::Path& home) {
  constexpr std::uint64_t kMostBytes = 64 * 1024;
  const auto text = platform::read_all(files, file_in(home), kMostBytes);
  return text ? settings_from_toml(*text) : Settings();
}

Result<void> save_settings(platform::Files& files, const platform::Path& home, const Settings& settings) {
  WAYSIDE_OK(files.make_folders(home));
  return platform::write_atomically(files, file_in(home), to_toml(settings));
}

}  // namespace wayside::desktop
