#include "core/casework/matching_of_case.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "core/casework/household_of_case.h"
#include "core/casework/risk_of_case.h"

namespace wayside::casework {
namespace {

using rules::Match;
using rules::Unit;

/// What was heard of a service as a whole stands as one unit of which nothing else is known.
Unit unit_of_service(const Fact& vacancy, const RecordId& service) {
  Unit out;
  out.id = vacancy.id;
  out.service = service;
  out.state = vacancy.fields.number("free_units") == 0 ? "occupied" : vacancy.fields.text("state");
  out.as_at_ms = vacancy.fields.time_ms("as_at");
  return out;
}

/// What somebody saw last counts, whatever the order in which it came in. `vacancies`: the newest first.
void add_vacancies(const std::vector<const Fact*>& vacancies, std::vector<Unit>& units) {
  std::vector<RecordId> heard;   // units and services
  for (const Fact* vacancy : vacancies) {
    const auto services = vacancy->fields.records("service");
    const auto ids = vacancy->fields.records("unit");
    if (services.empty()) continue;
    const RecordId about = ids.empty() ? services.front() : ids.front();
    if (std::ranges::find(heard, about) != heard.end()) continue;
    heard.push_back(about);
    if (ids.empty()) {
      units.push_back(unit_of_service(*vacancy, about));
    } else if (const auto unit = std::ranges::find(units, about, &Unit::id); unit != units.end()) {
      unit->as_at_ms = vacancy->fields.time_ms("as_at");
      unit->state = vacancy->fields.text("state");
    }
  }
}

bool before(const Match& a, const Match& b) {
  if (a.answer != b.answer) return a.answer > b.answer;
  return a.name != b.name ? a.name < b.name : to_text(a.service) < to_text(b.service);
}

}  // namespace

Result<Directory> directory(Vault& vault) {
  Directory out;
  WAYSIDE_TRY(const auto services, facts_of_type(vault, "service"));
  for (const Fact& fact : services.facts) out.services.push_back(rules::service_from(fact.id, fact.fields));
  WAYSIDE_TRY(const auto units, facts_of_type(vault, "unit"));
  for (const Fact& fact : units.facts) out.units.push_back(rules::unit_from(fact.id, fact.fields));
  WAYSIDE_TRY(const auto vacancies, facts_of_type(vault, "vacancy"));
  std::vector<const Fact*> newest_first;
  for (const Fact& fact : vacancies.facts) newest_first.push_back(&fact);
  std::ranges::stable_sort(newest_first, std::greater<>(), [](const Fact* fact) { return fact->fields.time_ms("as_at").value_or(0); });
  add_vacancies(newest_first, out.units);
  return out;
}

std::vector<Match> match_household(const rules::Household& household, const Directory& directory, std::int64_t now_ms) {
  return rules::match_all(household, directory.services, directory.units, now_ms);
}

Result<std::vector<Match>> match_case(Vault& vault, const CaseFacts& facts, rules::Day on) {
  WAYSIDE_TRY(const auto risk, risk_of_case(vault, facts));
  WAYSIDE_TRY(const auto household, household_to_match(facts, rules::code_of(risk.effective.level), on));
  WAYSIDE_TRY(const Directory all, directory(vault));
  const auto now_ms = vault.env().clock.wall_ms();
  auto out = match_household(household, all, now_ms);
  for (const Fact& referral : facts.of("referral")) {
    const auto distant = referral.fields.flag("distant");
    const auto safe = referral.fields.flag("assessed_safe");
    const auto to = referral.fields.records("service");
    if ((!distant && !safe) || to.empty()) continue;
    const auto service = std::ranges::find(all.services, to.front(), &rules::Service::id);
    const auto place = std::ranges::find(out, to.front(), &Match::service);
    if (service == all.services.end() || place == out.end()) continue;
    auto assessed = household;
    assessed.significant_distance = distant;
    assessed.assessed_safe = safe;
    std::vector<Unit> units;
    std::ranges::copy_if(all.units, std::back_inserter(units), [&](const Unit& unit) { return unit.service == service->id; });
    *place = rules::match(assessed, *service, units, now_ms);
  }
  std::ranges::sort(out, before);
  return out;
}

}  // namespace wayside::casework
