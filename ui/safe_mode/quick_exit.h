#pragma once

#include <cstdint>

namespace wayside::safe_mode {

/// Recognises the quick exit on raw keys: Shift pressed three times, either side, at most 5 s between presses;
/// any other key starts over. Key repeats are no presses and must not be told.
/// It sees keys before any text box does, so it works during dialogs, drags and input methods.
class QuickExitKeys {
 public:
  static constexpr int kPresses = 3;
  static constexpr std::int64_t kLongestGap_ms = 5000;

  enum class Key { shift, other };

  /// True on the press that completes the gesture; then it starts over.
  bool pressed(Key key, std::int64_t now_ms) {
    if (key != Key::shift) {
      count_ = 0;
      return false;
    }
    if (count_ > 0 && now_ms - last_ms_ > kLongestGap_ms) count_ = 0;
    last_ms_ = now_ms;
    if (++count_ < kPresses) return false;
    count_ = 0;
    return true;
  }
  /// A pointer press between two Shifts is a person at work, not one who leaves.
  void pointer_pressed() { count_ = 0; }

 private:
  int count_ = 0;
  std::int64_t last_ms_ = 0;
};

}  // namespace wayside::safe_mode
