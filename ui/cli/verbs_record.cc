#include <ostream>

#include "core/casework/import_source.h"
#include "core/schema/describe.h"
#include "ui/cli/assignments.h"
#include "ui/cli/case_words.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// types, put, edit, archive

namespace wayside::cli {
namespace {

using casework::NewRecordRequest;
using nlohmann::json;

constexpr std::string_view kCaseType = "case";

// ---- types ----

void say_type(Context& context, const schema::RecordType& type) {
  context.say(type.name + "   " + type.label + (type.in_case ? "" : " (of the organisation)"));
  for (const auto& field : type.fields) {
    std::string line = "  " + field.name + "   " + std::string(schema::name_of(field.kind)) + ", " +
                       std::string(schema::name_of(field.policy));
    if (field.list != nullptr) line += ", codes of " + field.list_name;
    if (field.required == schema::Required::to_save) line += ", needed";
    context.say(line);
  }
}

/// What every Wayside has is told without a passphrase.
Result<Exit> types(Context& context, const std::string& name, bool with_packs) {
  if (with_packs) WAYSIDE_OK(context.vault());
  const schema::RecordType* only = nullptr;
  if (!name.empty()) {
    WAYSIDE_TRY(only, type_named(name));
  }
  if (context.json()) {
    context.print(schema::describe(schema::current(), only));
    return Exit::done;
  }
  for (const auto& type : schema::current().types()) {
    if (only == nullptr || only == &type) say_type(context, type);
  }
  if (only == nullptr) return Exit::done;
  for (const auto& field : only->fields) {
    if (field.list == nullptr) continue;
    context.say("codes of " + field.list_name);
    for (const auto& entry : field.list->entries) context.say("  " + entry.code + "   " + entry.label);
  }
  return Exit::done;
}

// ---- put ----

struct PutWords {
  std::string type, case_id, team, from_json;
  std::vector<std::string> restrict_to;
  Assignments fields;
};

Result<std::vector<NewRecordRequest>> requests(Context& context, const schema::RecordType& type,
                                               const PutWords& words) {
  std::vector<NewRecordRequest> out;
  if (words.from_json.empty()) {
    if (words.fields.set.empty()) {
      return fail(Errc::usage,
                  "There is nothing to save. Name fields with --set field=value, or a file with --from-json");
    }
    WAYSIDE_TRY(auto changes, read_assignments(type, words.fields));
    out.push_back({std::nullopt, &type, std::move(changes)});
    return out;
  }
  if (!words.fields.set.empty()) return fail(Errc::usage, "--set and --from-json exclude each other. Use one of them");
  WAYSIDE_TRY(const json given, json_of(context, words.from_json));
  for (const auto& record : given.is_array() ? given : json::array({given})) {
    WAYSIDE_TRY(auto changes, read_json_fields(type, record));
    out.push_back({std::nullopt, &type, std::move(changes)});
  }
  if (out.empty()) return fail(Errc::bad_input, "the list is empty; there is nothing to save");
  return out;
}

Exit answer_ids(Context& context, const std::vector<RecordId>& ids) {
  auto texts = json::array();
  for (const RecordId& id : ids) {
    texts.push_back(to_text(id));
    if (!context.json()) context.say(to_text(id));
  }
  if (context.json()) context.print({{"ids", std::move(texts)}});
  return Exit::done;
}

/// Every case is a ledger of its own, so each is a save of its own; the ids say which were made.
Result<Exit> put_cases(Context& context, vault::Vault& vault, const PutWords& words,
                       std::vector<NewRecordRequest> records) {
  if (!words.case_id.empty()) return fail(Errc::usage, "A new case stands in no other case. Leave --case out");
  WAYSIDE_TRY(const auto team, team_for_case(vault, words.team));
  WAYSIDE_TRY(const auto named, users_named(vault, words.restrict_to));
  std::vector<RecordId> ids;
  for (NewRecordRequest& record : records) {
    std::vector<NewRecordRequest> one;
    one.push_back(std::move(record));
    auto made = casework::put(vault, std::nullopt, team, one, "put", named);
    if (!made) {
      if (!ids.empty()) answer_ids(context, ids);
      return std::unexpected(made.error());
    }
    ids.insert(ids.end(), made->begin(), made->end());
  }
  return answer_ids(context, ids);
}

Result<Exit> put(Context& context, const PutWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  WAYSIDE_TRY(const auto* type, type_named(words.type));
  WAYSIDE_TRY(auto records, requests(context, *type, words));
  if (type->name == kCaseType) return put_cases(context, *vault, words, std::move(records));
  if (!words.team.empty()) return fail(Errc::usage, "Only a new case is put into a team. Leave --team out");
  if (!words.restrict_to.empty()) return fail(Errc::usage, "Only a case is left to named workers. Leave --restrict-to out");
  std::optional<RecordId> case_id;
  if (type->in_case) {
    if (words.case_id.empty()) {
      return fail(Errc::usage,
                  "A record of type " + type->name + " stands in a case. Name it with --case ID; `put case` makes one");
    }
    WAYSIDE_TRY(case_id, known_case(*vault, words.case_id));
  } else if (!words.case_id.empty()) {
    return fail(Errc::usage,
                "A record of type " + type->name + " belongs to the organisation, not to a case. Leave --case out");
  }
  WAYSIDE_TRY(const auto ids, casework::put(*vault, case_id, std::nullopt, records, "put"));
  return answer_ids(context, ids);
}

// ---- edit, archive ----

struct EditWords {
  std::string id, reason;
  Assignments fields;
};

Result<Exit> edit(Context& context, const EditWords& words) {
  if (words.fields.set.empty() && words.fields.add.empty() && words.fields.remove.empty()) {
    return fail(Errc::usage, "There is nothing to change. Name fields with --set, --add or --remove");
  }
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, words.id));
  if (record.type == nullptr) return fail(Errc::newer_format, "the type of this record");
  if (record.archived.archived) {
    return about_records(context, fail(Errc::bad_input, "the record is archived; bring it back first with `archive ID --undo --reason TEXT`"));
  }
  WAYSIDE_TRY(const auto changes, read_assignments(*record.type, words.fields));
  WAYSIDE_OK(casework::edit(*vault, record.row.id, changes, words.reason, "edit"));
  if (context.json()) context.print({{"id", to_text(record.row.id)}});
  else context.say("Saved.");
  return Exit::done;
}

struct ArchiveWords {
  std::string id, reason;
  bool undo = false;
};

Result<Exit> archive(Context& context, const ArchiveWords& words) {
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, words.id));
  WAYSIDE_OK(casework::archive(*vault, record.row.id, words.undo, words.reason));
  if (context.json()) context.print({{"id", to_text(record.row.id)}, {"archived", !words.undo}});
  else context.say(words.undo ? "Brought back." : "Archived. Nothing is deleted; `archive ID --undo` brings it back.");
  return Exit::done;
}

}  // namespace

Action declare_types(CLI::App& app) {
  const auto name = std::make_shared<std::string>();
  const auto with_packs = std::make_shared<bool>(false);
  app.add_option("type", *name, "only this type, with its codes");
  app.add_flag("--packs", *with_packs, "with what packs add; opens the vault");
  return [name, with_packs](Context& context) { return types(context, *name, *with_packs); };
}

Action declare_put(CLI::App& app) {
  const auto words = std::make_shared<PutWords>();
  app.add_option("type", words->type, "record type, as `types` lists it")->required();
  app.add_option("--case", words->case_id, "the case that it stands in")->type_name("ID");
  app.add_option("--team", words->team, "the team of a new case")->type_name("NAME");
  app.add_option("--restrict-to", words->restrict_to, "who alone reads a new case, besides you: a member of its team; several with commas, or said again")
      ->type_name("NAME")->delimiter(',')->allow_extra_args(false);
  declare_set(app, words->fields);
  app.add_option("--from-json", words->from_json, "{\"field\": value}, or an array of them; - reads standard input")
      ->type_name("FILE");
  return [words](Context& context) { return put(context, *words); };
}

Action declare_edit(CLI::App& app) {
  const auto words = std::make_shared<EditWords>();
  app.add_option("id", words->id, "the record")->required();
  declare_set(app, words->fields);
  declare_add_and_remove(app, words->fields);
  app.add_option("--reason", words->reason, "why; needed where protection is lowered")->type_name("TEXT");
  return [words](Context& context) { return edit(context, *words); };
}

Action declare_archive(CLI::App& app) {
  const auto words = std::make_shared<ArchiveWords>();
  app.add_option("id", words->id, "the record")->required();
  app.add_flag("--undo", words->undo, "bring it back");
  app.add_option("--reason", words->reason, "why")->type_name("TEXT")->required();
  return [words](Context& context) { return archive(context, *words); };
}

}  // namespace wayside::cli
