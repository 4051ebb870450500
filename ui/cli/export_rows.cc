#include "ui/cli/export_rows.h"

#include <nlohmann/json.hpp>

#include "core/schema/csv.h"
#include "core/schema/display.h"
#include "ui/cli/command_line.h"
#include "ui/cli/shapes.h"

namespace wayside::cli {
namespace {

using casework::ShownField;
using casework::ShownRecord;
using nlohmann::json;

constexpr std::string_view kCountsOnly = "equality";

/// Between several values of one cell, as `import` reads them.
constexpr std::string_view kJoint = "; ";

/// A spreadsheet runs what begins so; an apostrophe before it says that it is text.
std::string plain_cell(std::string text) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  const auto first = text.find_first_not_of('\'');   // one more where there is one already, so that `import` gives back the same
  return first != std::string::npos && kFormula.find(text[first]) != std::string_view::npos ? "'" + text : text;
}

std::string cell_of(const json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string out;
  for (const auto& each : value) out += (out.empty() ? "" : std::string(kJoint)) + cell_of(each);
  return out;
}

std::string csv_cell(const schema::Field* field, const json& value) {
  const bool is_number = field != nullptr && (field->kind == schema::FieldKind::integer || field->kind == schema::FieldKind::pence);
  return is_number ? cell_of(value) : plain_cell(cell_of(value));
}

class Writer {
 public:
  Writer(const vault::Vault& vault, const ExportChoice& choice) : vault_(vault), choice_(choice) {}

  ExportFiles out;

  void add(const ShownRecord& record) {
    const std::string type = type_name(record);
    if (choice_.for_recipient && (record.archived.archived || type == kCountsOnly)) {
      if (type == kCountsOnly) out.left_out[type].insert("*");
      return;
    }
    json flat{{"id", to_text(record.row.id)}};
    if (record.case_id && *record.case_id != record.row.id) flat["case"] = to_text(*record.case_id);
    for (const ShownField& field : record.fields) {
      if (field.id == ledger::kArchivedFieldId) continue;
      if (!choice_.wanted.includes(record.type, field.field)) {
        out.left_out[type].insert(name_of(field));
        continue;
      }
      if (json shown = shown_json(field); !shown.is_null()) flat[name_of(field)] = std::move(shown);
      if (!choice_.for_recipient) add_others(record, field);
    }
    const std::string name = type + (record.archived.archived ? ".archived" : "");
    if (choice_.ndjson) out.files[name + ".ndjson"] += flat.dump() + "\n";
    if (choice_.csv) add_row(name + ".csv", record, flat);
    if (record.type != nullptr) out.types.insert(record.type);
    ++out.records;
  }

 private:
  /// The values beside the one that the flat record shows.
  void add_others(const ShownRecord& record, const ShownField& field) {
    const auto& values = field.view.values;
    const bool append = field.field != nullptr && field.field->policy == schema::Policy::append;
    const std::size_t shown = append ? values.size() - 1 : 0;
    const std::size_t flat = shows_array(field.field) ? field.view.current : 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool request = values[i].held->request || (!append && i >= field.view.current && field.view.requests > 0);
      if (i < flat || (flat == 0 && field.view.current > 0 && i == shown)) continue;
      const std::string_view standing = request ? "request" : append ? "earlier" : "concurrent";
      if (standing == "concurrent") ++out.undecided;
      add_other({{"record", to_text(record.row.id)},
                 {"type", type_name(record)},
                 {"field", name_of(field)},
                 {"value", schema::to_json(values[i].value)},
                 {"standing", standing},
                 {"author", vault_.user_name(values[i].held->author.user)},
                 {"dot", ledger::to_text(values[i].held->dot)},
                 {"time", time_text(values[i].held->author.time)}},
                field.field);
    }
  }

  void add_other(const json& other, const schema::Field* field) {
    if (choice_.ndjson) out.files["others.ndjson"] += other.dump() + "\n";
    if (!choice_.csv) return;
    constexpr std::array kHeads{"record", "type", "field", "value", "standing", "author", "dot", "time"};
    std::string& file = out.files["others.csv"];
    if (file.empty()) file = schema::csv_row({kHeads.begin(), kHeads.end()});
    std::vector<std::string> cells;
    for (const std::string head : kHeads) {
      cells.push_back(head == "value" ? csv_cell(field, other.at(head)) : plain_cell(cell_of(other.at(head))));
    }
    file += schema::csv_row(cells);
  }

  /// A column for every field that may be there, filled or not, so that all exports of a type are alike.
  void add_row(const std::string& name, const ShownRecord& record, const json& flat) {
    std::vector<std::string> heads{"id"};
    const bool has_case = record.type != nullptr && record.type->in_case && record.type->name != "case";
    if (has_case) heads.emplace_back("case");
    std::vector<std::string> cells{cell_of(flat.at("id"))};
    if (has_case) cells.push_back(cell_of(flat.value("case", json())));
    if (record.type != nullptr) {
      for (const schema::Field& field : record.type->fields) {
        if (!choice_.wanted.includes(record.type, &field)) continue;
        heads.push_back(field.name);
        cells.push_back(csv_cell(&field, flat.value(field.name, json())));
      }
    }
    std::string& file = out.files[name];
    if (file.empty()) file = schema::csv_row(heads);
    file += schema::csv_row(cells);
  }

  const vault::Vault& vault_;
  const ExportChoice& choice_;
};

}  // namespace

Result<WantedFields> WantedFields::read(const std::vector<std::string>& names) {
  WantedFields wanted;
  for (const auto& name : names) {
    wanted.all_ = wanted.all_ || name == "all";
    if (name != "all") WAYSIDE_OK(wanted.add(name));
  }
  return wanted;
}

bool WantedFields::includes(const schema::RecordType* type, const schema::Field* field) const {
  if (all_) return true;
  if (type == nullptr || field == nullptr) return false;  // nobody knows how sensitive it is
  return field->sensitivity < schema::Sensitivity::s3 || named_.contains({type->id, field->id});
}

Result<void> WantedFields::add(const std::string& name) {
  const auto dot = name.find('.');
  const std::string field_name = dot == std::string::npos ? name : name.substr(dot + 1);
  bool found = false;
  for (const auto& type : schema::current().types()) {
    if (dot != std::string::npos && type.name != name.substr(0, dot)) continue;
    const auto* field = type.field(field_name);
    if (field != nullptr) named_.insert({type.id, field->id});
    found = found || field != nullptr;
  }
  return found ? Result<void>{} : fail(Errc::unknown_field, as_typed(name));
}

ExportFiles export_files(const vault::Vault& vault, const std::vector<ShownRecord>& records, const ExportChoice& choice) {
  Writer writer(vault, choice);
  for (const ShownRecord& record : records) writer.add(record);
  return std::move(writer.out);
}

}  // namespace wayside::cli
