#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// Staying at home made safe: what has to be settled, what was fitted, how long it took.
///
/// Sources: Southampton strategy 2021-24, Isle of Wight 2021-24, Peterborough 2024-27, Dorset 2021-24 (permission,
/// right to occupy, fire advice, waits K8, checks at 3 and 6 months, fitted by); SI 2021/991 regs 3-4 (bedroom
/// exemption prompt).
namespace wayside::casework::rules {

struct SanctuaryMeasure {
  std::string measure;  ///< code list sanctuary_measure
  std::optional<Day> asked, fitted;
  std::string fitted_by;  ///< scheme, landlord, herself
};

/// Nothing, or empty: not answered. Field names of the record types sanctuary_request and household.
struct SanctuaryRequest {
  std::string purpose;  ///< stay_safe, prevention
  std::optional<bool> her_choice, safe_to_remain, right_to_occupy, perpetrator_out;
  std::string tenure, tenure_holder;
  std::string permission;  ///< not_asked, asked, given, refused, not_needed
  std::string fire_advice;
  std::optional<Day> requested, surveyed, completed, needed_by;
  std::vector<Day> checks_done;  ///< after completion
  std::vector<SanctuaryMeasure> measures;
};

struct SanctuarySettings {
  int first_check_months = 3, second_check_months = 6;
};

/// Whether works may be done: yes, ask (something is not settled), no (it would not be safe, or may not be).
Verdict sanctuary_ready(const SanctuaryRequest& request);

/// What a worker should think of besides: occupation order, bedroom exemption.
std::vector<Reason> sanctuary_prompts(const SanctuaryRequest& request);

struct SanctuaryProgress {
  std::optional<std::int64_t> days_to_survey, days_to_completion;  ///< from requested (K8)
  std::optional<std::int64_t> days_waiting;                        ///< open: requested, not completed
  bool late = false;                                               ///< needed by a day that has passed
  std::optional<Day> first_check_due, second_check_due;            ///< nothing: done, or works not completed
  std::vector<std::string> not_fitted;                             ///< measures asked for, sorted
};
SanctuaryProgress sanctuary_progress(const SanctuaryRequest& request, Day on, const SanctuarySettings& settings = {});

}  // namespace wayside::casework::rules
