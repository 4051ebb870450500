#include "core/casework/rules/groups.h"
#include "core/casework/rules/matching_parts.h"

namespace wayside::casework::rules {
namespace {

using Units = std::vector<const Unit*>;

/// A unit's own limits, which the directory prints for that unit.
Answer own_limits(const Household& household, const Unit& unit) {
  Verdict verdict;
  if (unit.sons_max_age) match_sons(household.children, {unit.sons_max_age, unit.sons_max_age, {}}, verdict);
  if (household.wheelchair && unit.wheelchair == false) return Answer::no;
  if (has_pets(household) && unit.pets == false) return Answer::no;
  return verdict.answer;
}

/// A hallway is shared both ways, whichever of the two records names it.
bool share_access(const Unit& a, const Unit& b) {
  const auto names = [](const Unit& from, const Unit& to) {
    return std::ranges::find(from.shares_access_with, to.id) != from.shares_access_with.end();
  };
  return names(a, b) || names(b, a);
}

/// Isle of Wight strategy 2021-24: a unit that shares a hallway or access route with an occupied unit takes the same
/// sex only.
Answer shared_access(const Household& household, const Unit& unit, const Units& all) {
  auto answer = Answer::yes;
  const auto hers = adult_sexes(household, true);
  std::vector<RecordId> seen;
  for (const auto* other : all) {
    if (other == &unit || !share_access(unit, *other)) continue;
    seen.push_back(other->id);
    if (other->state == "free" || other->state == "out_of_use") continue;
    if (unit.single_sex_shared == false && other->single_sex_shared != true) continue;
    const auto theirs = sex_from(other->occupant_sex);
    for (const auto sex : hers) {
      const bool known = sex != Sex::not_stated && theirs != Sex::not_stated;
      answer = std::min(answer, !known ? Answer::ask : sex == theirs ? Answer::yes : Answer::no);
    }
  }
  // A neighbour that the directory holds no record of may be occupied by anybody.
  const bool unseen = std::ranges::any_of(unit.shares_access_with, [&](const RecordId& id) {
    return std::ranges::find(seen, id) == seen.end() && id != unit.id;
  });
  return unseen && unit.single_sex_shared != false ? std::min(answer, Answer::ask) : answer;
}

void judge_own_limits(const Household& household, const Service& service, const Units& all, Answer best_free,
                      Verdict& verdict) {
  if (best_free == Answer::yes) return;
  if (best_free == Answer::ask)
    return verdict.ask("free_unit", "No free unit fits for certain; ask about sons of unknown age or sex.");
  const bool every_unit_listed = !service.units || static_cast<std::int64_t>(all.size()) >= *service.units;
  const bool none = every_unit_listed && std::ranges::all_of(all, [&](const Unit* unit) {
                      return own_limits(household, *unit) == Answer::no;
                    });
  if (none) verdict.bar("free_unit", "None of its units fits: sons, wheelchair or pets.");
  else
    verdict.ask("free_unit",
                "No unit that is free fits (sons, wheelchair or pets), though others may: ask when one comes free.");
}

}  // namespace

void match_units(const Household& household, const Service& service, const Units& units,
                 std::vector<Vacancy>& vacancies, Verdict& verdict) {
  auto own = Answer::no;
  auto access = Answer::no;
  auto best = Answer::no;
  for (const auto* unit : units) {
    if (unit->state != "free") continue;
    const auto limits = own_limits(household, *unit);
    const auto shared = shared_access(household, *unit, units);
    vacancies.push_back({unit->id, std::min(limits, shared), {}, false});
    own = std::max(own, limits);
    best = std::max(best, vacancies.back().answer);
    if (limits != Answer::no) access = std::max(access, shared);
  }
  if (vacancies.empty()) {
    if (!units.empty()) verdict.note("free_unit", "No unit is known to be free.");
    return;
  }
  judge_own_limits(household, service, units, own, verdict);
  if (own == Answer::no || best == own) return;  // said already, or the best unit shares nothing that matters
  if (access == Answer::no)
    verdict.bar("shared_access", "Every free unit shares its way in with one where somebody of another sex lives.");
  else verdict.ask("shared_access", "A free unit shares its way in with another: ask who lives there, same sex only.");
}

}  // namespace wayside::casework::rules
