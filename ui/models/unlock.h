#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ui/models/commands.h"

namespace wayside::models {

/// What the unlock screen says and when it takes the next try. The passphrase itself never comes near a model.
class UnlockModel {
 public:
  /// `now_ms` is the monotonic clock that Snapshot.retry_at_ms counts in.
  void take(const pb::Snapshot& snapshot, std::int64_t now_ms);
  void drop() { *this = UnlockModel(); }

  [[nodiscard]] bool can_type() const;  ///< a vault is there and waits for its passphrase
  [[nodiscard]] bool working() const { return state_ == pb::Snapshot::unlocking; }
  [[nodiscard]] std::string who() const { return device_label_; }
  /// The sentence over the field: what happened, what is safe, what to do. Empty when there is nothing to say.
  [[nodiscard]] std::string complaint(std::int64_t now_ms) const;
  [[nodiscard]] bool may_try(std::int64_t now_ms) const { return can_type() && seconds_left(now_ms) == 0; }
  /// When the sentence next changes, so that the screen is drawn then and not before.
  [[nodiscard]] std::optional<std::int64_t> next_change_ms(std::int64_t now_ms) const;

  void pressed_without_text() { empty_try_ = true; }
  void typed() { empty_try_ = false; }

 private:
  [[nodiscard]] std::int64_t seconds_left(std::int64_t now_ms) const;

  pb::Snapshot::VaultState state_ = pb::Snapshot::absent;
  bool any_news_ = false;
  std::string device_label_;
  std::string notice_;
  std::int64_t retry_at_ms_ = 0;
  bool empty_try_ = false;
};

}  // namespace wayside::models
