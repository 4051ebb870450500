#include "core/casework/import_standard.h"

#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/casework/import_source.h"
#include "core/schema/display.h"

namespace wayside::casework {
namespace {

using nlohmann::json;
using schema::Checked;
using schema::Field;
using schema::RecordType;
using schema::Schema;

struct Table {
  std::string_view name;   ///< in edits.ndjson
  std::string_view type;   ///< here
};
constexpr std::array kTables{Table{"person", "person"}, Table{"note", "note"}, Table{"risk", "risk_assessment"},
                             Table{"plan", "support_plan"}};

struct Level {
  std::string_view workload;
  std::string_view code;
};
constexpr std::array kLevels{Level{"low", "STANDARD"}, Level{"medium", "MEDIUM"}, Level{"high", "HIGH"}};

bool is_level(const Field& field) { return field.list_name == "risk_level"; }

Checked<Value> read_value(const Field& field, const json& value) {
  if (!is_level(field)) return schema::field_from_json(field, value);
  for (const auto& level : kLevels) {
    if (value.is_string() && value.get_ref<const std::string&>() == level.workload)
      return Code{std::string(level.code)};
  }
  return std::unexpected(schema::Problem{Errc::unknown_code, field.name, "needs low, medium or high"});
}

/// "W-1A2B-3C4D" from the id's last eight digits, which are random in every version of UUID.
std::string reference_of(const RecordId& id) {
  auto digits = to_hex(id.view().substr(RecordId::size_bytes - 4));
  for (auto& digit : digits) digit = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
  return "W-" + digits.substr(0, 4) + "-" + digits.substr(4);
}

/// Reads the cases of one file, one after the other.
class Reader {
 public:
  explicit Reader(const Schema& schema)
      : case_(*schema.type("case")), person_(*schema.type("person")), note_(*schema.type("note")),
        risk_(*schema.type("risk_assessment")), plan_(*schema.type("support_plan")) {}

  Imported read(platform::File& file) {
    for_each_object(file, problems_, [this](std::size_t line, const json& object) { read_case(line, object); });
    if (problems_.none()) return std::move(cases_);
    return std::unexpected(std::move(problems_).take());
  }

 private:
  void read_case(std::size_t line, const json& object) {
    line_ = line;
    NewCase made;
    refuse_unknown(object);
    if (const auto id = read_id(object, "id")) {
      made.case_id = *id;
      made.records.push_back(case_record(*id));
    }
    read_record(object, "person", person_, made);
    read_notes(object, made);
    read_record(object, "risk", risk_, made);
    read_record(object, "plan", plan_, made);
    if (problems_.none()) cases_.push_back(std::move(made));
  }

  void complain(const std::string& where, std::string what) { problems_.add(line_, where, std::move(what)); }

  void refuse_unknown(const json& object) {
    for (const auto& [key, value] : object.items()) {
      if (key != "id" && key != "person" && key != "notes" && key != "risk" && key != "plan") {
        complain(short_name(key), "is no part of a case, which has id, person, notes, risk and plan; remove it");
      }
    }
  }

  std::optional<RecordId> read_id(const json& object, const std::string& where) {
    const auto id = object.find("id");
    if (id == object.end()) return complain(where, "is missing; every record needs its id"), std::nullopt;
    if (!id->is_string()) return complain(where, "needs an id in quotes"), std::nullopt;
    return seen_.read(id->get_ref<const std::string&>(), line_, where, problems_);
  }

  NewRecord case_record(const RecordId& id) const {
    return {id, case_.id,
            {{case_.field("reference")->id, {Text{reference_of(id)}}}, {case_.field("status")->id, {Code{"open"}}}},
            line_};
  }

  void read_notes(const json& object, NewCase& made) {
    const auto notes = object.find("notes");
    if (notes == object.end() || !notes->is_array()) return complain("notes", "needs a list of notes in brackets");
    for (std::size_t i = 0; i < notes->size(); ++i) {
      read_fields((*notes)[i], "notes[" + std::to_string(i) + "]", note_, made);
    }
  }

  void read_record(const json& object, const std::string& key, const RecordType& type, NewCase& made) {
    const auto part = object.find(key);
    if (part == object.end()) return complain(key, "is missing; every case has one");
    read_fields(*part, key, type, made);
  }

  void read_fields(const json& object, const std::string& where, const RecordType& type, NewCase& made) {
    if (!object.is_object()) return complain(where, "needs an object in braces");
    NewRecord record{{}, type.id, {}, line_};
    if (const auto id = read_id(object, where + ".id")) record.id = *id;
    record.fields.reserve(object.size());
    std::vector<schema::FieldId> filled;
    for (const auto& [key, value] : object.items()) {
      if (key == "id") continue;
      const auto* field = type.field(key);
      if (field == nullptr) {
        complain(where + "." + short_name(key),
                 "is no field of " + type.name + "; `types " + type.name + "` lists them");
        continue;
      }
      filled.push_back(field->id);
      if (auto read = read_value(*field, value)) {
        auto& made_field = record.fields.emplace_back(NewField{field->id, {}});
        made_field.values.push_back(*std::move(read));
      } else {
        complain(where + "." + field->name, read.error().what);
      }
    }
    for (const auto* field : schema::missing(type, filled, schema::Required::to_save)) {
      complain(where + "." + field->name, "is missing; every " + type.name + " needs it");
    }
    made.records.push_back(std::move(record));
  }

  const RecordType& case_;
  const RecordType& person_;
  const RecordType& note_;
  const RecordType& risk_;
  const RecordType& plan_;
  std::size_t line_ = 0;
  Problems problems_;
  SeenIds seen_;
  std::vector<NewCase> cases_;
};

}  // namespace

Imported import_standard(const Schema& schema, platform::File& file) { return Reader(schema).read(file); }

Result<StandardEdit> resolve_standard_edit(const Schema& schema, std::string_view table, std::string_view field_name,
                                           const json& value) {
  for (const auto& known : kTables) {
    if (known.name != table) continue;
    const auto& type = *schema.type(known.type);
    const auto* field = type.field(field_name);
    if (field == nullptr) return fail(Errc::unknown_field, type.name);
    WAYSIDE_TRY(auto read, read_value(*field, value));
    return StandardEdit{type.id, field, std::move(read)};
  }
  return fail(Errc::unknown_type, "the workload's tables are person, note, risk and plan");
}

json standard_value(const Field& field, const Value& value) {
  const auto* code = std::get_if<Code>(&value);
  if (code != nullptr && is_level(field)) {
    for (const auto& level : kLevels) {
      if (code->code == level.code) return level.workload;
    }
  }
  return schema::to_json(value);
}

}  // namespace wayside::casework
