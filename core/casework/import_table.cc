#include "core/casework/import_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "core/casework/import_source.h"
#include "core/schema/csv.h"
#include "core/schema/toml.h"
#include "core/schema/validate.h"

namespace wayside::casework {
namespace {

using nlohmann::json;
using schema::Field;
using schema::RecordType;

constexpr std::size_t kRecordsPerSave = 32;   ///< of the organisation: far below the limit of one envelope

/// Where a column goes.
struct Target {
  enum class Place { id, of_case, field, left_out } place = Place::left_out;
  const Field* field = nullptr;
};

/// Gathers records row by row; both formats feed it.
class Builder {
 public:
  Builder(const RecordType& type, const ColumnMap& map, const MakeId& make_id)
      : type_(type), map_(map), make_id_(make_id) {}

  Problems problems;

  /// Nothing, and a problem, for a column that is neither a field nor mapped to one.
  std::optional<Target> target(std::string_view column, std::size_t line) {
    using enum Target::Place;
    const auto mapped = map_.fields.find(column);
    const std::string_view name = mapped == map_.fields.end() ? column : std::string_view(mapped->second);
    if (name.empty()) return Target{left_out};
    if (name == "id") return Target{id};
    if (name == "case" && type_.in_case && type_.name != "case") return Target{of_case};
    if (const auto* found = type_.field(name)) return Target{field, found};
    problems.add(line, short_name(column),
                 "is no field of " + type_.name + "; map it to one, or to \"\" to leave it out");
    return std::nullopt;
  }

  void begin(std::size_t line) {
    line_ = line;
    id_.reset();
    case_id_.reset();
    case_is_named_ = false;
    record_ = NewRecord{{}, type_.id, {}};
    filled_.clear();
  }

  void set_id(std::string_view column, std::string_view text) {
    id_ = seen_.read(text, line_, std::string(column), problems);
  }

  void set_case(std::string_view column, std::string_view text) {
    case_id_ = id_from_text<RecordId>(text);
    case_is_named_ = true;
    if (!case_id_) problems.add(line_, std::string(column), "needs the id of the record's case");
  }

  void add(const Field& field, std::string_view column, schema::Checked<Value> value) {
    filled_.push_back(field.id);
    if (!value) return problems.add(line_, std::string(column), value.error().what);
    const auto made = std::ranges::find(record_.fields, field.id, &NewField::field);
    if (made == record_.fields.end()) {
      record_.fields.push_back({field.id, {*std::move(value)}});
    } else if (field.several) {
      made->values.push_back(*std::move(value));
    } else {
      problems.add(line_, std::string(column), "is given a second time in this row; keep one");
    }
  }

  void end() {
    for (const auto* field : schema::missing(type_, filled_, schema::Required::to_save)) {
      problems.add(line_, field->name, "is missing; every " + type_.name + " needs it");
    }
    record_.id = id_ ? *id_ : make_id_();
    record_.line = line_;
    if (type_.name == "case") case_id_ = record_.id;
    if (type_.in_case && !case_id_ && !case_is_named_) {
      problems.add(line_, "case", "is missing; every " + type_.name + " stands in a case");
    }
    if (problems.none()) place();
  }

  Imported finish() && {
    if (problems.none()) return std::move(cases_);
    return std::unexpected(std::move(problems).take());
  }

 private:
  void place() {
    if (!case_id_) {
      if (cases_.empty() || cases_.back().records.size() >= kRecordsPerSave) cases_.emplace_back();
      cases_.back().records.push_back(std::move(record_));
      return;
    }
    const auto [place, is_new] = case_places_.try_emplace(*case_id_, cases_.size());
    if (is_new) cases_.push_back({case_id_, {}});
    cases_[place->second].records.push_back(std::move(record_));
  }

  const RecordType& type_;
  const ColumnMap& map_;
  const MakeId& make_id_;
  std::size_t line_ = 0;
  std::optional<RecordId> id_;
  std::optional<RecordId> case_id_;
  bool case_is_named_ = false;            // also where the id was wrong: one problem is enough
  NewRecord record_;
  std::vector<schema::FieldId> filled_;   // as above, also where the value was wrong
  SeenIds seen_;
  std::vector<NewCase> cases_;
  std::map<RecordId, std::size_t> case_places_;
};

std::vector<std::string_view> items_of(const Field& field, std::string_view cell) {
  if (!field.several) return {cell};
  std::vector<std::string_view> items;
  for (std::size_t begin = 0; begin <= cell.size();) {
    const auto end = std::min(cell.find(';', begin), cell.size());
    auto item = cell.substr(begin, end - begin);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.push_back(item);
    begin = end + 1;
  }
  return items;
}

/// An apostrophe before what a spreadsheet would run says that it is text; an export puts it there.
std::string_view without_guard(std::string_view cell) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  const auto first = cell.find_first_not_of('\'');
  const bool guarded = first != 0 && first != std::string_view::npos && kFormula.find(cell[first]) != std::string_view::npos;
  return guarded ? cell.substr(1) : cell;
}

void read_csv_row(const schema::CsvRow& row, const schema::CsvRow& heads, const std::vector<Target>& targets,
                  Builder& builder) {
  if (row.cells.size() != heads.cells.size()) {
    return builder.problems.add(row.line, {}, "needs " + std::to_string(heads.cells.size()) +
                                                  " cells, as many as there are heads");
  }
  builder.begin(row.line);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string_view cell = without_guard(row.cells[i]);
    if (cell.empty()) continue;
    switch (targets[i].place) {
      case Target::Place::id: builder.set_id(heads.cells[i], cell); break;
      case Target::Place::of_case: builder.set_case(heads.cells[i], cell); break;
      case Target::Place::field:
        for (const auto item : items_of(*targets[i].field, cell)) {
          builder.add(*targets[i].field, heads.cells[i], schema::parse_field(*targets[i].field, item));
        }
        break;
      case Target::Place::left_out: break;
    }
  }
  builder.end();
}

void read_csv_table(const std::vector<schema::CsvRow>& rows, Builder& builder) {
  const auto& heads = rows.front();
  refuse_double_heads(heads, builder.problems);
  std::vector<Target> targets;
  for (const auto& head : heads.cells) {
    if (const auto target = builder.target(head, heads.line)) targets.push_back(*target);
  }
  if (!builder.problems.none()) return;
  for (const auto& row : std::span(rows).subspan(1)) read_csv_row(row, heads, targets, builder);
}

void read_json_field(const Field& field, const std::string& key, const json& value, Builder& builder) {
  if (!value.is_array() || !field.several) return builder.add(field, key, schema::field_from_json(field, value));
  for (const auto& item : value) builder.add(field, key, schema::field_from_json(field, item));
}

void read_json_row(std::size_t line, const json& object, Builder& builder) {
  builder.begin(line);
  for (const auto& [key, value] : object.items()) {
    const auto target = builder.target(key, line);
    if (!target || target->place == Target::Place::left_out) continue;
    if (target->place == Target::Place::field) {
      read_json_field(*target->field, short_name(key), value, builder);
    } else {
      const auto text = value.is_string() ? value.get<std::string>() : std::string();   // no id is empty
      if (target->place == Target::Place::id) builder.set_id(key, text);
      else builder.set_case(key, text);
    }
  }
  builder.end();
}

}  // namespace

Result<ColumnMap> parse_column_map(std::string_view text) {
  const auto bad = [](const toml::node& where, std::string_view what) {
    return fail(Errc::bad_input, "line " + std::to_string(where.source().begin.line) + ": " + std::string(what));
  };
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return fail(Errc::bad_input, "line " + std::to_string(parsed.error().source().begin.line) + ": is broken TOML");
  }
  ColumnMap map;
  for (const auto& [key, node] : parsed.table()) {
    const auto* columns = node.as_table();
    if (key.str() != "columns" || columns == nullptr) return bad(node, "a map has one table, [columns]");
    for (const auto& [head, field] : *columns) {
      const auto name = field.value_exact<std::string>();
      if (!name) return bad(field, "a column is mapped to the name of a field, in quotes");
      map.fields.emplace(std::string(head.str()), *name);
      map.lines.emplace(std::string(head.str()), field.source().begin.line);
    }
  }
  return map;
}

std::vector<ImportProblem> faults_of(const ColumnMap& map, const RecordType& type) {
  std::vector<ImportProblem> out;
  for (const auto& [head, name] : map.fields) {
    const bool of_case = name == "case" && type.in_case && type.name != "case";
    if (name.empty() || name == "id" || of_case || type.field(name) != nullptr) continue;
    const auto line = map.lines.find(head);
    out.push_back({line == map.lines.end() ? 0 : line->second, short_name(head),
                   "is mapped to " + short_name(name) + ", which is no field of " + type.name + "; `types " + type.name + "` lists them"});
  }
  return out;
}

Imported import_csv(const RecordType& type, const ColumnMap& map, platform::File& file, const MakeId& make_id) {
  Builder builder(type, map, make_id);
  if (const auto rows = read_table(file, builder.problems)) read_csv_table(*rows, builder);
  return std::move(builder).finish();
}

Imported import_ndjson(const RecordType& type, const ColumnMap& map, platform::File& file, const MakeId& make_id) {
  Builder builder(type, map, make_id);
  for_each_object(file, builder.problems,
                  [&](std::size_t line, const json& object) { read_json_row(line, object, builder); });
  return std::move(builder).finish();
}

}  // namespace wayside::casework
