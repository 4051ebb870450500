#include "ui/desktop/views/field_view.h"

#include <algorithm>
#include <array>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/edit_item.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/text_box.h"
#include "ui/models/utf8.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

constexpr std::string_view kNotRecorded = "Not recorded";
const std::array<std::string, 3> kFlagLabels{"Yes", "No", "Not asked"};

}  // namespace

bool FieldView::whole_width(float half_width) const {
  switch (field_.shown.kind()) {
    case pb::FormField::long_text:
    case pb::FormField::list:
    case pb::FormField::entries: return true;
    case pb::FormField::flag: return segments_width(ui_, kFlagLabels) > half_width;
    default: return field_.shown.values_size() > 1 || field_.shown.two_values();
  }
}

float FieldView::head_height(float width) const {
  const auto& shown = field_.shown;
  const float indent = shown.two_values() ? ui_.px(16) : 0;
  float height = std::max(ui_.line(TextStyle::label), shown.two_values() ? chip_height(ui_) : 0.0f) + ui_.px(2);
  if (!shown.needed().empty()) height += ui_.wrapped_height(TextStyle::small, shown.needed(), width - indent) + ui_.px(2);
  if (!shown.help().empty()) height += ui_.wrapped_height(TextStyle::small, shown.help(), width - indent) + ui_.px(2);
  if (!field_.complaint().empty()) height += state_line_height(ui_, width - indent, field_.complaint()) + ui_.px(2);
  else if (!shown.changed_by().empty())
    height += state_line_height(ui_, width - indent, shown.changed_by()) + ui_.px(2);
  return height + ui_.px(2);
}

void FieldView::draw_head(float x, float y, float width) const {
  const auto& shown = field_.shown;
  const float top = y;
  const float line = std::max(ui_.line(TextStyle::label), shown.two_values() ? chip_height(ui_) : 0.0f);
  if (shown.two_values()) {
    x += ui_.px(16);
    width -= ui_.px(16);
    chip(ui_, x + ui_.width_of(TextStyle::label, shown.label()) + ui_.px(12), top, Sign::two_values,
         std::to_string(std::max(2, shown.values_size())) + " values");
  }
  const std::string label = shown.label() + (shown.unit().empty() ? "" : " (" + shown.unit() + ")");
  ui_.text_cut(x, y + (line - ui_.line(TextStyle::label)) / 2, width, TextStyle::label, ui_.colours().ink, label);
  y += line + ui_.px(2);
  if (!shown.needed().empty())
    y += ui_.text_wrapped(x, y, width, TextStyle::small, ui_.colours().ink2, shown.needed()) + ui_.px(2);
  if (!shown.help().empty())
    y += ui_.text_wrapped(x, y, width, TextStyle::small, ui_.colours().ink2, shown.help()) + ui_.px(2);
  if (!field_.complaint().empty()) state_line(ui_, x, y, width, Sign::danger, field_.complaint());
  else if (!shown.changed_by().empty()) state_line(ui_, x, y, width, Sign::changed, shown.changed_by());
}

float FieldView::draw_body(float x, float y, float width) {
  const IdScope scope(static_cast<int>(field_.shown.field()));
  const float top = y;
  if (field_.shown.two_values()) {
    y += two_values(x, y, width);
    x += ui_.px(16);
    width -= ui_.px(16);
  } else if (field_.shown.kind() == pb::FormField::entries) {
    y += older_entries(x, y, width);
  }
  if (field_.editable()) y += editor(x, y, width);
  else if (field_.shown.read_only() && !field_.shown.two_values()) y += read_only(x, y, width);
  return y - top;
}

float FieldView::two_values(float x, float y, float width) {
  const float top = y;
  const float left = x + ui_.px(16);
  const float box_width = width - ui_.px(16);
  const float inner = box_width - 2 * ui_.px(14);
  // Measured first: the box is drawn behind its text.
  float box_height = 0;
  for (const auto& value : field_.shown.values())
    box_height += ui_.wrapped_height(TextStyle::body, value.text(), inner) + ui_.line(TextStyle::small) + 2 * ui_.px(9);
  const Rect box{left, y, box_width, box_height};
  box_frame(ui_, box, false, false);
  float row = y;
  for (int i = 0; i < field_.shown.values_size(); ++i) {
    const auto& value = field_.shown.values(i);
    if (i > 0) ui_.hairline(left + ui_.px(14), row, inner);
    row += ui_.px(9);
    const bool empty = value.text().empty();
    row +=
        ui_.text_wrapped(left + ui_.px(14), row, inner, TextStyle::body, empty ? ui_.colours().ink2 : ui_.colours().ink,
                         empty ? kNotRecorded : std::string_view(value.text()));
    const float when = ui_.width_of(TextStyle::small, value.when());
    const std::string who = value.author() + (value.device().empty() ? "" : ", " + value.device());
    ui_.text_cut(left + ui_.px(14), row, inner - when - ui_.px(12), TextStyle::small, ui_.colours().ink2, who);
    ui_.text_right(left + ui_.px(14) + inner, row, TextStyle::small, ui_.colours().ink2, value.when());
    row += ui_.line(TextStyle::small) + ui_.px(9);
  }
  y += box_height + ui_.px(10);
  Rect buttons{left, y, box_width, ui_.theme.target()};
  if (button_in(ui_, buttons, "decide", ButtonKind::secondary, "Decide")) {
    asked_.commands.open_review(field_.shown.review_id());
    asked_.go_to = models::Screen::review;
  }
  if (!field_.writing_another && button_in(ui_, buttons, "another", ButtonKind::quiet, "Write another")) {
    form_.write_another(field_);
    state_.focus_field = field_.shown.field();
  }
  y += ui_.theme.target();
  const float head = head_height(width);
  ui_.fill({x, top - head, ui_.px(4), y - top + head}, ui_.colours().warn, ui_.px(2));
  return y - top + (field_.writing_another ? ui_.px(12) : 0);
}

float FieldView::older_entries(float x, float y, float width) const {
  const float top = y;
  for (const auto& value : field_.shown.values()) {
    const std::string who = value.author() + (value.when().empty() ? "" : ", " + value.when());
    ui_.fill({x, y + ui_.px(4), ui_.px(4),
              ui_.line(TextStyle::small) + ui_.wrapped_height(TextStyle::body, value.text(), width - ui_.px(16)) -
                  ui_.px(4)},
             ui_.colours().line, ui_.px(2));
    ui_.text_cut(x + ui_.px(16), y, width - ui_.px(16), TextStyle::small, ui_.colours().ink2, who);
    y += ui_.line(TextStyle::small);
    y += ui_.text_wrapped(x + ui_.px(16), y, width - ui_.px(16), TextStyle::body, ui_.colours().ink, value.text()) +
         ui_.px(12);
  }
  if (y > top && field_.editable()) {
    ui_.text_cut(x, y, width, TextStyle::small, ui_.colours().ink2,
                 "Write a new entry. What was written before stays as it is.");
    y += ui_.line(TextStyle::small) + ui_.px(4);
  }
  return y - top;
}

float FieldView::read_only(float x, float y, float width) const {
  std::string joined;
  for (const auto& item : field_.items) joined += (joined.empty() ? "" : ", ") + field_.label_of(item.text());
  const bool empty = joined.empty();
  return ui_.text_wrapped(x, y, width, TextStyle::body, empty ? ui_.colours().ink2 : ui_.colours().ink,
                          empty ? kNotRecorded : std::string_view(joined));
}

float FieldView::editor(float x, float y, float width) {
  switch (field_.shown.kind()) {
    case pb::FormField::flag: return flag(x, y, width);
    case pb::FormField::code:
    case pb::FormField::reference: return code(x, y, width);
    case pb::FormField::list: return list(x, y, width);
    default: return text(x, y, width);
  }
}

void FieldView::touched() { form_.edited(field_, ui_.now_ms); }

bool FieldView::take_focus() const { return state_.focus_field == field_.shown.field(); }

float FieldView::text(float x, float y, float width) {
  models::TextEdit& edit = field_.items[0];
  const float height = edit.many_lines()
                           ? text_box_height(ui_, edit, width, field_.shown.kind() == pb::FormField::entries ? 3 : 4)
                           : ui_.theme.target();
  BoxOptions options;
  options.focus_now = take_focus();
  options.error = !field_.complaint().empty();
  if (options.focus_now) state_.focus_field.reset();
  const BoxResult box = text_box(ui_, "text", {x, y, width, height}, edit, options);
  if (box.changed) touched();
  if (box.left) form_.left(field_);
  return height;
}

float FieldView::flag(float x, float y, float width) {
  const std::string& held = field_.items[0].text();
  const int chosen = held == "yes" ? 0 : held == "no" ? 1 : 2;
  const Rect rect{x, y, std::min(width, segments_width(ui_, kFlagLabels)), ui_.theme.target()};
  if (const auto pressed = segments(ui_, "flag", rect, kFlagLabels, chosen, 2))
    form_.set_single(field_, *pressed == 0 ? "yes" : *pressed == 1 ? "no" : "", ui_.now_ms);
  return rect.h;
}

std::vector<std::string> FieldView::option_labels() const {
  std::vector<std::string> labels;
  for (const auto& option : field_.shown.options()) labels.push_back(option.label());
  return labels;
}

bool FieldView::nothing_to_choose() const {
  return !field_.shown.none_here().empty() && field_.shown.options_size() == 0;
}

float FieldView::none_here(float x, float y, float width) const {
  return ui_.text_wrapped(x, y, width, TextStyle::body, ui_.colours().ink2, field_.shown.none_here());
}

bool FieldView::as_segments(float width) const {
  if (field_.shown.kind() == pb::FormField::reference) return false;  // titles come and go with the records
  const auto count = field_.shown.options_size();
  if (count < 2 || count > 4) return false;
  auto labels = option_labels();
  labels.emplace_back(kNotRecorded);
  return segments_width(ui_, labels) <= width;
}

float FieldView::code(float x, float y, float width) {
  if (nothing_to_choose()) return none_here(x, y, width);
  const std::string held = field_.items[0].text();
  auto labels = option_labels();
  const auto code_at = [&](int i) {  // the last entry stands for no answer
    return i < field_.shown.options_size() ? std::string_view(field_.shown.options(i).code()) : std::string_view();
  };
  int chosen = field_.shown.options_size();
  for (int i = 0; i < field_.shown.options_size(); ++i)
    if (code_at(i) == held) chosen = i;
  labels.emplace_back(kNotRecorded);
  std::optional<int> pressed;
  const bool focus_now = take_focus();
  if (focus_now) state_.focus_field.reset();
  if (as_segments(width)) {
    const Rect rect{x, y, std::min(width, segments_width(ui_, labels)), ui_.theme.target()};
    pressed = segments(ui_, "code", rect, labels, chosen, field_.shown.options_size());
  } else {
    const std::string shown = held.empty() ? std::string() : field_.label_of(held);
    pressed = select_box(ui_, "code", {x, y, width, ui_.theme.target()}, shown, labels,
                         state_.selects[field_.shown.field()], !field_.complaint().empty(), focus_now,
                         field_.shown.kind() == pb::FormField::reference);
  }
  if (pressed) form_.set_single(field_, code_at(*pressed), ui_.now_ms);
  return ui_.theme.target();
}

float FieldView::list(float x, float y, float width) {
  const float top = y;
  if (nothing_to_choose()) return none_here(x, y, width);
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < field_.items.size(); ++i) {
    const IdScope scope(static_cast<int>(i) + 1000);
    const Rect row{x, y, width, ui_.theme.target()};
    const float room = row.w - ui_.px(16) - ui_.px(48);
    ui_.text_cut(row.x + ui_.px(12), row.y + (row.h - ui_.line(TextStyle::body)) / 2, room, TextStyle::body,
                 ui_.colours().ink, field_.label_of(field_.items[i].text()));
    if (icon_button(ui_, "remove", {row.right() - ui_.px(48), row.y + ui_.px(2), ui_.px(44), row.h - ui_.px(4)},
                    Icon::close))
      removed = i;
    ui_.hairline(x, row.bottom() - 1, width);
    y += row.h;
  }
  if (removed) form_.remove_item(field_, *removed, ui_.now_ms);
  if (!field_.items.empty()) y += ui_.px(8);

  if (field_.shown.options_size() > 0) {
    std::vector<std::string> labels = option_labels();
    const Rect rect{x, y, std::min(width, ui_.px(420) * ui_.theme.text_size()), ui_.theme.target()};
    if (const auto chosen = select_box(ui_, "add", rect, "Add one", labels, state_.selects[field_.shown.field()],
                                       !field_.complaint().empty()))
      form_.add_item(field_, field_.shown.options(*chosen).code(), ui_.now_ms);
    return y + rect.h - top;
  }
  const float add_width = button_width(ui_, ButtonKind::secondary, "Add");
  const Rect box{x, y, width - add_width - ui_.px(12), ui_.theme.target()};
  BoxOptions options;
  options.focus_now = take_focus();
  options.error = !field_.complaint().empty();
  if (options.focus_now) state_.focus_field.reset();
  const BoxResult typed = text_box(ui_, "adding", box, field_.adding, options);
  if (typed.changed) touched();
  const bool add = button(ui_, "add", {box.right() + ui_.px(12), y, add_width, box.h}, ButtonKind::secondary, "Add");
  if ((add || typed.submitted) && !field_.adding.empty()) {
    form_.add_item(field_, std::string(field_.adding.text()), ui_.now_ms);
    state_.focus_field = field_.shown.field();
  }
  return y + box.h - top;
}

}  // namespace wayside::desktop
