#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "platform/result.h"

/// A managed move or reciprocal: the landlord that is asked for a home never learns for whom.
///
/// Sources: Southampton strategy 2021-24 (management transfer), Peterborough 2024-27 and pan-Hampshire (managed
/// reciprocal: no name on the request, unsafe areas, properties owed, keep the tenancy meanwhile).
namespace wayside::casework::rules {

/// Every field that leaves the organisation. There is none for a name.
struct PropertyRequest {
  std::string words;  ///< what is wanted, free of names
  std::optional<int> bedrooms;
  std::string floor, adaptations;
  std::vector<std::string> areas_wanted, unsafe_areas;
};

/// What may not be in it: names of everybody in the household and of the perpetrator, phone numbers, addresses, e-mail.
struct Identifying {
  std::vector<std::string> names, numbers, other;
};

/// The request as it goes out, in words. Errc::bad_input with the field that names somebody: a name or part of one of
/// three letters or more in any script or spelling of marks, a number however it is spaced, another text of `other`,
/// anything that looks like an e-mail address or has seven digits in a row.
Result<std::string> property_request(const PropertyRequest& request, const Identifying& identifying);

struct ManagedMove {
  std::string kind;                  ///< code list managed_move_type
  std::string tenure;                ///< of the home that she has now
  std::string landlord_approval;     ///< code list permission_status
  std::optional<bool> tenancy_kept;  ///< nothing: not known; no is the dangerous one
  bool moved = false;
};

/// May it go on, and what to warn of. Reciprocals and transfers are for social tenancies.
Verdict managed_move_standing(const ManagedMove& move);

/// One home owed or repaid between landlords. Balance by organisation: above 0, that organisation owes us.
struct PropertyOwed {
  std::string id, organisation;
  bool owed_to_us = false;
  bool settled = false;
};
std::vector<std::pair<std::string, std::int64_t>> properties_owed(const std::vector<PropertyOwed>& all);

}  // namespace wayside::casework::rules
