#include <array>

#include "core/casework/rules/closing.h"
#include "core/casework/rules/journey.h"
#include "core/casework/rules/managed_move.h"
#include "core/casework/rules/money.h"
#include "core/casework/rules/money_fields.h"
#include "core/casework/rules/nrpf.h"
#include "core/casework/rules/orders.h"
#include "core/casework/rules/referral.h"
#include "core/casework/rules/retention.h"
#include "core/casework/rules/rule_book_parts.h"
#include "core/casework/rules/sanctuary.h"

namespace wayside::casework::rules {
namespace {

constexpr std::int64_t kMostCounted = 1'000'000;

std::vector<ReferralStep> steps_of(JsonReader& in) {
  std::vector<ReferralStep> out;
  for (auto& each : in.objects("steps")) {
    ReferralStep step;
    const auto state = referral_state_from(each.text("outcome"));
    if (!state) each.complain("outcome", "needs a code of referral_outcome, such as SENT");
    step.state = state.value_or(ReferralState::draft);
    step.on = each.needed_day("on");
    step.decline_reasons = each.text_set("decline_reasons");
    if (each.has("main_decline_reason")) step.main_reason = each.text("main_decline_reason");
    step.barriers = each.text_set("barriers");
    step.alternatives = each.text_set("alternative_offered");
    step.said_by = each.text("said_by");
    in.take(each);
    out.push_back(std::move(step));
  }
  return out;
}

std::vector<Stay> stays_of(JsonReader& in) {
  std::vector<Stay> out;
  for (auto& each : in.objects("stays")) {
    Stay stay;
    stay.id = each.text("id");
    stay.place_type = each.text("place_type");
    stay.start = each.needed_day("start");
    stay.end = each.day("end");
    stay.tenure = each.text("tenure");
    stay.ready_on = each.day("ready_on");
    stay.end_reason = each.text("end_reason");
    in.take(each);
    out.push_back(std::move(stay));
  }
  return out;
}

Account account(JsonReader& in, std::string_view key) {
  constexpr std::array<std::string_view, 4> kNames{"funder", "pot", "committed", "paid"};
  const auto found = std::ranges::find(kNames, in.text(key));
  if (found == kNames.end()) in.complain(key, "needs funder, pot, committed or paid");
  return found == kNames.end() ? Account::funder : static_cast<Account>(found - kNames.begin());
}

std::vector<Posting> postings_of(JsonReader& in) {
  std::vector<Posting> out;
  for (auto& each : in.objects("postings")) {
    Posting posting;
    posting.id = each.text("id");
    posting.from = account(each, "from");
    posting.to = account(each, "to");
    posting.pence = each.number("pence", 1).value_or(0);
    posting.request = each.text("request");
    in.take(each);
    out.push_back(std::move(posting));
  }
  return out;
}

FundPot pot_of(JsonReader& in) {
  auto each = in.object("pot");
  FundPot out = read_fund_pot(each);
  in.take(each);
  return out;
}

FundRequest request_of(JsonReader& in) {
  auto each = in.object("request");
  FundRequest out = read_fund_request(each);
  in.take(each);
  return out;
}

json flags_json(const Journey& journey) {
  auto out = json::array();
  for (const auto& flag : journey.flags) {
    out.push_back({{"kind", flag.kind == JourneyFlag::Kind::gap ? "gap" : "overlap"},
                   {"earlier", flag.earlier},
                   {"later", flag.later},
                   {"from", iso(flag.from)},
                   {"to", iso(flag.to)},
                   {"days", flag.days}});
  }
  return out;
}

int count(JsonReader& in, std::string_view key) {
  return static_cast<int>(in.number(key, 0, kMostCounted).value_or(0));
}

}  // namespace

Result<json> run_referral(JsonReader& in) {
  const Referral referral{"referral", steps_of(in)};
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto out, standing(referral));
  return json{{"answer", code_of(out.state)},
              {"reasons", json::array()},
              {"days_to_answer", or_null(out.days_to_answer)},
              {"decline_reasons", out.decline_reasons},
              {"main_decline_reason", out.main_reason},
              {"barriers", out.barriers},
              {"alternative_offered", out.alternatives},
              {"is_end", is_end(out.state)}};
}

Result<json> run_waiting_list(JsonReader& in) {
  std::vector<Referral> all;
  for (auto& each : in.objects("referrals")) {
    all.push_back({each.text("id"), steps_of(each)});
    in.take(each);
  }
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto list, waiting_list(all, on));
  auto waiting = json::array();
  for (const auto& each : list)
    waiting.push_back({{"id", each.referral}, {"since", iso(each.since)}, {"days", each.days}});
  return json{{"answer", list.size()}, {"reasons", json::array()}, {"waiting", std::move(waiting)}};
}

Result<json> run_journey(JsonReader& in) {
  const auto stays = stays_of(in);
  const auto need = in.day("need_began");
  const auto as_at = in.needed_day("as_at");
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto out, journey(stays, need, as_at));
  auto order = json::array();
  auto reasons = json::array();
  for (const auto& stay : out.stays) {
    const auto move = move_on(stay, as_at);
    order.push_back(
        {{"id", stay.id}, {"timely_move_on", or_null(move.timely)}, {"days_waiting", or_null(move.days_waiting)}});
  }
  for (const auto& flag : out.flags)
    reasons.push_back(
        (flag.kind == JourneyFlag::Kind::gap ? "Nothing is known between " : "Two places at once between ") +
        iso(flag.from) + " and " + iso(flag.to) + ".");
  return json{{"answer", out.flags.empty() ? "yes" : "ask"},
              {"reasons", std::move(reasons)},
              {"stays", std::move(order)},
              {"flags", flags_json(out)},
              {"moves", out.moves},
              {"moves_before_settled", or_null(out.moves_before_settled)},
              {"settled_on", day_json(out.settled_on)},
              {"days_to_settled", or_null(out.days_to_settled)},
              {"settled_at_6_months", name_of(out.settled_at_6_months)},
              {"settled_at_12_months", name_of(out.settled_at_12_months)},
              {"tenure_kept", or_null(out.tenure_kept)}};
}

Result<json> run_sanctuary(JsonReader& in) {
  SanctuaryRequest request;
  request.purpose = in.text("purpose");
  request.her_choice = in.flag("her_choice");
  request.safe_to_remain = in.flag("safe_to_remain");
  request.right_to_occupy = in.flag("right_to_occupy");
  request.perpetrator_out = in.flag("perpetrator_out");
  request.tenure = in.text("tenure");
  request.tenure_holder = in.text("tenure_holder");
  request.permission = in.text("permission");
  request.fire_advice = in.text("fire_advice");
  request.requested = in.day("requested");
  request.surveyed = in.day("surveyed");
  request.completed = in.day("completed");
  request.needed_by = in.day("needed_by");
  request.checks_done = in.days("checks_done");
  for (auto& each : in.objects("measures")) {
    request.measures.push_back({each.text("measure"), each.day("asked"), each.day("fitted"), each.text("fitted_by")});
    in.take(each);
  }
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  auto out = verdict_json(sanctuary_ready(request));
  out["prompts"] = sentences(sanctuary_prompts(request));
  const auto progress = sanctuary_progress(request, on);
  out["days_to_survey"] = or_null(progress.days_to_survey);
  out["days_to_completion"] = or_null(progress.days_to_completion);
  out["days_waiting"] = or_null(progress.days_waiting);
  out["late"] = progress.late;
  out["first_check_due"] = day_json(progress.first_check_due);
  out["second_check_due"] = day_json(progress.second_check_due);
  out["not_fitted"] = progress.not_fitted;
  return out;
}

Result<json> run_fund_request(JsonReader& in) {
  const auto pot = pot_of(in);
  const auto request = request_of(in);
  const auto postings = postings_of(in);
  const auto last_known = in.number("last_known_pence");
  const bool at_desk = in.flag("at_desk").value_or(false);
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto now, balance(postings));
  return verdict_json(at_desk ? may_grant(pot, request, now, on) : may_ask(pot, request, last_known, on));
}

Result<json> run_fund_balance(JsonReader& in) {
  const auto postings = postings_of(in);
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto out, balance(postings));
  auto result = verdict_json(answer_of(out.needs_a_person), out.needs_a_person);
  result["pot_pence"] = out.pot_pence;
  result["committed_pence"] = out.committed_pence;
  result["paid_pence"] = out.paid_pence;
  result["balances"] = out.balances();
  return result;
}

Result<json> run_managed_move(JsonReader& in) {
  const ManagedMove move{in.text("kind"), in.text("tenure"), in.text("landlord_approval"), in.flag("tenancy_kept"),
                         in.flag("moved").value_or(false)};
  WAYSIDE_OK(in.done());
  return verdict_json(managed_move_standing(move));
}

Result<json> run_property_request(JsonReader& in) {
  PropertyRequest request;
  request.words = in.text("property_request");
  if (const auto bedrooms = in.number("bedrooms", 0, 20)) request.bedrooms = static_cast<int>(*bedrooms);
  request.floor = in.text("floor");
  request.adaptations = in.text("adaptations");
  request.areas_wanted = in.texts("areas_wanted");
  request.unsafe_areas = in.texts("unsafe_areas");
  const Identifying who{in.texts("names"), in.texts("numbers"), in.texts("other")};
  WAYSIDE_OK(in.done());
  const auto out = property_request(request, who);
  if (!out) return json{{"answer", "no"}, {"reasons", json::array({out.error().detail + "."})}};
  return json{{"answer", "yes"}, {"reasons", json::array()}, {"request", *out}};
}

Result<json> run_order(JsonReader& in) {
  CourtOrder order;
  order.kind = in.text("kind");
  order.from_date = in.day("from_date");
  order.until_dates = in.days("until_dates");
  if (const auto served = in.flag("served")) order.served = {*served};
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  const auto out = order_standing(order, on);
  auto result = verdict_json(answer_of(out.reasons), out.reasons);
  result["ends_on"] = day_json(out.ends_on);
  result["warn_on"] = day_json(out.warn_on);
  result["days_left"] = or_null(out.days_left);
  result["in_force"] = out.in_force;
  result["served"] = out.served;
  return result;
}

Result<json> run_nrpf(JsonReader& in) {
  ImmigrationFacts facts;
  facts.status = in.text("status");
  facts.route = in.text("route");
  facts.adviser = in.text("adviser");
  facts.nrpf = in.flag("nrpf");
  facts.children_in_household = in.flag("children_in_household").value_or(false);
  facts.leave_ends = in.day("leave_ends");
  facts.applied_on = in.day("applied_on");
  facts.granted_on = in.day("granted_on");
  facts.refused_on = in.day("refused_on");
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  const auto out = nrpf_standing(facts, on);
  auto result = verdict_json(out.next);
  result["routes_to_ask_about"] = out.routes_to_ask_about;
  result["clocks"] = json::array();
  for (const auto& clock : out.clocks)
    result["clocks"].push_back({{"what", clock.what},
                                {"ends_on", iso(clock.ends_on)},
                                {"days_left", clock.days_left},
                                {"alarm", clock.alarm}});
  return result;
}

Result<json> run_closing(JsonReader& in) {
  CaseToClose facts;
  facts.missing_fields = in.texts("missing_fields");
  facts.open_reviews = count(in, "open_reviews");
  facts.open_tasks = count(in, "open_tasks");
  facts.open_needs = count(in, "open_needs");
  facts.open_referrals = count(in, "open_referrals");
  facts.loans_out = count(in, "loans_out");
  facts.alarm_raised = in.flag("alarm_raised").value_or(false);
  facts.high_risk = in.flag("high_risk");
  facts.closing_plan = in.flag("closing_plan");
  facts.safe_to_follow_up = in.flag("safe_to_follow_up");
  const auto closed = in.day("closed");
  WAYSIDE_OK(in.done());
  auto out = verdict_json(may_close(facts));
  out["follow_ups"] = json::array();
  if (closed) {
    for (const auto& each : follow_ups(*closed, facts.safe_to_follow_up))
      out["follow_ups"].push_back({{"months", each.months}, {"due", iso(each.due)}});
  }
  return out;
}

Result<json> run_retention(JsonReader& in) {
  RetentionFacts facts;
  RetentionSettings settings;
  facts.clock_from = in.day("clock_from");
  facts.about_a_child = in.flag("about_a_child").value_or(false);
  for (const auto day : in.days("children_born")) facts.children_born.emplace_back(day);
  facts.holds = {in.flag("legal_hold").value_or(false)};
  facts.erasure_asked = in.flag("erasure_asked").value_or(false);
  settings.adult_years = static_cast<int>(in.number("adult_years", 0, 100).value_or(settings.adult_years));
  settings.child_until_age = static_cast<int>(in.number("child_until_age", 0, 100).value_or(settings.child_until_age));
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  const auto out = retention(facts, on, settings);
  constexpr std::string_view kStates[] = {"open", "kept", "due_soon", "due", "held"};
  auto result = verdict_json(out.may_erase, out.reasons);
  result["state"] = kStates[static_cast<std::size_t>(out.state)];
  result["keep_until"] = day_json(out.keep_until);
  return result;
}

}  // namespace wayside::casework::rules
