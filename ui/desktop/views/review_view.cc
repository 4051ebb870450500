#include "ui/desktop/views/review_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ui/desktop/views/form_view.h"
#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using models::ReviewModel;
using Choice = ReviewModel::Choice;

Sign sign_of(pb::ReviewRow::Kind kind) {
  switch (kind) {
    case pb::ReviewRow::quarantined: return Sign::information;
    case pb::ReviewRow::archived_edit: return Sign::changed;
    default: return Sign::two_values;
  }
}

void queue(const Ui& ui, const Rect& view, ReviewModel& model, ReviewUi& state, Asked& asked) {
  ScrollArea pane(ui, "queue", view);
  const Rect& content = pane.content();
  float y = content.y;
  for (int i = 0; i < model.shown().rows_size(); ++i) {
    const auto& row = model.shown().rows(i);
    const Rect rect{content.x, y, content.w, std::max(ui.theme.row(), ui.px(64))};
    const bool chosen = row.review_id() == model.detail().review_id();
    const Press hit = press(ui, std::to_string(i), rect);
    const float text_x = rect.x + ui.px(16) + ui.theme.glyph(22) + ui.px(10);
    row_ground(ui, rect, {.selected = chosen, .focused = hit.focused, .hovered = hit.hovered}, text_x);
    if (hit.pressed) {
      model.open(row.review_id(), asked.commands);
      state.detail_in_front = true;
    }
    ui.sign(sign_of(row.kind()), rect.x + ui.px(16) + ui.theme.glyph(11), rect.centre_y(), ui.theme.glyph(22));
    const float text_y = rect.y + (rect.h - ui.line(TextStyle::strong) - ui.line(TextStyle::small)) / 2;
    const float width = rect.right() - ui.px(8) - text_x;
    ui.text_cut(text_x, text_y, width, TextStyle::strong, ui.colours().ink, row.title());
    ui.text_cut(text_x, text_y + ui.line(TextStyle::strong), width, TextStyle::small, ui.colours().ink2, row.second());
    y += rect.h;
  }
  y += ui.px(16);
  y += ui.text_wrapped(content.x + ui.px(16), y, content.w - ui.px(24), TextStyle::small, ui.colours().ink2,
                       "Nothing is lost while these wait. Everyone sees both values until you decide.");
  pane.end(y);
}

// ---- The values, side by side -----------------------------------------------------------------------------------

struct Card {
  std::string first;  // what is large
  std::string rest;
};

Card card_of(const pb::HeldValue& value) {
  if (value.text().empty()) return {"Not recorded", {}};
  const auto comma = value.text().rfind(", ");
  // "9 Orchard Way, Oadby" reads better in two lines; a sentence stays one text.
  if (comma == std::string::npos || comma < 6 || value.text().size() > 60) return {value.text(), {}};
  return {value.text().substr(0, comma), value.text().substr(comma + 2)};
}

float card_height(const Ui& ui, const Card& card, const pb::HeldValue& value, float width) {
  const float inner = width - ui.px(16) - ui.theme.glyph(22) - ui.px(10) - ui.px(14);
  return ui.px(14) + ui.wrapped_height(TextStyle::heading, card.first, inner) +
         (card.rest.empty() ? 0 : ui.wrapped_height(TextStyle::body, card.rest, inner)) + ui.px(8) +
         ui.line(TextStyle::label) + ui.line(TextStyle::small) +
         (value.device().empty() ? 0 : ui.wrapped_height(TextStyle::small, value.device(), inner)) + ui.px(14);
}

bool value_card(const Ui& ui, std::string_view id, const Rect& rect, const pb::HeldValue& value, bool chosen) {
  const Press hit = press(ui, id, rect);
  const Palette& c = ui.colours();
  const Card card = card_of(value);
  ui.fill(rect, chosen ? c.accent_soft : hit.hovered ? c.hover : c.surface, ui.theme.radius_card());
  ui.stroke(rect, chosen ? c.accent : c.edge, ui.theme.radius_card(),
            chosen ? ui.theme.thick_border() + 1 : ui.theme.border());
  const float radio = ui.theme.glyph(22);
  const float x = rect.x + ui.px(16) + radio + ui.px(10);
  const float inner = rect.right() - ui.px(14) - x;
  float y = rect.y + ui.px(14);
  ui.icon(chosen ? Icon::radio_on : Icon::radio_off, rect.x + ui.px(14) + radio / 2,
          y + ui.line(TextStyle::heading) / 2, radio + ui.px(2), chosen ? c.accent : c.edge);
  y += ui.text_wrapped(x, y, inner, TextStyle::heading, value.text().empty() ? c.ink2 : c.ink, card.first);
  y += ui.text_wrapped(x, y, inner, TextStyle::body, c.ink, card.rest) + ui.px(8);
  ui.text_cut(x, y, inner, TextStyle::label, c.ink, value.author());
  y += ui.line(TextStyle::label);
  ui.text_cut(x, y, inner, TextStyle::small, c.ink2, value.when());
  y += ui.line(TextStyle::small);
  ui.text_wrapped(x, y, inner, TextStyle::small, c.ink2, value.device());
  if (hit.focused) focus_ring(ui, rect, ui.theme.radius_card());
  return hit.pressed;
}

float cards(const Ui& ui, float x, float y, float width, ReviewModel& model) {
  const auto& values = model.detail().values();
  const float gap = ui.px(14);
  const int columns = width / 2 >= ui.px(210) * ui.theme.text_size()
                          ? std::min(values.size(), width / 3 >= ui.px(250) * ui.theme.text_size() ? 3 : 2)
                          : 1;
  if (columns < 1) return 0;
  const float card_width = std::floor((width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const float top = y;
  for (int row = 0; row < values.size(); row += columns) {
    float height = 0;
    const int end = std::min(row + columns, values.size());
    for (int i = row; i < end; ++i)
      height = std::max(height, card_height(ui, card_of(values[i]), values[i], card_width));
    for (int i = row; i < end; ++i) {
      const Rect rect{x + static_cast<float>(i - row) * (card_width + gap), y, card_width, height};
      if (value_card(ui, "value" + std::to_string(i), rect, values[i], model.kept(values[i]))) model.keep(values[i], ui.now_ms);
    }
    y += height + gap;
  }
  return y - gap - top;
}

/// Keep both, write another, history: in a row, or in as many as they need.
float other_ways(const Ui& ui, float x, float y, float width, ReviewModel& model, ReviewUi& state, Asked& asked) {
  struct Way {
    std::string id, label;
    std::optional<Icon> icon;
    bool chosen;
  };
  const Choice choice = model.choice();
  std::vector<Way> ways{{"both", model.detail().values_size() > 2 ? "Keep all" : "Keep both",
                         choice == Choice::keep_both ? std::optional(Icon::check) : std::nullopt,
                         choice == Choice::keep_both}};
  if (model.detail().can_write_another())
    ways.push_back({"another", "Neither, write another",
                    choice == Choice::write_another ? std::optional(Icon::check) : std::nullopt,
                    choice == Choice::write_another});
  if (!model.detail().record_id().empty()) ways.push_back({"history", "History", Icon::history, false});
  const float top = y;
  const float height = ui.theme.target();
  float at = x;
  for (const Way& way : ways) {
    const ButtonKind kind = ButtonKind::quiet;
    const float needed = button_width(ui, kind, way.label, way.icon);
    if (at > x && at + needed > x + width) {
      at = x;
      y += height;
    }
    if (button(ui, way.id, {at, y, needed, height}, kind, way.label, way.icon)) {
      if (way.id == "both") model.keep_both(ui.now_ms);
      if (way.id == "another") {
        model.write_another(ui.now_ms);
        state.focus_another = true;
      }
      if (way.id == "history") asked.commands.open_history(model.detail().record_id(), model.detail().field().field());
    }
    at += needed + ui.px(24);
  }
  return y + height - top;
}

float another_value(const Ui& ui, float x, float y, float width, ReviewModel& model, ReviewUi& state) {
  const float top = y;
  const auto& field = model.detail().field();
  y = field_head(ui, x, y, width, "What is right", field.help(), {});
  std::vector<std::string> labels;
  for (const auto& option : field.options()) labels.push_back(option.label());
  if (labels.empty()) {
    const float height = model.another().many_lines() ? text_box_height(ui, model.another(), width) : ui.theme.target();
    if (text_box(ui, "another_text", {x, y, width, height}, model.another(),
                 {.focus_now = std::exchange(state.focus_another, false)})
            .changed)
      model.typed(ui.now_ms);
    return y + height + ui.px(12) - top;
  }
  std::string shown;
  for (const auto& option : field.options())
    if (option.code() == model.another().text()) shown = option.label();
  if (const auto chosen =
          select_box(ui, "another_code", {x, y, width, ui.theme.target()}, shown, labels, state.another, false)) {
    model.another().set_text(field.options(*chosen).code());
    model.typed(ui.now_ms);
  }
  return y + ui.theme.target() + ui.px(12) - top;
}

void decision(const Ui& ui, const Rect& view, ReviewModel& model, ReviewUi& state, Asked& asked) {
  ScrollArea pane(ui, "decision", view);
  const IdScope scope(model.detail().review_id());
  const float room = ui.px(4);  // focus rings of cards reach past their edge
  Rect content = pane.content();
  content.x += room;
  content.w = std::min(content.w - 2 * room, ui.theme.widest_text());
  float y = content.y;
  if (!model.detail().notice().text().empty())
    y += banner(ui, content.x, y, content.w, model.detail().notice()) + ui.px(12);
  y += ui.text_wrapped(content.x, y, content.w, TextStyle::heading, ui.colours().ink, model.detail().question());
  y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, ui.colours().ink2, model.detail().context()) +
       ui.px(12);
  if (model.detail().values_size() == 0) return pane.end(y);  // kept apart: nothing to decide here
  if (!model.choice_complaint().empty())
    y += state_line(ui, content.x, y, content.w, Sign::danger, model.choice_complaint()) + ui.px(8);
  y += cards(ui, content.x, y, content.w, model) + ui.px(8);
  y += other_ways(ui, content.x, y, content.w, model, state, asked) + ui.px(8);
  if (model.choice() == Choice::write_another) y += another_value(ui, content.x, y, content.w, model, state);
  y = field_head(ui, content.x, y, content.w, "Why this one",
                 "The next person reads this, so write it as you would say it.", model.reason_complaint());
  BoxOptions options;
  options.error = !model.reason_complaint().empty();
  const BoxResult reason =
      text_box(ui, "reason", {content.x, y, content.w, ui.theme.target()}, model.reason(), options);
  if (reason.changed) model.typed(ui.now_ms);
  y += ui.theme.target() + ui.px(16);
  Rect row{content.x, y, content.w, ui.theme.target()};
  const std::string label = model.button_label();
  if (button_width(ui, ButtonKind::primary, label) + button_width(ui, ButtonKind::secondary, "Decide later") +
          ui.px(12) >
      row.w)
    row.h = ui.theme.target();
  const bool decided = button_in(ui, row, "decide", ButtonKind::primary, label) || reason.submitted;
  if (row.w < button_width(ui, ButtonKind::secondary, "Decide later"))
    row = {content.x, y + ui.theme.target() + ui.px(8), content.w, ui.theme.target()};
  if (button_in(ui, row, "later", ButtonKind::secondary, "Decide later")) {
    state.detail_in_front = false;
    model.open_next(asked.commands);
  }
  if (const std::string kept = model.draft_line(); !kept.empty()) {
    // At the right of the buttons, as on forms; below them where they need the room.
    const float size = ui.theme.glyph(18);
    const float width = size + ui.px(8) + ui.width_of(TextStyle::small, kept);
    const bool beside = row.w >= width + ui.px(12);
    const float x = beside ? content.right() - width : content.x;
    const float mid = beside ? row.centre_y() : row.bottom() + ui.px(8) + ui.line(TextStyle::small) / 2;
    ui.sign(Sign::done, x + size / 2, mid, size);
    ui.text(x + size + ui.px(8), mid - ui.line(TextStyle::small) / 2, TextStyle::small, ui.colours().ink2, kept);
    if (!beside) row.h += ui.px(8) + ui.line(TextStyle::small);
  }
  if (decided) model.decide(asked.commands);
  pane.end(row.bottom() + ui.px(12));
}

}  // namespace

void draw_review(const Ui& ui, const Page& page, ReviewModel& model, ReviewUi& state, Asked& asked) {
  Rect header = page.header;
  const bool detail_only = page.compact() && state.detail_in_front && model.has_detail();
  if (detail_only) {
    const Rect back = header.cut_left(ui.px(44));
    if (icon_button(ui, "back", {back.x - ui.px(8), back.centre_y() - ui.px(22), ui.px(44), ui.px(44)},
                    Icon::arrow_back))
      state.detail_in_front = false;
  }
  const float title_y = header.y + (header.h - ui.line(TextStyle::title)) / 2;
  ui.text(header.x, title_y, TextStyle::title, ui.colours().ink, "Review");
  header.cut_left(ui.width_of(TextStyle::title, "Review") + ui.px(14));
  if (model.shown().rows_size() > 0 && ui.width_of(TextStyle::body, model.headline()) <= header.w)
    ui.text(header.x, header.y + (header.h - ui.line(TextStyle::body)) / 2 + ui.px(2), TextStyle::body,
            ui.colours().ink2, model.headline());

  Rect body = page.body.inset(page.gutter, 0);
  body.cut_top(ui.px(4));
  body.cut_bottom(ui.px(8));
  if (model.shown().rows_size() == 0) {
    empty_words(ui, body, Icon::check_circle, "Nothing waits for a decision",
                "When two people change the same thing while apart, both versions are kept and come here.");
    return;
  }
  if (!page.compact()) {
    model.open_first(asked.commands);
    const Rect left =
        body.cut_left(std::max(ui.px(page.wide() ? 340 : 252), ui.theme.glyph(220)) + ui.theme.bar_room());
    body.cut_left(ui.px(10));
    queue(ui, left, model, state, asked);
    ui.next_pane();
    if (model.has_detail()) decision(ui, body, model, state, asked);
    return;
  }
  if (detail_only) decision(ui, body, model, state, asked);
  else queue(ui, body, model, state, asked);
}

}  // namespace wayside::desktop
