#include "ui/desktop/views/standing_view.h"

#include <algorithm>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"

namespace wayside::desktop {

namespace pb = models::pb;

Sign sign_of(pb::Mark mark) {
  switch (mark) {
    case pb::mark_danger: return Sign::danger;
    case pb::mark_attention: return Sign::medium;
    case pb::mark_quiet: return Sign::low;
    case pb::mark_done: return Sign::done;
    case pb::mark_ask: return Sign::ask;
    case pb::mark_no: return Sign::no;
    case pb::mark_due: return Sign::due;
    default: return Sign::information;
  }
}

namespace {

/// One line with its sign: whole, wrapped; the whole of it is the target where a record can be opened. Returns its
/// height.
float draw_line(const Ui& ui, float x, float y, float width, const pb::StandingLine& line, int index,
                models::CaseModel& model, Asked& asked) {
  const IdScope scope(index);
  const bool opens = !line.record_id().empty();
  const float pad = ui.px(10);
  const float sign = ui.theme.glyph(18);
  const float text_x = x + sign + ui.px(10);
  const float room = width - sign - ui.px(10) - (opens ? ui.theme.glyph(24) : 0);
  float height = ui.wrapped_height(TextStyle::body, line.text(), room) + 2 * pad;
  if (!line.second().empty()) height += ui.wrapped_height(TextStyle::small, line.second(), room);
  if (opens) height = std::max(height, ui.px(48));
  const Rect row{x - ui.px(8), y, width + ui.px(8), height};
  if (opens) {
    const Press hit = press(ui, "line", row);
    if (hit.hovered) ui.fill(row, ui.colours().hover, ui.theme.radius_button());
    if (hit.focused) focus_ring(ui, row, ui.theme.radius_button(), true);
    if (hit.pressed) model.open_record(line.record_id(), asked.commands);
    ui.icon(Icon::chevron_right, row.right() - ui.theme.glyph(12), row.centre_y(), ui.theme.glyph(22),
            ui.colours().ink2);
  }
  float text_y = y + pad;
  if (line.mark() != pb::mark_none)
    ui.sign(sign_of(line.mark()), x + sign / 2, text_y + ui.line(TextStyle::body) / 2, sign);
  text_y += ui.text_wrapped(text_x, text_y, room, TextStyle::body, ui.colours().ink, line.text());
  if (!line.second().empty()) ui.text_wrapped(text_x, text_y, room, TextStyle::small, ui.colours().ink2, line.second());
  return height;
}

}  // namespace

float draw_standing(const Ui& ui, Rect content, models::CaseModel& model, Asked& asked) {
  const IdScope scope("standing");
  content.w = std::min(content.w, ui.theme.widest_text());
  const float x = content.x;
  float y = content.y + ui.px(12);
  const pb::Standing& standing = model.shown().standing();
  if (standing.parts_size() == 0)
    return y + ui.text_wrapped(x, y, content.w, TextStyle::body, ui.colours().ink2,
                               "Working it out from what is recorded.");
  Rect top{x, y, content.w, ui.theme.target()};
  if (button_in(ui, top, "place", ButtonKind::secondary, "Find a place")) asked.go_to = models::Screen::places;
  y = top.bottom() + ui.px(16);
  for (int part = 0; part < standing.parts_size(); ++part) {
    const auto& shown = standing.parts(part);
    const IdScope one(part);
    y += ui.text_wrapped(x, y, content.w, TextStyle::heading, ui.colours().ink, shown.heading()) + ui.px(2);
    y += state_line(ui, x, y, content.w, sign_of(shown.mark()), shown.sentence()) + ui.px(4);
    int index = 0;
    for (const auto& line : shown.lines()) y += draw_line(ui, x, y, content.w, line, index++, model, asked);
    y += ui.px(20);
  }
  return y;
}

}  // namespace wayside::desktop
