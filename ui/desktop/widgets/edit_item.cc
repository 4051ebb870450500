#include "ui/desktop/widgets/edit_item.h"

#include <imgui_internal.h>
#include <sodium.h>

namespace wayside::desktop {

EditItem edit_item(const Ui& ui, std::string_view name, const Rect& rect, bool focus_now, bool keeps_vertical) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  EditItem item;
  item.id = window->GetID(name.data(), name.data() + name.size());
  const ImRect box({rect.x, rect.y}, {rect.right(), rect.bottom()});
  ImGui::SetCursorScreenPos(box.Min);
  ImGui::ItemSize(box.GetSize());
  ImGui::ItemAdd(box, item.id, nullptr, ImGuiItemFlags_Inputable);
  item.hovered = ImGui::ItemHoverable(box, item.id, g.LastItemData.ItemFlags);
  if (item.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);

  item.clicked = item.hovered && g.IO.MouseClicked[0];
  item.clicks = item.clicked ? g.IO.MouseClickedCount[0] : 0;
  const bool by_keyboard = ui.takes_keyboard(item.id) || g.NavActivateId == item.id || focus_now;
  if ((item.clicked || by_keyboard) && g.ActiveId != item.id) {
    ImGui::SetActiveID(item.id, window);
    ImGui::SetFocusID(item.id, window);
    ImGui::FocusWindow(window);
    item.just_active = true;
    item.by_keyboard = !item.clicked;
  }
  if (g.ActiveId == item.id && g.IO.MouseClicked[0] && !item.hovered) ImGui::ClearActiveID();
  item.active = g.ActiveId == item.id;

  int* was_active = window->StateStorage.GetIntRef(item.id + 1, 0);
  item.left = *was_active != 0 && !item.active;
  *was_active = item.active ? 1 : 0;
  if (!item.active) return item;

  ImGui::KeepAliveID(item.id);
  g.WantTextInputNextFrame = 1;
  g.ActiveIdUsingNavDirMask |= (1u << ImGuiDir_Left) | (1u << ImGuiDir_Right);
  if (keeps_vertical) g.ActiveIdUsingNavDirMask |= (1u << ImGuiDir_Up) | (1u << ImGuiDir_Down);
  for (const ImGuiKey key : {ImGuiKey_Home, ImGuiKey_End}) ImGui::SetKeyOwner(key, item.id);
  if (keeps_vertical)
    for (const ImGuiKey key : {ImGuiKey_PageUp, ImGuiKey_PageDown}) ImGui::SetKeyOwner(key, item.id);
  return item;
}

bool edit_key(ImGuiID id, ImGuiKey key) { return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id); }

void box_frame(const Ui& ui, const Rect& rect, bool active, bool error) {
  const Palette& c = ui.colours();
  const float radius = ui.theme.radius_field();
  ui.fill(rect, c.surface, radius);
  if (active) {
    const float amber = std::round(ui.theme.thick_border() * 1.5f);
    ui.stroke(rect.inset(-amber), c.focus, radius + amber, amber);
    ui.stroke(rect, ui.theme.look().mode == Mode::light ? c.focus_line : c.canvas, radius, ui.theme.thick_border());
  } else if (error) {
    ui.stroke(rect, c.danger, radius, ui.theme.thick_border());
  } else {
    ui.stroke(rect, c.edge, radius, ui.theme.border());
  }
}

void wipe_typed_characters() {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  auto& queue = g.IO.InputQueueCharacters;
  if (queue.Data) sodium_memzero(queue.Data, static_cast<std::size_t>(queue.Capacity) * sizeof(ImWchar));
  queue.resize(0);
  for (ImGuiInputEvent& event : g.InputEventsTrail)
    if (event.Type == ImGuiInputEventType_Text) event.Text.Char = ' ';
}

}  // namespace wayside::desktop
