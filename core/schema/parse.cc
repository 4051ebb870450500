#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <toml++/toml.h>

#include "core/schema/csv.h"
#include "core/schema/lint.h"
#include "core/schema/schema.h"

namespace wayside::schema {
namespace {

/// A TOML table read key by key. The first thing that is wrong is kept, with its place; what is asked for later is
/// then empty. `finish` also refuses keys that nobody asked for.
class Reader {
 public:
  Reader(std::string_view path, const toml::table& table) : path_(path), table_(table) {}

  std::string text(std::string_view key, bool needed = false) {
    const auto* node = get(key, needed);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>()) return *value;
    complain(*node, std::string(key) + " is a text in quotes");
    return {};
  }
  bool flag(std::string_view key, bool otherwise) {
    const auto* node = get(key, false);
    if (node == nullptr) return otherwise;
    if (const auto value = node->value_exact<bool>()) return *value;
    complain(*node, std::string(key) + " is true or false");
    return otherwise;
  }
  std::optional<std::int64_t> number(std::string_view key, bool needed = false) {
    const auto* node = get(key, needed);
    if (node == nullptr) return std::nullopt;
    if (const auto value = node->value_exact<std::int64_t>()) return *value;
    complain(*node, std::string(key) + " is a whole number");
    return std::nullopt;
  }
  std::uint32_t id() {
    const auto value = number("id", true).value_or(0);
    if (value > 0 && value <= 0xFFFF) return static_cast<std::uint32_t>(value);
    complain(table_, "id is a number from 1 to 65535");
    return 0;
  }
  template <class E, std::size_t n>
  E choice(std::string_view key, const std::array<Named<E>, n>& table, std::optional<E> otherwise = std::nullopt) {
    const auto name = text(key, !otherwise);
    if (name.empty()) return otherwise.value_or(E{});
    if (const auto value = named(table, name)) return *value;
    complain(table_, std::string(key) + " is none of the known ones: " + name);
    return E{};
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> all;
    const auto* node = get(key, false);
    if (node == nullptr) return all;
    const auto* array = node->as_array();
    if (array == nullptr) return complain(*node, std::string(key) + " is a list of texts"), all;
    for (const auto& item : *array) {
      if (const auto value = item.value_exact<std::string>()) all.push_back(*value);
      else complain(item, std::string(key) + " is a list of texts");
    }
    return all;
  }
  /// Calls `read(Reader&)` for each table of the array at `key`.
  template <class Read>
  void tables(std::string_view key, Read read) {
    const auto* node = get(key, true);
    const auto* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr) return complain(table_, std::string(key) + " is a list of tables");
    for (const auto& item : *array) {
      if (const auto* table = item.as_table()) {
        Reader inner(path_, *table);
        read(inner);
        inner.refuse_unasked();
        if (!error_) error_ = inner.error_;
      } else {
        complain(item, std::string(key) + " is a list of tables");
      }
    }
  }
  Result<void> finish() {
    refuse_unasked();
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  const toml::node* get(std::string_view key, bool needed) {
    asked_.emplace_back(key);
    const auto* node = table_.get(key);
    if (node == nullptr && needed) complain(table_, "lacks " + std::string(key));
    return node;
  }
  void refuse_unasked() {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(asked_, key.str()) == asked_.end()) {
        complain(node, "the key " + std::string(key.str()) + " is not known here");
      }
    }
  }
  void complain(const toml::node& where, std::string what) {
    if (error_) return;
    error_ = Error{Errc::bad_input, path_ + " line " + std::to_string(where.source().begin.line) + ": " + what};
  }

  std::string path_;
  const toml::table& table_;
  std::vector<std::string> asked_;
  std::optional<Error> error_;
};

Field read_field(Reader& in, const std::string& section) {
  Field field;
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
  field.list_name = in.text("list");
  field.search = in.flag("search", false);
  field.several = in.flag("several", field.policy == Policy::union_set);
  field.rows = static_cast<int>(std::clamp<std::int64_t>(in.number("rows").value_or(1), 1, 40));
  field.unit = in.text("unit");
  field.min = in.number("min");
  field.max = in.number("max");
  return field;
}

Result<toml::table> read_toml(const SchemaFile& file) {
  auto parsed = toml::parse(file.text, file.path);
  if (parsed) return std::move(parsed).table();
  return fail(Errc::bad_input, std::string(file.path) + " line " +
                                   std::to_string(parsed.error().source().begin.line) + ": " +
                                   std::string(parsed.error().description()));
}

Result<RecordType> read_type(const SchemaFile& file) {
  WAYSIDE_TRY(const auto table, read_toml(file));
  Reader in(file.path, table);
  RecordType type;
  type.id = in.id();
  type.name = in.text("name", true);
  type.label = in.text("label", true);
  type.plural = in.text("plural", true);
  type.group = in.text("group");
  type.help = in.text("help");
  type.in_case = in.flag("in_case", true);
  type.once = in.flag("once", false);
  type.compartment = in.choice("compartment", kCompartments, std::optional(Compartment::none));
  type.title = in.texts("title");
  type.subtitle = in.texts("subtitle");
  in.tables("section", [&](Reader& section) {
    const auto heading = section.text("heading", true);
    section.tables("fields", [&](Reader& field) { type.fields.push_back(read_field(field, heading)); });
  });
  WAYSIDE_OK(in.finish());
  for (auto& field : type.fields) {
    if (field.compartment == Compartment::none) field.compartment = type.compartment;
  }
  if (file.path != "records/" + type.name + ".toml") {
    return fail(Errc::bad_input, std::string(file.path) + ": the file is called after the type, " + type.name);
  }
  return type;
}

Result<std::vector<Field>> read_system_fields(const SchemaFile& file) {
  WAYSIDE_TRY(const auto table, read_toml(file));
  Reader in(file.path, table);
  std::vector<Field> fields;
  in.tables("fields", [&](Reader& field) { fields.push_back(read_field(field, {})); });
  WAYSIDE_OK(in.finish());
  return fields;
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
    return fail(Errc::bad_input, std::string(file.path) + " line " + std::to_string(line) + ": " + std::string(what));
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
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    if (row.cells.size() != heads.size()) return bad(row.line, "has another number of cells than the heads");
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
      schema.lists_.emplace(std::move(name), std::move(list));
    } else if (file.path == "system_fields.toml") {
      WAYSIDE_TRY(schema.system_fields_, read_system_fields(file));
    }
  }
  std::ranges::sort(schema.types_, {}, &RecordType::id);
  const auto resolve = [&](const std::string& where, std::vector<Field>& fields) -> Result<void> {
    for (auto& field : fields) {
      if (field.list_name.empty()) continue;
      const auto list = schema.lists_.find(field.list_name);
      if (list == schema.lists_.end()) {
        return fail(Errc::bad_input, where + "." + field.name + ": there is no code list " + field.list_name);
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
