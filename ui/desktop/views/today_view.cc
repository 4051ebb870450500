#include "ui/desktop/views/today_view.h"

#include <algorithm>
#include <string>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

Sign sign_of(pb::DueRow::Urgency urgency) {
  return urgency == pb::DueRow::now || urgency == pb::DueRow::overdue ? Sign::danger : Sign::due;
}

/// What, for whom, when. The words wrap: what is due is never cut. Returns its height.
float due_row(const Ui& ui, float x, float y, float width, const pb::DueRow& row, int index, Asked& asked) {
  const IdScope scope(index);
  const float pad = ui.px(12);
  const float sign = ui.theme.glyph(20);
  const float text_x = x + pad + sign + ui.px(12);
  const float room = x + width - text_x - ui.theme.glyph(24) - pad;
  const std::string second =
      row.case_name() + ". " + row.when() + (row.who().empty() ? "" : ". " + row.who() + " sees to it");
  const float words =
      ui.wrapped_height(TextStyle::strong, row.what(), room) + ui.wrapped_height(TextStyle::small, second, room);
  const Rect rect{x, y, width, std::max(ui.theme.row(), words + 2 * ui.px(10))};
  const Press hit = press(ui, "due", rect);
  row_ground(ui, rect, {.focused = hit.focused, .hovered = hit.hovered}, text_x);
  float text_y = rect.y + std::round((rect.h - words) / 2);
  ui.sign(sign_of(row.urgency()), x + pad + sign / 2, text_y + ui.line(TextStyle::strong) / 2, sign);
  text_y += ui.text_wrapped(text_x, text_y, room, TextStyle::strong, ui.colours().ink, row.what());
  ui.text_wrapped(text_x, text_y, room, TextStyle::small, ui.colours().ink2, second);
  ui.icon(Icon::chevron_right, rect.right() - pad, rect.centre_y(), ui.theme.glyph(22), ui.colours().ink2);
  if (hit.pressed) {
    models::TodayModel::open(row, asked.commands);
    asked.go_to = models::Screen::one_case;
  }
  return rect.h;
}

}  // namespace

void draw_today(const Ui& ui, const Page& page, models::TodayModel& model, Asked& asked) {
  Rect header = page.header;
  ui.text(header.x, header.y + (header.h - ui.line(TextStyle::title)) / 2, TextStyle::title, ui.colours().ink, "Today");
  header.cut_left(ui.width_of(TextStyle::title, "Today") + ui.px(16));
  if (model.known())
    ui.text_cut(header.x, header.y + (header.h - ui.line(TextStyle::body)) / 2, header.w, TextStyle::body,
                ui.colours().ink2, model.shown().day());
  Rect body = page.body.inset(page.gutter, 0);
  if (!model.known()) {
    ui.text_wrapped(body.x, body.y, body.w, TextStyle::body, ui.colours().ink2, "Looking through the cases.");
    return;
  }
  float x = body.x;
  const float height = pill_height(ui);
  for (const bool everybody : {false, true}) {
    const std::string_view label = everybody ? "Everybody's" : "Yours";
    const std::string count = std::to_string(everybody ? model.all() : model.mine());
    const float width = pill_width(ui, label, count);
    if (pill(ui, label, {x, body.y, width, height}, label, count, model.everybody() == everybody))
      model.show_everybody(everybody);
    x += width + ui.px(9);
  }
  body.cut_top(height + ui.px(12));
  body.w += std::min(page.gutter, ui.theme.bar_room());
  ui.next_pane();
  ScrollArea pane(ui, "due", body);
  const Rect& content = pane.content();
  const float width = std::min(content.w, ui.theme.widest_text());
  float y = content.y;
  const auto groups = model.groups();
  if (groups.empty()) {
    empty_words(ui, {content.x, y, content.w, content.h}, Icon::check_circle, model.empty_sentence(),
                model.all() > 0 ? "Colleagues have things to see to: they stand under Everybody's."
                                : "Tasks, reviews, orders and visits appear here when their day comes near.");
    return pane.end(y);
  }
  int index = 0;
  for (const auto& group : groups) {
    y += ui.text_wrapped(content.x, y, width, TextStyle::heading, ui.colours().ink,
                         group.heading + "  " + std::to_string(group.rows.size())) +
         ui.px(4);
    for (const pb::DueRow* row : group.rows) y += due_row(ui, content.x, y, width, *row, index++, asked);
    y += ui.px(20);
  }
  pane.end(y);
}

}  // namespace wayside::desktop
