#include "core/casework/rules/check_in.h"
#include "core/casework/rules/consent.h"
#include "core/casework/rules/duplicates.h"
#include "core/casework/rules/household_at.h"
#include "core/casework/rules/risk.h"
#include "core/casework/rules/rule_book_parts.h"
#include "core/casework/rules/safe_contact.h"
#include "core/casework/rules/who_counts.h"

namespace wayside::casework::rules {
namespace {

constexpr std::int64_t kOldestAge = 150;

std::optional<int> age(JsonReader& in, std::string_view key) {
  const auto number = in.number(key, 0, kOldestAge);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::int64_t moment(JsonReader& in, std::string_view key, const std::string& text) {
  const auto read = parse_iso_time(text);
  if (!read) in.complain(key, "needs a moment such as 2026-06-10T16:20:00Z");
  return read.value_or(0);
}

Party party(JsonReader& in, std::string_view key) {
  auto each = in.object(key);
  Party out{each.day("dob"), age(each, "age_at_least"), age(each, "age_at_most")};
  in.take(each);
  return out;
}

/// A list of a key, each item read by `read` from a strict reader of its own.
template <class T, class Read>
std::vector<T> list(JsonReader& in, std::string_view key, Read read) {
  std::vector<T> out;
  for (auto& each : in.objects(key)) {
    out.push_back(read(each));
    in.take(each);
  }
  return out;
}

PersonCard card(JsonReader& in) {
  PersonCard out;
  out.id = in.text("id");
  out.forename = in.text("forename");
  out.surname = in.text("surname");
  out.also_known_as = in.texts("also_known_as");
  out.dob = in.day("dob");
  out.phones = in.texts("phones");
  out.address = in.text("address");
  out.postcode = in.text("postcode");
  return out;
}

Consent consent(JsonReader& in) {
  Consent out;
  out.id = in.text("id");
  out.recipient = in.text("recipient");
  const auto decision = consent_decision_from(in.text("decision"));
  if (!decision) in.complain("decision", "needs GIVEN, OVERRIDE, NOT_ASKED_UNSAFE, REFUSED or WITHDRAWN");
  out.decision = decision.value_or(ConsentDecision::refused);
  out.scope = in.text_set("scope");
  out.expires = in.day("expires");
  out.has_seen = in.text_set("has_seen");
  out.override_reason = in.text("override_reason");
  out.override_by = in.text("override_by");
  return out;
}

Assessment assessment(JsonReader& in) {
  Assessment out;
  out.id = in.text("id");
  const auto level = risk_level_from(in.text("level"));
  if (!level) in.complain("level", "needs STANDARD, MEDIUM, HIGH or NOT_ASSESSED");
  out.level = level.value_or(RiskLevel::high);
  out.full = in.flag("full").value_or(true);
  out.has_seen = in.text_set("has_seen");
  out.assessed_by = in.text("assessed_by");
  out.lowering_reason = in.text("lowering_reason");
  out.second_person = in.text("second_person");
  return out;
}

CheckIn check_in(JsonReader& in) {
  CheckIn out;
  out.id = in.text("id");
  const auto kind = check_in_kind_from(in.text("kind"));
  if (!kind) in.complain("kind", "needs started, well, back, missed or help");
  out.kind = kind.value_or(CheckInKind::help);
  if (in.has("at")) out.at_ms = moment(in, "at", in.text("at"));
  out.who = in.text("who");
  out.has_seen = in.text_set("has_seen");
  return out;
}

HouseholdMember household_member(JsonReader& in) {
  return {in.text("household"), in.text("person"), in.text("role"), in.day("moved_in"), in.day("moved_out")};
}

KnownPerson known_person(JsonReader& in) {
  return {in.text("id"), sex_from(in.text("sex")), in.day("dob"), age(in, "age"), in.texts("children")};
}

ContactMethod contact_method(JsonReader& in) {
  return {in.text("method"), in.text("address"),   contact_rule_from(in.text("rule")),
          in.text("times"),  in.text("code_word"), in.day("checked")};
}

json members_json(const std::vector<Member>& members) {
  auto out = json::array();
  for (const auto& member : members) {
    constexpr std::string_view kSex[] = {"not_stated", "female", "male"};
    out.push_back({{"sex", kSex[static_cast<std::size_t>(member.sex)]}, {"age", or_null(member.age)}});
  }
  return out;
}

}  // namespace

Result<json> run_match(JsonReader& in) {
  static const json kNothing = json::object();
  const auto& whole = in.whole();
  if (const auto checked = in.done(); !checked) return std::unexpected(checked.error());
  for (const auto& [key, value] : whole.items()) {
    if (key != "household" && key != "services" && key != "units" && key != "now")
      return fail(Errc::bad_input, "input: has a key that is none here");
  }
  WAYSIDE_TRY(const auto household, household_from_json(whole.value("household", kNothing)));
  std::vector<Service> services;
  std::vector<Unit> units;
  if (!whole["services"].is_array() || (whole.contains("units") && !whole["units"].is_array()))
    return fail(Errc::bad_input, "services: needs a list");
  for (const auto& each : whole["services"]) {
    WAYSIDE_TRY(auto service, service_from_json(each));
    services.push_back(std::move(service));
  }
  for (const auto& each : whole.value("units", json::array())) {
    WAYSIDE_TRY(auto unit, unit_from_json(each));
    units.push_back(std::move(unit));
  }
  std::int64_t now_ms = 0;
  if (whole.contains("now")) {
    if (!whole["now"].is_string()) return fail(Errc::bad_input, "now: needs a moment such as 2026-06-10T16:20:00Z");
    WAYSIDE_TRY(now_ms, parse_iso_time(whole["now"].get_ref<const std::string&>()));
  }
  return to_json(match_all(household, services, units, now_ms));
}

Result<json> run_who_counts(JsonReader& in) {
  Parties parties{party(in, "a"), party(in, "b"), in.text_set("connections"), in.flag("none_applies").value_or(false)};
  const auto when = in.needed_day("when");
  WAYSIDE_OK(in.done());
  return verdict_json(counts_between(parties, when));
}

Result<json> run_child_counts(JsonReader& in) {
  const ChildFacts child{in.day("dob"), age(in, "age_at_most"), in.flag("experiences_abuse"),
                         in.flag("related_to_either")};
  const auto between = in.text("between");
  if (between != "yes" && between != "no" && between != "ask") in.complain("between", "needs yes, ask or no");
  const auto when = in.needed_day("when");
  WAYSIDE_OK(in.done());
  return verdict_json(child_counts(child,
                                   between == "yes"  ? Answer::yes
                                   : between == "no" ? Answer::no
                                                     : Answer::ask,
                                   when));
}

Result<json> run_repeat(JsonReader& in) {
  const auto incidents = in.days("incidents");
  WAYSIDE_OK(in.done());
  return verdict_json(repeats(incidents));
}

Result<json> run_household_at(JsonReader& in) {
  const auto household = in.text("household");
  const auto members = list<HouseholdMember>(in, "members", household_member);
  const auto people = list<KnownPerson>(in, "people", known_person);
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto out, household_at(household, members, people, on));
  auto who = json::array();
  for (const auto& member : out.members) who.push_back(member.person);
  return json{{"answer", "yes"},
              {"reasons", json::array()},
              {"members", std::move(who)},
              {"adults", members_json(out.household.adults)},
              {"children", members_json(out.household.children)}};
}

Result<json> run_effective_risk(JsonReader& in) {
  const auto all = list<Assessment>(in, "assessments", assessment);
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto out, effective_risk(all));
  auto result = verdict_json(Answer::yes, out.reasons);
  result["answer"] = code_of(out.level);
  result["counting"] = out.counting;
  return result;
}

Result<json> run_duplicate(JsonReader& in) {
  auto one = in.object("person");
  const auto person = card(one);
  in.take(one);
  const auto people = list<PersonCard>(in, "people", card);
  WAYSIDE_OK(in.done());
  DuplicateIndex index;
  for (const auto& each : people) index.add(each);
  auto found = json::array();
  auto reasons = json::array();
  for (const auto& each : index.find(person)) {
    auto why = json::array();
    for (const auto& reason : each.reasons) why.push_back(reason.sentence);
    reasons.push_back(each.id + ": " + std::to_string(each.score) + " of 100.");
    found.push_back({{"id", each.id}, {"score", each.score}, {"reasons", std::move(why)}});
  }
  return json{
      {"answer", found.empty() ? "no" : "ask"}, {"reasons", std::move(reasons)}, {"duplicates", std::move(found)}};
}

Result<json> run_consent(JsonReader& in) {
  const auto entries = list<Consent>(in, "entries", consent);
  const auto recipient = in.text("recipient");
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  const auto out = may_share(entries, recipient, on);
  auto result = verdict_json(out.answer, out.reasons);
  result["scope"] = out.scope;
  result["until"] = day_json(out.until);
  return result;
}

Result<json> run_safe_contact(JsonReader& in) {
  SafeContactFacts facts;
  facts.methods = list<ContactMethod>(in, "methods", contact_method);
  facts.self_harm_alert = in.flag("self_harm_alert").value_or(false);
  facts.crisis_plan = in.text("crisis_plan");
  facts.confidential_address = in.flag("confidential_address").value_or(false);
  facts.visit_warning = in.flag("visit_warning").value_or(false);
  const auto on = in.needed_day("on");
  WAYSIDE_OK(in.done());
  const auto card = safe_contact_card(facts, on);
  auto lines = json::array();
  for (const auto& line : card.lines) {
    lines.push_back({{"method", line.method},
                     {"address", line.address},
                     {"rule", line.sentence},
                     {"times", line.times},
                     {"code_word", line.code_word},
                     {"check_again", line.check_again}});
  }
  return json{{"answer", card.any_way ? "yes" : "no"}, {"reasons", card.warnings}, {"lines", std::move(lines)}};
}

Result<json> run_check_in(JsonReader& in) {
  LoneVisit visit{in.text("worker"), {}, in.flag("cancelled").value_or(false)};
  for (const auto& each : in.texts("back_by")) visit.back_by_ms.push_back(moment(in, "back_by", each));
  const auto entries = list<CheckIn>(in, "entries", check_in);
  const auto now_ms = moment(in, "now", in.text("now"));
  WAYSIDE_OK(in.done());
  const auto out = check_in_standing(visit, entries, now_ms);
  constexpr std::string_view kAlarm[] = {"none", "due", "raised"};
  auto result = verdict_json(out.alarm == Alarm::raised ? Answer::no
                             : out.alarm == Alarm::due  ? Answer::ask
                                                        : Answer::yes,
                             out.reasons);
  result["alarm"] = kAlarm[static_cast<std::size_t>(out.alarm)];
  return result;
}

}  // namespace wayside::casework::rules
