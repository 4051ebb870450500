#include "core/casework/rules/record_fields.h"

namespace wayside::casework::rules {
namespace {

template <class T>
std::optional<T> as(const Value* value) {
  const auto* held = value ? std::get_if<T>(value) : nullptr;
  return held ? std::optional(*held) : std::nullopt;
}

std::string as_text(const Value& value) {
  if (const auto* text = std::get_if<Text>(&value)) return text->utf8;
  if (const auto* code = std::get_if<Code>(&value)) return code->code;
  return {};
}

}  // namespace

RecordFields::RecordFields(const ShownRecord& record) {
  for (const auto& shown : record.fields) {
    if (!shown.field) continue;   // of a version to come: no rule asks for it
    auto& values = values_[shown.field->name];
    for (std::size_t i = 0; i < shown.view.current; ++i) values.push_back(shown.view.values[i].value);
  }
}

RecordFields::RecordFields(const schema::Schema& schema, const NewRecord& record) {
  for (const auto& made : record.fields) {
    if (const auto* field = schema.field(record.type, made.field)) values_[field->name] = made.values;
  }
}

void RecordFields::set(std::string_view field, std::vector<Value> values) {
  values_[std::string(field)] = std::move(values);
}

const Value* RecordFields::first(std::string_view field) const {
  const auto found = values_.find(field);
  return found == values_.end() || found->second.empty() ? nullptr : &found->second.front();
}

std::string RecordFields::text(std::string_view field) const {
  const auto* value = first(field);
  return value ? as_text(*value) : std::string();
}

std::vector<std::string> RecordFields::texts(std::string_view field) const {
  std::vector<std::string> out;
  if (const auto found = values_.find(field); found != values_.end()) {
    for (const auto& value : found->second) {
      if (auto text = as_text(value); !text.empty()) out.push_back(std::move(text));
    }
  }
  return out;
}

std::optional<std::int64_t> RecordFields::number(std::string_view field) const { return as<std::int64_t>(first(field)); }
std::optional<bool> RecordFields::flag(std::string_view field) const { return as<bool>(first(field)); }

std::optional<Day> RecordFields::day(std::string_view field) const {
  const auto date = as<Date>(first(field));
  return date ? day_of(*date) : std::nullopt;
}

std::optional<std::int64_t> RecordFields::time_ms(std::string_view field) const {
  const auto instant = as<Instant>(first(field));
  return instant ? std::optional(instant->ms) : std::nullopt;
}

std::vector<RecordId> RecordFields::records(std::string_view field) const {
  std::vector<RecordId> out;
  if (const auto found = values_.find(field); found != values_.end()) {
    for (const auto& value : found->second) {
      if (const auto* id = std::get_if<RecordId>(&value)) out.push_back(*id);
    }
  }
  return out;
}

}  // namespace wayside::casework::rules
