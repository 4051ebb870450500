#include "core/casework/rules/adapters.h"

#include <algorithm>
#include <array>

#include "core/casework/rules/money_fields.h"

namespace wayside::casework::rules {

std::optional<Stay> stay_from(std::string id, const RecordFields& stay) {
  const auto start = stay.day("start");
  if (!start) return std::nullopt;
  return Stay{std::move(id),        stay.text("place_type"), *start, stay.day("end"), stay.text("tenure"),
              stay.day("ready_on"), stay.text("end_reason")};
}

CourtOrder order_from(std::string id, const RecordFields& order) {
  return {std::move(id), order.text("kind"), order.day("from_date"), order.days("until_date"), order.flags("served")};
}

FundPot fund_pot_from(const RecordFields& pot) { return read_fund_pot(pot); }

FundRequest fund_request_from(const RecordFields& request) { return read_fund_request(request); }

Loan loan_from(std::string id, const RecordFields& loan) {
  return {std::move(id),   loan.text("serial"),  loan.text("status"), loan.day("lent"),
          loan.day("due"), loan.day("returned"), loan.day("expires")};
}

SanctuaryMeasure sanctuary_measure_from(const RecordFields& measure) {
  return {measure.text("measure"), measure.day("asked"), measure.day("fitted"), measure.text("fitted_by")};
}

SanctuaryRequest sanctuary_request_from(const RecordFields& request, const RecordFields& household) {
  SanctuaryRequest out;
  out.purpose = request.text("purpose");
  out.her_choice = request.flag("her_choice");
  out.safe_to_remain = request.flag("safe_to_remain");
  out.right_to_occupy = request.flag("right_to_occupy");
  out.perpetrator_out = request.flag("perpetrator_out");
  out.tenure = request.text("tenure");
  if (out.tenure.empty()) out.tenure = household.text("tenure");
  out.tenure_holder = household.text("tenure_holder");
  out.permission = request.text("permission");
  out.fire_advice = request.text("fire_advice");
  out.requested = request.day("requested");
  out.surveyed = request.day("surveyed");
  out.completed = request.day("completed");
  out.needed_by = request.day("needed_by");
  return out;
}

ImmigrationFacts immigration_from(const RecordFields& status) {
  ImmigrationFacts out;
  out.status = status.text("status");
  out.route = status.text("route");
  out.adviser = status.text("adviser");
  out.nrpf = status.flag("nrpf");
  out.leave_ends = status.day("leave_ends");
  out.applied_on = status.day("applied_on");
  out.granted_on = status.day("granted_on");
  out.refused_on = status.day("refused_on");
  return out;
}

ManagedMove managed_move_from(const RecordFields& move, const RecordFields& household) {
  return {move.text("kind"), household.text("tenure"), move.text("landlord_approval"), move.flag("tenancy_kept"),
          move.day("moved_on").has_value()};
}

PropertyRequest property_request_from(const RecordFields& move) {
  PropertyRequest out;
  out.words = move.text("property_request");
  // Out of the range that a request takes: refused there, by name.
  if (const auto bedrooms = move.number("bedrooms"))
    out.bedrooms = static_cast<int>(std::clamp<std::int64_t>(*bedrooms, -1, 1'000));
  out.floor = move.text("floor");
  out.adaptations = move.text("adaptations");
  out.areas_wanted = move.texts("areas_wanted");
  out.unsafe_areas = move.texts("unsafe_areas");
  return out;
}

ContactMethod contact_method_from(const RecordFields& method) {
  return {method.text("method"), method.text("address"),   contact_rule_from(method.text("rule")),
          method.text("times"),  method.text("code_word"), method.day("checked")};
}

Consent consent_from(std::string id, const RecordFields& consent) {
  constexpr std::array<std::string_view, 8> kScopes{"contact", "risk",     "housing",     "needs",
                                                    "health",  "children", "immigration", "perpetrator"};
  Consent out;
  out.id = std::move(id);
  out.recipient = consent.text("recipient");
  // A decision of a version to come is no permission.
  out.decision = consent_decision_from(consent.text("decision")).value_or(ConsentDecision::refused);
  for (const auto scope : kScopes) {
    if (consent.flag("share_" + std::string(scope)).value_or(false)) out.scope.emplace(scope);
  }
  out.expires = consent.day("expires");
  out.override_reason = consent.text("override_reason");
  out.override_by = consent.text("override_by");
  return out;
}

std::optional<HouseholdMember> household_member_from(const RecordFields& member) {
  const auto households = member.records("household");
  const auto people = member.records("person");
  if (households.empty() || people.empty()) return std::nullopt;
  return HouseholdMember{to_text(households.front()), to_text(people.front()), member.text("role"),
                         member.day("moved_in"), member.day("moved_out")};
}

PersonCard person_card_from(std::string id, const RecordFields& person) {
  return {std::move(id),     person.text("forename"), person.text("surname"), person.texts("also_known_as"),
          person.day("dob"), person.texts("phone"),   person.text("address"), person.text("postcode")};
}

Referral referral_from(std::string id, const RecordFields& referral, Day written_on) {
  Referral out{std::move(id), {}};
  const auto asked_on = referral.day("asked_on");
  const auto waiting_since = referral.day("waiting_since");
  const auto add = [&](ReferralState state, Day on) {
    ReferralStep step;
    step.state = state;
    step.on = on;
    out.steps.push_back(std::move(step));
  };
  const auto state = referral_state_from(referral.text("outcome")).value_or(ReferralState::draft);
  if (state == ReferralState::draft) {
    add(state, written_on);
    return out;
  }
  const auto sent_on = asked_on.value_or(written_on);
  add(ReferralState::sent, sent_on);
  if (waiting_since || state == ReferralState::waiting)
    add(ReferralState::waiting, std::max(sent_on, waiting_since.value_or(sent_on)));
  if (state == ReferralState::sent || state == ReferralState::waiting) return out;
  const auto ended_on = std::max(out.steps.back().on, referral.day("answered_on").value_or(out.steps.back().on));
  if (state == ReferralState::placed) add(ReferralState::accepted, ended_on);
  add(state, ended_on);
  const auto reasons = referral.texts("decline_reasons");
  auto& last = out.steps.back();
  const auto barriers = referral.texts("barriers");
  last.barriers = {barriers.begin(), barriers.end()};
  const auto alternatives = referral.texts("alternative_offered");
  last.alternatives = {alternatives.begin(), alternatives.end()};
  last.said_by = referral.text("said_by");
  if (state != ReferralState::declined) return out;
  last.decline_reasons = {reasons.begin(), reasons.end()};
  if (const auto main = referral.text("main_decline_reason"); !main.empty()) last.main_reason = main;
  return out;
}

}  // namespace wayside::casework::rules
