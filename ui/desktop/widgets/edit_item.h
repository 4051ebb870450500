#pragma once

#include <string_view>

#include "ui/desktop/widgets/press.h"

namespace wayside::desktop {

/// The part that every box for typing shares: taking the keyboard, keeping it, giving it up.
/// It never uses ImGui's own text input, which keeps copies of what was typed.
struct EditItem {
  ImGuiID id = 0;
  bool hovered = false;
  bool active = false;       ///< it has the keyboard
  bool just_active = false;  ///< since this frame
  bool by_keyboard = false;  ///< just_active came from Tab or Enter, or was asked for
  bool left = false;         ///< it had the keyboard until this frame
  bool clicked = false;
  int clicks = 0;  ///< 2 for a double click
};

EditItem edit_item(const Ui& ui, std::string_view id, const Rect& rect, bool focus_now, bool keeps_vertical);

/// A pressed (or repeated) key that belongs to the box `id`.
bool edit_key(ImGuiID id, ImGuiKey key);

/// The ground and border of a box: edge, danger when in error, line and amber when it has the keyboard.
void box_frame(const Ui& ui, const Rect& rect, bool active, bool error);

/// Forgets characters that ImGui has queued and kept a trail of, after a secret was read from them.
void wipe_typed_characters();

}  // namespace wayside::desktop
