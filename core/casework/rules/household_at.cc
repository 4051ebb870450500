#include "core/casework/rules/household_at.h"

#include <algorithm>
#include <map>
#include <set>

namespace wayside::casework::rules {
namespace {

using People = std::map<std::string, const KnownPerson*>;

std::unexpected<Error> wrong(const std::string& what) { return fail(Errc::bad_input, what); }

Result<People> by_id(const std::vector<KnownPerson>& people, Day on) {
  People out;
  for (const auto& person : people) {
    if (!out.emplace(person.id, &person).second) return wrong("person " + person.id + " stands twice");
    if (person.dob && *person.dob > on) return wrong("person " + person.id + " is not born yet on that day");
  }
  return out;
}

Result<void> check_ages(const People& people) {
  for (const auto& [id, parent] : people) {
    for (const auto& child_id : parent->children) {
      const auto child = people.find(child_id);
      if (child == people.end() || !parent->dob || !child->second->dob) continue;
      if (*child->second->dob <= *parent->dob)
        return wrong("person " + child_id + " is not younger than the parent " + id);
    }
  }
  return {};
}

/// Takes away, again and again, whoever has no child that is left; those in a ring, and their parents, stay over.
Result<void> refuse_rings(People left) {
  for (bool changed = true; changed;) {
    changed =
        std::erase_if(left, [&](const auto& each) {
          return std::ranges::none_of(each.second->children, [&](const auto& child) { return left.contains(child); });
        }) > 0;
  }
  if (left.empty()) return {};
  return wrong("person " + left.begin()->first + " has a descendant who is an ancestor too");
}

bool lives_there(const HouseholdMember& row, Day on) {
  return (!row.moved_in || *row.moved_in <= on) && (!row.moved_out || on < *row.moved_out);
}

Result<std::map<std::string, HouseholdMember>> residents(std::string_view household,
                                                         const std::vector<HouseholdMember>& rows, Day on) {
  std::map<std::string, HouseholdMember> here;
  std::map<std::string, std::string> where;
  for (const auto& row : rows) {
    if (row.moved_in && row.moved_out && *row.moved_out < *row.moved_in)
      return wrong("person " + row.person + " moves out before moving in");
    if (!lives_there(row, on)) continue;
    const auto [home, first_home] = where.emplace(row.person, row.household);
    if (!first_home && home->second != row.household)
      return wrong("person " + row.person + " lives in two households on that day");
    if (row.household != household) continue;
    const auto [seen, first] = here.emplace(row.person, row);
    if (!first && seen->second.role != row.role) return wrong("person " + row.person + " has two roles on that day");
  }
  return here;
}

Member member_of(const KnownPerson* person, Day on) {
  if (!person) return {};
  return {person->sex, person->dob ? std::optional(age_on(*person->dob, on)) : person->age};
}

}  // namespace

Result<HouseholdAt> household_at(std::string_view household, const std::vector<HouseholdMember>& rows,
                                 const std::vector<KnownPerson>& people, Day on) {
  WAYSIDE_TRY(const auto known, by_id(people, on));
  WAYSIDE_OK(check_ages(known));
  WAYSIDE_OK(refuse_rings(known));
  WAYSIDE_TRY(const auto here, residents(household, rows, on));
  HouseholdAt out;
  for (const auto& [id, row] : here) {
    out.members.push_back(row);
    const auto person = known.find(id);
    const auto member = member_of(person == known.end() ? nullptr : person->second, on);
    const bool minor = member.age && *member.age < 18 && row.role != "survivor";
    const bool child = row.role == "child" || row.role == "adult_child" || minor;
    (child ? out.household.children : out.household.adults).push_back(member);
  }
  out.household.on_date = on;
  return out;
}

}  // namespace wayside::casework::rules
