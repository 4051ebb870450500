#include "ui/desktop/views/settings_view.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/choice.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"

namespace wayside::desktop {
namespace {

/// A question with its answers: joined in one row where they fit, else under each other.
std::optional<int> question(const Ui& ui, std::string_view id, float x, float& y, float width, std::string_view label,
                            std::string_view help, const std::vector<std::string>& answers, int chosen) {
  y += ui.text_wrapped(x, y, width, TextStyle::heading, ui.colours().ink, label);
  y += ui.text_wrapped(x, y, width, TextStyle::small, ui.colours().ink2, help) + ui.px(8);
  const float needed = segments_width(ui, answers);
  std::optional<int> pressed;
  if (needed <= width) {
    pressed =
        segments(ui, id, {x, y, std::min(width, std::max(needed, ui.px(440))), ui.theme.target()}, answers, chosen);
    y += ui.theme.target();
  } else {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const std::vector<std::string> one{answers[i]};
      const IdScope scope(static_cast<int>(i));
      if (segments(ui, id, {x, y, std::min(width, ui.px(440)), ui.theme.target()}, one,
                   static_cast<int>(i) == chosen ? 0 : -1))
        pressed = static_cast<int>(i);
      y += ui.theme.target() + ui.px(8);
    }
  }
  y += ui.px(28);
  return pressed;
}

/// The person's own way to leave: what it is, and a button that waits for the keys. Returns where it ends.
float exit_keys(const Ui& ui, float x, float y, float width, Settings& settings, safe_mode::ChordQuestion& chord) {
  const Palette& c = ui.colours();
  y += ui.text_wrapped(x, y, width, TextStyle::heading, c.ink, "Leave at once");
  y += ui.text_wrapped(x, y, width, TextStyle::small, c.ink2,
                       "Shift three times always leaves, and so does the button. You can add keys of your own.") +
       ui.px(8);
  const std::string now =
      settings.exit_chord ? safe_mode::label_of(*settings.exit_chord) : std::string("No keys of your own");
  y += ui.text_wrapped(x, y, width, TextStyle::body, c.ink,
                       chord.asking() ? "Press the keys now. Escape leaves things as they are." : now) +
       ui.px(4);
  if (!chord.complaint().empty()) y += state_line(ui, x, y, width, Sign::danger, chord.complaint()) + ui.px(4);
  Rect row{x, y + ui.px(4), width, ui.theme.target()};
  if (chord.asking()) {
    if (button_in(ui, row, "stop", ButtonKind::secondary, "Leave it as it is")) chord.stop();
  } else {
    if (button_in(ui, row, "choose", ButtonKind::secondary, settings.exit_chord ? "Choose other keys" : "Choose keys"))
      chord.ask();
    row.cut_left(ui.px(8));
    if (settings.exit_chord && button_in(ui, row, "remove", ButtonKind::quiet, "Remove")) settings.exit_chord.reset();
  }
  return row.bottom() + ui.px(28);
}

/// No, the usual times, and the one in force where it is none of these.
void night(const Ui& ui, float x, float& y, float width, Settings& settings) {
  std::vector<std::string> times{""};
  times.insert(times.end(), kNightTimes.begin(), kNightTimes.end());
  if (std::ranges::find(times, settings.night_at) == times.end()) times.push_back(settings.night_at);
  std::vector<std::string> answers;
  int now = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    answers.push_back(times[i].empty() ? "No" : "From " + times[i]);
    if (times[i] == settings.night_at) now = static_cast<int>(i);
  }
  if (const auto chosen = question(ui, "night", x, y, width, "Reconcile by itself at night",
                                   "Within an hour and a half of that time, also while it is locked. Leave the device on and connected. "
                                   "How it went is told when you next unlock.",
                                   answers, now))
    settings.night_at = times[static_cast<std::size_t>(*chosen)];
}

}  // namespace

void draw_settings(const Ui& ui, const Page& page, Settings& settings, safe_mode::ChordQuestion& chord) {
  ui.text(page.header.x, page.header.y + (page.header.h - ui.line(TextStyle::title)) / 2, TextStyle::title,
          ui.colours().ink, "Settings");
  ScrollArea pane(ui, "settings", page.body.inset(page.gutter, 0));
  const Rect& content = pane.content();
  const float width = std::min(content.w, ui.theme.widest_form());
  float y = content.y + ui.px(8);

  std::vector<std::string> sizes;
  int size = 0;
  for (std::size_t i = 0; i < kTextPercents.size(); ++i) {
    sizes.push_back(std::to_string(kTextPercents[i]) + " %");
    if (kTextPercents[i] == settings.text_percent) size = static_cast<int>(i);
  }
  if (const auto chosen =
          question(ui, "size", content.x, y, width, "Text size",
                   "Also Ctrl with plus and minus. Larger text asks for a simpler screen.", sizes, size))
    settings.text_percent = kTextPercents[static_cast<std::size_t>(*chosen)];

  const std::vector<std::string> modes{std::string(label_of(Mode::light)), std::string(label_of(Mode::dark)),
                                       std::string(label_of(Mode::contrast))};
  if (const auto chosen = question(ui, "mode", content.x, y, width, "Colours",
                                   "Dark is easier at night. High contrast is easier in sunlight.", modes,
                                   static_cast<int>(settings.mode)))
    settings.mode = static_cast<Mode>(*chosen);

  std::vector<std::string> minutes;
  int wait = 0;
  for (std::size_t i = 0; i < kLockMinutes.size(); ++i) {
    minutes.push_back(std::to_string(kLockMinutes[i]) + " minutes");
    if (kLockMinutes[i] == settings.lock_after_minutes) wait = static_cast<int>(i);
  }
  if (const auto chosen =
          question(ui, "lock", content.x, y, width, "Lock by itself",
                   "When nobody has touched it for this long. Nothing you typed is lost.", minutes, wait))
    settings.lock_after_minutes = kLockMinutes[static_cast<std::size_t>(*chosen)];
  night(ui, content.x, y, width, settings);
  y = exit_keys(ui, content.x, y, width, settings, chord);
  pane.end(y);
}

}  // namespace wayside::desktop
