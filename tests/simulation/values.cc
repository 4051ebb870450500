#include "tests/simulation/values.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace wayside::simulation {
namespace {

using schema::Field;
using schema::FieldKind;

constexpr std::int64_t kSomeMorning_ms = 1'700'000'000'000;

/// Rules of the casework bind these to other fields; what they forbid is tested elsewhere.
bool is_free(const schema::RecordType& type, const Field& field) {
  if (field.kind == FieldKind::reference) return false;
  if (type.name != "case") return true;
  return field.name != "status" && field.name != "closed" && !field.name.starts_with("retention");
}

bool tells_its_save(const Field& field) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::long_text:
    case FieldKind::date:
    case FieldKind::time: return true;
    case FieldKind::pence: return true;
    default: return false;
  }
}

Date day(std::uint64_t number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", static_cast<int>(1930 + number / 336 % 100),
                static_cast<int>(1 + number / 28 % 12), static_cast<int>(1 + number % 28));
  return Date{text.data()};
}

}  // namespace

Value value_for(const Field& field, std::uint64_t save, Dice& dice) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::long_text: return Text{"w" + std::to_string(save)};
    case FieldKind::integer: {
      const std::int64_t least = field.min.value_or(0);
      const auto span = static_cast<std::uint64_t>(field.max.value_or(least + 1'000'000) - least) + 1;
      return least + static_cast<std::int64_t>(dice.below(span));
    }
    case FieldKind::pence: return field.min.value_or(0) + static_cast<std::int64_t>(save);
    case FieldKind::flag: return dice.one_in(2);
    case FieldKind::date: return day(save);
    case FieldKind::time: return Instant{kSomeMorning_ms + static_cast<std::int64_t>(save) * 1'000};
    case FieldKind::code: return Code{field.list->entries.at(dice.below(field.list->entries.size())).code};
    case FieldKind::reference: break;
  }
  throw std::logic_error("no value for " + field.name);
}

casework::NewRecordRequest new_request(std::string_view type, const RecordId& id, std::uint64_t save, Dice& dice) {
  casework::NewRecordRequest out;
  out.id = id;
  out.type = schema::current().type(type);
  if (out.type == nullptr) throw std::logic_error("no record type " + std::string(type));
  const auto add = [&](const Field& field, Value value) {
    casework::FieldChange change;
    change.field = &field;
    change.set.push_back(std::move(value));
    change.sets = true;
    out.fields.push_back(std::move(change));
  };
  for (const Field& field : out.type->fields) {
    if (field.required != schema::Required::to_save) continue;
    if (type == "case" && field.name == "status") add(field, Code{"open"});
    else add(field, value_for(field, save, dice));
  }
  const auto has = [&](const Field* field) {
    return std::ranges::any_of(out.fields, [&](const casework::FieldChange& change) { return change.field == field; });
  };
  for (const Field* field : some_fields(*out.type, dice)) {
    if (!has(field)) add(*field, value_for(*field, save, dice));
  }
  return out;
}

std::vector<const Field*> some_fields(const schema::RecordType& type, Dice& dice) {
  std::vector<const Field*> tells, others;
  for (const Field& field : type.fields) {
    if (!is_free(type, field)) continue;
    (tells_its_save(field) ? tells : others).push_back(&field);
  }
  if (tells.empty()) throw std::logic_error("no field of " + type.name + " tells which save it comes from");
  // The first few oftener: two people have to meet in one field.
  std::vector<const Field*> out{tells[dice.below(std::min<std::size_t>(tells.size(), dice.one_in(2) ? 2 : 100))]};
  for (std::uint64_t more = dice.below(3); more > 0; --more) {
    const auto& from = !others.empty() && dice.one_in(2) ? others : tells;
    const Field* field = from[dice.below(from.size())];
    if (std::ranges::find(out, field) == out.end()) out.push_back(field);
  }
  return out;
}

}  // namespace wayside::simulation
