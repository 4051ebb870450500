#include "ui/desktop/navigation.h"

#include <algorithm>
#include <array>
#include <string>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"

namespace wayside::desktop {
namespace {

using models::Screen;
using models::Width;

struct Place {
  Icon icon;
  std::string_view label;
  std::optional<Screen> screen;  ///< nothing: Lock
};

constexpr std::array<Place, 5> kUpper{{{Icon::today, "Today", Screen::today},
                                       {Icon::folder_shared, "Cases", Screen::cases},
                                       {Icon::home, "Places", Screen::places},
                                       {Icon::fork, "Review", Screen::review},
                                       {Icon::sync, "Reconcile", Screen::reconcile}}};
constexpr std::array<Place, 2> kLower{
    {{Icon::settings, "Settings", Screen::settings}, {Icon::lock, "Lock", std::nullopt}}};

struct Navigation {
  const Ui& ui;
  Screen now;
  std::uint32_t reviews;
  Asked& asked;

  [[nodiscard]] bool is_here(const Place& place) const {
    return place.screen && (*place.screen == now || (*place.screen == Screen::cases && now == Screen::one_case));
  }
  void go(const Place& place) const {
    if (place.screen) asked.go_to = *place.screen;
    else asked.lock = true;
  }
  [[nodiscard]] std::string number(const Place& place) const {
    return place.screen == Screen::review && reviews > 0 ? std::to_string(std::min(reviews, 999u)) : std::string();
  }
  void ground(const Rect& rect, const Press& hit, bool here) const {
    const Palette& c = ui.colours();
    if (here) {
      ui.fill(rect, c.accent_soft, ui.theme.radius_button());
      if (ui.theme.contrast()) ui.stroke(rect, c.accent, ui.theme.radius_button(), ui.theme.border());
      const float inset = std::min(ui.px(10), rect.h / 4);
      ui.fill({rect.x, rect.y + inset, ui.px(4), rect.h - 2 * inset}, c.accent, ui.px(2));
    } else if (hit.hovered) {
      ui.fill(rect, c.hover, ui.theme.radius_button());
    }
    if (hit.focused) focus_ring(ui, rect, ui.theme.radius_button(), true);
  }

  // Icon over word.
  void rail_item(const Rect& rect, const Place& place) const {
    const bool here = is_here(place);
    const Press hit = press(ui, place.label, rect);
    ground(rect, hit, here);
    const Colour ink = here ? ui.colours().accent : ui.colours().ink2;
    const float icon = ui.theme.glyph(24);
    const TextStyle style = here ? TextStyle::label : TextStyle::small;
    const float top = rect.y + (rect.h - icon - ui.line(style) - ui.px(2)) / 2;
    ui.icon(place.icon, rect.centre_x(), top + icon / 2, icon, ink);
    ui.text_centred({rect.x, top + icon + ui.px(2), rect.w, ui.line(style)}, style, ink, place.label);
    if (const auto count = number(place); !count.empty())
      badge(ui, rect.centre_x() + ui.theme.glyph(18), top + ui.px(2), count);
    if (hit.pressed) go(place);
  }

  // Icon beside word, for the sidebar and the menu.
  void wide_item(const Rect& rect, const Place& place) const {
    const bool here = is_here(place);
    const Press hit = press(ui, place.label, rect);
    ground(rect, hit, here);
    const Colour ink = here ? ui.colours().accent : ui.colours().ink;
    const float icon = ui.theme.glyph(24);
    ui.icon(place.icon, rect.x + ui.px(14) + icon / 2, rect.centre_y(), icon, here ? ink : ui.colours().ink2);
    const TextStyle style = here ? TextStyle::strong : TextStyle::body;
    ui.text(rect.x + ui.px(14) + icon + ui.px(12), rect.y + (rect.h - ui.line(style)) / 2, style, ink, place.label);
    if (const auto count = number(place); !count.empty()) badge(ui, rect.right() - ui.px(22), rect.centre_y(), count);
    if (hit.pressed) go(place);
  }

  void rail(Rect side) const {
    ui.fill(side, ui.colours().side);
    if (ui.theme.look().mode != Mode::light) ui.fill({side.right() - 1, side.y, 1, side.h}, ui.colours().line);
    const Rect top = side.cut_top(ui.theme.header());
    ui.mark(top.centre_x() - ui.theme.glyph(13), top.centre_y() - ui.theme.glyph(13), ui.theme.glyph(26),
            ui.colours().accent);
    const float height = std::max(ui.px(60), ui.theme.glyph(24) + ui.line(TextStyle::label) + ui.px(14));
    const float gap = ui.px(4);
    side.cut_top(gap);
    side.cut_bottom(ui.px(10));
    Rect low = side.cut_bottom(2 * height + gap);
    for (const Place& place : kUpper) {
      rail_item(side.cut_top(height).inset(ui.px(6), 0), place);
      side.cut_top(gap);
    }
    for (const Place& place : kLower) {
      rail_item(low.cut_top(height).inset(ui.px(6), 0), place);
      low.cut_top(gap);
    }
  }

  void sidebar(Rect side) const {
    ui.fill(side, ui.colours().side);
    if (ui.theme.look().mode != Mode::light) ui.fill({side.right() - 1, side.y, 1, side.h}, ui.colours().line);
    const Rect top = side.cut_top(ui.theme.header() + ui.px(4));
    const float mark = ui.theme.glyph(24);
    ui.mark(top.x + ui.px(22), ui.theme.header() / 2 - mark / 2, mark, ui.colours().accent);
    ui.text(top.x + ui.px(22) + mark + ui.px(12), ui.theme.header() / 2 - ui.line(TextStyle::heading) / 2,
            TextStyle::heading, ui.colours().ink, "Wayside");
    const float height = ui.theme.target();
    side.cut_bottom(ui.px(12));
    Rect low = side.cut_bottom(2 * height);
    for (const Place& place : kUpper) wide_item(side.cut_top(height).inset(ui.px(8), ui.px(2)), place);
    for (const Place& place : kLower) wide_item(low.cut_top(height).inset(ui.px(8), ui.px(2)), place);
  }

  void menu_list(const Rect& under) const {
    const float height = ui.theme.target() + ui.px(4);
    float width = ui.px(200);
    for (const Place& place : kUpper)
      width = std::max(width, ui.theme.glyph(24) + ui.width_of(TextStyle::strong, place.label) + ui.px(100));
    const Rect rect{under.x, under.bottom() + ui.px(4), width, height * (kUpper.size() + kLower.size()) + 2 * ui.px(8)};
    ImGui::SetNextWindowPos({rect.x, rect.y});
    ImGui::SetNextWindowSize({rect.w, rect.h});
    if (!ImGui::BeginPopup("menu", ImGuiWindowFlags_NoMove)) return;
    ui.fill(rect, ui.colours().surface, ui.theme.radius_card());
    ui.stroke(rect, ui.colours().edge, ui.theme.radius_card(), ui.theme.border());
    Rect inside = rect.inset(ui.px(8));
    for (const Place& place : kUpper) wide_item(inside.cut_top(height).inset(0, ui.px(2)), place);
    for (const Place& place : kLower) wide_item(inside.cut_top(height).inset(0, ui.px(2)), place);
    if (asked.go_to || asked.lock) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
};

}  // namespace

Page draw_navigation(const Ui& ui, const Rect& screen, Width width, Screen now, std::uint32_t reviews, const Rect& exit,
                     Asked& asked) {
  const IdScope scope("navigation");
  ui.next_pane();
  const Navigation navigation{ui, now, reviews, asked};
  Rect rest = screen;
  Page page;
  page.width = width;
  if (width == Width::wide) navigation.sidebar(rest.cut_left(ui.theme.sidebar()));
  if (width == Width::medium) navigation.rail(rest.cut_left(ui.theme.rail()));
  page.gutter = ui.px(width == Width::wide ? 32 : width == Width::medium ? 24 : 16);
  page.header = rest.cut_top(std::max(ui.theme.header(), exit.bottom() + ui.px(8)));
  page.header.x += page.gutter;
  page.header.w = std::max(0.0f, exit.x - ui.px(16) - page.header.x);
  page.body = rest;
  if (width == Width::compact) {
    const Rect button = page.header.cut_left(ui.theme.target());
    const Rect hit{button.x - ui.px(8), std::round(button.centre_y() - button.w / 2), button.w, button.w};
    if (icon_button(ui, "open", hit, Icon::menu)) ImGui::OpenPopup("menu");
    if (reviews > 0)
      badge(ui, hit.right() - ui.px(8), std::max(hit.y + ui.px(10), ui.theme.glyph(13)),
            std::to_string(std::min(reviews, 999u)));
    navigation.menu_list(hit);
    page.header.cut_left(ui.px(4));
  }
  return page;
}

Rect exit_rect(const Ui& ui, const Rect& screen) {
  const float width =
      std::max(ui.px(148), ui.theme.glyph(22) + ui.px(8) +
                               ui.width_of(TextStyle::strong, models::title_of(Screen::neutral)) + 2 * ui.px(18));
  const float margin = ui.px(8);
  return {screen.right() - margin - width, screen.y + margin, width, ui.theme.target()};
}

void draw_exit(const Ui& below, const Rect& rect) {
  const Ui ui = below.onto(*ImGui::GetForegroundDrawList());
  const std::string_view label = models::title_of(Screen::neutral);
  ui.fill(rect, ui.colours().exit, ui.theme.radius_button());
  const float icon = ui.theme.glyph(22);
  const float width = icon + ui.px(8) + ui.width_of(TextStyle::strong, label);
  const float x = rect.x + (rect.w - width) / 2;
  ui.icon(Icon::bus, x + icon / 2, rect.centre_y(), icon, ui.colours().exit_ink);
  ui.text(x + icon + ui.px(8), rect.y + (rect.h - ui.line(TextStyle::strong)) / 2, TextStyle::strong,
          ui.colours().exit_ink, label);
}

}  // namespace wayside::desktop
