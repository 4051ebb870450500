#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/casework/rules/household.h"
#include "platform/result.h"

/// A household is computed from its members as at a day, and never typed (domain reference, Household).
namespace wayside::casework::rules {

struct HouseholdMember {
  std::string household;
  std::string person;
  std::string role;              ///< code list household_role
  std::optional<Day> moved_in;   ///< nothing: since always
  std::optional<Day> moved_out;  ///< the first day without; nothing: lives there still
};

struct KnownPerson {
  std::string id;
  Sex sex = Sex::not_stated;
  std::optional<Day> dob;
  std::optional<int> age;             ///< where only an age is known
  std::vector<std::string> children;  ///< ids of persons
};

struct HouseholdAt {
  std::vector<HouseholdMember> members;  ///< by person; one row each
  Household household;                   ///< adults and children filled; the other answers are the caller's
};

/// Children: the roles child and adult_child, and whoever else is under 18 but the survivor.
/// Errc::bad_input, with which rows: moves out before moving in; the same person with two roles, or in two households,
/// on `on`; a child older than a parent, or born on the same day; somebody who is among her or his own descendants; a
/// person twice; born after `on`.
Result<HouseholdAt> household_at(std::string_view household, const std::vector<HouseholdMember>& rows,
                                 const std::vector<KnownPerson>& people, Day on);

}  // namespace wayside::casework::rules
