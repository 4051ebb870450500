#include "core/casework/rules/closing.h"

#include <algorithm>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {

Verdict may_close(const CaseToClose& facts) {
  Verdict out;
  if (facts.alarm_raised) out.bar("alarm", "A lone worker's alarm is raised.");
  if (!facts.missing_fields.empty()) {
    auto fields = facts.missing_fields;
    std::ranges::sort(fields);
    out.bar("missing", "Needed to close, and empty: " + listed(fields) + ".");
  }
  if (facts.open_reviews > 0) out.bar("reviews", counted(facts.open_reviews, "review", "reviews") + " to decide.");
  if (facts.loans_out > 0) out.bar("loans", counted(facts.loans_out, "loan", "loans") + " of equipment not returned.");
  const auto ask = [&](int count, std::string_view rule, std::string_view one, std::string_view many) {
    if (count > 0) out.ask(rule, counted(count, one, many) + " still open.");
  };
  ask(facts.open_referrals, "referrals", "referral", "referrals");
  ask(facts.open_needs, "needs", "need", "needs");
  ask(facts.open_tasks, "tasks", "task", "tasks");
  if (!facts.high_risk) out.ask("risk", "The risk was never assessed.");
  else if (*facts.high_risk) out.ask("risk", "The risk is high.");
  if (!facts.closing_plan.value_or(false))
    out.ask("closing_plan", "There is no closing plan that she can keep safely.");
  if (!facts.safe_to_follow_up)
    out.ask("follow_up", "It is not recorded whether it is safe to follow up; nobody will.");
  out.sort();
  return out;
}

std::vector<FollowUp> follow_ups(Day closed, std::optional<bool> safe_to_follow_up, const std::vector<int>& months) {
  std::vector<FollowUp> out;
  if (!safe_to_follow_up.value_or(false)) return out;
  for (const int after : months) out.push_back({after, plus_months(closed, after)});
  std::ranges::sort(out, {}, &FollowUp::due);
  return out;
}

}  // namespace wayside::casework::rules
