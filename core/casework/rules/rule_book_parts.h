#pragma once

#include <optional>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/match_json.h"

/// The runs of rule_book.cc's table, and what they share. For rule_book*.cc alone.
namespace wayside::casework::rules {

// People and risk
Result<json> run_match(JsonReader& in);
Result<json> run_who_counts(JsonReader& in);
Result<json> run_child_counts(JsonReader& in);
Result<json> run_repeat(JsonReader& in);
Result<json> run_household_at(JsonReader& in);
Result<json> run_effective_risk(JsonReader& in);
Result<json> run_duplicate(JsonReader& in);
Result<json> run_consent(JsonReader& in);
Result<json> run_safe_contact(JsonReader& in);
Result<json> run_check_in(JsonReader& in);
// Housing, money and the end
Result<json> run_referral(JsonReader& in);
Result<json> run_waiting_list(JsonReader& in);
Result<json> run_journey(JsonReader& in);
Result<json> run_sanctuary(JsonReader& in);
Result<json> run_fund_request(JsonReader& in);
Result<json> run_fund_balance(JsonReader& in);
Result<json> run_managed_move(JsonReader& in);
Result<json> run_property_request(JsonReader& in);
Result<json> run_order(JsonReader& in);
Result<json> run_nrpf(JsonReader& in);
Result<json> run_closing(JsonReader& in);
Result<json> run_retention(JsonReader& in);

inline json day_json(const std::optional<Day>& day) { return day ? json(iso(*day)) : json(nullptr); }
template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}
inline json verdict_json(Answer answer, const std::vector<Reason>& reasons) {
  return {{"answer", name_of(answer)}, {"reasons", sentences(reasons)}};
}
inline json verdict_json(const Verdict& verdict) { return verdict_json(verdict.answer, verdict.reasons); }
/// Ask as soon as any reason asks.
inline Answer answer_of(const std::vector<Reason>& reasons) {
  auto answer = Answer::yes;
  for (const auto& reason : reasons) answer = std::min(answer, reason.answer);
  return answer;
}

}  // namespace wayside::casework::rules
