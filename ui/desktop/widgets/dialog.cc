#include "ui/desktop/widgets/dialog.h"

#include <algorithm>
#include <string>

namespace wayside::desktop {

Dialog::Dialog(const Ui& ui, std::string_view id, std::string_view title, DialogState& state) : ui_(ui), state_(state) {
  const std::string name(id);
  ImGui::PushID("dialog");
  if (state_.open && !ImGui::IsPopupOpen(name.c_str())) ImGui::OpenPopup(name.c_str());
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float top = ui.theme.header();  // the quick exit stays free
  const float width = std::min(ui.px(560), screen.x - 2 * ui.px(16));
  const float height = std::min(state_.height, screen.y - top - ui.px(16));
  rect_ = {std::round((screen.x - width) / 2), std::round(std::max(top, (screen.y - height) / 2)), width, height};
  ImGui::SetNextWindowPos({rect_.x, rect_.y});
  ImGui::SetNextWindowSize({rect_.w, rect_.h});
  visible_ = ImGui::BeginPopupModal(
      name.c_str(), nullptr,
      ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  if (!visible_) return;
  if (!state_.open || ImGui::IsKeyPressed(ImGuiKey_Escape, false)) close();
  ui.fill(rect_, ui.colours().surface, ui.theme.radius_dialog());
  ui.stroke(rect_, ui.colours().edge, ui.theme.radius_dialog(), ui.theme.border());
  content_ = rect_.inset(ui.px(24));
  const float title_height =
      ui.text_wrapped(content_.x, content_.y, content_.w, TextStyle::title, ui.colours().ink, title);
  content_.cut_top(title_height + ui.px(12));
}

Dialog::~Dialog() {
  if (visible_) ImGui::EndPopup();
  ImGui::PopID();
}

void Dialog::end(float content_bottom) { state_.height = content_bottom + ui_.px(24) - rect_.y; }

void Dialog::close() {
  state_.open = false;
  ImGui::CloseCurrentPopup();
}

}  // namespace wayside::desktop
