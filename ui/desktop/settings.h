#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ui/app/messages.pb.h"
#include "ui/desktop/theme.h"
#include "ui/safe_mode/exit_chord.h"

namespace wayside::desktop {

inline constexpr std::array<int, 5> kTextPercents{100, 125, 150, 175, 200};
inline constexpr std::array<int, 2> kLockMinutes{2, 10};  ///< in the field, at a desk
inline constexpr std::array<std::string_view, 3> kNightTimes{"20:00", "22:30", "02:00"};   ///< any other is chosen with `night on`

/// What a person chose for this device. The worker keeps it (ui/app/settings_file.h).
struct Settings {
  int text_percent = 100;
  Mode mode = Mode::light;
  int lock_after_minutes = 10;
  std::optional<safe_mode::KeyPress> exit_chord;  ///< leaves at once, besides Shift three times and the button
  std::string night_at;   ///< "22:30": from when on this device reconciles by itself; empty: it does not
  bool operator==(const Settings&) const = default;
};

std::string_view label_of(Mode mode);  ///< "Light", "Dark", "High contrast"
Mode next_mode(Mode mode);
int next_text_percent(int percent);  ///< after the largest comes the smallest
int larger_text(int percent);
int smaller_text(int percent);

/// What is out of range stays at its default: settings never keep anybody from working.
Settings settings_from(const app::pb::Settings& message);
app::pb::Settings to_message(const Settings& settings);

}  // namespace wayside::desktop
