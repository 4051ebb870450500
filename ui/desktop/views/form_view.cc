#include "ui/desktop/views/form_view.h"

#include <algorithm>

#include "ui/desktop/views/field_view.h"
#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {

namespace pb = models::pb;

float field_head(const Ui& ui, float x, float y, float width, std::string_view label, std::string_view help,
                 std::string_view complaint) {
  ui.text_cut(x, y, width, TextStyle::label, ui.colours().ink, label);
  y += ui.line(TextStyle::label) + ui.px(2);
  if (!help.empty()) y += ui.text_wrapped(x, y, width, TextStyle::small, ui.colours().ink2, help) + ui.px(4);
  if (!complaint.empty()) y += state_line(ui, x, y, width, Sign::danger, complaint) + ui.px(4);
  return y + ui.px(2);
}

namespace {

constexpr float kColumnGap = 16;
constexpr float kFieldGap = 16;
constexpr float kLeastColumn = 230;  // narrower boxes cut names of streets

/// The fields from top to bottom, short ones in pairs. Returns where they end.
float draw_fields(const Ui& ui, const Rect& content, ScrollArea& pane, models::FormModel& model, FormUi& state,
                  Asked& asked) {
  const float gap = ui.px(kColumnGap);
  const float half = std::floor((content.w - gap) / 2);
  const bool pairs = half >= ui.px(kLeastColumn) * ui.theme.text_size();
  float y = content.y;
  auto& fields = model.fields();
  const auto reveal = [&](const models::FieldModel& field, float top, float bottom) {
    if (state.reveal_field != field.shown.field()) return;
    pane.reveal(top - ui.px(8), bottom + ui.px(8));
    state.reveal_field.reset();
  };
  std::string_view section;
  for (std::size_t i = 0; i < fields.size();) {
    models::FieldModel& field = fields[i];
    if (!field.shown.section().empty() && field.shown.section() != section) {
      section = field.shown.section();
      if (i > 0) y += ui.px(8);
      y += ui.text_wrapped(content.x, y, content.w, TextStyle::heading, ui.colours().ink, section) + ui.px(8);
    }
    FieldView left(ui, model, field, state, asked);
    const bool whole = !pairs || left.whole_width(half);
    models::FieldModel* second = i + 1 < fields.size() ? &fields[i + 1] : nullptr;
    if (second && !second->shown.section().empty() && second->shown.section() != section) second = nullptr;
    const bool paired = !whole && second && !FieldView(ui, model, *second, state, asked).whole_width(half);
    const float width = whole ? content.w : half;
    if (!paired) {
      const float head = left.head_height(width);
      left.draw_head(content.x, y, width);
      const float height = head + left.draw_body(content.x, y + head, width);
      reveal(field, y, y + height);
      y += height + ui.px(kFieldGap);
      ++i;
      continue;
    }
    FieldView right(ui, model, *second, state, asked);
    const float head = std::max(left.head_height(half), right.head_height(half));
    const float left_top = y + head - left.head_height(half);
    const float right_top = y + head - right.head_height(half);
    left.draw_head(content.x, left_top, half);
    const float left_body = left.draw_body(content.x, y + head, half);
    right.draw_head(content.x + half + gap, right_top, half);
    const float right_body = right.draw_body(content.x + half + gap, y + head, half);
    const float height = head + std::max(left_body, right_body);
    reveal(field, y, y + height);
    reveal(*second, y, y + height);
    y += height + ui.px(kFieldGap);
    i += 2;
  }
  return y;
}

}  // namespace

float save_bar_height(const Ui& ui, const models::FormModel& model, float width) {
  float height = ui.theme.target() + 2 * ui.px(8);
  if (!model.shown().notice().text().empty())
    height += ui.wrapped_height(TextStyle::body, model.shown().notice().text(), width - ui.px(60)) + 3 * ui.px(10);
  if (!model.shown().reason_question().empty()) height += ui.line(TextStyle::label) + ui.theme.target() + ui.px(16);
  return height;
}

void save_bar(const Ui& ui, Rect bar, models::FormModel& model, Asked& asked) {
  const IdScope scope("save_bar");
  ui.next_pane();
  ui.hairline(bar.x, bar.y, bar.w);
  bar.cut_top(ui.px(8));
  if (!model.shown().notice().text().empty())
    bar.cut_top(banner(ui, bar.x, bar.y, bar.w, model.shown().notice()) + ui.px(10));
  bool save = false;
  if (!model.shown().reason_question().empty()) {
    bar.cut_top(field_head(ui, bar.x, bar.y, bar.w, model.shown().reason_question(), {}, {}) - bar.y);
    const BoxResult reason = text_box(ui, "reason", bar.cut_top(ui.theme.target()), model.reason());
    if (reason.changed) model.reason_edited(ui.now_ms);
    save |= reason.submitted;
    bar.cut_top(ui.px(10));
  }
  Rect row = bar.cut_top(ui.theme.target());
  const std::string draft = model.draft_line();
  const float draft_width = draft.empty() ? 0 : ui.theme.glyph(18) + ui.px(8) + ui.width_of(TextStyle::small, draft);
  const Rect right = row.cut_right(draft_width);
  if (!draft.empty()) {
    ui.sign(Sign::done, right.x + ui.theme.glyph(9), right.centre_y(), ui.theme.glyph(18));
    ui.text(right.x + ui.theme.glyph(18) + ui.px(8), right.y + (right.h - ui.line(TextStyle::small)) / 2,
            TextStyle::small, ui.colours().ink2, draft);
  }
  const std::string& label = model.shown().save_label().empty() ? model.shown().title() : model.shown().save_label();
  save |= button_in(ui, row, "save", ButtonKind::primary, label);
  row.cut_left(ui.px(8));
  if (model.differs() && button_in(ui, row, "undo", ButtonKind::quiet, "Undo changes"))
    model.undo_changes(asked.commands);
  if (save) model.save(asked.commands);
}

namespace {

/// Where somebody begins who opened a new record: the first box for typing that nothing was filled into.
std::optional<std::uint32_t> first_to_type(const models::FormModel& model) {
  for (const models::FieldModel& field : model.fields()) {
    const auto kind = field.shown.kind();
    const bool typed = kind != pb::FormField::flag && kind != pb::FormField::code && kind != pb::FormField::list &&
                       kind != pb::FormField::reference;
    if (typed && field.editable() && field.items[0].empty()) return field.shown.field();
  }
  return std::nullopt;
}

}  // namespace

float draw_form(const Ui& ui, Rect content, ScrollArea& pane, models::FormModel& model, FormUi& state, Asked& asked) {
  const IdScope scope("form");
  if (state.form_id != model.shown().form_id()) {
    state = FormUi();
    state.form_id = model.shown().form_id();
    if (model.shown().is_new()) state.focus_field = first_to_type(model);
  }
  if (std::exchange(state.at_top, false)) pane.to_top();
  content.w = std::min(content.w, ui.theme.widest_form());
  content.y += ui.px(8);
  if (model.shown().restored_draft()) {
    pb::Notice notice;
    notice.set_tone(pb::Notice::information);
    notice.set_text("This is your draft. It was kept when you left. Save it, or undo the changes.");
    content.y += banner(ui, content.x, content.y, content.w, notice) + ui.px(12);
  }
  if (const auto first = model.take_first_error()) {
    state.reveal_field = model.fields()[*first].shown.field();
    const auto kind = model.fields()[*first].shown.kind();
    if (kind != pb::FormField::list && kind != pb::FormField::flag) state.focus_field = state.reveal_field;
  }
  if (model.fields().empty() || model.fields()[0].shown.section().empty())
    content.y +=
        ui.text_wrapped(content.x, content.y, content.w, TextStyle::heading, ui.colours().ink, model.shown().title()) +
        ui.px(8);
  return draw_fields(ui, content, pane, model, state, asked);
}

}  // namespace wayside::desktop
