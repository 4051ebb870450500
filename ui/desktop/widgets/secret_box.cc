#include "ui/desktop/widgets/secret_box.h"

#include <sodium.h>

#include <string>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/edit_item.h"
#include "ui/models/utf8.h"

namespace wayside::desktop {
namespace {

bool append_code_point(SecretString& secret, std::uint32_t c) {
  std::string utf8;  // at most four bytes: inside the object, wiped below
  models::append_utf8(utf8, c);
  const bool fits = secret.append(utf8);
  sodium_memzero(utf8.data(), utf8.size());
  return fits;
}

bool type_secret(const EditItem& item, SecretString& secret) {
  const ImGuiIO& io = ImGui::GetIO();
  bool changed = false;
  if (!io.KeyCtrl || io.KeyAlt)
    for (const ImWchar c : io.InputQueueCharacters)
      if (c >= 0x20 && c != 0x7F) changed |= append_code_point(secret, c);
  wipe_typed_characters();
  if (edit_key(item.id, ImGuiKey_Backspace) && !secret.empty()) {
    if (io.KeyCtrl) secret.clear();
    else secret.pop_back_code_point();
    changed = true;
  }
  if (io.KeyCtrl && edit_key(item.id, ImGuiKey_V))
    if (const char* text = ImGui::GetClipboardText()) {
      const std::string_view pasted(text);
      changed |= secret.append(pasted.substr(0, pasted.find_first_of("\r\n")));
    }
  return changed;
}

std::size_t characters_in(BytesView utf8) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < utf8.size(); at = models::next_character(utf8, at)) ++count;
  return count;
}

}  // namespace

SecretResult secret_box(const Ui& ui, std::string_view id, const Rect& rect, SecretString& secret, bool& shown,
                        bool focus_now, bool error) {
  const IdScope scope(id);
  const std::string_view wish = shown ? "Hide" : "Show";
  const float wish_width = ui.width_of(TextStyle::strong, "Show");
  const Rect box{rect.x, rect.y, rect.w - wish_width - ui.px(28), rect.h};
  const EditItem item = edit_item(ui, "box", box, focus_now, false);
  SecretResult result;
  if (item.active) {
    result.changed = type_secret(item, secret);
    result.submitted = edit_key(item.id, ImGuiKey_Enter) || edit_key(item.id, ImGuiKey_KeypadEnter);
  }
  box_frame(ui, rect, item.active, error);

  const Rect inner = box.inset(ui.px(12), 0);
  const float height = ui.line(TextStyle::body);
  const float y = std::round(rect.y + (rect.h - height) / 2);
  const float dot = ui.theme.glyph(9);
  const float width =
      shown ? ui.width_of(TextStyle::body, secret.view()) : dot * static_cast<float>(characters_in(secret.view()));
  const float x = inner.x - std::max(0.0f, width - inner.w + 2);
  ui.draw().PushClipRect({inner.x - 1, rect.y}, {inner.right() + 1, rect.bottom()}, true);
  if (shown) {
    ui.text(x, y, TextStyle::body, ui.colours().ink, secret.view());
  } else {
    for (std::size_t i = 0, n = characters_in(secret.view()); i < n; ++i)
      ui.draw().AddCircleFilled({std::round(x + dot * (static_cast<float>(i) + 0.5f)), rect.centre_y()}, dot * 0.36f,
                                Ui::packed(ui.colours().ink));
  }
  if (item.active) ui.fill({std::round(x + width) + 1, y + 1, ui.theme.border(), height - 2}, ui.colours().ink);
  ui.draw().PopClipRect();

  const Rect wish_rect{rect.right() - wish_width - ui.px(16), rect.y + ui.px(2), wish_width, rect.h - ui.px(4)};
  if (button(ui, "wish", wish_rect, ButtonKind::quiet, wish)) shown = !shown;
  return result;
}

}  // namespace wayside::desktop
