#include "core/casework/rules/rule_book.h"

#include <algorithm>

#include "core/casework/rules/rule_book_parts.h"

namespace wayside::casework::rules {

const std::vector<RuleEntry>& rule_book() {
  static const std::vector<RuleEntry> kBook{
      {"check_in",
       "Domain reference: task and appointment",
       {"worker", "back_by", "cancelled", "entries*", "now*"},
       run_check_in},
      {"child_counts",
       "Domestic Abuse Act 2021 s.3",
       {"dob", "age_at_most", "experiences_abuse", "related_to_either", "between*", "when*"},
       run_child_counts},
      {"closing",
       "Isle of Wight strategy 2021-24 (follow-up tool); Southampton 2021-24 (K16)",
       {"missing_fields", "open_reviews", "open_tasks", "open_needs", "open_referrals", "loans_out", "alarm_raised",
        "high_risk", "closing_plan", "safe_to_follow_up", "closed"},
       run_closing},
      {"consent", "Domain reference: consent; UK GDPR Art. 6", {"entries*", "recipient*", "on*"}, run_consent},
      {"duplicate", "Fellegi and Sunter 1969, weights of our own", {"person*", "people*"}, run_duplicate},
      {"effective_risk", "SafeLives guidance; Southampton City Council pages", {"assessments*"}, run_effective_risk},
      {"fund_balance",
       "Southampton, Isle of Wight, Peterborough strategies: flexible fund",
       {"postings*"},
       run_fund_balance},
      {"fund_request",
       "Dorset 2021-24, Peterborough 2024-27, Southampton 2021-24: what a pot may pay",
       {"pot*", "request*", "postings", "last_known_pence", "at_desk", "on*"},
       run_fund_request},
      {"household_at", "Domain reference: household", {"household*", "members*", "people", "on*"}, run_household_at},
      {"journey",
       "Southampton 2021-24, Isle of Wight 2021-24: journey tracking",
       {"stays*", "need_began", "as_at*"},
       run_journey},
      {"managed_move",
       "Southampton 2021-24, Peterborough 2024-27: managed moves and reciprocals",
       {"kind", "tenure", "landlord_approval", "tenancy_kept", "moved"},
       run_managed_move},
      {"match",
       "Leicester 2022-25 table 5.3; Southampton, Isle of Wight, Peterborough, Dorset strategies",
       {"household*", "services*", "units", "now"},
       run_match},
      {"nrpf",
       "NRPF Network; Home Office guidance v4 (2024); Peterborough 2024-27",
       {"status", "route", "adviser", "nrpf", "children_in_household", "leave_ends", "applied_on", "granted_on",
        "refused_on", "on*"},
       run_nrpf},
      {"order",
       "Isle of Wight, Leicester, Peterborough, Dorset strategies: orders",
       {"kind", "from_date", "until_dates", "served", "on*"},
       run_order},
      {"property_request",
       "Pan-Hampshire managed reciprocal: no name on the request",
       {"property_request", "bedrooms", "floor", "adaptations", "areas_wanted", "unsafe_areas", "names", "numbers",
        "other"},
       run_property_request},
      {"referral", "Leicester 2022-25, Southampton 2021-24: declines, barriers", {"steps*"}, run_referral},
      {"repeat", "SafeLives: repeat within 12 months", {"incidents*"}, run_repeat},
      {"retention",
       "Domain reference: hold and erasure; periods are settings",
       {"clock_from", "about_a_child", "children_born", "legal_hold", "erasure_asked", "adult_years", "child_until_age",
        "on*"},
       run_retention},
      {"safe_contact",
       "MARAC forms; Leicester 2022-25, Dorset 2021-24",
       {"methods", "self_harm_alert", "crisis_plan", "confidential_address", "visit_warning", "on*"},
       run_safe_contact},
      {"sanctuary",
       "Southampton, Isle of Wight, Peterborough, Dorset strategies; SI 2021/991",
       {"purpose", "her_choice", "safe_to_remain", "right_to_occupy", "perpetrator_out", "tenure", "tenure_holder",
        "permission", "fire_advice", "requested", "surveyed", "completed", "needed_by", "checks_done", "measures",
        "on*"},
       run_sanctuary},
      {"waiting_list", "Leicester 2022-25: waiting list at a point in time", {"referrals*", "on*"}, run_waiting_list},
      {"who_counts",
       "Domestic Abuse Act 2021 s.1 and s.2",
       {"a*", "b*", "connections", "none_applies", "when*"},
       run_who_counts},
  };
  return kBook;
}

const RuleEntry* rule_named(std::string_view name) {
  const auto found = std::ranges::find(rule_book(), name, &RuleEntry::name);
  return found == rule_book().end() ? nullptr : &*found;
}

Result<json> run_rule(std::string_view name, const json& input) {
  const auto* rule = rule_named(name);
  if (!rule) return fail(Errc::not_found, "rule");
  JsonReader in(input, "");
  for (const auto key : rule->keys) {
    if (key.ends_with('*') && !in.has(key.substr(0, key.size() - 1)))
      in.complain(key.substr(0, key.size() - 1), "is missing");
  }
  // What a rule does not ask for in this input is a key of it all the same.
  return rule->run(in);
}

}  // namespace wayside::casework::rules
