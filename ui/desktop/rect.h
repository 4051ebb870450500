#pragma once

#include <algorithm>
#include <cmath>

namespace wayside::desktop {

/// A rectangle in pixels, and the cuts that lay out a screen: each takes a strip off and leaves the rest.
struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  [[nodiscard]] float right() const { return x + w; }
  [[nodiscard]] float bottom() const { return y + h; }
  [[nodiscard]] float centre_x() const { return std::round(x + w / 2); }
  [[nodiscard]] float centre_y() const { return std::round(y + h / 2); }
  [[nodiscard]] bool holds(float px, float py) const { return px >= x && py >= y && px < right() && py < bottom(); }
  [[nodiscard]] Rect inset(float by) const { return inset(by, by); }
  [[nodiscard]] Rect inset(float by_x, float by_y) const {
    return {x + by_x, y + by_y, std::max(0.0f, w - 2 * by_x), std::max(0.0f, h - 2 * by_y)};
  }

  Rect cut_top(float height) {
    height = std::min(height, h);
    const Rect strip{x, y, w, height};
    y += height;
    h -= height;
    return strip;
  }
  Rect cut_bottom(float height) {
    height = std::min(height, h);
    h -= height;
    return {x, y + h, w, height};
  }
  Rect cut_left(float width) {
    width = std::min(width, w);
    const Rect strip{x, y, width, h};
    x += width;
    w -= width;
    return strip;
  }
  Rect cut_right(float width) {
    width = std::min(width, w);
    w -= width;
    return {x + w, y, width, h};
  }
};

}  // namespace wayside::desktop
