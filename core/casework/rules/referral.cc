#include "core/casework/rules/referral.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace wayside::casework::rules {
namespace {

using enum ReferralState;

constexpr std::array<std::string_view, 9> kCodes{"DRAFT",    "SENT",    "WAITING",   "ACCEPTED", "PLACED",
                                                 "DECLINED", "REFUSED", "WITHDRAWN", "NO_REPLY"};
static_assert(kCodes.size() == static_cast<std::size_t>(no_reply) + 1);

constexpr std::uint16_t bit(ReferralState state) {
  return static_cast<std::uint16_t>(1u << static_cast<unsigned>(state));
}
template <class... States>
constexpr std::uint16_t any_of(States... states) {
  return static_cast<std::uint16_t>((0u | ... | bit(states)));
}

/// What may follow each state, in the order of the enumerators.
constexpr std::array<std::uint16_t, 9> kFollows{
    any_of(sent, withdrawn),                                            // draft
    any_of(waiting, accepted, declined, refused, withdrawn, no_reply),  // sent
    any_of(accepted, declined, refused, withdrawn, no_reply),           // waiting
    any_of(placed, declined, refused, withdrawn),                       // accepted
    0,
    0,
    0,
    0,                                                        // placed, declined, refused, withdrawn
    any_of(waiting, accepted, declined, refused, withdrawn),  // no reply: an answer may come late
};

/// Of steps of one day: those that lie further come later. No reply is where an answer may still come after.
int distance(ReferralState state) {
  switch (state) {
    case draft: return 0;
    case sent: return 1;
    case no_reply: return 2;
    case waiting: return 3;
    case accepted: return 4;
    case placed:
    case declined:
    case refused:
    case withdrawn: return 5;
  }
  return 5;
}

std::vector<const ReferralStep*> in_order(const Referral& referral) {
  std::vector<const ReferralStep*> out;
  for (const auto& step : referral.steps) out.push_back(&step);
  std::ranges::sort(out, [](const ReferralStep* a, const ReferralStep* b) {
    return std::tuple(a->on, distance(a->state), a->state) < std::tuple(b->on, distance(b->state), b->state);
  });
  return out;
}

Result<void> check_reasons(const ReferralStep& step) {
  const auto& reasons = step.decline_reasons;
  if (step.state == declined && reasons.empty())
    return fail(Errc::bad_input,
                "decline_reasons: a decline needs its reason (NOT_STATED when the service gives none)");
  if (step.state != declined && (!reasons.empty() || step.main_reason))
    return fail(Errc::bad_input, "decline_reasons: only a decline has one");
  if (reasons.size() > 1 && reasons.contains("NOT_STATED"))
    return fail(Errc::bad_input, "decline_reasons: NOT_STATED stands alone");
  if (step.main_reason && !reasons.contains(*step.main_reason))
    return fail(Errc::bad_input, "main_reason: is none of the reasons");
  if (reasons.size() > 1 && !step.main_reason)
    return fail(Errc::bad_input, "main_reason: say which of several reasons is the main one");
  return {};
}

void take(const ReferralStep& step, ReferralStanding& out) {
  out.state = step.state;
  if (step.state == sent) out.sent_on = step.on;
  if (is_answer(step.state) && !out.answered_on) out.answered_on = step.on;
  if (is_end(step.state)) out.ended_on = step.on;
  out.decline_reasons.insert(step.decline_reasons.begin(), step.decline_reasons.end());
  out.barriers.insert(step.barriers.begin(), step.barriers.end());
  out.alternatives.insert(step.alternatives.begin(), step.alternatives.end());
  if (step.main_reason) out.main_reason = *step.main_reason;
  else if (step.decline_reasons.size() == 1) out.main_reason = *step.decline_reasons.begin();
}

}  // namespace

std::string_view code_of(ReferralState state) { return kCodes[static_cast<std::size_t>(state)]; }

std::optional<ReferralState> referral_state_from(std::string_view code) {
  const auto found = std::ranges::find(kCodes, code);
  return found == kCodes.end() ? std::nullopt : std::optional(static_cast<ReferralState>(found - kCodes.begin()));
}

bool may_follow(ReferralState from, ReferralState to) { return kFollows[static_cast<std::size_t>(from)] & bit(to); }
bool is_end(ReferralState state) {
  return state == placed || state == declined || state == refused || state == withdrawn;
}
bool is_answer(ReferralState state) { return state == accepted || state == placed || state == declined; }

Result<void> check_step(ReferralState now, const ReferralStep& next) {
  if (!may_follow(now, next.state))
    return fail(Errc::bad_input,
                "outcome: " + std::string(code_of(next.state)) + " cannot follow " + std::string(code_of(now)));
  return check_reasons(next);
}

Result<ReferralStanding> standing(const Referral& referral) {
  const auto steps = in_order(referral);
  if (steps.empty()) return fail(Errc::bad_input, "steps: a referral has at least its draft");
  ReferralStanding out;
  for (const auto* step : steps) {
    // What was sent on paper need not have been a draft here first.
    const bool first = step == steps.front();
    const bool begins = first && (step->state == draft || step->state == sent);
    if (first && !begins) return fail(Errc::bad_input, "outcome: begins as DRAFT or SENT");
    if (begins) WAYSIDE_OK(check_reasons(*step));
    else WAYSIDE_OK(check_step(out.state, *step));
    take(*step, out);
  }
  if (out.sent_on && out.answered_on) out.days_to_answer = days_between(*out.sent_on, *out.answered_on);
  return out;
}

Result<std::vector<Waiting>> waiting_list(const std::vector<Referral>& all, Day on) {
  std::vector<Waiting> out;
  for (const auto& referral : all) {
    WAYSIDE_OK(standing(referral));
    Referral known{referral.id, {}};
    std::ranges::copy_if(referral.steps, std::back_inserter(known.steps),
                         [&](const auto& step) { return step.on <= on; });
    const auto steps = in_order(known);
    if (steps.empty() || steps.back()->state != waiting) continue;
    out.push_back({referral.id, steps.back()->on, days_between(steps.back()->on, on)});
  }
  std::ranges::sort(out, [](const Waiting& a, const Waiting& b) {
    return std::tie(a.since, a.referral) < std::tie(b.since, b.referral);
  });
  return out;
}

Result<DeclineShare> declined_for(const std::vector<Referral>& all, std::string_view reason, Day from, Day to) {
  DeclineShare out;
  for (const auto& referral : all) {
    WAYSIDE_TRY(const auto stands, standing(referral));
    const bool decided = stands.state == declined || stands.state == placed || stands.state == accepted;
    const auto on = stands.ended_on ? stands.ended_on : stands.answered_on;
    if (!decided || !on || *on < from || *on > to) continue;
    ++out.decided;
    if (stands.state != declined) continue;
    ++out.declined;
    if (stands.decline_reasons.contains(std::string(reason))) ++out.with_reason;
  }
  return out;
}

}  // namespace wayside::casework::rules
