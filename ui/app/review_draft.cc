#include "ui/app/review_draft.h"

#include <algorithm>

#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::string_view kType = "review";  // no type of record has this name

/// The draft's fields, and the whole question, whose dots were shown.
enum Key : std::uint32_t { question = 0, choice = 1, dot = 2, text = 3, reason = 4 };

std::string item(const vault::Draft& draft, Key key) {
  const auto found = std::ranges::find(draft.fields, key, &vault::Draft::Field::field);
  return found == draft.fields.end() || found->items.empty() ? std::string() : found->items.front();
}

}  // namespace

bool is_review_draft(const vault::Draft& draft) { return draft.type == kType && draft.record.is_zero(); }

bool is_blank(const pb::Decide& undecided) {
  return undecided.choice() == pb::Decide::keep_one && undecided.dot().empty() && trimmed(undecided.text()).empty() &&
         trimmed(undecided.reason()).empty();
}

std::optional<vault::Draft> review_draft(const pb::Decide& undecided, const std::set<ledger::Dot>& shown,
                                         std::int64_t now_ms) {
  const auto id = vault::FormId::from(undecided.review_id());
  if (!id) return std::nullopt;
  vault::Draft out;
  out.form = *id;
  out.type = kType;
  out.time_ms = now_ms;
  out.fields = {{choice, {pb::Decide::Choice_Name(undecided.choice())}},
                {dot, {undecided.dot()}},
                {text, {undecided.text()}},
                {reason, {undecided.reason()}}};
  out.shown = {{question, {shown.begin(), shown.end()}}};
  return out;
}

void restore(const vault::Draft& draft, OpenReview& review) {
  pb::Decide& undecided = *review.page.mutable_draft();
  undecided.set_review_id(review.page.review_id());
  undecided.set_text(item(draft, text));
  undecided.set_reason(item(draft, reason));
  review.page.set_draft_kept(clock_time(draft.time_ms));
  const std::set<ledger::Dot> shown =
      draft.shown.empty() ? std::set<ledger::Dot>()
                          : std::set<ledger::Dot>(draft.shown[0].dots.begin(), draft.shown[0].dots.end());
  if (shown != review.shown) {
    review.page.mutable_notice()->set_tone(pb::Notice::information);
    review.page.mutable_notice()->set_text(
        "Something has come in since you wrote this. Your words are kept. Look again, then choose.");
    return;
  }
  pb::Decide::Choice chosen = pb::Decide::keep_one;
  if (pb::Decide::Choice_Parse(item(draft, choice), &chosen)) undecided.set_choice(chosen);
  undecided.set_dot(item(draft, dot));
}

}  // namespace wayside::app
