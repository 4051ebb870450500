#include "ui/desktop/views/unlock_view.h"

#include <algorithm>
#include <utility>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/secret_box.h"
#include "ui/models/utf8.h"

namespace wayside::desktop {
namespace {

void foot(const Ui& ui, Rect row, Settings& settings) {
  const std::string size = "Text size " + std::to_string(settings.text_percent) + " %";
  if (button_in(ui, row, "size", ButtonKind::quiet, size, Icon::text_size))
    settings.text_percent = next_text_percent(settings.text_percent);
  row.cut_left(ui.px(8));
  if (button_in(ui, row, "mode", ButtonKind::quiet, "Colours: " + models::lower_ascii(label_of(settings.mode)),
                Icon::contrast))
    settings.mode = next_mode(settings.mode);
}

/// From the name to the button. Returns where it ends.
float column(const Ui& ui, float x, float y, float width, bool roomy, models::UnlockModel& model, UnlockUi& state,
             Asked& asked) {
  const std::string complaint = model.complaint(ui.now_ms);
  const Palette& c = ui.colours();
  if (roomy) {
    ui.mark(x, y, ui.theme.glyph(38), c.accent);
    y += ui.theme.glyph(38) + ui.px(16);
  }
  y += ui.text_wrapped(x, y, width, TextStyle::display, c.ink, "Unlock Wayside");
  y += ui.text_wrapped(x, y, width, TextStyle::body, c.ink2, model.who());
  y += ui.px(20);
  if (!model.can_type() && !model.working())
    return complaint.empty() ? y : y + state_line(ui, x, y, width, Sign::information, complaint) + ui.px(16);
  ui.text(x, y, TextStyle::label, c.ink, "Your passphrase");
  y += ui.line(TextStyle::label) + ui.px(3);
  if (!complaint.empty()) y += state_line(ui, x, y, width, Sign::danger, complaint) + ui.px(3);
  y += ui.px(4);
  const SecretResult typed = secret_box(ui, "passphrase", {x, y, width, ui.theme.target()}, state.passphrase,
                                        state.shown, std::exchange(state.focus, false), !complaint.empty());
  if (typed.changed) model.typed();
  y += ui.theme.target() + ui.px(16);
  const std::string_view label = model.working() ? "Unlocking" : "Unlock";
  const bool pressed =
      button(ui, "unlock", {x, y, width, ui.theme.target()}, ButtonKind::primary, label) || typed.submitted;
  y += ui.theme.target() + ui.px(16);
  if (model.working())
    y += ui.text_wrapped(x, y, width, TextStyle::small, c.ink2,
                         "This takes a moment on purpose: it makes guessing slow.");
  if (pressed && !model.working()) {
    if (state.passphrase.empty()) model.pressed_without_text();
    else if (model.may_try(ui.now_ms)) asked.passphrase = std::exchange(state.passphrase, SecretString());
    state.focus = true;
  }
  return y;
}

}  // namespace

void draw_unlock(const Ui& ui, const Rect& screen, models::UnlockModel& model, UnlockUi& state, Settings& settings,
                 Asked& asked) {
  Rect whole = screen;
  whole.cut_top(ui.theme.header());
  // On a small screen with large text the signpost goes, and the foot scrolls with the rest.
  const bool roomy = whole.h >= ui.px(390) * ui.theme.text_size() + ui.theme.target();
  const Rect foot_row{screen.x + ui.px(38), screen.bottom() - ui.theme.target() - ui.px(8), screen.w - 2 * ui.px(38),
                      ui.theme.target()};
  if (roomy) whole.cut_bottom(ui.theme.target() + ui.px(16));
  {
    ScrollArea pane(ui, "unlock", {whole.x + ui.px(8), whole.y, whole.w - ui.px(8), whole.h});
    const float width =
        std::min(pane.content().w - ui.px(16), ui.px(440) * std::max(1.0f, ui.theme.text_size() * 0.9f));
    const float x = std::round(screen.x + (screen.w - width) / 2);
    const float top = pane.content().y + (roomy ? std::max(ui.px(8), std::round((whole.h - ui.px(390)) / 2)) : 0);
    float y = column(ui, x, top, width, roomy, model, state, asked);
    if (!roomy) {
      foot(ui, {x, y + ui.px(8), width, ui.theme.target()}, settings);
      y += ui.theme.target() + ui.px(16);
    }
    pane.end(y);
  }
  if (roomy) foot(ui, foot_row, settings);
}

}  // namespace wayside::desktop
