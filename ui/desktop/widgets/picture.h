#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "ui/desktop/ui.h"

namespace wayside::desktop {

/// A picture of a case on the screen: pixels in the graphics memory, and nowhere else once they are there. They are
/// overwritten before that memory is given back. Needs the window's context, but only while it holds something.
class Picture {
 public:
  Picture() = default;
  ~Picture() { drop(); }
  Picture(Picture&& other) noexcept { *this = std::move(other); }
  Picture& operator=(Picture&& other) noexcept;

  /// `name` says which picture it is: the same name again changes nothing. `rgba`: 4 bytes a pixel, rows from the top.
  void hold(std::string_view name, unsigned width, unsigned height, std::string_view rgba);
  void drop();
  [[nodiscard]] bool empty() const { return texture_ == 0; }
  /// Whole, as large as fits into `room` and at most twice its own size, at the top left. Where it is drawn.
  Rect draw(const Ui& ui, const Rect& room) const;

 private:
  std::string name_;
  unsigned texture_ = 0;
  unsigned width_ = 0, height_ = 0;
};

}  // namespace wayside::desktop
