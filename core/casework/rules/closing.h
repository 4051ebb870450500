#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// Ending involvement: what has to be settled first, and who asks again later.
///
/// Sources: Isle of Wight strategy 2021-24 (follow-up tool when ending involvement), Southampton 2021-24 and Isle of
/// Wight (settled at 6 and 12 months, K16), domain reference (R*: required to close).
namespace wayside::casework::rules {

struct CaseToClose {
  std::vector<std::string> missing_fields;  ///< labels of fields that are needed to close and empty
  int open_reviews = 0, open_tasks = 0, open_needs = 0, open_referrals = 0, loans_out = 0;
  bool alarm_raised = false;      ///< a lone worker's
  std::optional<bool> high_risk;  ///< the effective level; nothing: never assessed
  std::optional<bool> closing_plan, safe_to_follow_up;
};

/// No: something has to be done first, in words. Ask: it may be closed when a person says so knowing this.
Verdict may_close(const CaseToClose& facts);

struct FollowUp {
  int months = 0;
  Day due;
  bool operator==(const FollowUp&) const = default;
};
/// Checks at 6 and 12 months after closing; none where it is not known to be safe to follow up.
std::vector<FollowUp> follow_ups(Day closed, std::optional<bool> safe_to_follow_up,
                                 const std::vector<int>& months = {6, 12});

}  // namespace wayside::casework::rules
