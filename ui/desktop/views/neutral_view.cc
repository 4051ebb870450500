#include "ui/desktop/views/neutral_view.h"

#include <algorithm>
#include <string>

#include "ui/desktop/widgets/press.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {
namespace {

using namespace safe_mode;

// A palette of its own: nothing here may remind of the other screens.
constexpr Colour kBlue{0x1C4A80};
constexpr Colour kWhite{0xFFFFFF};
constexpr Colour kInk{0x1F2328};
constexpr Colour kGrey{0x57606A};
constexpr Colour kBand{0xF1F5FA};
constexpr Colour kNext{0xFFF2CC};
constexpr Colour kEdge{0xC4CBD3};

bool plain_button(const Ui& ui, std::string_view id, const Rect& rect, std::string_view label, bool chosen) {
  const Press hit = press(ui, id, rect);
  ui.fill(rect, chosen ? kBlue : hit.hovered ? kBand : kWhite, ui.px(4));
  if (!chosen) ui.stroke(rect, kEdge, ui.px(4), 1);
  ui.text_centred(rect, chosen ? TextStyle::label : TextStyle::small, chosen ? kWhite : kInk, label);
  if (hit.focused) ui.stroke(rect.inset(-3), kInk, ui.px(6), 2);
  return hit.pressed;
}

bool top_bar(const Ui& ui, Rect bar, NeutralUi& state) {
  ui.fill(bar, kBlue);
  Rect inside = bar.inset(ui.px(24), ui.px(8));
  const Rect box = inside.cut_right(std::min(ui.px(340) * ui.theme.text_size(), inside.w * 0.5f));
  ui.icon(Icon::bus, inside.x + ui.theme.glyph(8), bar.centre_y(), ui.theme.glyph(24), kWhite);
  const float x = inside.x + ui.theme.glyph(24) + ui.px(8);
  ui.text_cut(x, bar.centre_y() - ui.line(TextStyle::heading) / 2, inside.right() - x, TextStyle::heading, kWhite,
              "Timetables");
  return text_box(ui, "search", box, state.search, {.leading = Icon::search, .when_empty = "Route or stop"}).active;
}

/// Routes that the search found; choosing one shows it.
void results(const Ui& ui, const Rect& view, NeutralUi& state) {
  ScrollArea pane(ui, "results", view);
  float y = pane.content().y;
  const auto found = TimetableModel::find(state.search.text());
  if (found.empty())
    y += ui.text_wrapped(view.x, y, view.w, TextStyle::body, kGrey,
                         "No route or stop of that name. Try a shorter word.");
  for (const std::size_t i : found) {
    const Route& route = routes()[i];
    const Rect row{view.x, y, pane.content().w, ui.theme.row()};
    const Press hit = press(ui, route.number, row);
    if (hit.hovered) ui.fill(row, kBand);
    if (hit.focused) ui.stroke(row, kInk, ui.px(4), 2);
    const float text_y = row.y + (row.h - ui.line(TextStyle::strong) - ui.line(TextStyle::small)) / 2;
    ui.text(row.x + ui.px(10), text_y, TextStyle::strong, kInk,
            std::string(route.number) + "  " + std::string(route.from) + " to " + std::string(route.to));
    ui.text_cut(row.x + ui.px(10), text_y + ui.line(TextStyle::strong), row.w, TextStyle::small, kGrey, route.by);
    ui.fill({row.x, row.bottom() - 1, row.w, 1}, kEdge);
    if (hit.pressed) {
      state.timetable.choose_route(i);
      state.search.clear();
    }
    y += row.h;
  }
  pane.end(y);
}

/// Times of `columns` buses, a stop a row.
float grid(const Ui& ui, float x, float y, float width, const TimetableModel& model, float name_width,
           std::size_t columns) {
  const Route& route = model.route();
  const auto times = departures(route, model.days());
  const std::size_t first = model.first_shown(columns);
  const float column = std::floor((width - name_width) / static_cast<float>(columns));
  const float row_height = std::max(ui.px(39), ui.line(TextStyle::small) + ui.px(16));
  const float top = y;
  for (std::size_t stop = 0; stop < route.stops.size(); ++stop, y += row_height) {
    if (stop % 2 == 0) ui.fill({x, y, width, row_height}, kBand);
    const bool end = stop == 0 || stop + 1 == route.stops.size();
    const float text_y = y + (row_height - ui.line(TextStyle::small)) / 2;
    for (std::size_t i = 0; i < columns && first + i < times.size(); ++i) {
      const Rect cell{x + name_width + column * static_cast<float>(i), y, column, row_height};
      const bool next = model.next_bus() == first + i;
      if (next) ui.fill(cell, kNext);
      const auto time = calls_at(route, first + i, stop, times);
      ui.text_centred(cell, next ? TextStyle::label : TextStyle::small, kInk,
                      time ? clock_text(*time) : std::string("–"));
    }
    ui.text_cut(x + ui.px(10), text_y, name_width - ui.px(14), end ? TextStyle::label : TextStyle::small, kInk,
                route.stops[stop].name);
  }
  ui.fill({x, y, width, 1}, kEdge);
  return y + 1 - top;
}

void route_page(const Ui& ui, const Rect& view, NeutralUi& state, bool& held) {
  ScrollArea pane(ui, "route", view);
  TimetableModel& model = state.timetable;
  const Route& route = model.route();
  const Rect& content = pane.content();
  float y = content.y + ui.px(16);
  const std::string title = std::string(route.number) + "  " + std::string(route.from) + " to " + std::string(route.to);
  const float title_height = ui.wrapped_height(TextStyle::title, title, content.w);
  held = press_by_pointer(ui, "heading",
                          {content.x, y, std::min(content.w, ui.width_of(TextStyle::title, title)), title_height})
             .held;
  y += ui.text_wrapped(content.x, y, content.w, TextStyle::title, kInk, title);
  y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, kGrey, route.by) + ui.px(12);

  const float height = std::max(ui.px(44), ui.line(TextStyle::label) + ui.px(16));
  float x = content.x;
  for (const Days days : {Days::weekdays, Days::saturday, Days::sunday}) {
    const float width = ui.width_of(TextStyle::label, label_of(days)) + 2 * ui.px(14);
    if (plain_button(ui, label_of(days), {x, y, width, height}, label_of(days), model.days() == days))
      model.choose_days(days);
    x += width + ui.px(8);
  }
  const std::string next = model.next_sentence();
  const float next_width = ui.width_of(TextStyle::strong, next);
  const bool beside = x + ui.px(16) + next_width <= content.right();
  if (beside)
    ui.text_right(content.right(), y + (height - ui.line(TextStyle::strong)) / 2, TextStyle::strong, kInk, next);
  y += height + ui.px(12);
  if (!beside) y += ui.text_wrapped(content.x, y, content.w, TextStyle::strong, kInk, next) + ui.px(12);

  float name_width = 0;
  for (const Stop& stop : route.stops)
    name_width = std::max(name_width, ui.width_of(TextStyle::label, stop.name) + ui.px(24));
  name_width = std::min(std::max(name_width, ui.px(180)), content.w * 0.45f);
  const float least = ui.width_of(TextStyle::label, "00:00") + ui.px(24);
  const auto columns = static_cast<std::size_t>(std::clamp((content.w - name_width) / least, 1.0f, 12.0f));
  y += grid(ui, content.x, y, content.w, model, name_width, columns) + ui.px(10);
  x = content.right();
  for (const auto& [label, step] :
       {std::pair{"Later", static_cast<int>(columns)}, std::pair{"Earlier", -static_cast<int>(columns)}}) {
    const float width = ui.width_of(TextStyle::label, label) + 2 * ui.px(14);
    x -= width;
    if (plain_button(ui, label, {x, y, width, height}, label, false)) model.page(step);
    x -= ui.px(8);
  }
  const float notes = x - ui.px(16) - content.x;
  const float bottom = y + height;
  y += ui.text_wrapped(content.x, y, notes, TextStyle::small, kGrey,
                       service_sentence(route, model.days()) + " No service on 25 December and 1 January.") +
       ui.px(4);
  y += ui.text_wrapped(content.x, y, notes, TextStyle::small, kGrey,
                       "– does not call at this stop. Valid from 31 March. Saved for use without a connection.");
  pane.end(std::max(y, bottom) + ui.px(12));
}

}  // namespace

bool draw_neutral(const Ui& ui, const Rect& screen, NeutralUi& state) {
  Rect rest = screen;
  const bool typing = top_bar(ui, rest.cut_top(std::max(ui.px(56), ui.line(TextStyle::heading) + ui.px(24))), state);
  const Rect view{rest.x + ui.px(24), rest.y, rest.w - ui.px(24) - ui.px(10), rest.h};
  bool held = false;
  if (!state.search.empty()) results(ui, view, state);
  else route_page(ui, view, state, held);
  bool back = state.gesture.held(held, ui.now_ms);
  if (!typing)
    for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) back |= state.gesture.typed(c, ui.now_ms);
  return back;
}

}  // namespace wayside::desktop
