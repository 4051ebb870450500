#include "core/casework/rules/matching.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/casework/rules/matching_parts.h"

namespace wayside::casework::rules {
namespace {

constexpr std::int64_t kMsPerHour = 3'600'000;

void note_ages(const std::vector<const Unit*>& units, std::int64_t now_ms, const MatchSettings& settings, Match& out) {
  const auto age = [&](const Unit& unit) -> std::optional<std::int64_t> {
    if (!unit.as_at_ms) return std::nullopt;
    return now_ms <= *unit.as_at_ms ? 0
                                    : (now_ms - *unit.as_at_ms) / kMsPerHour;  // another device's clock may be ahead
  };
  const auto stale = [&](const std::optional<std::int64_t>& hours) {
    return !hours || *hours > settings.stale_after_hours;
  };
  for (const auto* unit : units) {
    const auto hours = age(*unit);
    if (hours && (!out.vacancy_age_hours || *hours < *out.vacancy_age_hours)) out.vacancy_age_hours = hours;
    const auto vacancy = std::ranges::find(out.vacancies, unit->id, &Vacancy::unit);
    if (vacancy == out.vacancies.end()) continue;
    vacancy->age_hours = hours;
    vacancy->stale = stale(hours);
  }
  out.vacancy_stale = !units.empty() && stale(out.vacancy_age_hours);
}

Match match_sorted(const Household& household, const Service& service, const std::vector<const Unit*>& units,
                   std::int64_t now_ms, const MatchSettings& settings) {
  Match out;
  out.service = service.id;
  out.name = service.name;
  Verdict verdict;
  match_people(household, service, settings, verdict);
  match_where_and_when(household, service, verdict);
  match_place(household, service, verdict);
  match_units(household, service, units, out.vacancies, verdict);
  if (!service.specialism.empty())
    verdict.note("specialism", "Specialism: " + service.specialism + ". A welcome, not a bar.");
  if (verdict.answer == Answer::yes) verdict.note("fits", "Nothing that the directory prints stands against it.");
  verdict.sort();
  out.answer = verdict.answer;
  out.reasons = std::move(verdict.reasons);
  note_ages(units, now_ms, settings, out);
  return out;
}

void by_id(std::vector<const Unit*>& units) {
  std::ranges::sort(units, [](const Unit* a, const Unit* b) { return a->id < b->id; });
}

}  // namespace

Match match(const Household& household, const Service& service, const std::vector<Unit>& units, std::int64_t now_ms,
            const MatchSettings& settings) {
  std::vector<const Unit*> sorted;
  for (const auto& unit : units) sorted.push_back(&unit);
  by_id(sorted);
  return match_sorted(household, service, sorted, now_ms, settings);
}

std::vector<Match> match_all(const Household& household, const std::vector<Service>& services,
                             const std::vector<Unit>& units, std::int64_t now_ms, const MatchSettings& settings) {
  std::map<RecordId, std::vector<const Unit*>> of_service;
  for (const auto& unit : units) of_service[unit.service].push_back(&unit);
  for (auto& [service, sorted] : of_service) by_id(sorted);
  std::vector<Match> out;
  for (const auto& service : services) {
    const auto found = of_service.find(service.id);
    out.push_back(match_sorted(
        household, service, found == of_service.end() ? std::vector<const Unit*>() : found->second, now_ms, settings));
  }
  std::ranges::sort(out, [](const Match& a, const Match& b) {
    return a.answer != b.answer ? a.answer > b.answer : std::tie(a.name, a.service) < std::tie(b.name, b.service);
  });
  return out;
}

}  // namespace wayside::casework::rules
