#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/casework/casebook.h"

namespace CLI {
class App;
}

/// `--set field=value …`, and the same as JSON: what a person writes becomes changes of fields.
namespace wayside::cli {

struct Assignments {
  std::vector<std::string> set, add, remove;
};

void declare_set(CLI::App& app, Assignments& words);
void declare_add_and_remove(CLI::App& app, Assignments& words);

/// "field=" clears a field. A field of several values may be named several times, any other once.
/// Errors: usage (no "=", a field named twice), unknown_field, bad_input, unknown_code.
Result<std::vector<casework::FieldChange>> read_assignments(const schema::RecordType& type, const Assignments& words);

/// {"field": value} or {"field": [value, …]}, codes and numbers as JSON has them; null clears.
Result<std::vector<casework::FieldChange>> read_json_fields(const schema::RecordType& type,
                                                            const nlohmann::json& fields);

/// A field of `type` that somebody named. Errc::unknown_field.
Result<const schema::Field*> field_named(const schema::RecordType& type, std::string_view name);
/// Errc::unknown_type.
Result<const schema::RecordType*> type_named(std::string_view name);

}  // namespace wayside::cli
