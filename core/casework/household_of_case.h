#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/household_at.h"

/// Who lives together in a case on a day, from its persons, children, household members and pets.
namespace wayside::casework {

struct HouseholdOfCase {
  std::optional<RecordId> record;           ///< nothing: nobody has written who lives together
  std::vector<rules::HouseholdMember> members;
  rules::Household household;               ///< adults, children and pets of that day
};

/// The household of the survivor where members are written down, else the case's first; where none are written down, every
/// person and child of the case. Errc::bad_input names the rows that cannot be true together (rules::household_at).
Result<HouseholdOfCase> household_of_case(const CaseFacts& facts, rules::Day on);

/// The same with everything that matching asks besides: needs, areas, money, tenure, risk.
Result<rules::Household> household_to_match(const CaseFacts& facts, std::string_view risk_level, rules::Day on);

}  // namespace wayside::casework
