#include "ui/desktop/widgets/press.h"

#include <imgui_internal.h>

namespace wayside::desktop {
namespace {

Press item(const Ui& ui, std::string_view id, const Rect& rect, ImGuiButtonFlags flags) {
  if (rect.w < 1 || rect.h < 1) return {};
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  const IdScope scope(id);
  Press press;
  press.pressed = ImGui::InvisibleButton("", {rect.w, rect.h}, flags);
  press.hovered = ImGui::IsItemHovered();
  press.held = ImGui::IsItemActive();
  if ((flags & ImGuiButtonFlags_EnableNav) != 0 && ui.takes_keyboard(ImGui::GetItemID())) {
    ImGui::ScrollToItem(ImGuiScrollFlags_KeepVisibleEdgeY);
    focus_last_item();
  }
  press.focused = ImGui::GetItemID() == ImGui::GetFocusID() && ImGui::GetIO().NavVisible;
  return press;
}

}  // namespace

Press press(const Ui& ui, std::string_view id, const Rect& rect) {
  return item(ui, id, rect, ImGuiButtonFlags_EnableNav);
}

Press press_by_pointer(const Ui& ui, std::string_view id, const Rect& rect) {
  return item(ui, id, rect, ImGuiButtonFlags_None);
}

void focus_last_item() {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  ImGui::ClearActiveID();  // whoever had the keyboard
  ImGui::FocusWindow(window);
  ImGui::SetFocusID(g.LastItemData.ID, window);
  ImGui::SetNavCursorVisible(true);
}

void focus_ring(const Ui& ui, const Rect& rect, float radius, bool inside) {
  const float line = ui.theme.thick_border();
  const float amber = std::round(line * 1.5f);
  const float grow = inside ? 0 : line + amber;
  const Rect outer = rect.inset(-grow);
  ui.stroke(outer, ui.colours().focus, radius + grow, amber);
  ui.stroke(outer.inset(amber), ui.colours().focus_line, radius + grow - amber, line);
}

}  // namespace wayside::desktop
