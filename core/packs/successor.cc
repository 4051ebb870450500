#include "core/packs/successor.h"

#include <algorithm>

namespace wayside::packs {
namespace {

using schema::CodeList;
using schema::Field;
using schema::RecordType;
using schema::Schema;

std::unexpected<Error> refuse(const std::string& place, const std::string& what) {
  return fail(Errc::bad_input, place + ": " + what);
}

Result<void> check_field(const RecordType& type, const Field& before, const Schema& after) {
  const std::string name = type.name + "." + before.name;
  const Field* const field = after.field(type.id, before.id);
  if (field == nullptr) {
    return refuse(type.pack.empty() ? "fields/" + type.name + ".toml line 1" : "records/" + type.name + ".toml line 1",
                  name + ", id " + std::to_string(before.id) + ", is gone; what was once added stays");
  }
  const auto same = [&](bool holds, const char* what) -> Result<void> {
    if (holds) return {};
    return refuse(field->place, name + ": an id never gets another " + what + "; take a new id");
  };
  WAYSIDE_OK(same(field->name == before.name, "name"));
  WAYSIDE_OK(same(field->kind == before.kind, "kind"));
  WAYSIDE_OK(same(field->policy == before.policy && field->several == before.several, "policy"));
  WAYSIDE_OK(same(field->order == before.order, "order"));
  WAYSIDE_OK(same(field->list_name == before.list_name, "code list"));
  WAYSIDE_OK(same(field->unit == before.unit, "unit"));
  WAYSIDE_OK(same(field->compartment == before.compartment, "compartment"));
  if (field->sensitivity < before.sensitivity) {
    return refuse(field->place, name + ": its sensitivity was " + std::string(name_of(before.sensitivity)) + " and never gets lower");
  }
  for (const std::string& to : before.to) {
    if (std::ranges::find(field->to, to) == field->to.end()) return refuse(field->place, name + ": still points to " + to);
  }
  return {};
}

Result<void> check_type(const RecordType& before, const Schema& after) {
  const RecordType* const type = after.type(before.id);
  if (type == nullptr) {
    return refuse("records/" + before.name + ".toml line 1", "the record type " + before.name + ", id " +
                                                                 std::to_string(before.id) + ", is gone; what was once added stays");
  }
  if (type->name != before.name || type->in_case != before.in_case || type->in_team != before.in_team || type->compartment != before.compartment) {
    return refuse(type->place, before.name + ": an id never gets another name, place or compartment; take a new id");
  }
  return {};
}

Result<void> check_list(const CodeList& before, const Schema& after) {
  const auto found = after.code_lists().find(before.name);
  const std::string place = "codelists/" + before.name + ".csv line 1";
  if (found == after.code_lists().end()) return refuse(place, "the code list is gone; what was once added stays");
  for (const auto& entry : before.entries) {
    const auto* const now = found->second.find(entry.code);
    if (now == nullptr) return refuse(place, "the code " + entry.code + " is gone; what was once added stays");
    if (now->rank != entry.rank) return refuse(place, "the code " + entry.code + " keeps its rank");
  }
  return {};
}

}  // namespace

Result<void> check_successor(const Pack& older, const Schema& before, const Pack& newer, const Schema& after) {
  for (const RecordType& type : before.types()) {
    if (type.pack == older.name) WAYSIDE_OK(check_type(type, after));
    for (const Field& field : type.fields) {
      if (field.pack == older.name) WAYSIDE_OK(check_field(type, field, after));
    }
  }
  for (const auto& [name, list] : before.code_lists()) {
    if (list.pack == older.name) WAYSIDE_OK(check_list(list, after));
  }
  for (const PackFile* file : older.questionnaires()) {
    if (newer.file(file->path) == nullptr) return refuse(file->path + " line 1", "the questionnaire is gone; what was once added stays");
  }
  return {};
}

}  // namespace wayside::packs
