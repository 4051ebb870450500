#include "ui/desktop/views/places_view.h"

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <string>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using models::PlacesModel;

struct AnswerLook {
  pb::Answer answer;
  Sign sign;
  std::string_view word, means;
};
constexpr std::array kAnswers{AnswerLook{pb::answer_yes, Sign::done, "Yes", "Fits everything you recorded"},
                              AnswerLook{pb::answer_ask, Sign::ask, "Ask", "One call decides"},
                              AnswerLook{pb::answer_no, Sign::no, "No", "Shown so that you need not ring"}};

const AnswerLook& look_of(pb::Answer answer) { return *std::ranges::find(kAnswers, answer, &AnswerLook::answer); }

/// Facts under each other, whole. Returns their height.
float facts(const Ui& ui, float x, float y, float width, const google::protobuf::RepeatedPtrField<pb::Fact>& all) {
  const float top = y;
  for (const auto& fact : all) {
    y += ui.text_wrapped(x, y, width, TextStyle::label, ui.colours().ink2, fact.label());
    const bool danger = fact.label() == "Danger areas";
    if (danger) y += state_line(ui, x, y, width, Sign::danger, fact.value());
    else y += ui.text_wrapped(x, y, width, TextStyle::body, ui.colours().ink, fact.value());
    y += ui.px(8);
  }
  return y - top;
}

/// Name, when somebody looked, every reason in full. Its height; not drawn when `draws` is false.
float place_words(const Ui& ui, float x, float y, float width, const pb::PlaceRow& row, bool draws) {
  const float top = y;
  const auto put = [&](TextStyle style, Colour colour, std::string_view text, float left = 0) {
    if (draws) ui.text_wrapped(x + left, y, width - left, style, colour, text);
    y += ui.wrapped_height(style, text, width - left);
  };
  put(TextStyle::strong, ui.colours().ink, row.name());
  // Grey, a sign and words: what is old must not look like news.
  const float sign = ui.theme.glyph(16) + ui.px(6);
  if (row.stale() && draws)
    ui.sign(Sign::due, x + ui.theme.glyph(8), y + ui.line(TextStyle::small) / 2, ui.theme.glyph(16));
  put(TextStyle::small, row.stale() ? ui.colours().ink2 : ui.colours().ink,
      row.vacancy() + (row.stale() ? " (old: ring before you count on it)" : ""), row.stale() ? sign : 0);
  for (const auto& reason : row.reasons()) {
    const bool decides = reason.answer() == row.answer() && row.answer() != pb::answer_yes;
    const bool marked = decides || reason.answer() != pb::answer_yes;
    if (marked && draws)
      ui.sign(look_of(reason.answer()).sign, x + ui.theme.glyph(8), y + ui.line(TextStyle::small) / 2,
              ui.theme.glyph(16));
    put(decides ? TextStyle::label : TextStyle::small, ui.colours().ink, reason.text(), marked ? sign : 0);
  }
  return y - top;
}

struct List {
  const Ui& ui;
  PlacesModel& model;
  Asked& asked;

  /// A row that opens its place; those that fit or may fit have their button. Returns its height.
  float row(float x, float y, float width, const pb::PlaceRow& place) const {
    const IdScope scope(place.service_id());
    const float pad = ui.px(14);
    const bool refers = place.answer() != pb::answer_no;
    constexpr std::string_view kRefer = "Start referral";
    const float button_room = refers ? button_width(ui, ButtonKind::secondary, kRefer) : 0;
    const bool beside = refers && width - button_room - 3 * pad >= ui.px(260) * ui.theme.text_size();
    const float words = width - 2 * pad - (beside ? button_room + pad : ui.theme.glyph(24));
    const float text_height = place_words(ui, x, y, words, place, false);
    float height = text_height + 2 * ui.px(10);
    if (refers)
      height = beside ? std::max(height, ui.theme.target() + ui.px(16)) : height + ui.theme.target() + ui.px(8);
    const Rect rect{x, y, width, height};
    // The words open the place; the button stands beside or under them.
    const Rect target{x, y, beside ? width - button_room - pad - ui.px(8) : width,
                      beside || !refers ? height : text_height + 2 * ui.px(10)};
    const Press hit = press(ui, "open", target);
    if (hit.hovered) ui.fill(target, ui.colours().hover, ui.theme.radius_button());
    ui.hairline(x + pad, rect.bottom() - 1, width - pad);
    place_words(ui, x + pad, y + ui.px(10), words, place, true);
    if (hit.focused) focus_ring(ui, target, ui.theme.radius_button(), true);
    if (hit.pressed) model.open(place.service_id(), asked.commands);
    if (!refers) {
      ui.icon(Icon::chevron_right, rect.right() - pad, rect.centre_y(), ui.theme.glyph(22), ui.colours().ink2);
      return height;
    }
    const Rect at = beside ? Rect{rect.right() - button_room - pad, std::round(rect.centre_y() - ui.theme.target() / 2),
                                  button_room, ui.theme.target()}
                           : Rect{x + pad, target.bottom() - ui.px(4), button_room, ui.theme.target()};
    if (button(ui, "refer", at, ButtonKind::secondary, kRefer)) {
      model.refer(place.service_id(), asked.commands);
      asked.go_to = models::Screen::one_case;
    }
    return height;
  }

  float group(float x, float y, float width, const AnswerLook& look) const {
    const auto rows = model.rows(look.answer);
    const std::size_t all = model.count(look.answer);
    const float top = y;
    const float sign = ui.theme.glyph(20);
    const std::string count =
        rows.size() == all ? std::to_string(all) : std::to_string(rows.size()) + " of " + std::to_string(all);
    const std::string head = std::string(look.word) + "  " + count;
    ui.sign(look.sign, x + sign / 2, y + ui.line(TextStyle::heading) / 2, sign);
    ui.text(x + sign + ui.px(10), y, TextStyle::heading, ui.colours().ink, head);
    const float head_width = sign + ui.px(10) + ui.width_of(TextStyle::heading, head);
    if (head_width + ui.px(24) + ui.width_of(TextStyle::small, look.means) <= width)
      ui.text_right(x + width, y + (ui.line(TextStyle::heading) - ui.line(TextStyle::small)) / 2, TextStyle::small,
                    ui.colours().ink2, look.means);
    y += ui.line(TextStyle::heading) + ui.px(4);
    for (const pb::PlaceRow* place : rows) y += row(x, y, width, *place);
    if (rows.empty())
      y += ui.text_wrapped(x + ui.px(14), y + ui.px(4), width, TextStyle::small, ui.colours().ink2,
                           all == 0 ? "None." : "None with these words.") +
           ui.px(8);
    return y - top + ui.px(20);
  }
};

void no_case(const Ui& ui, const Rect& rect, Asked& asked) {
  const float y = empty_words(
      ui, rect, Icon::search, "For whom?",
      "Open a case first: its household is held against every service, and each says yes, ask or no with its reasons.");
  Rect row{std::round(rect.x + (rect.w - std::min(rect.w, ui.px(440))) / 2), y, rect.w, ui.theme.target()};
  if (button_in(ui, row, "cases", ButtonKind::primary, "Choose a case")) asked.go_to = models::Screen::cases;
}

void one_place(const Ui& ui, const Rect& view, PlacesModel& model, const pb::PlaceRow& place, Asked& asked) {
  ScrollArea pane(ui, "service", view);
  const Rect& content = pane.content();
  const float width = std::min(content.w, ui.theme.widest_text());
  float y = content.y;
  Rect top{content.x, y, width, ui.theme.target()};
  const bool back = button_in(ui, top, "all", ButtonKind::quiet, "All places", Icon::arrow_back);
  if (button_in(ui, top, "refer", place.answer() == pb::answer_no ? ButtonKind::secondary : ButtonKind::primary,
                "Start referral")) {
    model.refer(place.service_id(), asked.commands);
    asked.go_to = models::Screen::one_case;
  }
  y = top.bottom() + ui.px(8);
  const AnswerLook& look = look_of(place.answer());
  sign_word(ui, content.x, y, look.sign, look.word);
  y += ui.line(TextStyle::label) + ui.px(4);
  y += place_words(ui, content.x, y, width, place, true) + ui.px(16);
  y += ui.text_wrapped(content.x, y, width, TextStyle::heading, ui.colours().ink, "What the directory says") + ui.px(4);
  if (!model.details_known())
    y += ui.text_wrapped(content.x, y, width, TextStyle::body, ui.colours().ink2, "Looking it up.");
  else y += facts(ui, content.x, y, width, model.shown().detail().facts());
  pane.end(y + ui.px(12));
  const bool dialog = ImGui::GetCurrentContext()->OpenPopupStack.Size > 0;
  if (back || (!dialog && ImGui::IsKeyPressed(ImGuiKey_Escape, false))) model.close(asked.commands);
}

}  // namespace

void draw_places(const Ui& ui, const Page& page, PlacesModel& model, PlacesUi& state, Asked& asked) {
  Rect header = page.header;
  const float title_y = header.y + (header.h - ui.line(TextStyle::title)) / 2;
  ui.text(header.x, title_y, TextStyle::title, ui.colours().ink, "Find a place");
  header.cut_left(ui.width_of(TextStyle::title, "Find a place") + ui.px(16));
  if (model.known() && header.w > ui.px(80))
    ui.text_cut(header.x, header.y + (header.h - ui.line(TextStyle::body)) / 2, header.w, TextStyle::body,
                ui.colours().ink2, "for " + model.shown().case_name());
  Rect body = page.body.inset(page.gutter, 0);
  if (!model.has_case()) return no_case(ui, body, asked);
  if (!model.known()) {
    ui.text_wrapped(body.x, body.y, body.w, TextStyle::body, ui.colours().ink2,
                    "Holding the household against every service.");
    return;
  }
  body.w += std::min(page.gutter, ui.theme.bar_room());
  if (const pb::PlaceRow* place = model.opened()) return one_place(ui, body, model, *place, asked);
  const bool beside = !page.compact();
  if (beside) {
    Rect left = body.cut_left(std::max(ui.px(page.wide() ? 300 : 236), ui.theme.glyph(210)));
    body.cut_left(ui.px(20));
    left.cut_bottom(ui.px(16));
    ui.card(left);
    const Rect inside = left.inset(ui.px(16));
    ScrollArea pane(ui, "household", inside);
    float y = pane.content().y;
    y += ui.text_wrapped(inside.x, y, pane.content().w, TextStyle::heading, ui.colours().ink, "Household") + ui.px(8);
    pane.end(y + facts(ui, inside.x, y, pane.content().w, model.shown().household()));
  }
  ui.next_pane();
  Rect search = body.cut_top(ui.theme.target());
  search.w -= ui.theme.bar_room();
  text_box(ui, "search", search, model.query(),
           {.focus_now = std::exchange(state.focus_search, false),
            .leading = Icon::search,
            .when_empty = "Narrow by name or reason"});
  body.cut_top(ui.px(12));
  ui.next_pane();
  ScrollArea pane(ui, "places", body);
  const Rect& content = pane.content();
  float y = content.y;
  if (!model.shown().notice().text().empty())
    y += banner(ui, content.x, y, content.w, model.shown().notice()) + ui.px(12);
  if (model.shown().rows_size() == 0 && model.shown().notice().text().empty()) {
    y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, ui.colours().ink2,
                         "There are no services on this device. A reconcile brings the directory of your office.");
  } else if (model.shown().rows_size() > 0) {
    const List list{ui, model, asked};
    for (const AnswerLook& look : kAnswers) y += list.group(content.x, y, content.w, look);
  }
  if (!beside) {
    y += ui.text_wrapped(content.x, y, content.w, TextStyle::heading, ui.colours().ink, "Household") + ui.px(4);
    y += facts(ui, content.x, y, content.w, model.shown().household()) + ui.px(12);
  }
  pane.end(y);
}

}  // namespace wayside::desktop
