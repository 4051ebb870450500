#pragma once

#include <optional>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// How long a closed case is kept, and what keeps it longer. Erasing is destroying the case's key: nobody brings it
/// back.
///
/// Sources: domain reference, Hold and erasure. No UK law fixes a period (6 or 7 years for adults and a child's 25th
/// birthday are customs, not verified): periods are settings. Domestic homicide reviews (Leicester, Peterborough, Isle
/// of Wight) hold.
namespace wayside::casework::rules {

struct RetentionSettings {
  int adult_years = 7;  ///< after the clock starts
  int child_until_age = 25;
  int warn_days = 90;  ///< before: time for a person to look. Proposed
};

struct RetentionFacts {
  std::optional<Day> clock_from;                  ///< when the case was closed; nothing: open
  bool about_a_child = false;                     ///< any person of the case is kept as a child
  std::vector<std::optional<Day>> children_born;  ///< nothing: not known
  std::vector<bool> holds;                        ///< every value of the field legal_hold; one yes holds
  bool erasure_asked = false;                     ///< by the person herself
};

enum class RetentionState { open, kept, due_soon, due, held };

struct RetentionStanding {
  RetentionState state = RetentionState::open;
  std::optional<Day> keep_until;  ///< nothing: open, or not known
  Answer may_erase = Answer::no;  ///< yes only when due and not held; ask: a person decides
  std::vector<Reason> reasons;
};

/// A hold beats the clock and a request to erase. The longest of all periods counts.
RetentionStanding retention(const RetentionFacts& facts, Day on, const RetentionSettings& settings = {});

}  // namespace wayside::casework::rules
