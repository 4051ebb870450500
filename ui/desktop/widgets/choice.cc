#include "ui/desktop/widgets/choice.h"

#include <algorithm>
#include <vector>

#include "ui/desktop/widgets/edit_item.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"
#include "ui/models/utf8.h"

namespace wayside::desktop {

float segments_width(const Ui& ui, std::span<const std::string> labels) {
  float widest = 0;
  for (const auto& label : labels) widest = std::max(widest, ui.width_of(TextStyle::strong, label));
  return (widest + 2 * ui.px(14)) * static_cast<float>(labels.size());
}

std::optional<int> segments(const Ui& ui, std::string_view id, const Rect& rect, std::span<const std::string> labels,
                            int chosen, int quiet) {
  const IdScope scope(id);
  const Palette& c = ui.colours();
  const float radius = ui.theme.radius_field();
  const auto count = static_cast<int>(labels.size());
  std::optional<int> pressed;
  ui.fill(rect, c.surface, radius);
  Rect ring{};
  for (int i = 0; i < count; ++i) {
    const float left = std::round(rect.x + rect.w * static_cast<float>(i) / static_cast<float>(count));
    const float right = std::round(rect.x + rect.w * static_cast<float>(i + 1) / static_cast<float>(count));
    const Rect part{left, rect.y, right - left, rect.h};
    const Press hit = press(ui, std::to_string(i), part);
    if (hit.pressed) pressed = i;
    if (hit.focused) ring = part;
    const ImDrawFlags corners =
        (i == 0 ? ImDrawFlags_RoundCornersLeft : 0) | (i + 1 == count ? ImDrawFlags_RoundCornersRight : 0);
    const bool on = i == chosen;
    if (on || hit.hovered)
      ui.draw().AddRectFilled({part.x, part.y}, {part.right(), part.bottom()},
                              Ui::packed(on && i != quiet ? c.accent_soft : c.hover), corners ? radius : 0,
                              corners ? corners : ImDrawFlags_RoundCornersNone);
    if (i > 0) ui.fill({part.x, part.y + ui.px(8), ui.theme.border(), part.h - 2 * ui.px(8)}, c.line);
    const Colour ink = !on ? c.ink : i == quiet ? c.ink2 : c.accent;
    ui.text_centred(part, on && i != quiet ? TextStyle::strong : TextStyle::body, ink,
                    labels[static_cast<std::size_t>(i)]);
  }
  ui.stroke(rect, c.edge, radius, ui.theme.border());
  if (chosen >= 0 && chosen < count && chosen != quiet) {
    const float left = std::round(rect.x + rect.w * static_cast<float>(chosen) / static_cast<float>(count));
    const float right = std::round(rect.x + rect.w * static_cast<float>(chosen + 1) / static_cast<float>(count));
    ui.stroke({left, rect.y, right - left, rect.h}, c.accent, radius, ui.theme.thick_border());
  }
  if (ring.w > 0) focus_ring(ui, ring, radius);
  return pressed;
}

namespace {

struct Popup {
  const Ui& ui;
  std::span<const std::string> labels;
  SelectState& state;
  bool always_filtered;
  std::vector<int> rows;  // indices that the filter leaves

  Popup(const Ui& the_ui, std::span<const std::string> the_labels, SelectState& the_state, bool filters)
      : ui(the_ui), labels(the_labels), state(the_state), always_filtered(filters) {
    const std::string wanted = models::lower_ascii(models::trimmed(state.filter.text()));
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (wanted.empty() || models::lower_ascii(labels[i]).find(wanted) != std::string::npos)
        rows.push_back(static_cast<int>(i));
    state.row = std::clamp(state.row, 0, std::max(0, static_cast<int>(rows.size()) - 1));
  }

  // Few answers are read at a glance; a long list begins with a box to type in.
  [[nodiscard]] bool filtered() const { return always_filtered || labels.size() > 8; }

  std::optional<int> keys() {
    const int last = static_cast<int>(rows.size()) - 1;
    const auto pressed = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); };
    const int before = state.row;
    if (pressed(ImGuiKey_DownArrow)) state.row = std::min(last, state.row + 1);
    if (pressed(ImGuiKey_UpArrow)) state.row = std::max(0, state.row - 1);
    if (pressed(ImGuiKey_PageDown)) state.row = std::min(last, state.row + 7);
    if (pressed(ImGuiKey_PageUp)) state.row = std::max(0, state.row - 7);
    moved = state.row != before;
    if ((pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeypadEnter)) && !ImGui::IsWindowAppearing() && last >= 0)
      return rows[static_cast<std::size_t>(state.row)];
    return std::nullopt;
  }

  std::optional<int> list(const Rect& view) {
    std::optional<int> chosen;
    ScrollArea pane(ui, "rows", view);
    float y = pane.content().y;
    const float height = ui.theme.target();
    for (std::size_t i = 0; i < rows.size(); ++i, y += height) {
      const Rect row{view.x, y, pane.content().w, height};
      if (y + height < view.y || y > view.bottom()) continue;
      const Press hit = press_by_pointer(ui, std::to_string(rows[i]), row);
      if (hit.pressed) chosen = rows[i];
      const bool here = static_cast<int>(i) == state.row;
      if (here || hit.hovered)
        ui.fill(row, here ? ui.colours().accent_soft : ui.colours().hover, ui.theme.radius_button());
      ui.text_cut(row.x + ui.px(12), row.y + (row.h - ui.line(TextStyle::body)) / 2, row.w - ui.px(24), TextStyle::body,
                  ui.colours().ink, labels[static_cast<std::size_t>(rows[i])]);
    }
    if (rows.empty()) {
      ui.text(view.x + ui.px(12), y + ui.px(12), TextStyle::small, ui.colours().ink2,
              "Nothing in this list holds those letters.");
      y += height;
    }
    if (moved)
      pane.reveal(pane.content().y + height * static_cast<float>(state.row),
                  pane.content().y + height * static_cast<float>(state.row + 1));
    pane.end(y);
    return chosen;
  }

  bool moved = false;
};

std::optional<int> open_list(const Ui& ui, const Rect& under, std::span<const std::string> labels, SelectState& state,
                             bool always_filtered) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  Popup popup(ui, labels, state, always_filtered);
  const float wanted = static_cast<float>(std::min<std::size_t>(labels.size(), 8)) * ui.theme.target() + 2 * ui.px(8) +
                       (popup.filtered() ? ui.theme.target() + ui.px(8) : 0);
  const float below = screen.y - under.bottom() - ui.px(12);
  const float above = under.y - ui.px(12) - ui.theme.header() - ui.px(96);  // the safe-contact strip stays in sight
  const bool goes_up = below < std::min(wanted, ui.px(220)) && above > below;
  const float height = std::min(wanted, std::max(goes_up ? above : below, ui.px(120)));
  const Rect rect{under.x, goes_up ? under.y - ui.px(4) - height : under.bottom() + ui.px(4), under.w, height};
  ImGui::SetNextWindowPos({rect.x, rect.y});
  ImGui::SetNextWindowSize({rect.w, rect.h});
  if (!ImGui::BeginPopup("list", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNavInputs | ImGuiWindowFlags_NoScrollbar))
    return std::nullopt;
  ui.fill(rect, ui.colours().surface, ui.theme.radius_card());
  ui.stroke(rect, ui.colours().edge, ui.theme.radius_card(), ui.theme.border());
  Rect inside = rect.inset(ui.px(8));
  std::optional<int> chosen = popup.keys();
  if (popup.filtered()) {
    const BoxOptions options{
        .focus_now = ImGui::IsWindowAppearing(), .leading = Icon::search, .when_empty = "Type to narrow the list"};
    if (text_box(ui, "filter", inside.cut_top(ui.theme.target()).inset(ui.px(3), 0), state.filter, options).changed)
      state.row = 0;
    inside.cut_top(ui.px(8));
  }
  if (const auto pressed = popup.list(inside)) chosen = pressed;
  if (chosen) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  return chosen;
}

}  // namespace

std::optional<int> select_box(const Ui& ui, std::string_view id, const Rect& rect, std::string_view shown,
                              std::span<const std::string> labels, SelectState& state, bool error, bool focus_now, bool always_filtered) {
  const IdScope scope(id);
  const Press hit = press(ui, "open", rect);
  if (focus_now) focus_last_item();
  box_frame(ui, rect, false, error);
  if (hit.hovered) ui.fill(rect.inset(ui.theme.thick_border()), ui.colours().hover, ui.theme.radius_field());
  const float y = rect.y + (rect.h - ui.line(TextStyle::body)) / 2;
  ui.text_cut(rect.x + ui.px(12), y, rect.w - ui.px(24) - ui.theme.glyph(24), TextStyle::body,
              shown.empty() ? ui.colours().ink2 : ui.colours().ink, shown.empty() ? "Not recorded" : shown);
  ui.icon(Icon::expand_more, rect.right() - ui.px(12) - ui.theme.glyph(10), rect.centre_y(), ui.theme.glyph(22),
          ui.colours().ink2);
  if (hit.focused) focus_ring(ui, rect, ui.theme.radius_field());
  if (hit.pressed) {
    state.filter.clear();
    const auto held = std::ranges::find(labels, shown);
    state.row = held == labels.end() ? 0 : static_cast<int>(held - labels.begin());
    ImGui::OpenPopup("list");
  }
  return open_list(ui, rect, labels, state, always_filtered);
}

}  // namespace wayside::desktop
