#include "ui/app/references.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/schema/display.h"
#include "ui/app/people.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using casework::ShownField;
using casework::ShownRecord;

const schema::Field* first_title_field(const schema::RecordType& type) {
  return type.title.empty() ? nullptr : type.field(type.title.front());
}

/// "consent", "person or child": what a field asks for.
std::string kinds_asked(const schema::Field& field) {
  std::string out;
  for (std::size_t i = 0; i < field.to.size(); ++i) {
    const schema::RecordType* type = schema::current().type(field.to[i]);
    if (type == nullptr) continue;
    if (!out.empty()) out += i + 1 == field.to.size() ? " or " : ", ";
    out += in_sentence(type->label);
  }
  return out.empty() ? "record" : out;
}

/// `vault` null: without records by their titles, since no title is made of another record's.
std::string words_of(vault::Vault* vault, const ShownRecord& record, const std::vector<std::string>& names,
                     std::string_view separator, std::int64_t now_ms) {
  std::string out;
  for (const std::string& name : names) {
    const ShownField* shown = record.find(name);
    const ledger::Shown* value = shown == nullptr || shown->field == nullptr ? nullptr : current(*shown);
    if (value == nullptr) continue;
    const auto* to = std::get_if<RecordId>(&value->value);
    if (to != nullptr && vault == nullptr) continue;
    const std::string text = to != nullptr ? reference_words(*vault, *shown->field, *to, now_ms)
                                           : brief(*shown->field, value->value, now_ms);
    if (!text.empty()) out += (out.empty() ? "" : std::string(separator)) + text;
  }
  return out;
}

void add_choices(const std::vector<ShownRecord>& records, const schema::RecordType& type, std::int64_t now_ms,
                 std::vector<std::pair<Choice, std::string>>& out) {
  for (const ShownRecord& record : records) {
    if (record.type != &type) continue;
    out.emplace_back(Choice{record.row.id, choice_title(record, now_ms), record.archived.archived},
                     words_of(nullptr, record, type.subtitle, ", ", now_ms));
  }
}

}  // namespace

std::string choice_title(const ShownRecord& record, std::int64_t now_ms) {
  if (record.type == nullptr) return "A record of a newer version";
  const std::string title = words_of(nullptr, record, record.type->title, " ", now_ms);
  if (title.empty()) return record.type->label;
  const schema::Field* first = first_title_field(*record.type);
  const bool says_what = first != nullptr && first->kind == schema::FieldKind::text;
  return says_what ? title : record.type->label + ", " + in_sentence(title);
}

Result<std::vector<Choice>> choices_for(vault::Vault& vault, const std::optional<RecordId>& case_id,
                                        const schema::Field& field, std::int64_t now_ms) {
  std::vector<std::pair<Choice, std::string>> found;
  std::vector<ShownRecord> of_case;
  for (const std::string& name : field.to) {
    const schema::RecordType* type = schema::current().type(name);
    if (type == nullptr) continue;
    if (!type->in_case) {
      WAYSIDE_TRY(const auto records, casework::list(vault, *type));
      add_choices(records, *type, now_ms, found);
      continue;
    }
    if (!case_id) continue;
    if (of_case.empty()) {
      WAYSIDE_TRY(of_case, casework::records_of_case(vault, *case_id));
    }
    add_choices(of_case, *type, now_ms, found);
  }
  std::map<std::string, int> titles;
  for (const auto& [choice, second] : found) ++titles[choice.title];
  std::vector<Choice> out;
  for (auto& [choice, second] : found) {
    if (titles[choice.title] > 1 && !second.empty()) choice.title += ", " + second;
    out.push_back(std::move(choice));
  }
  std::ranges::sort(
      out, [](const Choice& a, const Choice& b) { return std::tie(a.title, a.id) < std::tie(b.title, b.id); });
  return out;
}

std::string not_here_words(const schema::Field& field) {
  return "This " + kinds_asked(field) + " is not on this device.";
}

std::string none_here_words(const schema::Field& field) {
  const bool of_case = std::ranges::any_of(field.to, [](const std::string& name) {
    const schema::RecordType* type = schema::current().type(name);
    return type != nullptr && type->in_case;
  });
  return "No " + kinds_asked(field) + " is here yet. " +
         (of_case ? "Add one to this case first." : "The office keeps that list; it comes with the next reconcile.");
}

std::string reference_words(vault::Vault& vault, const schema::Field& field, const RecordId& to, std::int64_t now_ms) {
  const auto record = casework::get(vault, to);
  return record ? choice_title(*record, now_ms) : not_here_words(field);
}

std::string display(vault::Vault& vault, const schema::Field& field, const Value& value, std::int64_t now_ms) {
  const auto* to = std::get_if<RecordId>(&value);
  return to != nullptr ? reference_words(vault, field, *to, now_ms) : schema::display(field, value);
}

std::string brief(const schema::Field& field, const Value& value, std::int64_t now_ms) {
  if (const auto* instant = std::get_if<Instant>(&value)) return short_time(instant->ms, now_ms);
  if (const auto* date = std::get_if<Date>(&value)) return short_day(date->iso, now_ms);
  return schema::display(field, value);
}

std::string joined(vault::Vault& vault, const ShownRecord& record, const std::vector<std::string>& names,
                   std::string_view separator, std::int64_t now_ms) {
  return words_of(&vault, record, names, separator, now_ms);
}

}  // namespace wayside::app
