#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace wayside::desktop {

/// F6: the keyboard goes from one part of the screen to the next. Parts are counted as they are drawn; each item that
/// the keyboard can reach reports to the part it stands in. A part without such an item is passed over.
class Panes {
 public:
  /// `step`: 1 to the next part, -1 back, 0 when nobody asked.
  void begin_frame(int step) {
    drawn_before_ = std::exchange(drawn_, {});
    wanted_ = step == 0 ? kNone : next(step);
  }
  /// What is drawn from now on is another part.
  void enter() { drawn_.push_back(false); }
  /// An item of the part that is being drawn. True: it takes the keyboard now.
  bool item(bool has_keyboard) {
    if (drawn_.empty()) return false;
    const std::size_t here = drawn_.size() - 1;
    drawn_[here] = true;
    if (has_keyboard) keyboard_ = here;
    if (here != wanted_) return false;
    wanted_ = kNone;
    keyboard_ = here;
    return true;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t next(int step) const {
    const std::size_t count = drawn_before_.size();
    // Nowhere yet: forward to the first, back to the last.
    std::size_t at = keyboard_ < count ? keyboard_ : step > 0 ? count - 1 : 0;
    for (std::size_t tries = 0; tries < count; ++tries) {
      at = (at + count + static_cast<std::size_t>(step + static_cast<int>(count))) % count;
      if (drawn_before_[at]) return at;
    }
    return kNone;
  }

  std::vector<bool> drawn_, drawn_before_;  ///< whether each part holds an item
  std::size_t keyboard_ = kNone;            ///< where the keyboard was seen last
  std::size_t wanted_ = kNone;
};

}  // namespace wayside::desktop
