#include <algorithm>

#include "core/schema/display.h"
#include "core/schema/validate.h"
#include "core/search/search.h"
#include "core/vault/audit.h"
#include "ui/cli/assignments.h"
#include "ui/cli/case_words.h"
#include "ui/cli/link_words.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// get, history, list, find

namespace wayside::cli {
namespace {

using casework::ShownRecord;
using nlohmann::json;

Result<Exit> get(Context& context, const std::string& id) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, id));
  WAYSIDE_OK(note_shown(*vault, record));
  WAYSIDE_TRY(const auto links, links_of(*vault, record));
  if (context.json()) {
    json out = record_json(*vault, record);
    if (is_person(record)) out["links"] = links_json(links, record.row.id);
    WAYSIDE_TRY(const auto sharing, sharing_json(*vault, record.row.id));
    if (sharing) out.update(*sharing);
    context.print(out);
    return Exit::done;
  }
  WAYSIDE_TRY(const auto sharing, sharing_line(*vault, record.row.id));
  for (const auto& line : record_lines(*vault, record)) context.say(line);
  if (!sharing.empty()) context.say(sharing);
  for (const auto& line : link_lines(*vault, links, record.row.id)) context.say(line);
  return Exit::done;
}

// ---- history ----

Result<Exit> history(Context& context, const std::string& id, const std::string& field_name) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, id));
  std::uint32_t field_id = 0;
  if (!field_name.empty()) {
    const auto* field = record.type == nullptr ? nullptr : schema::current().field(*record.type, field_name);
    if (field == nullptr) return fail(Errc::unknown_field, "\"" + field_name + "\" in " + type_name(record));
    field_id = field->id;
  }
  WAYSIDE_TRY(const auto entries, casework::history(*vault, record.row.id, field_id));
  WAYSIDE_OK(note_shown(*vault, record));
  auto all = json::array();
  for (const auto& entry : entries) {
    all.push_back(history_json(*vault, entry));
    if (context.json()) continue;
    const std::string name = entry.field == nullptr ? std::to_string(entry.field_id) : entry.field->label;
    const std::string value = !entry.value             ? "(cleared)"
                              : entry.field == nullptr ? schema::to_json(*entry.value).dump()
                                                       : schema::display(*entry.field, *entry.value);
    const bool suspect = entry.clock == vault::ClockQuality::suspect;
    context.say(schema::display_time(wall_ms(entry.author.time)) + (suspect ? " (by a clock that was wrong)" : "") + "   " + vault->user_name(entry.author.user) + "   " +
                name + ": " + value + (entry.reason.empty() ? "" : "   (" + entry.reason + ")"));
  }
  if (context.json()) {
    context.print({{"id", to_text(record.row.id)}, {"type", type_name(record)}, {"entries", std::move(all)}});
  }
  return Exit::done;
}

// ---- list ----

struct ListWords {
  std::string type;
  std::vector<std::string> where;
  bool archived = false;
};

struct Condition {
  const schema::Field* field;
  std::optional<Value> value;  ///< nothing: the field is empty
};

Result<std::vector<Condition>> conditions(const schema::RecordType& type, const std::vector<std::string>& words) {
  std::vector<Condition> out;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) return fail(Errc::usage, "\"" + word + "\" is not written as field=value");
    WAYSIDE_TRY(const auto* field, field_named(type, word.substr(0, equals)));
    Condition condition{field, std::nullopt};
    if (const auto text = word.substr(equals + 1); !text.empty()) {
      WAYSIDE_TRY(condition.value, schema::parse_field(*field, text));
    }
    out.push_back(std::move(condition));
  }
  return out;
}

/// Any value on show counts, so that a record with two values is found under both.
bool holds(const ShownRecord& record, const Condition& condition) {
  const auto* field = record.find(condition.field->name);
  if (!condition.value) return field == nullptr;
  return field != nullptr && std::ranges::any_of(field->view.values, [&](const ledger::Shown& shown) {
           return !shown.held->request && shown.value == *condition.value;
         });
}

void say_row(Context& context, const ShownRecord& record) {
  const std::string second = subtitle_of(record);
  context.say(to_text(record.row.id) + "   " + title_of(record) + (second.empty() ? "" : "   " + second));
}

Result<Exit> list(Context& context, const ListWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  WAYSIDE_TRY(const auto* type, type_named(words.type));
  WAYSIDE_TRY(const auto wanted, conditions(*type, words.where));
  WAYSIDE_TRY(const auto records, casework::list(*vault, *type));
  if (type->in_case) WAYSIDE_OK(vault::note_listed(*vault, type->id, records.size()));
  auto all = json::array();
  for (const ShownRecord& record : records) {
    // One that somebody changed after it was put away is shown until a person has decided.
    if (record.archived.archived && !record.archived.needs_review && !words.archived) continue;
    if (!std::ranges::all_of(wanted, [&](const Condition& condition) { return holds(record, condition); })) continue;
    if (context.json()) all.push_back(record_json(*vault, record));
    else say_row(context, record);
  }
  if (context.json()) context.print({{"type", type->name}, {"count", all.size()}, {"records", std::move(all)}});
  return Exit::done;
}

// ---- find ----

struct FindWords {
  std::vector<std::string> text;
  std::string type;
  std::size_t limit = 50;
};

Result<Exit> find(Context& context, const FindWords& words) {
  std::string text;
  for (const auto& word : words.text) text += (text.empty() ? "" : " ") + word;
  search::Query query{text, std::nullopt, words.limit};
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  if (!words.type.empty()) {
    WAYSIDE_TRY(const auto* type, type_named(words.type));
    query.type = type->id;
  }
  WAYSIDE_TRY(const auto hits, search::find(*vault, query));
  WAYSIDE_TRY(const std::size_t matching, search::count(*vault, query));
  WAYSIDE_TRY(const auto links, casework::PersonLinks::read(*vault));
  if (!hits.empty()) WAYSIDE_OK(vault::note_listed(*vault, 0, hits.size()));
  auto all = json::array();
  for (const auto& hit : hits) {
    WAYSIDE_TRY(auto row, vault->store().record(hit.row));
    if (!row) continue;
    WAYSIDE_TRY(const auto record, casework::show(*vault, *std::move(row)));
    all.push_back({{"id", to_text(record.row.id)},
                   {"type", type_name(record)},
                   {"case", record.case_id ? json(to_text(*record.case_id)) : json()},
                   {"title", title_of(record)},
                   {"second", subtitle_of(record)}});
    const auto same = links.same_as(record.row.id);
    if (is_person(record)) all.back()["same_as"] = ids_json(same);
    if (context.json()) continue;
    say_row(context, record);
    for (const auto& other : same) context.say("      the same person as " + to_text(other));
  }
  if (context.json()) context.print({{"query", text}, {"count", matching}, {"hits", std::move(all)}});
  else if (matching > hits.size())
    context.say(std::to_string(matching - hits.size()) + " more. Search for more letters.");
  else if (hits.empty()) context.say("Nothing matches. Try the beginning of a name or a word.");
  return Exit::done;
}

}  // namespace

Action declare_get(CLI::App& app) {
  const auto id = std::make_shared<std::string>();
  app.add_option("id", *id, "the record")->required();
  return [id](Context& context) { return get(context, *id); };
}

Action declare_history(CLI::App& app) {
  const auto id = std::make_shared<std::string>();
  const auto field = std::make_shared<std::string>();
  app.add_option("id", *id, "the record")->required();
  app.add_option("--field", *field, "only this field")->type_name("NAME");
  return [id, field](Context& context) { return history(context, *id, *field); };
}

Action declare_list(CLI::App& app) {
  const auto words = std::make_shared<ListWords>();
  app.add_option("type", words->type, "record type, as `types` lists it")->required();
  app.add_option("--where", words->where, "only where the field holds that value; field= where it is empty")
      ->type_name("field=value");
  app.add_flag("--archived", words->archived, "those put away too");
  return [words](Context& context) { return list(context, *words); };
}

Action declare_find(CLI::App& app) {
  const auto words = std::make_shared<FindWords>();
  app.add_option("text", words->text, "words, or how they begin")->required();
  app.add_option("--type", words->type, "only records of this type")->type_name("TYPE");
  app.add_option("--limit", words->limit, "at most so many")->capture_default_str()->check(CLI::Range(1, 100'000));
  return [words](Context& context) { return find(context, *words); };
}

}  // namespace wayside::cli
