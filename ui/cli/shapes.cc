#include "ui/cli/shapes.h"

#include "core/schema/display.h"

namespace wayside::cli {
namespace {

using casework::ShownField;
using casework::ShownRecord;
using nlohmann::json;

json dots_json(const std::vector<ledger::Dot>& dots) {
  auto out = json::array();
  for (const auto& dot : dots) out.push_back(ledger::to_text(dot));
  return out;
}

std::string display(const schema::Field* field, const Value& value) {
  if (field != nullptr) return schema::display(*field, value);
  const json raw = schema::to_json(value);
  return raw.is_string() ? raw.get<std::string>() : raw.dump();
}

std::string joined(const ShownRecord& record, const std::vector<std::string>& names, std::string_view between) {
  std::string out;
  for (const auto& name : names) {
    const std::string text = record.text(name);
    if (!text.empty()) out += (out.empty() ? "" : std::string(between)) + text;
  }
  return out;
}

std::string field_name(const schema::Field* field, std::uint32_t id) {
  return field == nullptr ? std::to_string(id) : field->name;
}

}  // namespace

std::string time_text(std::uint64_t hybrid_time) { return iso_time(wall_ms(hybrid_time)); }

json values_json(const vault::Vault& vault, const ledger::FieldView& view) {
  auto out = json::array();
  for (const ledger::Shown& shown : view.values) {
    json value{{"value", schema::to_json(shown.value)},
               {"dot", ledger::to_text(shown.held->dot)},
               {"author", vault.user_name(shown.held->author.user)},
               {"device", vault.device_name(shown.held->dot.device)},
               {"time", time_text(shown.held->author.time)}};
    if (shown.dots.size() > 1) value["dots"] = dots_json(shown.dots);
    if (shown.held->corrects) value["corrects"] = ledger::to_text(*shown.held->corrects);
    if (shown.held->request) value["request"] = true;
    out.push_back(std::move(value));
  }
  return out;
}

bool shows_array(const schema::Field* field) { return field == nullptr || field->several; }

json shown_json(const ShownField& field) {
  const auto& view = field.view;
  if (shows_array(field.field)) {
    auto all = json::array();
    for (std::size_t i = 0; i < view.current; ++i) all.push_back(schema::to_json(view.values[i].value));
    return all;
  }
  if (view.current == 0) return nullptr;  // requests alone are no content
  const bool append = field.field->policy == schema::Policy::append;
  return schema::to_json((append ? view.values.back() : view.values.front()).value);
}

std::string name_of(const ShownField& field) { return field_name(field.field, field.id); }

std::string type_name(const ShownRecord& record) {
  return record.type == nullptr ? std::to_string(record.row.state.type) : record.type->name;
}

json record_json(const vault::Vault& vault, const ShownRecord& record) {
  auto fields = json::object();
  for (const ShownField& field : record.fields) {
    if (field.id == ledger::kArchivedFieldId) continue;
    fields[name_of(field)] = {{"policy", field.field == nullptr ? "unknown" : schema::name_of(field.field->policy)},
                              {"shown", shown_json(field)},
                              {"values", values_json(vault, field.view)}};
    if (field.view.sealed > 0) fields[name_of(field)]["sealed"] = field.view.sealed;
  }
  return {{"id", to_text(record.row.id)},
          {"type", type_name(record)},
          {"case", record.case_id ? json(to_text(*record.case_id)) : json()},
          {"archived", record.archived.archived},
          {"fields", std::move(fields)}};
}

std::string title_of(const ShownRecord& record) {
  const std::string title = record.type == nullptr ? "" : joined(record, record.type->title, " ");
  return title.empty() ? "(no name yet)" : title;
}

std::string subtitle_of(const ShownRecord& record) {
  return record.type == nullptr ? "" : joined(record, record.type->subtitle, ", ");
}

std::string value_line(const vault::Vault& vault, const schema::Field* field, const ledger::Shown& value) {
  return "  " + display(field, value.value) + "   (" + vault.user_name(value.held->author.user) + ", " +
         schema::display_time(wall_ms(value.held->author.time)) + (value.held->request ? ", asked for" : "") + ", " +
         ledger::to_text(value.held->dot) + ")";
}

std::vector<std::string> record_lines(const vault::Vault& vault, const ShownRecord& record) {
  std::vector<std::string> out{type_name(record) + " " + to_text(record.row.id)};
  if (record.case_id && *record.case_id != record.row.id) out.push_back("case " + to_text(*record.case_id));
  if (record.archived.archived) out.emplace_back("archived");
  for (const ShownField& field : record.fields) {
    if (field.id == ledger::kArchivedFieldId) continue;
    const std::string label = field.field == nullptr ? "field " + std::to_string(field.id) : field.field->label;
    if (field.view.sealed > 0) out.push_back(label + ": something is recorded that this device has no key to");
    if (field.view.values.empty()) continue;
    if (field.view.values.size() == 1 && !field.view.values.front().held->request) {
      out.push_back(label + ": " + display(field.field, field.view.values.front().value));
      continue;
    }
    out.push_back(label + (field.view.needs_review ? ": (waits for a decision)" : ":"));
    for (const auto& value : field.view.values) out.push_back(value_line(vault, field.field, value));
  }
  return out;
}

/// Of a later version's number nothing is known here.
const char* clock_name(vault::ClockQuality quality) {
  if (quality == vault::ClockQuality::near_office) return "near";
  return quality == vault::ClockQuality::suspect ? "suspect" : "unknown";
}

json history_json(const vault::Vault& vault, const casework::HistoryEntry& entry) {
  return {{"dot", ledger::to_text(entry.dot)},
          {"field", field_name(entry.field, entry.field_id)},
          {"value", entry.value ? schema::to_json(*entry.value) : json()},
          {"supersedes", dots_json(entry.supersedes)},
          {"author", vault.user_name(entry.author.user)},
          {"device", vault.device_name(entry.dot.device)},
          {"time", time_text(entry.author.time)},
          {"clock", clock_name(entry.clock)},
          {"form", entry.form},
          {"reason", entry.reason}};
}

json draft_json(const vault::Draft& draft) {
  const auto* type = schema::current().type(draft.type);
  auto fields = json::object();
  for (const auto& field : draft.fields) {
    fields[field_name(type == nullptr ? nullptr : type->field(field.field), field.field)] = field.items;
  }
  return {{"id", to_text(draft.form)},
          {"type", draft.type},
          {"record", to_text(draft.record)},
          {"case", draft.case_id ? json(to_text(*draft.case_id)) : json()},
          {"new", draft.is_new},
          {"time", iso_time(draft.time_ms)},
          {"fields", std::move(fields)}};
}

}  // namespace wayside::cli
