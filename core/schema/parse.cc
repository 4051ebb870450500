#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "core/schema/csv.h"
#include "core/schema/lint.h"
#include "core/schema/schema.h"
#include "core/schema/toml_reader.h"

namespace wayside::schema {
namespace {

Field read_field(TomlReader& in, const SchemaFile& file, const std::string& section) {
  Field field;
  field.pack = file.pack;
  field.place = in.place();
  field.id = in.id();
  field.name = in.text("name", true);
  field.label = in.text("label", true);
  field.help = in.text("help");
  field.section = section;
  field.kind = in.choice("kind", kKinds);
  field.policy = in.choice("policy", kPolicies);
  field.sensitivity = in.choice("sensitivity", kSensitivities);
  field.order = in.choice("order", kOrders, std::optional(Order::none));
  field.required = in.choice("required", kRequired, std::optional(Required::no));
  field.or_field = in.text("or");
  field.compartment = in.choice("compartment", kCompartments, std::optional(Compartment::none));
  field.to = in.texts("to");
  field.other_cases = in.flag("other_cases", false);
  field.list_name = in.text("list");
  field.search = in.flag("search", false);
  field.several = in.flag("several", field.policy == Policy::union_set);
  field.rows = static_cast<int>(std::clamp<std::int64_t>(in.number("rows").value_or(1), 0, 40));
  field.unit = in.text("unit");
  field.min = in.number("min");
  field.max = in.number("max");
  return field;
}

std::vector<Field> read_sections(TomlReader& in, const SchemaFile& file) {
  std::vector<Field> fields;
  in.tables("section", [&](TomlReader& section) {
    const auto heading = section.text("heading", true);
    section.tables("fields", [&](TomlReader& field) { fields.push_back(read_field(field, file, heading)); });
  });
  return fields;
}

Result<RecordType> read_type(const SchemaFile& file) {
  WAYSIDE_TRY(const auto table, read_toml(file.path, file.text));
  TomlReader in(file.path, table);
  RecordType type;
  type.pack = file.pack;
  type.place = in.place();
  type.id = in.id();
  type.name = in.text("name", true);
  type.label = in.text("label", true);
  type.plural = in.text("plural", true);
  type.group = in.text("group");
  type.help = in.text("help");
  type.in_case = in.flag("in_case", true);
  type.in_team = in.flag("in_team", false);
  type.once = in.flag("once", false);
  type.compartment = in.choice("compartment", kCompartments, std::optional(Compartment::none));
  type.title = in.texts("title");
  type.subtitle = in.texts("subtitle");
  type.fields = read_sections(in, file);
  WAYSIDE_OK(in.finish());
  for (auto& field : type.fields) {
    if (field.compartment == Compartment::none) field.compartment = type.compartment;
  }
  if (file.path != "records/" + type.name + ".toml") {
    return fail(Errc::bad_input, type.place + ": the file is called after the type, " + type.name);
  }
  return type;
}

Result<std::vector<Field>> read_system_fields(const SchemaFile& file) {
  WAYSIDE_TRY(const auto table, read_toml(file.path, file.text));
  TomlReader in(file.path, table);
  std::vector<Field> fields;
  in.tables("fields", [&](TomlReader& field) { fields.push_back(read_field(field, file, {})); });
  WAYSIDE_OK(in.finish());
  return fields;
}

/// "fields/person.toml": what a pack adds to a record type that it does not own. A field stands behind the others of
/// its section; a new section comes last.
Result<void> add_fields(const SchemaFile& file, std::vector<RecordType>& types) {
  WAYSIDE_TRY(const auto table, read_toml(file.path, file.text));
  TomlReader in(file.path, table);
  const auto added = read_sections(in, file);
  WAYSIDE_OK(in.finish());
  const auto type = std::ranges::find_if(types, [&](const RecordType& each) {
    return each.pack.empty() && file.path == "fields/" + each.name + ".toml";
  });
  if (type == types.end()) {
    return fail(Errc::bad_input, place_in(file.path, 1) + ": the file is called after a record type that every Wayside has");
  }
  for (Field field : added) {
    if (field.compartment == Compartment::none) field.compartment = type->compartment;
    const auto last = std::ranges::find(type->fields.rbegin(), type->fields.rend(), field.section, &Field::section);
    type->fields.insert(last == type->fields.rend() ? type->fields.end() : last.base(), std::move(field));
  }
  return {};
}

std::optional<std::int64_t> read_rank(std::string_view text) {
  std::int64_t rank = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rank);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return rank;
}

/// Columns by their heads: name, code, label and source are needed, rank and help may be there.
Result<CodeList> read_list(const SchemaFile& file) {
  const auto bad = [&](std::size_t line, std::string_view what) {
    return fail(Errc::bad_input, place_in(file.path, line) + ": " + std::string(what));
  };
  auto rows = parse_csv(file.text);
  if (!rows) return bad(rows.error().line, rows.error().what);
  if (rows->empty()) return bad(1, "lacks its heads: name, code, label, source");
  const auto& heads = rows->front().cells;
  const auto column = [&](std::string_view head) { return std::ranges::find(heads, head) - heads.begin(); };
  const auto count = static_cast<std::ptrdiff_t>(heads.size());
  const auto cell = [&](const CsvRow& row, std::string_view head) {
    const auto at = column(head);
    return at < count ? row.cells[static_cast<std::size_t>(at)] : std::string();
  };
  for (const auto* head : {"name", "code", "label", "source"}) {
    if (column(head) == count) return bad(1, std::string("lacks the column ") + head);
  }
  CodeList list;
  list.pack = file.pack;
  list.place = place_in(file.path, 1);
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    if (row.cells.size() != heads.size()) return bad(row.line, "has another number of cells than the heads");
    if (!std::ranges::all_of(row.cells, is_plain_text)) return bad(row.line, "holds characters that nobody sees");
    if (i == 1) list.name = cell(row, "name");
    if (cell(row, "name") != list.name) return bad(row.line, "names another list");
    CodeEntry entry{cell(row, "code"), cell(row, "label"), cell(row, "help"), cell(row, "source"), std::nullopt};
    if (const auto rank = cell(row, "rank"); !rank.empty()) {
      entry.rank = read_rank(rank);
      if (!entry.rank) return bad(row.line, "rank is a whole number");
    }
    list.entries.push_back(std::move(entry));
  }
  if (file.path != "codelists/" + list.name + ".csv") return bad(1, "the file is called after the list");
  return list;
}

}  // namespace

Result<Schema> Schema::parse(const std::vector<SchemaFile>& files) {
  Schema schema;
  for (const auto& file : files) {
    if (file.path.starts_with("records/")) {
      WAYSIDE_TRY(auto type, read_type(file));
      schema.types_.push_back(std::move(type));
    } else if (file.path.starts_with("codelists/")) {
      WAYSIDE_TRY(auto list, read_list(file));
      auto name = list.name;
      const auto place = list.place;
      if (const auto [known, is_new] = schema.lists_.try_emplace(std::move(name), std::move(list)); !is_new) {
        return fail(Errc::bad_input, place + ": another code list is called " + known->first);
      }
    } else if (file.path == "system_fields.toml") {
      WAYSIDE_TRY(schema.system_fields_, read_system_fields(file));
    }
  }
  for (const auto& file : files) {
    if (file.path.starts_with("fields/")) WAYSIDE_OK(add_fields(file, schema.types_));
  }
  std::ranges::stable_sort(schema.types_, {}, &RecordType::id);
  const auto resolve = [&](const std::string& where, std::vector<Field>& fields) -> Result<void> {
    for (auto& field : fields) {
      if (field.list_name.empty()) continue;
      const auto list = schema.lists_.find(field.list_name);
      if (list == schema.lists_.end()) {
        return fail(Errc::bad_input, field.place + ": " + where + "." + field.name + ": there is no code list " + field.list_name);
      }
      field.list = &list->second;
    }
    return {};
  };
  WAYSIDE_OK(resolve("system", schema.system_fields_));
  for (auto& type : schema.types_) WAYSIDE_OK(resolve(type.name, type.fields));
  if (const auto found = lint(schema); !found.empty()) return fail(Errc::bad_input, found.front());
  return schema;
}

}  // namespace wayside::schema
