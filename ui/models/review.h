#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ui/models/commands.h"
#include "ui/models/draft_pace.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

/// One decision that only a person may take: nothing is chosen beforehand, and the reason is theirs to write.
/// What stands here undecided is kept as a draft, and comes back with its question.
class ReviewModel {
 public:
  enum class Choice { none, keep_one, keep_both, write_another };

  void take(const pb::Reviews& reviews);
  void drop();

  [[nodiscard]] const pb::Reviews& shown() const { return shown_; }
  [[nodiscard]] bool has_detail() const { return !shown_.detail().review_id().empty(); }
  [[nodiscard]] const pb::Review& detail() const { return shown_.detail(); }
  [[nodiscard]] Choice choice() const { return choice_; }
  [[nodiscard]] bool kept(const pb::HeldValue& value) const {
    return choice_ == Choice::keep_one && value.dot() == dot_;
  }
  TextEdit& reason() { return reason_; }
  TextEdit& another() { return another_; }

  // What a person does. `now_ms` is monotonic.
  void keep(const pb::HeldValue& value, std::int64_t now_ms);
  void keep_both(std::int64_t now_ms);
  void write_another(std::int64_t now_ms);
  void typed(std::int64_t now_ms);  ///< in a box; a complaint goes when its reason goes

  [[nodiscard]] std::optional<std::int64_t> draft_due_ms() const { return pace_.due_ms(); }
  /// Sends the draft when it is due, or at once when `now`. Blank again: then the kept one goes.
  void keep_draft(std::int64_t now_ms, bool now, Commands& out);
  [[nodiscard]] std::string draft_line() const;  ///< "Draft kept 08:47", or empty

  /// "Use 9 Orchard Way", "Keep both", "Use what you wrote", "Decide" before a choice.
  [[nodiscard]] std::string button_label() const;
  [[nodiscard]] std::string headline() const;  ///< "3 decisions only a person can make"
  /// What is missing, after the button was pressed without it.
  [[nodiscard]] const std::string& choice_complaint() const { return choice_complaint_; }
  [[nodiscard]] const std::string& reason_complaint() const { return reason_complaint_; }
  /// Sends the decision when it is complete, or says what is missing.
  bool decide(Commands& out);
  /// Opens the first review when none is open.
  void open_first(Commands& out);
  void open(std::string_view review_id, Commands& out);
  /// The review after this one, for "Decide later"; the same when it is the only one.
  void open_next(Commands& out);

 private:
  void start_over();
  void restore(const pb::Decide& draft);
  void leave(Commands& out);
  [[nodiscard]] bool blank() const;
  [[nodiscard]] pb::Decide undecided() const;

  pb::Reviews shown_;
  Choice choice_ = Choice::none;
  std::string dot_;
  TextEdit reason_{TextEdit::Shape::one_line};
  TextEdit another_{TextEdit::Shape::one_line};
  std::string choice_complaint_;
  std::string reason_complaint_;
  std::string asked_for_;  ///< review asked of the worker and not shown yet
  DraftPace pace_;
};

/// A value as the first words of a button may name it: one line, cut at a word.
std::string short_value(std::string_view value, std::size_t most_characters = 28);

}  // namespace wayside::models
