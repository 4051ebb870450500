#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace wayside::safe_mode {

/// The way from the neutral page to the passphrase: hold its heading for one second with finger or mouse, or type
/// w, a, y outside the search box with at most 2 s between letters. Nothing on the page hints at either, and no use
/// of a timetable does them by chance.
class ReturnGesture {
 public:
  static constexpr std::int64_t kHold_ms = 1000;
  static constexpr std::int64_t kLetterGap_ms = 2000;

  /// The heading is (or is no longer) held down. True once it was held long enough.
  bool held(bool down, std::int64_t now_ms) {
    if (!down) {
      held_since_ms_.reset();
      return false;
    }
    if (!held_since_ms_) held_since_ms_ = now_ms;
    if (now_ms - *held_since_ms_ < kHold_ms) return false;
    held_since_ms_.reset();
    return true;
  }
  /// When a hold under way is long enough.
  [[nodiscard]] std::optional<std::int64_t> due_ms() const {
    if (!held_since_ms_) return std::nullopt;
    return *held_since_ms_ + kHold_ms;
  }

  /// A letter typed on the page itself. True on the one that completes the word.
  bool typed(std::uint32_t letter, std::int64_t now_ms) {
    static constexpr std::array<std::uint32_t, 3> kWord{'w', 'a', 'y'};
    const std::uint32_t lower = letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
    if (at_ > 0 && now_ms - last_ms_ > kLetterGap_ms) at_ = 0;
    last_ms_ = now_ms;
    if (lower != kWord[at_]) {
      at_ = lower == kWord[0] ? 1 : 0;
      return false;
    }
    if (++at_ < kWord.size()) return false;
    at_ = 0;
    return true;
  }

 private:
  std::optional<std::int64_t> held_since_ms_;
  std::size_t at_ = 0;
  std::int64_t last_ms_ = 0;
};

}  // namespace wayside::safe_mode
