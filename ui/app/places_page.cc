#include "ui/app/places_page.h"

#include <algorithm>

#include "core/casework/household_of_case.h"
#include "core/casework/matching_of_case.h"
#include "core/casework/risk_of_case.h"
#include "core/casework/rules/wording.h"
#include "core/schema/display.h"
#include "ui/app/people.h"
#include "ui/app/reason_words.h"
#include "ui/app/references.h"
#include "ui/app/sentences.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

namespace rules = casework::rules;

void fact(google::protobuf::RepeatedPtrField<pb::Fact>& out, std::string_view label, std::string value) {
  if (value.empty()) return;
  pb::Fact& one = *out.Add();
  one.set_label(std::string(label));
  one.set_value(std::move(value));
}

std::string people_words(const std::vector<rules::Member>& people, bool children) {
  std::string out;
  for (const rules::Member& each : people) {
    std::string who = children ? (each.sex == rules::Sex::female ? "Girl"
                                  : each.sex == rules::Sex::male ? "Boy"
                                                                 : "Child")
                               : (each.sex == rules::Sex::female ? "Woman"
                                  : each.sex == rules::Sex::male ? "Man"
                                                                 : "Adult, sex not recorded");
    who += each.age ? ", " + std::to_string(*each.age) : ", age not recorded";
    out += (out.empty() ? "" : "; ") + who;
  }
  return out;
}

std::string pets_words(const std::vector<rules::Pets>& pets) {
  std::string out;
  for (const rules::Pets& each : pets)
    out += (out.empty() ? "" : ", ") + (each.count && *each.count > 1 ? std::to_string(*each.count) + " " : "") +
           each.kind;
  return out;
}

/// What the matching read of her: so that a slip in it is seen before a service is asked.
void add_household(const rules::Household& household, const rules::EffectiveRisk& risk, pb::Places& out) {
  auto& facts = *out.mutable_household();
  fact(facts, "Adults",
       household.adults.empty() ? "One adult, nothing recorded" : people_words(household.adults, false));
  fact(facts, "Children", household.children.empty() ? "None recorded" : people_words(household.children, true));
  fact(facts, "Pets", household.pets.empty() ? "None recorded" : pets_words(household.pets));
  fact(facts, "Public funds", household.nrpf ? "No recourse to public funds" : "");
  fact(facts, "Access", household.wheelchair ? "Wheelchair" : "");
  fact(facts, "Security", household.overnight_security ? "Somebody there overnight" : "");
  std::vector<std::string> unsafe = household.unsafe_areas;
  for (const auto& area : household.perpetrator_areas) {
    if (std::ranges::find(unsafe, area) == unsafe.end()) unsafe.push_back(area);
  }
  fact(facts, "Danger areas", rules::listed(unsafe));
  constexpr std::string_view kLevels[] = {"Not assessed", "Standard", "Medium", "High"};
  fact(facts, "Risk", std::string(kLevels[static_cast<std::size_t>(risk.level)]));
}

std::string vacancy_words(const rules::Match& match) {
  if (match.vacancies.empty() && !match.vacancy_age_hours) return "Vacancies not known";
  const auto free = match.vacancies.size();
  return (free == 0 ? "None free" : std::to_string(free) + " free") +
         (match.vacancy_age_hours ? ", looked at " + age_words(*match.vacancy_age_hours) : ", nobody noted when");
}

pb::Answer answer_of(rules::Answer answer) {
  return answer == rules::Answer::yes ? pb::answer_yes : answer == rules::Answer::ask ? pb::answer_ask : pb::answer_no;
}

void add_row(const rules::Match& match, std::int64_t now_ms, pb::Places& out) {
  pb::PlaceRow& row = *out.add_rows();
  row.set_service_id(match.service.str());
  row.set_name(match.name.empty() ? "A service without a name yet" : match.name);
  row.set_answer(answer_of(match.answer));
  for (const rules::Reason& reason : match.reasons) {
    pb::PlaceReason& each = *row.add_reasons();
    each.set_answer(answer_of(reason.answer));
    each.set_text(plain_reason(reason.sentence, {}, now_ms));
  }
  row.set_vacancy(vacancy_words(match));
  const bool unknown = match.vacancies.empty() && !match.vacancy_age_hours;
  row.set_stale(match.vacancy_stale || (!unknown && !match.vacancy_age_hours));
}

void say(pb::Places& out, std::string text) {
  out.mutable_notice()->set_tone(pb::Notice::attention);
  out.mutable_notice()->set_text(std::move(text));
}

}  // namespace

std::string age_words(std::int64_t hours) {
  if (hours < 1) return "within the hour";
  if (hours < 48) return rules::counted(hours, "hour", "hours") + " ago";
  return rules::counted(hours / 24, "day", "days") + " ago";
}

Result<pb::Places> read_places(vault::Vault& vault, const RecordId& case_id, std::string_view case_name,
                               std::int64_t now_ms) {
  pb::Places out;
  out.set_case_id(case_id.str());
  out.set_case_name(std::string(case_name));
  const auto today = *rules::day_of(iso_day(now_ms));
  WAYSIDE_TRY(const auto facts, casework::CaseFacts::read(vault, case_id));
  const auto risk = casework::risk_of_case(vault, facts);
  const auto household = risk ? casework::household_to_match(facts, rules::code_of(risk->effective.level), today)
                              : Result<rules::Household>(std::unexpected(risk.error()));
  const auto matches = household ? casework::match_case(vault, facts, today)
                                 : Result<std::vector<rules::Match>>(std::unexpected(household.error()));
  if (!matches) {
    if (matches.error().code != Errc::bad_input) return std::unexpected(matches.error());
    say(out, "These records cannot all be true: " + matches.error().detail + ". Correct one of them, then look again.");
    return out;
  }
  add_household(*household, risk->effective, out);
  for (const rules::Match& match : *matches) add_row(match, now_ms, out);
  return out;
}

Result<pb::ServiceDetail> read_service(vault::Vault& vault, const RecordId& service, std::int64_t now_ms) {
  WAYSIDE_TRY(const auto record, casework::get(vault, service));
  if (record.type == nullptr || record.type->name != "service") return fail(Errc::not_found, "service");
  pb::ServiceDetail out;
  out.set_service_id(service.str());
  out.set_name(record.text("name"));
  for (const casework::ShownField& shown : record.fields) {
    if (shown.field == nullptr || shown.field->rows == 0 || shown.field->name == "name") continue;
    std::string value;
    for (const ledger::Shown& each : shown.view.values)
      value += (value.empty() ? "" : ", ") + display(vault, *shown.field, each.value, now_ms);
    fact(*out.mutable_facts(), shown.field->label, value);
  }
  return out;
}

}  // namespace wayside::app
