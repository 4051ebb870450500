#pragma once

#include <string_view>

#include "ui/desktop/ui.h"

namespace wayside::desktop {

struct DialogState {
  bool open = false;
  float height = 240;  ///< of the last frame, in pixels; the first frame guesses
};

/// A dialog in a window of its own: 560 wide, centred, over everything but the quick exit. Escape closes it.
/// Draw into content(); end() says where the content ended, so that the next frame has the right height.
class Dialog {
 public:
  Dialog(const Ui& ui, std::string_view id, std::string_view title, DialogState& state);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

  [[nodiscard]] bool visible() const { return visible_; }
  [[nodiscard]] const Rect& content() const { return content_; }
  void end(float content_bottom);
  void close();

 private:
  const Ui& ui_;
  DialogState& state_;
  bool visible_ = false;
  Rect rect_;
  Rect content_;
};

}  // namespace wayside::desktop
