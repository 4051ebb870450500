#include <algorithm>

#include "core/schema/csv.h"
#include "ui/cli/export_rows.h"

namespace wayside::cli {
namespace {

using schema::CodeList;
using schema::Field;
using schema::RecordType;

std::string yes_no(bool yes) { return yes ? "yes" : "no"; }

std::string unit_of(const Field& field) {
  if (!field.unit.empty()) return field.unit;
  switch (field.kind) {
    case schema::FieldKind::pence: return "pence";
    case schema::FieldKind::date: return "ISO 8601 day";
    case schema::FieldKind::time: return "ISO 8601, UTC";
    case schema::FieldKind::flag: return "yes or no";
    case schema::FieldKind::reference: return "id of a record";
    default: return {};
  }
}

std::string field_row(const RecordType& type, const Field& field, const ExportChoice& choice) {
  std::string to;
  for (const auto& each : field.to) to += (to.empty() ? "" : "; ") + each;
  return schema::csv_row({type.name, type.label, field.name, field.label, std::string(name_of(field.kind)), unit_of(field),
                          field.list_name, to, yes_no(field.several), std::string(name_of(field.sensitivity)),
                          std::string(name_of(field.policy)), std::string(name_of(field.required)),
                          yes_no(choice.wanted.includes(&type, &field)), field.help});
}

std::string key_row(const RecordType& type, std::string name, std::string label) {
  return schema::csv_row({type.name, type.label, std::move(name), std::move(label), "reference", "id of a record", "", "", "no", "S1", "",
                          "to_save", "yes", ""});
}

}  // namespace

void add_dictionary(const ExportChoice& choice, ExportFiles& to) {
  std::string dictionary = schema::csv_row({"type", "type_label", "field", "label", "kind", "unit", "code_list", "points_to", "several",
                                            "sensitivity", "policy", "required", "exported", "help"});
  std::vector<const RecordType*> types(to.types.begin(), to.types.end());
  std::ranges::sort(types, {}, &RecordType::id);
  std::map<std::string, const CodeList*> lists;
  for (const RecordType* type : types) {
    dictionary += key_row(*type, "id", "Id of the record");
    if (type->in_case && type->name != "case") dictionary += key_row(*type, "case", "Id of its case");
    for (const Field& field : type->fields) {
      dictionary += field_row(*type, field, choice);
      if (field.list != nullptr) lists.emplace(field.list_name, field.list);
    }
  }
  std::string codes = schema::csv_row({"code_list", "code", "label", "rank", "source"});
  for (const auto& [name, list] : lists) {
    for (const auto& entry : list->entries) {
      codes += schema::csv_row({name, entry.code, entry.label, entry.rank ? std::to_string(*entry.rank) : "", entry.source});
    }
  }
  to.files["dictionary.csv"] = std::move(dictionary);
  to.files["codes.csv"] = std::move(codes);
}

}  // namespace wayside::cli
