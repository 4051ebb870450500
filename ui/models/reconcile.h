#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "ui/models/commands.h"

namespace wayside::models {

/// A session with the office as a person follows it: a sentence, a bar, three steps, how long it will take.
class ReconcileModel {
 public:
  enum class StepState { next, now, done };
  struct Step {
    std::string label;
    StepState state;
    std::string right;  ///< "16 left", "next", or empty
  };

  void take(const pb::Snapshot& snapshot);
  void drop() { *this = ReconcileModel(); }

  [[nodiscard]] bool has_office() const { return office_; }
  [[nodiscard]] bool running() const;
  [[nodiscard]] const pb::ReconcileState& shown() const { return shown_; }
  [[nodiscard]] std::string headline() const;
  [[nodiscard]] std::string explanation() const;  ///< the smaller line below
  /// 0 to 1; nothing while the size of the work is not known.
  [[nodiscard]] std::optional<float> share() const;
  /// "about 2 minutes", after a second of measuring.
  [[nodiscard]] std::string time_left() const;
  [[nodiscard]] std::array<Step, 3> steps() const;
  /// "Reconcile now", "Pause", "Carry on", "Try again".
  [[nodiscard]] std::string button_label() const;
  void press(Commands& out) const;
  [[nodiscard]] std::uint32_t decisions() const { return decisions_; }

 private:
  pb::ReconcileState shown_;
  std::int64_t now_ms_ = 0;
  std::uint32_t decisions_ = 0;
  bool office_ = false;
};

}  // namespace wayside::models
