#pragma once

#include <string_view>

#include "ui/desktop/ui.h"

namespace wayside::desktop {

/// A pane that scrolls: wheel, keyboard, thin bar, and a finger (or held pointer) that drags more than 8 px.
/// Draw at content() and below; end() is told where the content ended.
class ScrollArea {
 public:
  /// Focus rings need room: the pane reaches `kRingRoom` beyond `view` at the left and keeps bar room at the right.
  static constexpr float kRingRoom = 6;

  ScrollArea(const Ui& ui, std::string_view id, const Rect& view);
  ~ScrollArea();
  ScrollArea(const ScrollArea&) = delete;
  ScrollArea& operator=(const ScrollArea&) = delete;

  /// Where the content begins on the screen, moved by the scroll; its height is that of the view.
  [[nodiscard]] const Rect& content() const { return content_; }
  [[nodiscard]] const Rect& view() const { return view_; }
  void end(float content_bottom) { bottom_ = content_bottom; }
  /// Scrolls so that [top, bottom) of the screen is seen.
  void reveal(float top, float bottom);
  void to_top();

 private:
  void drag();
  void bar();

  const Ui& ui_;
  Rect view_;
  Rect content_;
  float bottom_ = 0;
};

}  // namespace wayside::desktop
