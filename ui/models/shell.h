#pragma once

#include <cstdint>
#include <string_view>

namespace wayside::models {

/// The screens there are. The first six stand in the navigation, in this order (Ctrl 1 to 6).
enum class Screen { today, cases, places, review, reconcile, settings, one_case, unlock, neutral };

/// How much fits: by pixels ÷ (display scale × text size), so larger text asks for a simpler screen.
enum class Width { wide, medium, compact };

constexpr float kWideFrom = 1280;
constexpr float kMediumFrom = 760;

constexpr Width width_class(float pixels, float display_scale, float text_size) {
  const float effective = pixels / (display_scale * text_size);
  return effective >= kWideFrom ? Width::wide : effective >= kMediumFrom ? Width::medium : Width::compact;
}

/// Whether a screen shows what only an open vault may show.
constexpr bool needs_open_vault(Screen screen) { return screen != Screen::unlock && screen != Screen::neutral; }

constexpr std::string_view title_of(Screen screen) {
  switch (screen) {
    case Screen::today: return "Today";
    case Screen::places: return "Places";
    case Screen::cases:
    case Screen::one_case: return "Cases";
    case Screen::review: return "Review";
    case Screen::reconcile: return "Reconcile";
    case Screen::settings: return "Settings";
    case Screen::unlock: return "Unlock Wayside";
    case Screen::neutral: return "Timetable";
  }
  return {};
}

/// Which screen to show after news of the vault: what is locked is never shown, and what was left by quick exit
/// stays left. `now` may be any screen.
constexpr Screen after_news(Screen now, bool vault_open) {
  if (now == Screen::neutral) return now;
  if (!vault_open) return Screen::unlock;
  return now == Screen::unlock ? Screen::cases : now;
}

}  // namespace wayside::models
