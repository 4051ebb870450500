#include "core/schema/describe.h"

#include <nlohmann/json.hpp>
#include <set>

namespace wayside::schema {
namespace {

using nlohmann::json;

json describe_field(const Field& field) {
  json out{{"id", field.id},
           {"name", field.name},
           {"label", field.label},
           {"help", field.help},
           {"section", field.section},
           {"kind", name_of(field.kind)},
           {"policy", name_of(field.policy)},
           {"sensitivity", name_of(field.sensitivity)},
           {"required", name_of(field.required)},
           {"search", field.search},
           {"several", field.several}};
  if (!field.or_field.empty()) out["or"] = field.or_field;
  if (!field.to.empty()) out["to"] = field.to;
  if (field.other_cases) out["other_cases"] = true;
  if (field.compartment != Compartment::none) out["compartment"] = name_of(field.compartment);
  if (field.list != nullptr) out["code_list"] = field.list_name;
  if (field.order != Order::none) out["order"] = name_of(field.order);
  if (!field.unit.empty()) out["unit"] = field.unit;
  if (field.min) out["min"] = *field.min;
  if (field.max) out["max"] = *field.max;
  return out;
}

json describe_fields(const std::vector<Field>& fields) {
  auto out = json::array();
  for (const auto& field : fields) out.push_back(describe_field(field));
  return out;
}

json describe_list(const CodeList& list) {
  auto out = json::array();
  for (const auto& entry : list.entries) {
    json item{{"code", entry.code}, {"label", entry.label}, {"source", entry.source}};
    if (entry.rank) item["rank"] = *entry.rank;
    if (!entry.help.empty()) item["help"] = entry.help;
    out.push_back(std::move(item));
  }
  return out;
}

template <class E, std::size_t n>
json meanings(const std::array<Named<E>, n>& table) {
  auto out = json::object();
  for (const auto& entry : table) out[std::string(entry.name)] = entry.means;
  return out;
}

}  // namespace

json describe(const Schema& schema, const RecordType* only) {
  json out{{"types", json::array()},
           {"code_lists", json::object()},
           {"system_fields", describe_fields(schema.system_fields())},
           {"policies", meanings(kPolicies)},
           {"kinds", meanings(kKinds)}};
  std::set<const CodeList*> used;
  for (const auto& type : schema.types()) {
    if (only != nullptr && only != &type) continue;
    out["types"].push_back({{"id", type.id},
                            {"name", type.name},
                            {"label", type.label},
                            {"plural", type.plural},
                            {"group", type.group},
                            {"help", type.help},
                            {"in_case", type.in_case},
                            {"in_team", type.in_team},
                            {"once", type.once},
                            {"compartment", name_of(type.compartment)},
                            {"title", type.title},
                            {"subtitle", type.subtitle},
                            {"fields", describe_fields(type.fields)}});
    for (const auto& field : type.fields) used.insert(field.list);
  }
  for (const auto& [name, list] : schema.code_lists()) {
    if (only == nullptr || used.contains(&list)) out["code_lists"][name] = describe_list(list);
  }
  return out;
}

}  // namespace wayside::schema
