#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace wayside::models {

/// When typed text goes to the worker as a draft: 300 ms after the last keystroke, and never more than
/// 1 s after the first one that is not kept yet (DESIGN.md, one edit).
class DraftPace {
 public:
  static constexpr std::int64_t kQuiet_ms = 300;
  static constexpr std::int64_t kLongest_ms = 1000;

  void edited(std::int64_t now_ms) {
    if (!first_ms_) first_ms_ = now_ms;
    last_ms_ = now_ms;
  }
  void sent() { first_ms_.reset(); }
  [[nodiscard]] bool pending() const { return first_ms_.has_value(); }
  /// When the draft is due; nothing when everything was sent.
  [[nodiscard]] std::optional<std::int64_t> due_ms() const {
    if (!first_ms_) return std::nullopt;
    return std::min(last_ms_ + kQuiet_ms, *first_ms_ + kLongest_ms);
  }

 private:
  std::optional<std::int64_t> first_ms_;
  std::int64_t last_ms_ = 0;
};

}  // namespace wayside::models
