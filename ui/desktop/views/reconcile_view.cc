#include "ui/desktop/views/reconcile_view.h"

#include <algorithm>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using models::ReconcileModel;
using StepState = ReconcileModel::StepState;

float step_row(const Ui& ui, const Rect& inside, float y, const ReconcileModel::Step& step) {
  const Palette& c = ui.colours();
  const float height = std::max(ui.px(44), ui.line(TextStyle::body) + ui.px(20));
  ui.hairline(inside.x, y, inside.w);
  const float size = ui.theme.glyph(20);
  const float mid = y + height / 2;
  switch (step.state) {
    case StepState::done: ui.sign(Sign::done, inside.x + size / 2, mid, size); break;
    case StepState::now: ui.icon(Icon::radio_on, inside.x + size / 2, mid, size, c.accent); break;
    case StepState::next: ui.icon(Icon::radio_off, inside.x + size / 2, mid, size, c.edge); break;
  }
  const TextStyle style = step.state == StepState::now ? TextStyle::strong : TextStyle::body;
  ui.text_cut(inside.x + size + ui.px(10), mid - ui.line(style) / 2, inside.w * 0.6f, style,
              step.state == StepState::next ? c.ink2 : c.ink, step.label);
  ui.text_right(inside.right(), mid - ui.line(TextStyle::body) / 2, TextStyle::body, c.ink2, step.right);
  return height;
}

/// The card with the work in it. Returns its bottom.
float work(const Ui& ui, float x, float y, float width, const ReconcileModel& model, Asked& asked) {
  // The card is drawn behind what is measured while it is drawn.
  ImDrawListSplitter splitter;
  splitter.Split(&ui.draw(), 2);
  splitter.SetCurrentChannel(&ui.draw(), 1);
  const float top = y;
  const float pad = ui.px(24);
  const Rect inside{x + pad, y + pad, width - 2 * pad, 0};
  y = inside.y;
  const std::string left = model.time_left();
  const float left_width = left.empty() ? 0 : ui.width_of(TextStyle::body, left) + ui.px(16);
  ui.text_right(inside.right(), y + ui.px(2), TextStyle::body, ui.colours().ink2, left);
  y += ui.text_wrapped(inside.x, y, inside.w - left_width, TextStyle::heading, ui.colours().ink, model.headline()) +
       ui.px(12);
  if (model.running() || model.share()) {
    progress_bar(ui, {inside.x, y, inside.w, ui.px(10)}, model.share());
    y += ui.px(10) + ui.px(14);
  }
  y += ui.text_wrapped(inside.x, y, inside.w, TextStyle::body, ui.colours().ink2, model.explanation()) + ui.px(14);
  if (!model.shown().notice().text().empty())
    y += banner(ui, inside.x, y, inside.w, model.shown().notice()) + ui.px(14);
  if (model.running())
    for (const auto& step : model.steps()) y += step_row(ui, inside, y, step);
  if (model.has_office()) {
    y += ui.px(8);
    Rect row{inside.x, y, inside.w, ui.theme.target()};
    if (button_in(ui, row, "press", model.running() ? ButtonKind::secondary : ButtonKind::primary, model.button_label(),
                  model.running() ? std::optional<Icon>() : Icon::sync))
      model.press(asked.commands);
    y += ui.theme.target();
  }
  y += pad;
  splitter.SetCurrentChannel(&ui.draw(), 0);
  ui.card({x, top, width, y - top});
  splitter.Merge(&ui.draw());
  return y;
}

float said(const Ui& ui, float x, float y, float width, Sign sign, std::string_view words) {
  const float size = ui.theme.glyph(20);
  ui.sign(sign, x + size / 2, y + ui.line(TextStyle::body) / 2, size);
  return ui.text_wrapped(x + size + ui.px(10), y, width - size - ui.px(10), TextStyle::body, ui.colours().ink, words) +
         ui.px(6);
}

float waiting(const Ui& ui, float x, float y, float width, const ReconcileModel& model, Asked& asked) {
  const float top = y;
  y += ui.text_wrapped(x, y, width, TextStyle::heading, ui.colours().ink, "Waiting") + ui.px(4);
  const std::uint32_t decisions = model.decisions();
  if (decisions > 0) {
    y += said(ui, x, y, width, Sign::two_values,
              decisions == 1 ? "1 decision only a person can make."
                             : std::to_string(decisions) + " decisions only a person can make.");
    Rect row{x + ui.theme.glyph(20) + ui.px(10), y - ui.px(6), width, ui.px(44)};
    if (button_in(ui, row, "review", ButtonKind::quiet, "Decide in Review")) asked.go_to = models::Screen::review;
    y += ui.px(40);
  }
  for (const auto& sentence : model.shown().kept_apart()) y += said(ui, x, y, width, Sign::information, sentence);
  if (decisions == 0 && model.shown().kept_apart_size() == 0)
    y += said(ui, x, y, width, Sign::done, "Nothing waits for you.");
  return y - top;
}

}  // namespace

void draw_reconcile(const Ui& ui, const Page& page, const ReconcileModel& model, Asked& asked) {
  ui.text(page.header.x, page.header.y + (page.header.h - ui.line(TextStyle::title)) / 2, TextStyle::title,
          ui.colours().ink, "Reconcile");
  Rect view = page.body.inset(page.gutter, 0);
  view.w += std::min(page.gutter, ui.theme.bar_room());
  ScrollArea pane(ui, "reconcile", view);
  Rect content = pane.content();
  content.w = std::min(content.w, ui.px(960) * ui.theme.text_size());
  float y = work(ui, content.x, content.y + ui.px(4), content.w, model, asked) + ui.px(20);
  const bool columns = content.w / 2 >= ui.px(280) * ui.theme.text_size();
  const float width = columns ? std::floor((content.w - ui.px(24)) / 2) : content.w;
  float left = y;
  if (!model.shown().last_night().empty()) {
    left += ui.text_wrapped(content.x, left, width, TextStyle::heading, ui.colours().ink, "Last time") + ui.px(4);
    left += said(ui, content.x, left, width, Sign::done, model.shown().last_night());
  } else if (columns && model.has_office()) {
    left += ui.text_wrapped(content.x, left, width, TextStyle::heading, ui.colours().ink, "Last time") + ui.px(4);
    left += ui.text_wrapped(content.x, left, width, TextStyle::body, ui.colours().ink2,
                            "This device has not reconciled yet.");
  }
  const float right_x = columns ? content.x + width + ui.px(24) : content.x;
  const float right_y = columns ? y : left + (left > y ? ui.px(12) : 0);
  const float right = right_y + waiting(ui, right_x, right_y, width, model, asked);
  pane.end(std::max(left, right) + ui.px(16));
}

}  // namespace wayside::desktop
