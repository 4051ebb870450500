#pragma once

#include <array>
#include <string_view>

#include "core/casework/casebook.h"
#include "tests/simulation/step.h"

/// What people write: values that tell which save they come from, wherever the kind of the field lets them.
namespace wayside::simulation {

inline constexpr std::array<std::string_view, 4> kTypesInCase{"note", "person", "tenancy_risk", "perpetrator"};

/// A value that no other save writes to the same field; for flags and codes one of the few there are.
Value value_for(const schema::Field& field, std::uint64_t save, Dice& dice);

/// A new record with all that is needed to save it and a few fields more.
casework::NewRecordRequest new_request(std::string_view type, const RecordId& id, std::uint64_t save, Dice& dice);

/// One to three fields of a type, the first of a kind whose values tell their save.
std::vector<const schema::Field*> some_fields(const schema::RecordType& type, Dice& dice);

}  // namespace wayside::simulation
