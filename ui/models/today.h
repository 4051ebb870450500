#pragma once

#include <string>
#include <vector>

#include "ui/models/commands.h"

namespace wayside::models {

/// What is due: this worker's own first, everybody's when asked.
class TodayModel {
 public:
  void take(const pb::Today& news);

  [[nodiscard]] bool known() const { return !shown_.day().empty(); }
  [[nodiscard]] const pb::Today& shown() const { return shown_; }
  [[nodiscard]] bool everybody() const { return everybody_; }
  void show_everybody(bool everybody) { everybody_ = everybody; }
  [[nodiscard]] std::size_t mine() const;
  [[nodiscard]] std::size_t all() const { return static_cast<std::size_t>(shown_.rows_size()); }

  /// Headings with their rows, in order; a heading without rows is left out.
  struct Group {
    std::string heading;
    std::vector<const pb::DueRow*> rows;
  };
  [[nodiscard]] std::vector<Group> groups() const;
  /// "Nothing of yours is due until 26 June." when there are no rows to show.
  [[nodiscard]] std::string empty_sentence() const;
  static void open(const pb::DueRow& row, Commands& out);

 private:
  pb::Today shown_;
  bool everybody_ = false;
};

}  // namespace wayside::models
