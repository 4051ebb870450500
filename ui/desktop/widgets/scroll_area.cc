#include "ui/desktop/widgets/scroll_area.h"

#include <imgui_internal.h>

#include <algorithm>

namespace wayside::desktop {
namespace {

constexpr float kDragFrom = 8;  // px: less is a press

}  // namespace

ScrollArea::ScrollArea(const Ui& ui, std::string_view id, const Rect& view) : ui_(ui), view_(view) {
  const float room = ui.px(kRingRoom);
  ImGui::SetCursorScreenPos({view.x - room, view.y});
  ImGui::PushID(id.data(), id.data() + id.size());
  ImGui::BeginChild("pane", {std::max(1.0f, view.w + room), std::max(1.0f, view.h)}, ImGuiChildFlags_NavFlattened,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove |
                        ImGuiWindowFlags_NoSavedSettings);
  drag();
  content_ = {view.x, std::round(view.y - ImGui::GetScrollY()), view.w - ui.theme.bar_room(), view.h};
  bottom_ = content_.y;
}

ScrollArea::~ScrollArea() {
  bar();
  // Tells ImGui how high the content is.
  ImGui::SetCursorScreenPos({content_.x, std::max(content_.y, bottom_ - 1)});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
  ImGui::PopID();
}

void ScrollArea::reveal(float top, float bottom) {
  const float scroll = ImGui::GetScrollY();
  if (top < view_.y) ImGui::SetScrollY(std::max(0.0f, scroll - (view_.y - top)));
  else if (bottom > view_.bottom()) ImGui::SetScrollY(scroll + std::min(bottom - view_.bottom(), top - view_.y));
}

void ScrollArea::to_top() { ImGui::SetScrollY(0); }

void ScrollArea::drag() {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiIO& io = g.IO;
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  int* dragging = window->StateStorage.GetIntRef(window->GetID("dragging"), 0);
  float* from = window->StateStorage.GetFloatRef(window->GetID("from"), 0.0f);
  if (!io.MouseDown[0]) {
    *dragging = 0;
    return;
  }
  const ImVec2 at = io.MouseClickedPos[0];
  if (io.MouseClicked[0]) *from = window->Scroll.y;
  const bool here = view_.holds(at.x, at.y) && at.x < view_.right() - ui_.theme.bar_room() &&
                    g.HoveredWindow != nullptr &&
                    (g.HoveredWindow == window || g.HoveredWindow->RootWindow == window->RootWindow);
  const float moved = io.MousePos.y - at.y;
  // Inside a box for typing, dragging selects.
  if (*dragging == 0 && here && !io.WantTextInput && std::abs(moved) > ui_.px(kDragFrom) && window->ScrollMax.y > 0) {
    *dragging = 1;
    ImGui::ClearActiveID();  // what was pressed is not meant any more
  }
  if (*dragging != 0) ImGui::SetScrollY(std::clamp(*from - moved, 0.0f, window->ScrollMax.y));
}

void ScrollArea::bar() {
  const float content_height = bottom_ - content_.y;
  if (content_height <= view_.h + 0.5f) return;
  const float most = content_height - view_.h;
  const float length = std::max(ui_.px(32), view_.h * view_.h / content_height);
  const float way = view_.h - length;
  const float scroll = std::clamp(ImGui::GetScrollY(), 0.0f, most);
  ImGui::SetCursorScreenPos({view_.right() - ui_.theme.bar_room(), view_.y});
  ImGui::InvisibleButton("bar", {ui_.theme.bar_room(), view_.h});
  if (ImGui::IsItemActive() && way > 0) {
    const float share = (ImGui::GetIO().MousePos.y - view_.y - length / 2) / way;
    ImGui::SetScrollY(std::clamp(share, 0.0f, 1.0f) * most);
  }
  const float width = ui_.px(ImGui::IsItemHovered() || ImGui::IsItemActive() ? 6 : 4);
  ui_.fill(
      {view_.right() - ui_.px(6) - width / 2, std::round(view_.y + way * scroll / most), width, std::round(length)},
      ui_.colours().edge, width / 2);
}

}  // namespace wayside::desktop
