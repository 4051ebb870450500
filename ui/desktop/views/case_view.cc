#include "ui/desktop/views/case_view.h"

#include <algorithm>
#include <vector>

#include "ui/desktop/views/add_view.h"
#include "ui/desktop/views/standing_view.h"
#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using Pane = models::CaseModel::Pane;

constexpr std::string_view kAdd = "Add…";

std::string risk_words(pb::Risk risk) {
  return risk == pb::risk_none ? "Risk not assessed" : std::string(word_of(risk)) + " risk";
}

/// Back, name, risk, the rest. What does not fit the header goes under it, whole. Returns the height used below.
float draw_header(const Ui& ui, const Page& page, const pb::Case& shown, bool is_new, Asked& asked) {
  Rect header = page.header;
  const Rect back = header.cut_left(ui.px(44));
  if (icon_button(ui, "back", {back.x - ui.px(8), back.centre_y() - ui.px(22), ui.px(44), ui.px(44)}, Icon::arrow_back))
    asked.go_to = models::Screen::cases;
  const std::string name = is_new ? "New case" : shown.name();
  const float name_width = ui.width_of(TextStyle::title, name);
  const float y = header.y + (header.h - ui.line(TextStyle::title)) / 2;
  const std::string risk = risk_words(shown.risk());
  std::string second = shown.second();
  if (!shown.reference().empty()) second += (second.empty() ? "" : ", ") + shown.reference();
  if (shown.case_id().empty() && !is_new) return 0;  // asked for, and not here yet
  if (name_width > header.w) {                       // whole, under the header
    const float height = ui.text_wrapped(page.body.x + page.gutter, page.body.y, page.body.w - 2 * page.gutter,
                                         TextStyle::title, ui.colours().ink, name);
    if (!is_new) chip(ui, header.x, header.y + (header.h - chip_height(ui)) / 2, sign_of(shown.risk()), risk);
    return height + ui.px(8);
  }
  ui.text(header.x, y, TextStyle::title, ui.colours().ink, name);
  if (is_new) return 0;
  header.cut_left(name_width + ui.px(16));
  float below = 0;
  if (chip_width(ui, risk) <= header.w) {
    chip(ui, header.x, header.y + (header.h - chip_height(ui)) / 2, sign_of(shown.risk()), risk);
    header.cut_left(chip_width(ui, risk) + ui.px(16));
  } else {
    chip(ui, page.body.x + page.gutter, page.body.y, sign_of(shown.risk()), risk);
    below = chip_height(ui) + ui.px(8);
  }
  if (header.w > ui.px(60))
    ui.text_cut(header.x, header.y + (header.h - ui.line(TextStyle::body)) / 2, header.w, TextStyle::body,
                ui.colours().ink2, second);
  return below;
}

std::vector<Tab> tabs_of(const pb::Case& shown, bool with_timeline) {
  std::vector<Tab> all;
  for (const auto& tab : shown.tabs())
    all.push_back({tab.label(),
                   tab.record_id().empty() && tab.count() > 0 ? std::to_string(tab.count()) : std::string(),
                   tab.two_values(), tab.group()});
  if (with_timeline) all.push_back({.label = "Timeline"});
  return all;
}

// ---- Timeline ---------------------------------------------------------------------------------------------------

/// "Timeline", and the way to add a note: beside it, or below when its words are long. Returns the height.
float timeline_head(const Ui& ui, const Rect& content, models::CaseModel& model, Asked& asked) {
  Rect top{content.x, content.y, content.w, ui.theme.target()};
  ui.text(top.x, top.y + (top.h - ui.line(TextStyle::heading)) / 2, TextStyle::heading, ui.colours().ink, "Timeline");
  for (const auto& tab : model.shown().tabs()) {
    if (tab.type() != "note" || tab.new_label().empty()) continue;
    const std::optional<Icon> icon = tab.new_label().starts_with("Add") ? std::optional(Icon::add) : std::nullopt;
    const float width = button_width(ui, ButtonKind::quiet, tab.new_label(), icon);
    const bool beside = width + ui.px(12) + ui.width_of(TextStyle::heading, "Timeline") <= top.w;
    const Rect place = beside ? Rect{top.right() - width, top.y, width, top.h}
                              : Rect{top.x, top.bottom(), std::min(width, top.w), ui.px(44)};
    if (button(ui, "add_note", place, ButtonKind::quiet, tab.new_label(), icon)) model.add(tab.type(), asked.commands);
    return place.bottom() - content.y;
  }
  return top.h;
}

/// The beginning of an entry: the whole is a press away.
float entry_lines(const Ui& ui, float x, float y, float width, std::string_view text, bool draws) {
  constexpr int kMostLines = 4;
  return ui.text_lines(x, y, width, TextStyle::small, ui.colours().ink2, text, kMostLines, draws);
}

float draw_timeline(const Ui& ui, const Rect& content, models::CaseModel& model, Asked& asked) {
  const float text_x = content.x + ui.px(26);
  const float width = content.right() - text_x;
  const float line_x = content.x + ui.px(7);
  float y = content.y + ui.px(4);
  const float first = y;
  if (model.shown().timeline_size() == 0) {
    y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, ui.colours().ink2,
                         "Nothing has been written yet. Notes and changes appear here, newest first.");
    return y;
  }
  // The line behind the signs is as long as the entries are: measured before they are drawn.
  float bottom = y;
  for (const auto& entry : model.shown().timeline())
    bottom += ui.line(TextStyle::small) + ui.wrapped_height(TextStyle::strong, entry.title(), width) +
              entry_lines(ui, text_x, bottom, width, entry.text(), false) + ui.px(14);
  ui.fill({line_x - 1, first + ui.px(8), ui.theme.thick_border(), bottom - first - ui.px(8)}, ui.colours().line);
  for (int i = 0; i < model.shown().timeline_size(); ++i) {
    const auto& entry = model.shown().timeline(i);
    const IdScope scope(i);
    const float title_height = ui.wrapped_height(TextStyle::strong, entry.title(), width);
    const float text_height = entry_lines(ui, text_x, y, width, entry.text(), false);
    const Rect row{text_x - ui.px(8), y - ui.px(4), width + ui.px(8),
                   ui.line(TextStyle::small) + title_height + text_height + ui.px(10)};
    if (!entry.record_id().empty()) {
      const Press hit = press(ui, "entry", row);
      if (hit.hovered) ui.fill(row, ui.colours().hover, ui.theme.radius_button());
      if (hit.focused) focus_ring(ui, row, ui.theme.radius_button(), true);
      if (hit.pressed) model.open_record(entry.record_id(), asked.commands);
    }
    const float mid = y + ui.line(TextStyle::small) / 2;
    if (entry.danger()) {
      ui.draw().AddCircleFilled({line_x, mid}, ui.theme.glyph(10),
                                Ui::packed(ui.colours().canvas));  // the line does not show through
      ui.sign(Sign::danger, line_x, mid, ui.theme.glyph(18));
    } else {
      ui.draw().AddCircleFilled({line_x, mid}, ui.px(5), Ui::packed(ui.colours().canvas));
      ui.draw().AddCircle({line_x, mid}, ui.px(4.5f), Ui::packed(ui.colours().edge), 0, ui.px(2));
    }
    ui.text_cut(text_x, y, width, TextStyle::small, ui.colours().ink2, entry.when_who());
    y += ui.line(TextStyle::small);
    y += ui.text_wrapped(text_x, y, width, TextStyle::strong, ui.colours().ink, entry.title());
    y += entry_lines(ui, text_x, y, width, entry.text(), true) + ui.px(14);
  }
  return y;
}

// ---- Records of one type ----------------------------------------------------------------------------------------

float draw_records(const Ui& ui, Rect content, models::CaseModel& model, Asked& asked) {
  const pb::CaseTab* tab = model.tab();
  if (!tab) return content.y;
  const IdScope scope(tab->type());
  content.w = std::min(content.w, ui.theme.widest_text());
  float y = content.y + ui.px(8);
  if (!tab->new_label().empty()) {
    Rect top{content.x, y, content.w, ui.theme.target()};
    if (button_in(ui, top, "new", tab->records_size() == 0 ? ButtonKind::primary : ButtonKind::secondary,
                  tab->new_label(), Icon::add))
      model.add(tab->type(), asked.commands);
    y = top.bottom() + ui.px(8);
  }
  if (tab->records_size() == 0)
    y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, ui.colours().ink2, "Nothing is recorded here yet.");
  for (int i = 0; i < tab->records_size(); ++i) {
    const auto& record = tab->records(i);
    const Rect row{content.x, y, content.w, ui.theme.row()};
    const Press hit = press(ui, std::to_string(i), row);
    row_ground(ui, row, {.focused = hit.focused, .hovered = hit.hovered}, row.x + ui.px(16));
    if (hit.pressed) model.open_record(record.record_id(), asked.commands);
    const float text_y = row.y + (row.h - ui.line(TextStyle::strong) - ui.line(TextStyle::small)) / 2;
    const float room = row.w - ui.px(32) - ui.theme.glyph(24) - (record.two_values() ? ui.theme.glyph(28) : 0);
    ui.text_cut(row.x + ui.px(16), text_y, room, TextStyle::strong, ui.colours().ink, record.title());
    ui.text_cut(row.x + ui.px(16), text_y + ui.line(TextStyle::strong), room, TextStyle::small, ui.colours().ink2,
                record.second());
    ui.icon(Icon::chevron_right, row.right() - ui.px(16), row.centre_y(), ui.theme.glyph(22), ui.colours().ink2);
    if (record.two_values())
      ui.sign(Sign::two_values, row.right() - ui.px(24) - ui.theme.glyph(24), row.centre_y(), ui.theme.glyph(20));
    y += row.h;
  }
  return y;
}

/// How she may be reached, then the tabs. Returns where they end.
float draw_strip_and_tabs(const Ui& ui, const Page& page, float x, float y, float width, bool with_timeline,
                          models::CaseModel& model, models::FormModel& form, Asked& asked) {
  const pb::Case& shown = model.shown();
  if (!model.is_new()) {
    const std::vector<std::string> lines(shown.safe_contact().begin(), shown.safe_contact().end());
    const float height = safe_contact_height(ui, width, lines, shown.safe_contact_missing(), false);
    safe_contact(ui, {x, y, width, height}, lines, shown.safe_contact_missing(), false);
    y += height + ui.px(4);
  }
  if (shown.tabs_size() == 0) return y;
  const Rect strip{x, y, width, std::max(ui.px(48), ui.line(TextStyle::strong) + ui.px(22))};
  const std::vector<Tab> all = tabs_of(shown, with_timeline);
  Rect inside = strip.inset(ui.px(12), 0);
  const Rect add = inside.cut_right(button_width(ui, ButtonKind::quiet, kAdd, Icon::add));
  inside.cut_right(ui.px(24));
  if (const auto pressed = tabs(ui, "tabs", inside, all, model.chosen_tab())) {
    model.stop_adding();
    form.keep_draft(ui.now_ms, true, asked.commands);
    model.choose_tab(*pressed, asked.commands);
  }
  if (button(ui, "add", {add.x, add.y, add.w, add.h - ui.px(4)}, ButtonKind::quiet, kAdd, Icon::add)) {
    form.keep_draft(ui.now_ms, true, asked.commands);
    model.begin_adding(asked.commands);
  }
  ui.hairline(page.body.x, strip.bottom() - 1, page.body.w);
  return strip.bottom();
}

/// The pane in front, in a scrolling column. Returns where it ends.
float draw_front(const Ui& ui, const Rect& content, ScrollArea& pane, const CaseParts& parts, Asked& asked) {
  auto& [model, form, files, form_ui, files_ui] = parts;
  if (model.pane() == Pane::timeline)
    return draw_timeline(ui, {content.x, content.y + ui.px(12), content.w, content.h}, model, asked);
  if (model.pane() == Pane::adding) return draw_adding(ui, content, pane, model, form, asked);
  if (model.pane() == Pane::files) return draw_files(ui, content, pane.view().h - ui.px(24), model, files, files_ui, asked);
  if (model.pane() == Pane::standing) return draw_standing(ui, content, model, asked);
  if (model.pane() == Pane::records) return draw_records(ui, content, model, asked);
  return form.open() ? draw_form(ui, content, pane, form, form_ui, asked) : content.y;
}

}  // namespace

void draw_case(const Ui& ui, const Page& page, const CaseParts& parts, Asked& asked) {
  models::CaseModel& model = parts.model;
  models::FormModel& form = parts.form;
  if (model.pane() != Pane::files) {  // a picture is on the screen or nowhere
    parts.files_ui.picture.drop();
    parts.files.leave();
  }
  Rect body = page.body;
  body.cut_top(draw_header(ui, page, model.shown(), model.is_new(), asked));
  Rect column = body.inset(page.gutter, 0);
  if (!model.open()) return;
  const bool beside = !page.compact() && !model.is_new();
  if (beside) model.timeline_is_beside();
  const bool with_bar = model.pane() == Pane::form && form.open();
  if (page.compact()) {
    // Title, quick exit and save bar stay put; all the rest scrolls.
    const Rect bar = with_bar ? column.cut_bottom(save_bar_height(ui, form, column.w)) : Rect{};
    {
      Rect view = column;
      view.w += std::min(page.gutter, ui.theme.bar_room());
      ScrollArea pane(ui, "column", view);
      Rect content = pane.content();
      content.y = draw_strip_and_tabs(ui, page, content.x, content.y, content.w, !beside, model, form, asked);
      pane.end(draw_front(ui, content, pane, parts, asked) + ui.px(8));
    }
    if (with_bar) save_bar(ui, bar, form, asked);
    return;
  }
  const float below = draw_strip_and_tabs(ui, page, column.x, column.y, column.w, !beside, model, form, asked);
  column.cut_top(below - column.y);
  Rect right{};
  if (beside) {
    right = column.cut_right(std::max(ui.px(page.wide() ? 400 : 268), ui.theme.glyph(240)) + ui.theme.bar_room());
    const Rect gap = column.cut_right(ui.px(page.wide() ? 24 : 20));
    ui.fill({gap.x + ui.px(8), gap.y, 1, gap.h}, ui.colours().line);
  }
  const Rect bar = with_bar ? column.cut_bottom(save_bar_height(ui, form, column.w)) : Rect{};
  {
    ui.next_pane();
    ScrollArea pane(ui, "front", column);
    pane.end(draw_front(ui, pane.content(), pane, parts, asked) + ui.px(8));
  }
  if (with_bar) save_bar(ui, bar, form, asked);  // after the form, so that Tab comes here after its last field
  if (!beside) return;
  ui.next_pane();
  ScrollArea pane(ui, "timeline", right);
  const Rect& content = pane.content();
  const float head = timeline_head(ui, content, model, asked);
  pane.end(draw_timeline(ui, {content.x, content.y + head, content.w, content.h}, model, asked) + ui.px(8));
}

}  // namespace wayside::desktop
