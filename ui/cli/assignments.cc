#include "ui/cli/assignments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/schema/validate.h"
#include "ui/cli/command_line.h"

namespace wayside::cli {
namespace {

using casework::FieldChange;

FieldChange& change_of(std::vector<FieldChange>& changes, const schema::Field& field) {
  const auto found = std::ranges::find(changes, &field, &FieldChange::field);
  if (found != changes.end()) return *found;
  changes.emplace_back().field = &field;
  return changes.back();
}

struct Assignment {
  const schema::Field* field;
  std::optional<Value> value;  ///< nothing: "field="
};

Result<Assignment> read_assignment(const schema::RecordType& type, std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) {
    return fail(Errc::usage, as_typed(word) + " is not written as field=value");
  }
  WAYSIDE_TRY(const auto* field, field_named(type, word.substr(0, equals)));
  const std::string_view text = word.substr(equals + 1);
  if (text.empty()) return Assignment{field, std::nullopt};
  WAYSIDE_TRY(Value value, schema::parse_field(*field, text));
  return Assignment{field, std::move(value)};
}

Result<void> read_set(const schema::RecordType& type, std::string_view word, std::vector<FieldChange>& changes) {
  WAYSIDE_TRY(Assignment assignment, read_assignment(type, word));
  FieldChange& change = change_of(changes, *assignment.field);
  if (change.sets && (!assignment.field->several || !assignment.value || change.set.empty())) {
    return fail(Errc::usage, "The field " + assignment.field->name + " is set twice. Set it once");
  }
  change.sets = true;
  if (assignment.value) change.set.push_back(*std::move(assignment.value));
  return {};
}

Result<void> read_item(const schema::RecordType& type, std::string_view word, std::vector<Value> FieldChange::*items,
                       std::vector<FieldChange>& changes) {
  WAYSIDE_TRY(Assignment assignment, read_assignment(type, word));
  if (!assignment.value)
    return fail(Errc::usage, "An item of " + assignment.field->name + " is empty. Write field=item");
  (change_of(changes, *assignment.field).*items).push_back(*std::move(assignment.value));
  return {};
}

}  // namespace

void declare_set(CLI::App& app, Assignments& words) {
  app.add_option("--set", words.set, "what a field holds afterwards; field= clears it")->type_name("field=value");
}

void declare_add_and_remove(CLI::App& app, Assignments& words) {
  app.add_option("--add", words.add, "one more item of a list")->type_name("field=item");
  app.add_option("--remove", words.remove, "takes an item away from a list")->type_name("field=item");
}

Result<std::vector<FieldChange>> read_assignments(const schema::RecordType& type, const Assignments& words) {
  std::vector<FieldChange> changes;
  for (const auto& word : words.set) WAYSIDE_OK(read_set(type, word, changes));
  for (const auto& word : words.add) WAYSIDE_OK(read_item(type, word, &FieldChange::add, changes));
  for (const auto& word : words.remove) WAYSIDE_OK(read_item(type, word, &FieldChange::remove, changes));
  return changes;
}

Result<std::vector<FieldChange>> read_json_fields(const schema::RecordType& type, const nlohmann::json& fields) {
  if (!fields.is_object()) return fail(Errc::bad_input, "a record is a JSON object, {\"field\": value}");
  std::vector<FieldChange> changes;
  for (const auto& [name, json] : fields.items()) {
    WAYSIDE_TRY(const auto* field, field_named(type, name));
    FieldChange& change = change_of(changes, *field);
    change.sets = true;
    if (json.is_null()) continue;
    const bool is_list = json.is_array() && field->several;
    const nlohmann::json values = is_list ? json : nlohmann::json::array({json});
    for (const auto& each : values) {
      WAYSIDE_TRY(Value value, schema::field_from_json(*field, each));
      change.set.push_back(std::move(value));
    }
  }
  return changes;
}

Result<const schema::Field*> field_named(const schema::RecordType& type, std::string_view name) {
  if (const auto* field = type.field(name)) return field;
  if (schema::current().field(type, name) != nullptr) {
    return fail(Errc::usage, "The field " + as_typed(name) + " is not set by hand. Use `archive`");
  }
  return fail(Errc::unknown_field, as_typed(name) + " in " + type.name);
}

Result<const schema::RecordType*> type_named(std::string_view name) {
  if (const auto* type = schema::current().type(name)) return type;
  return fail(Errc::unknown_type, as_typed(name));
}

}  // namespace wayside::cli
