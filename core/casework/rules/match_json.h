#pragma once

#include "core/casework/rules/json_reader.h"
#include "core/casework/rules/matching.h"

/// Matching from and to JSON, in the shapes that the command line fixes for `match`.
namespace wayside::casework::rules {

/// {"adults": [{"sex", "age"}], "children": [{"sex", "age"}], "pets": [{"kind", "count"}], "nrpf", "wheelchair",
/// "overnight_security", "needs", "unsafe_areas", "perpetrator_areas", "origin": {"la", "significant_distance",
/// "assessed_safe"}, "tenure", "landlord", "in_work", "ethnicity", "country_of_birth", "languages", "risk",
/// "specialist_case", "on_date"}; every key may be missing. Errc::bad_input names the key that is wrong.
Result<Household> household_from_json(const json& input);

/// A service or a unit by the field names of its record type, with "id": a UUID, or up to 16 bytes of any name.
Result<Service> service_from_json(const json& input);
Result<Unit> unit_from_json(const json& input);

/// {"services": [{"id", "name", "answer", "reasons": [sentence …], "vacancy_age_hours", "vacancy_stale",
/// "vacancies": [{"unit", "answer", "age_hours", "stale"}]}]}, in the order of `matches`.
json to_json(const std::vector<Match>& matches);

/// The sentences of reasons.
json sentences(const std::vector<Reason>& reasons);

}  // namespace wayside::casework::rules
