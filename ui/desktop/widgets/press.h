#pragma once

#include <string_view>

#include "ui/desktop/ui.h"

namespace wayside::desktop {

/// What a finger, a pointer or the keyboard does with one rectangle. It acts on release.
struct Press {
  bool pressed = false;
  bool hovered = false;
  bool held = false;
  bool focused = false;  ///< the keyboard is here, and the ring is to be shown
};

/// An item of the current window: a rectangle in, Tab and the arrows reach it, Space and Enter press it. Draws nothing.
Press press(const Ui& ui, std::string_view id, const Rect& rect);
/// The same for a pointer only: what the keyboard reaches in another way.
Press press_by_pointer(const Ui& ui, std::string_view id, const Rect& rect);

/// Brings the keyboard to the item that was just made, with its ring.
void focus_last_item();

/// 2 px of line, then 3 px of amber, around an item; `inside` for rows, which a scroll pane would clip.
void focus_ring(const Ui& ui, const Rect& rect, float radius, bool inside = false);

}  // namespace wayside::desktop
