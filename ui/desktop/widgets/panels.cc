#include "ui/desktop/widgets/panels.h"

#include <algorithm>
#include <vector>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/scroll_area.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

Sign sign_of(pb::Notice::Tone tone) {
  switch (tone) {
    case pb::Notice::done: return Sign::done;
    case pb::Notice::attention: return Sign::due;
    case pb::Notice::danger: return Sign::danger;
    default: return Sign::information;
  }
}

}  // namespace

float banner(const Ui& ui, float x, float y, float width, const pb::Notice& notice) {
  if (notice.text().empty()) return 0;
  const Sign sign = sign_of(notice.tone());
  const float icon = ui.theme.glyph(20);
  const float text_x = x + ui.px(16) + icon + ui.px(10);
  const float text_width = x + width - ui.px(16) - text_x;
  const float words = ui.wrapped_height(TextStyle::body, notice.text(), text_width);
  const Rect rect{x, y, width, words + 2 * ui.px(10)};
  ui.fill(rect, ui.soft_of(sign), ui.theme.radius_button());
  if (ui.theme.contrast()) ui.stroke(rect, ui.colour_of(sign), ui.theme.radius_button(), ui.theme.border());
  ui.sign(sign, x + ui.px(16) + icon / 2, y + ui.px(10) + ui.line(TextStyle::body) / 2, icon);
  ui.text_wrapped(text_x, y + ui.px(10), text_width, TextStyle::body, ui.colours().ink, notice.text());
  return rect.h;
}

float state_line_height(const Ui& ui, float width, std::string_view words) {
  return ui.wrapped_height(TextStyle::label, words, width - ui.theme.glyph(16) - ui.px(6));
}

float state_line(const Ui& ui, float x, float y, float width, Sign sign, std::string_view words) {
  const float size = ui.theme.glyph(16);
  ui.sign(sign, x + size / 2, y + ui.line(TextStyle::label) / 2, size);
  return ui.text_wrapped(x + size + ui.px(6), y, width - size - ui.px(6), TextStyle::label, ui.colour_of(sign), words);
}

namespace {

constexpr std::string_view kSafeContact = "Safe contact";
constexpr std::string_view kNotAsked =
    "Nobody has asked yet. Ask how and when it is safe before you call, text or write.";

struct StripLayout {
  float text_x;  // from the strip's left edge
  float text_y;
  float text_width;
};

// Beside the label when everything fits one line; under it otherwise.
StripLayout strip_layout(const Ui& ui, float width, std::span<const std::string> lines, bool missing, bool stacked) {
  const float icon_end = ui.px(16) + ui.theme.glyph(20) + ui.px(10);
  const float beside = icon_end + ui.width_of(TextStyle::strong, kSafeContact) + ui.px(14);
  const std::string_view only = missing             ? kNotAsked
                                : lines.size() == 1 ? std::string_view(lines[0])
                                                    : std::string_view();
  if (!stacked && !only.empty() && only.find('\n') == std::string_view::npos &&
      ui.width_of(TextStyle::body, only) <= width - beside - ui.px(16))
    return {beside, ui.px(8), width - beside - ui.px(16)};
  return {icon_end, ui.px(10) + ui.line(TextStyle::label) + ui.px(2), width - icon_end - ui.px(16)};
}

}  // namespace

float safe_contact_height(const Ui& ui, float width, std::span<const std::string> lines, bool missing, bool stacked) {
  const StripLayout at = strip_layout(ui, width, lines, missing, stacked);
  float height = at.text_y;
  if (missing) height += ui.wrapped_height(TextStyle::body, kNotAsked, at.text_width);
  for (const auto& line : lines) height += ui.wrapped_height(TextStyle::body, line, at.text_width);
  return height + ui.px(8);
}

void safe_contact(const Ui& ui, const Rect& rect, std::span<const std::string> lines, bool missing, bool stacked) {
  const Palette& c = ui.colours();
  const StripLayout at = strip_layout(ui, rect.w, lines, missing, stacked);
  const bool beside = at.text_y == ui.px(8);
  ui.fill(rect, c.warn_soft, ui.theme.radius_button());
  if (ui.theme.contrast()) ui.stroke(rect, c.warn, ui.theme.radius_button(), ui.theme.border());
  const TextStyle label = beside ? TextStyle::strong : TextStyle::label;
  const float label_y = rect.y + (beside ? ui.px(8) : ui.px(10));
  const float icon = ui.theme.glyph(20);
  ui.shield(rect.x + ui.px(16) + icon / 2, label_y + ui.line(label) / 2, icon, c.warn);
  ui.text(rect.x + ui.px(16) + icon + ui.px(10), label_y, label, c.warn, kSafeContact);
  float y = rect.y + at.text_y;
  if (missing) y += ui.text_wrapped(rect.x + at.text_x, y, at.text_width, TextStyle::body, c.ink, kNotAsked);
  for (const auto& line : lines)
    y += ui.text_wrapped(rect.x + at.text_x, y, at.text_width, TextStyle::body, c.ink, line);
}

void progress_bar(const Ui& ui, const Rect& rect, std::optional<float> share) {
  ui.fill(rect, ui.colours().hover, rect.h / 2);
  if (ui.theme.contrast()) ui.stroke(rect, ui.colours().edge, rect.h / 2, 1);
  if (share && *share > 0)
    ui.fill({rect.x, rect.y, std::max(rect.h, std::round(rect.w * *share)), rect.h}, ui.colours().accent, rect.h / 2);
}

namespace {

float tab_width(const Ui& ui, const Tab& tab) {
  return ui.width_of(TextStyle::strong, tab.label) +
         (tab.count.empty() ? 0 : ui.px(6) + ui.width_of(TextStyle::small, tab.count)) +
         (tab.two_values ? ui.px(6) + ui.theme.glyph(18) : 0);
}

bool draw_tab(const Ui& ui, std::string_view id, const Rect& rect, const Tab& tab, bool chosen) {
  const Press hit = press(ui, id, {rect.x - ui.px(10), rect.y, rect.w + ui.px(20), rect.h});
  const Palette& c = ui.colours();
  const TextStyle style = chosen ? TextStyle::strong : TextStyle::body;
  const float y = rect.y + (rect.h - ui.line(style)) / 2;
  float x = rect.x + (ui.width_of(TextStyle::strong, tab.label) - ui.width_of(style, tab.label)) / 2;
  ui.text(x, y, style, chosen ? c.accent : hit.hovered ? c.accent : c.ink, tab.label);
  x = rect.x + ui.width_of(TextStyle::strong, tab.label);
  if (!tab.count.empty()) {
    x += ui.px(6);
    ui.text(x, y + (ui.line(style) - ui.line(TextStyle::small)) / 2, TextStyle::small, c.ink2, tab.count);
    x += ui.width_of(TextStyle::small, tab.count);
  }
  if (tab.two_values) ui.sign(Sign::two_values, x + ui.px(6) + ui.theme.glyph(9), rect.centre_y(), ui.theme.glyph(18));
  if (chosen) ui.fill({rect.x, rect.bottom() - ui.px(4), rect.w, ui.px(4)}, c.accent, ui.px(2));
  if (hit.focused)
    focus_ring(ui, {rect.x - ui.px(10), rect.y + ui.px(2), rect.w + ui.px(20), rect.h - ui.px(4)},
               ui.theme.radius_button(), true);
  return hit.pressed;
}

/// What did not fit the strip, under the headings of its groups; it scrolls where the screen is low.
std::optional<int> more_list(const Ui& ui, const Rect& under, std::span<const Tab> all) {
  const float height = ui.theme.target();
  const float heading = ui.line(TextStyle::label) + ui.px(12);
  const auto headed = [&](std::size_t i) {
    return !all[i].group.empty() && (i == 0 || all[i].group != all[i - 1].group);
  };
  float width = ui.px(220);
  float content = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    width = std::max(width, tab_width(ui, all[i]) + ui.px(64));
    if (headed(i)) width = std::max(width, ui.width_of(TextStyle::label, all[i].group) + ui.px(64));
    content += height + (headed(i) ? heading : 0);
  }
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  width = std::min(width, screen.x - 2 * ui.px(8));
  const float top = under.bottom() + ui.px(4);
  const float room = std::max(screen.y - top - ui.px(8), 3 * height);
  const Rect rect{std::clamp(under.right() - width, ui.px(8), std::max(ui.px(8), screen.x - width - ui.px(8))),
                  std::max(ui.px(8), std::min(top, screen.y - ui.px(8) - std::min(room, content + 2 * ui.px(8)))),
                  width, std::min(room, content + 2 * ui.px(8))};
  ImGui::SetNextWindowPos({rect.x, rect.y});
  ImGui::SetNextWindowSize({rect.w, rect.h});
  std::optional<int> chosen;
  if (!ImGui::BeginPopup("more", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoScrollbar)) return chosen;
  ui.fill(rect, ui.colours().surface, ui.theme.radius_card());
  ui.stroke(rect, ui.colours().edge, ui.theme.radius_card(), ui.theme.border());
  {
    ScrollArea pane(ui, "rest", rect.inset(ui.px(8)));
    Rect inside = pane.content();
    inside.h = content;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (headed(i)) {
        const Rect head = inside.cut_top(heading);
        ui.text_cut(head.x + ui.px(12), head.bottom() - ui.line(TextStyle::label), head.w - ui.px(12),
                    TextStyle::label, ui.colours().ink2, all[i].group);
      }
      const Rect row = inside.cut_top(height);
      if (draw_tab(ui, std::to_string(i), row.inset(ui.px(12), 0), all[i], false)) chosen = static_cast<int>(i);
    }
    pane.end(inside.y);
  }
  if (chosen) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  return chosen;
}

/// Which tabs stand in the strip: from the first on, as many as fit, and always the chosen one.
std::vector<int> fitting_tabs(const Ui& ui, std::span<const Tab> all, int chosen, float room, float gap) {
  const auto width = [&](int i) { return tab_width(ui, all[static_cast<std::size_t>(i)]); };
  const int count = static_cast<int>(all.size());
  std::vector<int> out;
  float used = chosen >= 0 && chosen < count ? width(chosen) + gap : 0;
  for (int i = 0; i < count; ++i) {
    if (i == chosen) continue;
    if (used + width(i) > room) break;
    used += width(i) + gap;
    out.push_back(i);
  }
  if (chosen >= 0 && chosen < count) out.insert(std::ranges::lower_bound(out, chosen), chosen);
  return out;
}

}  // namespace

std::optional<int> tabs(const Ui& ui, std::string_view id, const Rect& rect, std::span<const Tab> all, int chosen) {
  const IdScope scope(id);
  const float gap = ui.px(24);
  const Tab more{.label = "More"};
  const float more_width = ui.width_of(TextStyle::strong, "More") + ui.px(4) + ui.theme.glyph(18);
  float whole = -gap;
  for (const Tab& tab : all) whole += tab_width(ui, tab) + gap;
  const std::vector<int> in_strip =
      fitting_tabs(ui, all, chosen, whole <= rect.w ? whole + gap : rect.w - more_width - gap, gap);
  std::optional<int> pressed;
  Rect strip = rect;
  for (const int i : in_strip) {
    const Tab& tab = all[static_cast<std::size_t>(i)];
    const Rect place = strip.cut_left(tab_width(ui, tab));
    strip.cut_left(gap);
    if (draw_tab(ui, std::to_string(i), place, tab, i == chosen)) pressed = i;
  }
  if (in_strip.size() == all.size()) return pressed;
  const Rect place = strip.cut_left(more_width);
  if (draw_tab(ui, "more", place, more, false)) ImGui::OpenPopup("more");
  ui.icon(Icon::expand_more, place.right() - ui.theme.glyph(9), place.centre_y(), ui.theme.glyph(18),
          ui.colours().ink2);
  std::vector<Tab> rest;
  std::vector<int> places;
  for (int i = 0; i < static_cast<int>(all.size()); ++i) {
    if (std::ranges::find(in_strip, i) != in_strip.end()) continue;
    rest.push_back(all[static_cast<std::size_t>(i)]);
    places.push_back(i);
  }
  if (const auto hit = more_list(ui, place, rest)) pressed = places[static_cast<std::size_t>(*hit)];
  return pressed;
}

void row_ground(const Ui& ui, const Rect& rect, const RowLook& look, float text_left) {
  const Palette& c = ui.colours();
  if (look.selected) {
    ui.fill(rect, c.accent_soft, ui.theme.radius_button());
    if (ui.theme.contrast()) ui.stroke(rect, c.accent, ui.theme.radius_button(), ui.theme.border());
    ui.fill({rect.x, rect.y + ui.px(12), ui.px(4), rect.h - 2 * ui.px(12)}, c.accent, ui.px(2));
  } else if (look.hovered) {
    ui.fill(rect, c.hover, ui.theme.radius_button());
  }
  if (look.hairline && !look.selected) ui.hairline(text_left, rect.bottom() - 1, rect.right() - ui.px(16) - text_left);
  if (look.focused) focus_ring(ui, rect, ui.theme.radius_button(), true);
}

float empty_words(const Ui& ui, const Rect& rect, Icon icon, std::string_view title, std::string_view words) {
  const float width = std::min(rect.w, ui.px(440));
  const float x = std::round(rect.x + (rect.w - width) / 2);
  float y = std::round(rect.y + std::max(ui.px(24), rect.h * 0.18f));
  ui.icon(icon, x + ui.theme.glyph(20), y + ui.theme.glyph(20), ui.theme.glyph(40), ui.colours().ink2);
  y += ui.theme.glyph(40) + ui.px(12);
  y += ui.text_wrapped(x, y, width, TextStyle::heading, ui.colours().ink, title) + ui.px(4);
  if (!words.empty()) y += ui.text_wrapped(x, y, width, TextStyle::body, ui.colours().ink2, words);
  return y + ui.px(20);
}

}  // namespace wayside::desktop
