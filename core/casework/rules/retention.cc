#include "core/casework/rules/retention.h"

#include <algorithm>

namespace wayside::casework::rules {
namespace {

/// Nothing where a child's day of birth is not known: then nobody can say when the time is over.
std::optional<Day> keep_until(const RetentionFacts& facts, const RetentionSettings& settings) {
  auto until = plus_years(*facts.clock_from, settings.adult_years);
  if (!facts.about_a_child) return until;
  if (facts.children_born.empty()) return std::nullopt;
  for (const auto& born : facts.children_born) {
    if (!born) return std::nullopt;
    until = std::max(until, plus_years(*born, settings.child_until_age));
  }
  return until;
}

RetentionState state_of(const std::optional<Day>& until, Day on, const RetentionSettings& settings) {
  if (!until) return RetentionState::kept;
  if (on > *until) return RetentionState::due;
  return days_between(on, *until) <= settings.warn_days ? RetentionState::due_soon : RetentionState::kept;
}

}  // namespace

RetentionStanding retention(const RetentionFacts& facts, Day on, const RetentionSettings& settings) {
  RetentionStanding out;
  const auto decide = [&](Answer answer, std::string_view rule, std::string sentence) {
    out.may_erase = answer;
    out.reasons.push_back({answer, rule, std::move(sentence)});
  };
  if (facts.clock_from) {
    out.keep_until = keep_until(facts, settings);
    out.state = state_of(out.keep_until, on, settings);
  }
  if (std::ranges::any_of(facts.holds, [](bool holds) { return holds; })) {
    out.state = RetentionState::held;
    decide(Answer::no, "hold", "A hold is on this case. It beats the clock, and a wish to erase.");
  } else if (facts.erasure_asked) {
    decide(Answer::ask, "erasure_asked", "She has asked for erasure: a person decides, and says why.");
  } else if (!facts.clock_from) {
    decide(Answer::no, "open", "The case is open.");
  } else if (!out.keep_until) {
    decide(Answer::ask, "birth_unknown",
           "A child's day of birth is not known, so nobody can say how long to keep this.");
  } else if (out.state == RetentionState::due) {
    decide(Answer::yes, "due", "Kept until " + iso(*out.keep_until) + ", which is over.");
  } else {
    decide(Answer::no, "kept", "Is kept until " + iso(*out.keep_until) + ".");
  }
  return out;
}

}  // namespace wayside::casework::rules
