#include "ui/desktop/settings.h"

#include <algorithm>

#include "ui/app/time_of_day.h"

namespace wayside::desktop {
static_assert(static_cast<int>(Mode::light) == app::pb::Settings::light &&
              static_cast<int>(Mode::dark) == app::pb::Settings::dark &&
              static_cast<int>(Mode::contrast) == app::pb::Settings::contrast);

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

Settings settings_from(const app::pb::Settings& message) {
  Settings out;
  const auto percent = static_cast<int>(message.text_percent());
  if (std::ranges::find(kTextPercents, percent) != kTextPercents.end()) out.text_percent = percent;
  if (app::pb::Settings::Colours_IsValid(message.colours())) out.mode = static_cast<Mode>(message.colours());
  const auto minutes = static_cast<int>(message.lock_after_minutes());
  if (std::ranges::find(kLockMinutes, minutes) != kLockMinutes.end()) out.lock_after_minutes = minutes;
  out.exit_chord = safe_mode::exit_chord_from(message.exit_chord());
  if (app::time_of_day(message.night_at())) out.night_at = message.night_at();
  return out;
}

app::pb::Settings to_message(const Settings& settings) {
  app::pb::Settings out;
  out.set_text_percent(static_cast<std::uint32_t>(settings.text_percent));
  out.set_colours(static_cast<app::pb::Settings::Colours>(settings.mode));
  out.set_lock_after_minutes(static_cast<std::uint32_t>(settings.lock_after_minutes));
  if (settings.exit_chord) out.set_exit_chord(safe_mode::to_text(*settings.exit_chord));
  out.set_night_at(settings.night_at);
  return out;
}

}  // namespace wayside::desktop
