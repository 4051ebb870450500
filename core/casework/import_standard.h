#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/casework/imported.h"
#include "core/schema/validate.h"
#include "platform/env.h"

/// The standard workload: one nested case a line, {id, person, notes, risk, plan}, keys named as our fields are.
/// Risk levels low, medium, high are STANDARD, MEDIUM, HIGH here; the language is a one-item union; each case also gets
/// a record of its own, open, with a reference made of its id.
namespace wayside::casework {

/// All cases of cases.ndjson, one NewCase each: the case, its person, notes, risk assessment and plan.
Imported import_standard(const schema::Schema& schema, platform::File& file);

/// One line of edits.ndjson, without its device and record.
struct StandardEdit {
  schema::TypeId type = 0;
  const schema::Field* field = nullptr;
  Value value;
};

/// What {table, field, value} means here. Errc::unknown_type, unknown_field, unknown_code or bad_input.
Result<StandardEdit> resolve_standard_edit(const schema::Schema& schema, std::string_view table, std::string_view field,
                                           const nlohmann::json& value);

/// A value as the workload writes it: what import_standard and resolve_standard_edit read comes back unchanged.
nlohmann::json standard_value(const schema::Field& field, const Value& value);

}  // namespace wayside::casework
