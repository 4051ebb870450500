#include "core/casework/case_facts.h"

#include <array>

namespace wayside::casework {
namespace {

std::vector<Fact> facts_from(const std::vector<ShownRecord>& records) {
  std::vector<Fact> out;
  for (const ShownRecord& record : records) {
    if (record.type == nullptr || record.archived.archived) continue;
    out.push_back({record.row.id, record.case_id.value_or(RecordId{}), rules::RecordFields(record), &record});
  }
  return out;
}

}  // namespace

std::vector<std::string> Fact::all_texts(std::string_view field) const {
  std::vector<std::string> out;
  const ShownField* found = shown->find(field);
  if (found == nullptr) return out;
  for (const auto& value : found->view.values) {
    if (const auto* text = std::get_if<Text>(&value.value)) out.push_back(text->utf8);
    if (const auto* code = std::get_if<Code>(&value.value)) out.push_back(code->code);
  }
  return out;
}

Result<CaseFacts> CaseFacts::read(Vault& vault, const RecordId& case_id) {
  CaseFacts out;
  out.id_ = case_id;
  WAYSIDE_TRY(out.records_, records_of_case(vault, case_id));
  for (Fact& fact : facts_from(out.records_)) out.by_type_[fact.shown->type->name].push_back(std::move(fact));
  return out;
}

const std::vector<Fact>& CaseFacts::of(std::string_view type) const {
  static const std::vector<Fact> kNone;
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? kNone : found->second;
}

const rules::RecordFields& CaseFacts::first(std::string_view type) const {
  static const rules::RecordFields kEmpty;
  const auto& all = of(type);
  return all.empty() ? kEmpty : all.front().fields;
}

std::string CaseFacts::name_of(const RecordId& id) const {
  for (const auto* type : {"person", "child", "perpetrator"}) {
    for (const Fact& fact : of(type)) {
      if (fact.id != id) continue;
      const auto name = full_name(fact.fields);
      return name.empty() ? fact.key() : name;
    }
  }
  return to_text(id);
}

Result<TypeFacts> facts_of_type(Vault& vault, std::string_view type) {
  TypeFacts out;
  const auto* known = schema::current().type(type);
  if (known == nullptr) return fail(Errc::unknown_type, std::string(type));
  WAYSIDE_TRY(out.records, list(vault, *known));
  out.facts = facts_from(out.records);
  return out;
}

std::string full_name(const rules::RecordFields& person) {
  const auto forename = person.text("forename");
  const auto surname = person.text("surname");
  if (forename.empty() && surname.empty()) return person.text("alias");
  return forename + (forename.empty() || surname.empty() ? "" : " ") + surname;
}

rules::Day day_of_ms(std::int64_t ms) {
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms)));
}

rules::Day today(Vault& vault) { return day_of_ms(vault.env().clock.wall_ms()); }

}  // namespace wayside::casework
