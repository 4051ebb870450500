#include "core/casework/rules/record_fields.h"

#include <cstring>

namespace wayside::casework::rules {
namespace {

template <class T>
std::optional<T> as(const Value* value) {
  const auto* held = value ? std::get_if<T>(value) : nullptr;
  return held ? std::optional(*held) : std::nullopt;
}

std::optional<Day> as_day(const Value& value) {
  if (const auto* date = std::get_if<Date>(&value)) return day_of(*date);
  const auto* text = std::get_if<Text>(&value);  // as JSON writes it
  return text ? day_of(std::string_view(text->utf8)) : std::nullopt;
}

std::string as_text(const Value& value) {
  if (const auto* text = std::get_if<Text>(&value)) return text->utf8;
  if (const auto* code = std::get_if<Code>(&value)) return code->code;
  return {};
}

}  // namespace

std::optional<RecordId> record_id_from(std::string_view text) {
  if (const auto id = id_from_text<RecordId>(text)) return id;
  if (text.empty() || text.size() > RecordId::size_bytes) return std::nullopt;
  RecordId out;
  std::memcpy(out.bytes.data(), text.data(), text.size());
  return out;
}

RecordFields::RecordFields(const ShownRecord& record) {
  for (const auto& shown : record.fields) {
    if (!shown.field) continue;  // of a version to come: no rule asks for it
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

const std::vector<Value>& RecordFields::all(std::string_view field) const {
  static const std::vector<Value> kNone;
  const auto found = values_.find(field);
  return found == values_.end() ? kNone : found->second;
}

const Value* RecordFields::first(std::string_view field) const {
  const auto& values = all(field);
  return values.empty() ? nullptr : &values.front();
}

std::string RecordFields::text(std::string_view field) const {
  const auto* value = first(field);
  return value ? as_text(*value) : std::string();
}

std::vector<std::string> RecordFields::texts(std::string_view field) const {
  std::vector<std::string> out;
  for (const auto& value : all(field)) {
    if (auto text = as_text(value); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

std::optional<std::int64_t> RecordFields::number(std::string_view field) const {
  return as<std::int64_t>(first(field));
}
std::optional<bool> RecordFields::flag(std::string_view field) const { return as<bool>(first(field)); }

std::vector<bool> RecordFields::flags(std::string_view field) const {
  std::vector<bool> out;
  for (const auto& value : all(field)) {
    if (const auto* flag = std::get_if<bool>(&value)) out.push_back(*flag);
  }
  return out;
}

std::optional<Day> RecordFields::day(std::string_view field) const {
  const auto* value = first(field);
  return value ? as_day(*value) : std::nullopt;
}

std::vector<Day> RecordFields::days(std::string_view field) const {
  std::vector<Day> out;
  for (const auto& value : all(field)) {
    if (const auto day = as_day(value)) out.push_back(*day);
  }
  return out;
}

std::optional<std::int64_t> RecordFields::time_ms(std::string_view field) const {
  const auto* value = first(field);
  if (const auto instant = as<Instant>(value)) return instant->ms;
  const auto text = as<Text>(value);
  if (!text) return std::nullopt;
  const auto read = parse_iso_time(text->utf8);
  return read ? std::optional(*read) : std::nullopt;
}

std::vector<RecordId> RecordFields::records(std::string_view field) const {
  std::vector<RecordId> out;
  for (const auto& value : all(field)) {
    if (const auto* id = std::get_if<RecordId>(&value)) out.push_back(*id);
    else if (const auto read = record_id_from(as_text(value))) out.push_back(*read);
  }
  return out;
}

}  // namespace wayside::casework::rules
