#include "core/schema/validate.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <variant>

namespace wayside::schema {
namespace {

constexpr std::int64_t kPencePerPound = 100;

std::unexpected<Problem> problem(const Field& field, std::string what, Errc code = Errc::bad_input) {
  return std::unexpected(Problem{code, field.name, std::move(what)});
}

/// What a field of each kind wants to be given; said whenever it gets something else.
std::string wanted(const Field& field) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::long_text: return "needs text";
    case FieldKind::integer: return "needs a whole number such as 12";
    case FieldKind::pence: return "needs an amount such as £120.50, or 12050 for pence";
    case FieldKind::flag: return "needs yes or no";
    case FieldKind::date: return "needs a day such as 1984-03-21, from 1900 to 2199";
    case FieldKind::time: return "needs a moment such as 2026-06-10T16:20:00Z";
    case FieldKind::code: return "needs a code of the list " + field.list_name;
    case FieldKind::reference: return "needs the id of a record";
  }
  return "needs another value";
}

std::unexpected<Problem> unfit(const Field& field) { return problem(field, wanted(field)); }

std::unexpected<Problem> unknown_code(const Field& field) {
  std::string what = "is not in the list " + field.list_name;
  constexpr std::size_t kFewEnoughToName = 8;
  if (field.list->entries.size() <= kFewEnoughToName) {
    what += "; choose one of: ";
    for (const auto& entry : field.list->entries)
      what += (&entry == &field.list->entries.front() ? "" : ", ") + entry.code;
  } else {
    what += "; `types` shows its codes";
  }
  return problem(field, std::move(what), Errc::unknown_code);
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Checked<Value> code_from_text(const Field& field, std::string_view text) {
  if (field.list->find(text) != nullptr) return Code{std::string(text)};
  const CodeEntry* only = nullptr;
  for (const auto& entry : field.list->entries) {
    if (!same_letters(entry.code, text) && !same_letters(entry.label, text)) continue;
    if (only != nullptr) return unknown_code(field);
    only = &entry;
  }
  if (only == nullptr) return unknown_code(field);
  return Code{only->code};
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "£1,120.50", "£120" or "12050"; pounds always have the sign, so that 450 is never taken for £450.
std::optional<std::int64_t> pence_from_text(std::string_view text) {
  constexpr std::string_view kPound = "£";
  if (!text.starts_with(kPound)) return whole(text);
  text.remove_prefix(kPound.size());
  std::string digits(text);
  std::erase(digits, ',');
  const auto point = digits.find('.');
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  const auto pounds = whole(std::string_view(digits).substr(0, point));
  if (!pounds || *pounds > std::numeric_limits<std::int64_t>::max() / kPencePerPound - 1) return std::nullopt;
  if (point == std::string::npos) return *pounds * kPencePerPound;
  const auto rest = std::string_view(digits).substr(point + 1);
  if (rest.size() != 2 || rest[0] < '0' || rest[0] > '9') return std::nullopt;
  const auto pence = whole(rest);
  if (!pence) return std::nullopt;
  return *pounds * kPencePerPound + *pence;
}

std::optional<bool> flag_from_text(std::string_view text) {
  for (const auto* yes : {"yes", "true", "1", "y"}) if (same_letters(text, yes)) return true;
  for (const auto* no : {"no", "false", "0", "n"}) if (same_letters(text, no)) return false;
  return std::nullopt;
}

/// All kinds but text are written without regard to blanks around them.
std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Checked<Value> read(const Field& field, std::string_view text) {
  if (field.kind != FieldKind::text && field.kind != FieldKind::long_text) {
    text = trimmed(text);
    if (text.empty()) return problem(field, "is empty; " + wanted(field));
  }
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::long_text: return Text{std::string(text)};
    case FieldKind::integer:
      if (const auto number = whole(text)) return *number;
      return unfit(field);
    case FieldKind::pence:
      if (const auto number = pence_from_text(text)) return *number;
      return unfit(field);
    case FieldKind::flag:
      if (const auto flag = flag_from_text(text)) return *flag;
      return unfit(field);
    case FieldKind::date:
      if (auto date = parse_date(text)) return *std::move(date);
      return unfit(field);
    case FieldKind::time:
      if (const auto ms = parse_iso_time(text)) return Instant{*ms};
      return unfit(field);
    case FieldKind::code: return code_from_text(field, text);
    case FieldKind::reference:
      if (const auto id = id_from_text<RecordId>(text)) return *id;
      return unfit(field);
  }
  return unfit(field);
}

/// Control characters but tabs and line ends: a terminal obeys them, and no form shows them.
bool holds_controls(std::string_view text) {
  bool any = false;   // no way out before the end, so that the loop takes many letters at once
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    any |= (code < 0x20 && c != '\n' && c != '\r' && c != '\t') || code == 0x7F;
  }
  return any;
}

/// Marks that turn the direction of all that follows (U+202A to U+202E, U+2066 to U+2069), so that a text reads as something
/// else. The marks that only say how their neighbours stand, as Arabic and Urdu need them, are no such thing.
bool turns_direction(std::string_view text) {
  for (auto at = text.find('\xE2'); at != std::string_view::npos && at + 2 < text.size(); at = text.find('\xE2', at + 1)) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    const auto third = static_cast<unsigned char>(text[at + 2]);
    if ((second == 0x80 && third >= 0xAA && third <= 0xAE) || (second == 0x81 && third >= 0xA6 && third <= 0xA9)) return true;
  }
  return false;
}

Checked<void> check_text(const Field& field, const std::string& utf8) {
  const auto limit = field.kind == FieldKind::long_text ? kLongTextLimitBytes : kTextLimitBytes;
  if (utf8.size() > limit) {
    return problem(field, "is longer than " + std::to_string(limit >> 10) + " KiB; shorten it or attach it as a file",
                   Errc::too_large);
  }
  if (const auto fault = text_fault(utf8); !fault.empty()) return problem(field, std::string(fault));
  return {};
}

Checked<void> check_range(const Field& field, std::int64_t number) {
  if (field.min && number < *field.min) return problem(field, "is below " + std::to_string(*field.min));
  if (field.max && number > *field.max) return problem(field, "is above " + std::to_string(*field.max));
  return {};
}

Checked<Value> checked(const Field& field, Checked<Value> value) {
  if (!value) return value;
  if (auto fine = check(field, *value); !fine) return std::unexpected(std::move(fine).error());
  return value;
}

}  // namespace

std::string_view text_fault(std::string_view text) {
  if (!is_clean_utf8(text)) return "is not clean UTF-8 text; save the source as UTF-8";
  if (holds_controls(text)) return "holds control characters that nobody sees; type it again without them";
  if (turns_direction(text)) return "holds hidden marks that turn the direction of writing; type it again instead of pasting it";
  return {};
}

Checked<Value> parse_field(const Field& field, std::string_view text) { return checked(field, read(field, text)); }

Checked<Value> field_from_json(const Field& field, const nlohmann::json& json) {
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::pence:
      if (!json.is_number_integer()) return unfit(field);
      if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
        return unfit(field);
      }
      return checked(field, Value(json.get<std::int64_t>()));
    case FieldKind::flag:
      if (!json.is_boolean()) return problem(field, "needs true or false");
      return Value(json.get<bool>());
    case FieldKind::code:
      if (!json.is_string()) return unfit(field);
      return checked(field, Value(Code{json.get<std::string>()}));
    default:
      if (!json.is_string()) return unfit(field);
      return checked(field, read(field, json.get_ref<const std::string&>()));
  }
}

Checked<void> check(const Field& field, const Value& value) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::long_text:
      if (const auto* text = std::get_if<Text>(&value)) return check_text(field, text->utf8);
      return unfit(field);
    case FieldKind::integer:
    case FieldKind::pence:
      if (const auto* number = std::get_if<std::int64_t>(&value)) return check_range(field, *number);
      return unfit(field);
    case FieldKind::flag:
      if (std::holds_alternative<bool>(value)) return {};
      return unfit(field);
    case FieldKind::date:
      if (const auto* date = std::get_if<Date>(&value); date != nullptr && parse_date(date->iso)) return {};
      return unfit(field);
    case FieldKind::time:
      if (std::holds_alternative<Instant>(value)) return {};
      return unfit(field);
    case FieldKind::code:
      if (const auto* code = std::get_if<Code>(&value)) {
        if (field.list->find(code->code) != nullptr) return {};
        return unknown_code(field);
      }
      return unfit(field);
    case FieldKind::reference:
      if (std::holds_alternative<RecordId>(value)) return {};
      return unfit(field);
  }
  return unfit(field);
}

std::vector<const Field*> missing(const RecordType& type, std::span<const FieldId> filled, Required stage) {
  const auto is_filled = [&](const Field* field) {
    return field != nullptr && std::ranges::find(filled, field->id) != filled.end();
  };
  std::vector<const Field*> found;
  for (const auto& field : type.fields) {
    const bool needed = field.required != Required::no && field.required <= stage;
    if (needed && !is_filled(&field) && !is_filled(type.field(field.or_field))) found.push_back(&field);
  }
  return found;
}

}  // namespace wayside::schema
