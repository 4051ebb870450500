#pragma once

#include <array>
#include <string>
#include <string_view>

#include "platform/env.h"
#include "ui/desktop/theme.h"

namespace wayside::desktop {

inline constexpr std::array<int, 5> kTextPercents{100, 125, 150, 175, 200};
inline constexpr std::array<int, 2> kLockMinutes{2, 10};  ///< in the field, at a desk

/// What a person chose for this device. It says nothing about cases and lies in clear beside the vault.
struct Settings {
  int text_percent = 100;
  Mode mode = Mode::light;
  int lock_after_minutes = 10;
  bool operator==(const Settings&) const = default;
};

std::string_view label_of(Mode mode);  ///< "Light", "Dark", "High contrast"
Mode next_mode(Mode mode);
int next_text_percent(int percent);  ///< after the largest comes the smallest
int larger_text(int percent);
int smaller_text(int percent);

/// As settings.toml holds them.
std::string to_toml(const Settings& settings);
/// What cannot be read, or is out of range, stays at its default: settings never keep anybody from working.
Settings settings_from_toml(std::string_view text);

Settings load_settings(platform::Files& files, const platform::Path& home);
Result<void> save_settings(platform::Files& files, const platform::Path& home, const Settings& settings);

}  // namespace wayside::desktop
