#include "core/casework/rules/sanctuary.h"

#include <algorithm>

namespace wayside::casework::rules {
namespace {

void judge(const std::optional<bool>& answer, std::string_view rule, std::string_view no, std::string_view unknown,
           Verdict& verdict) {
  if (!answer) verdict.ask(rule, std::string(unknown));
  else if (!*answer) verdict.bar(rule, std::string(no));
}

void judge_permission(const SanctuaryRequest& request, Verdict& verdict) {
  const auto& permission = request.permission;
  if (request.tenure == "OWNER" && request.tenure_holder == "SOLE") return;  // nobody else to ask
  if (permission == "given" || permission == "not_needed") return;
  if (permission == "refused") return verdict.bar("permission", "The owner refuses permission.");
  verdict.ask("permission", permission == "asked" ? "The owner has not answered yet."
                                                  : "The owner's permission has not been asked for.");
}

/// The earliest check in the window around a due day counts: from the day that the one before was due.
std::optional<Day> check_due(const SanctuaryRequest& request, int from_months, int due_months) {
  if (!request.completed) return std::nullopt;
  const auto from = plus_months(*request.completed, from_months);
  const auto due = plus_months(*request.completed, due_months);
  const bool done = std::ranges::any_of(request.checks_done, [&](Day day) { return day > from; });
  return done ? std::nullopt : std::optional(due);
}

}  // namespace

Verdict sanctuary_ready(const SanctuaryRequest& request) {
  Verdict out;
  judge(request.her_choice, "her_choice", "It is not her choice to stay.", "Her own choice is not recorded.", out);
  judge(request.safe_to_remain, "safe_to_remain", "It is not safe to remain.",
        "Whether it is safe to remain is not recorded.", out);
  judge(request.right_to_occupy, "right_to_occupy", "She has no right to occupy the home.",
        "Her right to occupy has not been checked.", out);
  judge(request.perpetrator_out, "perpetrator_out", "The perpetrator lives in the home.",
        "Whether the perpetrator has left the home is not recorded.", out);
  judge_permission(request, out);
  if (request.fire_advice.empty()) out.ask("fire_advice", "The fire service's advice is missing.");
  if (out.answer == Answer::yes) out.note("ready", "Everything is settled.");
  out.sort();
  return out;
}

std::vector<Reason> sanctuary_prompts(const SanctuaryRequest& request) {
  std::vector<Reason> out;
  if (request.tenure_holder == "JOINT_PERP" || request.tenure_holder == "PERP_SOLE")
    out.push_back(
        {Answer::yes, "occupation_order",
         "The perpetrator holds the tenure or a part of it: think of an occupation order, and of legal advice."});
  if (request.perpetrator_out == false)
    out.push_back({Answer::yes, "perpetrator_move",
                   "The perpetrator lives there: think of an order, tenancy enforcement, or of his moving instead."});
  const bool safe_room =
      std::ranges::any_of(request.measures, [](const auto& each) { return each.measure == "SAFE_ROOM"; });
  const bool rents = !request.tenure.empty() && request.tenure != "OWNER";
  if (safe_room && rents)
    out.push_back({Answer::yes, "bedroom_exemption",
                   "Check the benefit exemption for a bedroom adapted under a sanctuary scheme."});
  return out;
}

SanctuaryProgress sanctuary_progress(const SanctuaryRequest& request, Day on, const SanctuarySettings& settings) {
  SanctuaryProgress out;
  if (request.requested) {
    if (request.surveyed) out.days_to_survey = days_between(*request.requested, *request.surveyed);
    if (request.completed) out.days_to_completion = days_between(*request.requested, *request.completed);
    else out.days_waiting = days_between(*request.requested, on);
  }
  out.late = request.needed_by && request.completed.value_or(on) > *request.needed_by;
  const auto first = settings.first_check_months;
  out.second_check_due = check_due(request, first, settings.second_check_months);
  if (out.second_check_due) out.first_check_due = check_due(request, 0, first);
  for (const auto& measure : request.measures) {
    if (measure.asked && !measure.fitted) out.not_fitted.push_back(measure.measure);
  }
  std::ranges::sort(out.not_fitted);
  return out;
}

}  // namespace wayside::casework::rules
