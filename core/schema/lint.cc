#include "core/schema/lint.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/schema/csv.h"

namespace wayside::schema {
namespace {

using Findings = std::vector<std::string>;

bool is_name(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Begins every sentence on something that a file defines.
std::string at(const auto& defined) { return defined.place.empty() ? std::string() : defined.place + ": "; }

std::string owner(std::string_view pack) { return pack.empty() ? "Wayside itself" : "the pack " + std::string(pack); }

/// What a pack may call its own: then no later Wayside, and no other pack, has another thing of that number or name.
void lint_pack(const auto& defined, std::string_view what, Findings& found) {
  const auto say = [&](const std::string& text) { found.push_back(at(defined) + defined.name + ": " + text); };
  if (defined.pack.empty()) {
    if (defined.id >= kFirstPackId) say("ids from 10,000 on belong to packs");
    return;
  }
  if (defined.id < kFirstPackId) say("a pack's " + std::string(what) + " has an id from 10,000 on");
  if (!defined.name.starts_with(defined.pack + "_")) say("names of a pack begin with its name: " + defined.pack + "_" + defined.name);
}

bool order_fits(const Field& field) {
  switch (field.order) {
    case Order::none: return field.policy != Policy::protective && field.policy != Policy::steps;
    case Order::rank: return field.kind == FieldKind::code;
    case Order::true_first:
    case Order::false_first: return field.kind == FieldKind::flag;
    case Order::highest:
      return field.kind == FieldKind::integer || field.kind == FieldKind::pence || field.kind == FieldKind::date;
    case Order::earliest: return field.kind == FieldKind::date || field.kind == FieldKind::time;
  }
  return false;
}

void lint_field(const std::string& where, const Field& field, Findings& found) {
  const auto say = [&](std::string_view what) { found.push_back(at(field) + where + "." + field.name + ": " + std::string(what)); };
  if (!is_name(field.name)) say("a name is lower case letters, digits and underscores");
  if (field.label.empty()) say("has no label");
  if (!order_fits(field)) say("the order does not fit its kind and policy");
  if ((field.order != Order::none) != (field.policy == Policy::protective || field.policy == Policy::steps)) {
    say("exactly protective and steps fields have an order");
  }
  if (field.policy == Policy::steps && field.order != Order::rank) say("steps go by the rank of a code list");
  if (field.policy == Policy::latest && field.sensitivity >= Sensitivity::s3) {
    say("the newest value must not decide a safety-critical field");
  }
  if ((field.kind == FieldKind::code) != (field.list != nullptr)) say("exactly fields of kind code have a code list");
  if (field.list != nullptr && field.order == Order::rank &&
      std::ranges::any_of(field.list->entries, [](const CodeEntry& entry) { return !entry.rank; })) {
    say("its order is the rank, and the code list lacks ranks");
  }
  if (field.several && field.policy != Policy::union_set && field.policy != Policy::desk) {
    say("several values stand together only in a union or in a desk field");
  }
  if (field.other_cases && field.kind != FieldKind::reference) say("only a reference points into other cases");
  if (field.search && field.kind != FieldKind::text && field.kind != FieldKind::long_text) {
    say("only text can be searched");
  }
  if ((field.min || field.max) && field.kind != FieldKind::integer && field.kind != FieldKind::pence) {
    say("only numbers have a least or a greatest value");
  }
  if (field.min && field.max && *field.min > *field.max) say("the least value lies above the greatest");
}

void lint_needed(const RecordType& type, const Field& field, Findings& found) {
  if (field.or_field.empty()) return;
  const auto where = at(field) + type.name + "." + field.name + ": ";
  if (field.required == Required::no) found.push_back(where + "nothing serves instead of a field that is not needed");
  const auto* other = type.field(field.or_field);
  if (other == nullptr || other == &field) found.push_back(where + "no other field is called " + field.or_field);
}

void lint_reference(const Schema& schema, const RecordType& type, const Field& field, Findings& found) {
  const auto where = at(field) + type.name + "." + field.name + ": ";
  if ((field.kind == FieldKind::reference) == field.to.empty()) {
    found.push_back(where + "exactly fields of kind reference name the record types they point to");
  }
  for (const auto& name : field.to) {
    const auto* target = schema.type(name);
    if (target == nullptr) found.push_back(where + "points to the unknown record type " + name);
    // The organisation's ledger is read by every team, a case only by its own.
    else if (!type.in_case && target->in_case) found.push_back(where + "points from outside of the cases into one");
  }
}

void lint_compartment(const RecordType& type, const Field& field, Findings& found) {
  const auto where = at(field) + type.name + "." + field.name + ": ";
  if (field.compartment == Compartment::none) return;
  if (field.sensitivity < Sensitivity::s3) found.push_back(where + "a compartment holds fields of S3 and S4 only");
  if (!type.in_case) found.push_back(where + "only cases have compartments");
  if (field.compartment != type.compartment && type.compartment != Compartment::none) {
    found.push_back(where + "is in another compartment than its record type");
  }
  if (field.required == Required::to_save && type.compartment == Compartment::none) {
    found.push_back(where + "who lacks the compartment's key could not save the record");
  }
}

/// "its id is used twice", and by whom else.
template <class Thing, class Key>
void lint_twice(const std::string& where, const Thing& thing, Key Thing::*key, std::string_view what,
                std::map<Key, const Thing*>& seen, Findings& found) {
  const auto [first, is_new] = seen.try_emplace(thing.*key, &thing);
  if (is_new) return;
  std::string text = at(thing) + where + ": its " + std::string(what) + " is used twice";
  if (first->second->pack != thing.pack) text += ", also by " + owner(first->second->pack);
  found.push_back(std::move(text));
}

void lint_fields(const std::string& where, const std::vector<Field>& fields, Findings& found) {
  std::map<FieldId, const Field*> ids;
  std::map<std::string, const Field*> names;
  for (const auto& field : fields) {
    lint_field(where, field, found);
    lint_twice(where + "." + field.name, field, &Field::id, "id", ids, found);
    lint_twice(where + "." + field.name, field, &Field::name, "name", names, found);
  }
}

void lint_own_field(const Schema& schema, const RecordType& type, const Field& field, Findings& found) {
  const auto say = [&](std::string_view what) { found.push_back(at(field) + type.name + "." + field.name + ": " + std::string(what)); };
  if (field.id < kFirstOwnField) say("ids 1 to 15 are system fields");
  for (const auto& system : schema.system_fields()) {
    if (system.name == field.name) say("a system field has this name");
  }
  lint_needed(type, field, found);
  lint_reference(schema, type, field, found);
  lint_compartment(type, field, found);
  // Columns of imported tables, beside the fields.
  if (field.name == "id" || field.name == "case") say("reserved name");
  // In a record type of its own a pack numbers and names fields as it likes.
  if (type.pack.empty()) lint_pack(field, "field", found);
}

void lint_type(const Schema& schema, const RecordType& type, Findings& found) {
  const auto say = [&](const std::string& what) { found.push_back(at(type) + type.name + ": " + what); };
  if (!is_name(type.name)) say("a name is lower case letters, digits and underscores");
  if (type.id == 0) say("ids of record types begin at 1");
  if (type.label.empty() || type.plural.empty()) say("has no label or plural");
  if (type.help.empty()) say("has no help");
  if (type.group.empty()) say("has no group");
  lint_pack(type, "record type", found);
  lint_fields(type.name, type.fields, found);
  for (const auto& field : type.fields) lint_own_field(schema, type, field, found);
  if (type.title.empty()) say("has no title field");
  if (type.in_team && (type.in_case || !type.pack.empty())) say("only the program's own types outside of cases stand in a team's ledger");
  for (const auto* names : {&type.title, &type.subtitle}) {
    for (const auto& name : *names) {
      if (type.field(name) == nullptr) say("title names the unknown field " + name);
    }
  }
}

void lint_list(const CodeList& list, Findings& found) {
  const auto say = [&](const std::string& what) { found.push_back(at(list) + list.name + ": " + what); };
  std::set<std::string_view> codes;
  if (list.entries.empty()) say("an empty code list");
  if (!list.pack.empty() && !list.name.starts_with(list.pack + "_")) {
    say("names of a pack begin with its name: " + list.pack + "_" + list.name);
  }
  for (const auto& entry : list.entries) {
    if (!codes.insert(entry.code).second) say("the code " + entry.code + " stands twice");
    if (entry.code.empty() || entry.label.empty()) say("an entry without code or label");
    if (entry.source.empty()) say(entry.code + " names no source");
  }
}

bool is_used(const Schema& schema, const CodeList& list) {
  const auto uses = [&](const Field& field) { return field.list == &list; };
  return std::ranges::any_of(schema.system_fields(), uses) ||
         std::ranges::any_of(schema.types(),
                             [&](const RecordType& type) { return std::ranges::any_of(type.fields, uses); });
}

/// One line of field_ids.csv, without `since`.
using Fixed = std::tuple<std::string, std::string, std::string, std::string>;   // name, kind, policy, order

Fixed fixed(const Field& field) {
  return {field.name, std::string(name_of(field.kind)), std::string(name_of(field.policy)),
          std::string(name_of(field.order))};
}

class Ledger {
 public:
  Ledger(std::string_view csv, Findings& found) : found_(found) {
    const auto rows = parse_csv(csv);
    if (!rows) {
      found_.push_back("field_ids.csv line " + std::to_string(rows.error().line) + ": " + rows.error().what);
      return;
    }
    const std::vector<std::string> columns{"type_id", "type", "id", "name", "kind", "policy", "order", "since"};
    if (rows->empty() || rows->front().cells != columns) found_.push_back("field_ids.csv: other columns than expected");
    for (std::size_t i = 1; i < rows->size(); ++i) add((*rows)[i]);
  }

  void compare(const std::string& type_id, const std::string& type, const std::vector<Field>& fields) {
    if (const auto known = types_.find(type_id); known != types_.end() && known->second != type) {
      found_.push_back(type + ": the ledger gives type id " + type_id + " to " + known->second);
    }
    for (const auto& field : fields) {
      const auto row = fields_.find({type_id, std::to_string(field.id)});
      const auto where = type + "." + field.name;
      if (row == fields_.end()) {
        found_.push_back(where + ": id " + std::to_string(field.id) + " is missing in field_ids.csv; add a line");
      } else if (row->second != fixed(field)) {
        found_.push_back(where + ": name, kind, policy and order of an id never change; take a new id");
      }
    }
  }

 private:
  void add(const CsvRow& row) {
    const auto& c = row.cells;
    const auto where = "field_ids.csv line " + std::to_string(row.line) + ": ";
    if (c.size() != 8 || std::ranges::any_of(c, &std::string::empty)) {
      found_.push_back(where + "needs eight cells, none empty");
      return;
    }
    const auto [type, is_new] = types_.try_emplace(c[0], c[1]);
    if (!is_new && type->second != c[1]) found_.push_back(where + "type id " + c[0] + " has two names");
    if (!fields_.try_emplace({c[0], c[2]}, c[3], c[4], c[5], c[6]).second) found_.push_back(where + "an id used twice");
    if (!names_.insert({c[0], c[3]}).second) found_.push_back(where + "a name used for two ids");
  }

  Findings& found_;
  std::map<std::string, std::string> types_;
  std::map<std::pair<std::string, std::string>, Fixed> fields_;
  std::set<std::pair<std::string, std::string>> names_;
};

}  // namespace

Findings lint(const Schema& schema) {
  Findings found;
  lint_fields("system", schema.system_fields(), found);
  for (const auto& field : schema.system_fields()) {
    if (field.id == 0 || field.id >= kFirstOwnField) found.push_back("system." + field.name + ": ids are 1 to 15");
  }
  std::map<TypeId, const RecordType*> ids;
  std::map<std::string, const RecordType*> names;
  for (const auto& type : schema.types()) {
    lint_type(schema, type, found);
    lint_twice(type.name, type, &RecordType::id, "id", ids, found);
    lint_twice(type.name, type, &RecordType::name, "name", names, found);
  }
  for (const auto& [name, list] : schema.code_lists()) lint_list(list, found);
  return found;
}

std::vector<std::string> unused_code_lists(const Schema& schema) {
  std::vector<std::string> unused;
  for (const auto& [name, list] : schema.code_lists()) {
    if (!is_used(schema, list)) unused.push_back(name);
  }
  return unused;
}

Findings compare_with_ledger(const Schema& schema, std::string_view ledger_csv) {
  Findings found;
  Ledger ledger(ledger_csv, found);
  ledger.compare("0", "system", schema.system_fields());
  for (const auto& type : schema.types()) ledger.compare(std::to_string(type.id), type.name, type.fields);
  return found;
}

}  // namespace wayside::schema
