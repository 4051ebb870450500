#pragma once

#include <optional>
#include <string_view>

#include "ui/desktop/widgets/press.h"
#include "ui/models/text_edit.h"

namespace wayside::desktop {

struct BoxOptions {
  bool focus_now = false;  ///< take the keyboard in this frame
  bool error = false;
  std::optional<Icon> leading = {};  ///< a picture inside, at the left
  std::string_view when_empty = {};  ///< an example of what can be typed; never the label
  bool keeps_vertical = false;       ///< Up and Down do not leave the box: its owner reads them
  float room_right = 0;              ///< kept free for something inside the box, in pixels
};

struct BoxResult {
  bool changed = false;
  bool submitted = false;  ///< Enter in one line, Ctrl Enter in many
  bool left = false;
  bool active = false;
};

/// A box that edits `edit`. One line scrolls sideways; many lines wrap, and the box is as high as
/// text_box_height says, so that only the page scrolls. Clipboard, undo, mouse and word moves as people know them.
BoxResult text_box(const Ui& ui, std::string_view id, const Rect& rect, models::TextEdit& edit,
                   const BoxOptions& options = {});

/// For many lines: grows with the text from `least_lines`.
float text_box_height(const Ui& ui, const models::TextEdit& edit, float width, int least_lines = 4);

}  // namespace wayside::desktop
