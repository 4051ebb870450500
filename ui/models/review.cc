#include "ui/models/review.h"

#include <algorithm>

#include "ui/models/utf8.h"

namespace wayside::models {

std::string short_value(std::string_view value, std::size_t most_characters) {
  std::string line(trimmed(value.substr(0, value.find('\n'))));
  // "9 Orchard Way, Oadby": what stands before the town says enough.
  if (const auto comma = line.rfind(", "); comma != std::string::npos && comma >= 6) line.resize(comma);
  std::size_t end = 0;
  std::size_t last_space = 0;
  for (std::size_t count = 0; end < line.size() && count < most_characters; ++count) {
    if (line[end] == ' ') last_space = end;
    end = next_character(line, end);
  }
  if (end == line.size()) return line;
  const bool at_word_end = line[end] == ' ';
  return line.substr(0, at_word_end || last_space == 0 ? end : last_space) + "…";
}

void ReviewModel::take(const pb::Reviews& reviews) {
  const bool other = reviews.detail().review_id() != shown_.detail().review_id();
  shown_ = reviews;
  if (other) start_over();
  if (shown_.detail().review_id() == asked_for_) asked_for_.clear();
  const auto& values = shown_.detail().values();
  // The chosen value may have been superseded meanwhile: then nothing is chosen.
  const bool still_there =
      std::any_of(values.begin(), values.end(), [&](const auto& held) { return held.dot() == dot_; });
  if (choice_ == Choice::keep_one && !still_there) choice_ = Choice::none;
}

void ReviewModel::drop() {
  shown_.Clear();
  asked_for_.clear();
  start_over();
}

void ReviewModel::start_over() {
  choice_ = Choice::none;
  dot_.clear();
  reason_.clear();
  another_ = TextEdit(shown_.detail().field().kind() == pb::FormField::long_text ? TextEdit::Shape::many_lines
                                                                                 : TextEdit::Shape::one_line);
  choice_complaint_.clear();
  reason_complaint_.clear();
  pace_.sent();
  if (shown_.detail().has_draft()) restore(shown_.detail().draft());
}

void ReviewModel::restore(const pb::Decide& draft) {
  dot_ = draft.dot();
  if (draft.choice() == pb::Decide::keep_both) choice_ = Choice::keep_both;
  if (draft.choice() == pb::Decide::write_another) choice_ = Choice::write_another;
  if (draft.choice() == pb::Decide::keep_one && !dot_.empty()) choice_ = Choice::keep_one;
  another_.set_text(draft.text());
  reason_.set_text(draft.reason());
}

bool ReviewModel::blank() const {
  return choice_ == Choice::none && trimmed(reason_.text()).empty() && trimmed(another_.text()).empty();
}

pb::Decide ReviewModel::undecided() const {
  pb::Decide out;
  out.set_review_id(detail().review_id());
  if (choice_ == Choice::keep_one) out.set_dot(dot_);
  if (choice_ == Choice::keep_both) out.set_choice(pb::Decide::keep_both);
  if (choice_ == Choice::write_another) out.set_choice(pb::Decide::write_another);
  if (blank()) return out;
  out.set_text(another_.text());
  out.set_reason(reason_.text());
  return out;
}

void ReviewModel::keep_draft(std::int64_t now_ms, bool now, Commands& out) {
  if (!has_detail() || !pace_.pending() || (!now && now_ms < *pace_.due_ms())) return;
  pb::Command command;
  *command.mutable_keep_decision() = undecided();
  out.push(std::move(command));
  pace_.sent();
}

std::string ReviewModel::draft_line() const {
  return blank() || detail().draft_kept().empty() ? std::string() : "Draft kept " + detail().draft_kept();
}

void ReviewModel::keep(const pb::HeldValue& value, std::int64_t now_ms) {
  choice_ = Choice::keep_one;
  dot_ = value.dot();
  typed(now_ms);
}

void ReviewModel::keep_both(std::int64_t now_ms) {
  choice_ = Choice::keep_both;
  typed(now_ms);
}

void ReviewModel::write_another(std::int64_t now_ms) {
  choice_ = Choice::write_another;
  typed(now_ms);
}

void ReviewModel::typed(std::int64_t now_ms) {
  pace_.edited(now_ms);
  if (choice_ != Choice::none && (choice_ != Choice::write_another || !trimmed(another_.text()).empty()))
    choice_complaint_.clear();
  if (!trimmed(reason_.text()).empty()) reason_complaint_.clear();
}

std::string ReviewModel::button_label() const {
  switch (choice_) {
    case Choice::none: return "Decide";
    case Choice::keep_both: return detail().values_size() > 2 ? "Keep all" : "Keep both";
    case Choice::write_another: return "Use what you wrote";
    case Choice::keep_one: break;
  }
  for (const auto& value : detail().values())
    if (value.dot() == dot_)
      return "Use " + (trimmed(value.text()).empty() ? std::string("the empty one") : short_value(value.text()));
  return "Decide";
}

std::string ReviewModel::headline() const {
  if (shown_.open() == 0) return "Nothing waits for a decision";
  return shown_.open() == 1 ? "1 decision only a person can make"
                            : std::to_string(shown_.open()) + " decisions only a person can make";
}

bool ReviewModel::decide(Commands& out) {
  choice_complaint_ = choice_ == Choice::none ? "Choose one first" : "";
  if (choice_ == Choice::write_another && trimmed(another_.text()).empty()) choice_complaint_ = "Write what is right";
  reason_complaint_ = trimmed(reason_.text()).empty() ? "Write a reason before you decide" : "";
  if (!choice_complaint_.empty() || !reason_complaint_.empty()) return false;
  leave(out);  // so that a decision that fails has lost nothing
  pb::Command command;
  auto& decide = *command.mutable_decide();
  decide.set_review_id(detail().review_id());
  decide.set_reason(std::string(trimmed(reason_.text())));
  if (choice_ == Choice::keep_one) {
    decide.set_choice(pb::Decide::keep_one);
    decide.set_dot(dot_);
  } else if (choice_ == Choice::keep_both) {
    decide.set_choice(pb::Decide::keep_both);
  } else {
    decide.set_choice(pb::Decide::write_another);
    decide.set_text(std::string(trimmed(another_.text())));
  }
  out.push(std::move(command));
  return true;
}

/// The last words go before what makes them leave the screen.
void ReviewModel::leave(Commands& out) { keep_draft(0, true, out); }

void ReviewModel::open(std::string_view review_id, Commands& out) {
  leave(out);
  asked_for_ = review_id;
  out.open_review(review_id);
}

void ReviewModel::open_first(Commands& out) {
  if (!has_detail() && asked_for_.empty() && shown_.rows_size() > 0) open(shown_.rows(0).review_id(), out);
}

void ReviewModel::open_next(Commands& out) {
  const int rows = shown_.rows_size();
  for (int i = 0; i < rows; ++i)
    if (shown_.rows(i).review_id() == detail().review_id()) return open(shown_.rows((i + 1) % rows).review_id(), out);
  if (rows > 0) open(shown_.rows(0).review_id(), out);
}

}  // namespace wayside::models
