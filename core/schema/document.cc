#include "core/schema/document.h"

#include <algorithm>
#include <array>

namespace wayside::schema {
namespace {

constexpr std::string_view kHead = R"(# Records

Every record type, field and code list of this version. Written from `core/schema`, where a change belongs;
[ADDING_A_RECORD_TYPE.md](ADDING_A_RECORD_TYPE.md) says how. A test fails when this page is stale; this writes it anew:

    WAYSIDE_WRITE_DOCS=1 build/release/bin/schema_test "the page on records says what the schema says"

Needed: **save** before the record can be saved, **send** before a request is sent, a form signed or a case opened
fully, **close** before the record is finished and its case can be closed. [MERGING.md](MERGING.md) explains how
concurrent values meet.
)";

constexpr std::array<std::string_view, 4> kNeeded{"", "save", "send", "close"};

/// A cell of a table: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const auto& each : cells) out += (each.empty() ? " " : " " + each + " ") + "|";
  return out + "\n";
}

std::string code(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string linked(std::string_view name) { return "[" + code(name) + "](#" + std::string(name) + ")"; }

std::string anchor(std::string_view name) { return "<a id=\"" + std::string(name) + "\"></a>"; }

/// A code list may have the name of a record type.
std::string list_anchor(std::string_view name) { return "list-" + std::string(name); }

std::string kind_of(const Field& field) {
  if (field.list != nullptr) return "[" + code(field.list_name) + "](#" + list_anchor(field.list_name) + ")";
  std::string out{name_of(field.kind)};
  for (const auto& to : field.to) out += (&to == &field.to.front() ? " to " : ", ") + linked(to);
  if (field.other_cases) out += ", of any case";
  if (!field.unit.empty()) out += ", " + field.unit;
  if (field.min) out += ", from " + std::to_string(*field.min);
  if (field.max) out += ", to " + std::to_string(*field.max);
  return out;
}

std::string policy_of(const Field& field) {
  std::string out{name_of(field.policy)};
  if (field.order != Order::none) out += " (" + std::string(name_of(field.order)) + ")";
  if (field.several && field.policy != Policy::union_set) out += ", several";
  return out;
}

std::string needed(const Field& field) {
  std::string out{kNeeded[static_cast<std::size_t>(field.required)]};
  if (!field.or_field.empty()) out += ", or " + code(field.or_field);
  return out;
}

std::string sensitivity_of(const Field& field) {
  std::string out{name_of(field.sensitivity)};
  if (field.compartment != Compartment::none) out += ", " + std::string(name_of(field.compartment));
  return out;
}

void add_fields(std::string& out, const std::vector<Field>& fields) {
  out += row({"field", "label", "kind", "policy", "needed", "sensitivity", "help"}) + "|---|---|---|---|---|---|---|\n";
  for (const auto& field : fields) {
    out += row({code(field.name), cell(field.label), kind_of(field), policy_of(field), needed(field),
                sensitivity_of(field), cell(field.help)});
  }
}

/// Groups in the order of their first record type.
std::vector<std::string> groups_of(const Schema& schema) {
  std::vector<std::string> groups;
  for (const auto& type : schema.types()) {
    if (std::ranges::find(groups, type.group) == groups.end()) groups.push_back(type.group);
  }
  return groups;
}

void add_contents(std::string& out, const Schema& schema) {
  out += "\n" + row({"group", "record types"}) + "|---|---|\n";
  for (const auto& group : groups_of(schema)) {
    std::string names;
    for (const auto& type : schema.types()) {
      if (type.group == group) names += (names.empty() ? "" : ", ") + linked(type.name);
    }
    out += row({group, names});
  }
}

void add_type(std::string& out, const RecordType& type) {
  out += "\n### " + type.label + " " + anchor(type.name) + "\n\n" + code(type.name) + ", number " +
         std::to_string(type.id) + (type.in_case ? ", in a case" : type.in_team ? ", in a team's ledger" : ", in the organisation's ledger");
  if (type.once) out += ", usually once";
  if (type.compartment != Compartment::none) {
    out += ", in the compartment " + std::string(name_of(type.compartment));
  }
  out += ". " + type.help + "\n";
  for (std::size_t i = 0; i < type.fields.size();) {
    std::vector<Field> section;
    const auto heading = type.fields[i].section;
    for (; i < type.fields.size() && type.fields[i].section == heading; ++i) section.push_back(type.fields[i]);
    out += "\n**" + heading + "**\n\n";
    add_fields(out, section);
  }
}

void add_list(std::string& out, const CodeList& list) {
  const bool ranked = std::ranges::any_of(list.entries, [](const CodeEntry& entry) { return entry.rank.has_value(); });
  out += "\n### " + list.name + " " + anchor(list_anchor(list.name)) + "\n\n";
  out += ranked ? row({"code", "label", "rank", "source"}) + "|---|---|---|---|\n"
                : row({"code", "label", "source"}) + "|---|---|---|\n";
  for (const auto& entry : list.entries) {
    const auto label = cell(entry.label) + (entry.help.empty() ? "" : ". " + cell(entry.help));
    const auto rank = entry.rank ? std::to_string(*entry.rank) : "";
    out += ranked ? row({code(entry.code), label, rank, cell(entry.source)})
                  : row({code(entry.code), label, cell(entry.source)});
  }
}

}  // namespace

std::string document(const Schema& schema) {
  std::string out{kHead};
  add_contents(out, schema);
  for (const auto& group : groups_of(schema)) {
    out += "\n## " + group + "\n";
    for (const auto& type : schema.types()) {
      if (type.group == group) add_type(out, type);
    }
  }
  out += "\n## Fields of every record\n\n";
  add_fields(out, schema.system_fields());
  out += "\n## Code lists\n";
  for (const auto& [name, list] : schema.code_lists()) add_list(out, list);
  return out;
}

}  // namespace wayside::schema
