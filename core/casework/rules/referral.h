#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/dates.h"
#include "platform/result.h"

/// The life of one referral, out to a service or in from one.
///
/// Sources: Leicester strategy 2022-25 (reasons of declines, barriers, waiting list at a point in time, 110 not
/// accommodated promptly), Southampton 2021-24 (declines for lack of space, K10).
namespace wayside::casework::rules {

enum class ReferralState { draft, sent, waiting, accepted, placed, declined, refused, withdrawn, no_reply };
std::string_view code_of(ReferralState state);  ///< code list referral_outcome: "WAITING"
std::optional<ReferralState> referral_state_from(std::string_view code);

/// draft → sent → waiting → accepted → placed; from draft, sent, waiting or accepted withdrawn; from sent or waiting
/// declined (by the service), refused (by the survivor) or no_reply; from accepted also declined or refused.
/// no_reply → waiting, accepted, declined or refused, since an answer may come late. The others are ends.
bool may_follow(ReferralState from, ReferralState to);
bool is_end(ReferralState state);     ///< placed, declined, refused, withdrawn
bool is_answer(ReferralState state);  ///< accepted, placed, declined: the service has said something

/// One change of state, by the day on which it became so.
struct ReferralStep {
  ReferralState state = ReferralState::draft;
  Day on;
  std::set<std::string> decline_reasons;   ///< referral_decline_reason; needed when declined
  std::optional<std::string> main_reason;  ///< one of decline_reasons; may be left out when there is only one
  std::set<std::string> barriers;
  std::set<std::string> alternatives;  ///< what was offered instead
  std::string said_by;
};

struct Referral {
  std::string id;
  std::vector<ReferralStep> steps;  ///< any order; the rule sorts by day and by how far a state lies
};

struct ReferralStanding {
  ReferralState state = ReferralState::draft;
  std::optional<Day> sent_on, answered_on, ended_on;
  std::optional<std::int64_t> days_to_answer;                     ///< from sent to the first answer
  std::set<std::string> decline_reasons, barriers, alternatives;  ///< of all steps
  std::string main_reason;
};

/// Errc::bad_input with what is wrong: no step, an order that may not be, declined without a reason, a main reason that
/// is none of the reasons, NOT_STATED together with a stated reason.
Result<ReferralStanding> standing(const Referral& referral);

/// What a form asks before a step is saved. `now` is where the referral stands.
Result<void> check_step(ReferralState now, const ReferralStep& next);

struct Waiting {
  std::string referral;
  Day since;
  std::int64_t days = 0;
  bool operator==(const Waiting&) const = default;
};

/// Who is on the waiting list at the end of that day, longest first, then by id. Counts from the day on which the
/// referral began to wait; steps after `on` are not known yet. Referrals whose steps are wrong are errors, never left
/// out.
Result<std::vector<Waiting>> waiting_list(const std::vector<Referral>& all, Day on);

/// Declines for a reason, of all declines and of all decided (K10 shows both, since "20%" was of declines only).
struct DeclineShare {
  std::int64_t with_reason = 0, declined = 0, decided = 0;
};
Result<DeclineShare> declined_for(const std::vector<Referral>& all, std::string_view reason, Day from, Day to);

}  // namespace wayside::casework::rules
