#include "core/schema/display.h"
#include "core/vault/audit.h"
#include "core/vault/drafts.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"

// drafts list | show | discard

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::Draft;
using vault::Drafts;

Result<vault::FormId> form_id(const std::string& word) {
  if (const auto id = id_from_text<vault::FormId>(word)) return *id;
  return fail(Errc::usage, "\"" + word + "\" is no id of a draft. `drafts list` shows them");
}

void say_draft(Context& context, const Draft& draft) {
  context.say(to_text(draft.form) + "   " + draft.type + (draft.is_new ? ", new" : "") + "   " +
              schema::display_time(draft.time_ms));
}

Result<Exit> list_drafts(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const Drafts drafts, Drafts::open(*vault));
  auto all = json::array();
  for (const Draft& draft : drafts.all()) {
    all.push_back(draft_json(draft));
    if (!context.json()) say_draft(context, draft);
  }
  if (context.json()) context.print({{"drafts", std::move(all)}, {"unreadable", drafts.unreadable()}});
  else if (drafts.all().empty()) context.say("There are no drafts. Everything that was typed is saved.");
  return Exit::done;
}

Result<Exit> show_draft(Context& context, const std::string& word) {
  WAYSIDE_TRY(const auto id, form_id(word));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const Drafts drafts, Drafts::open(*vault));
  const Draft* const draft = drafts.find(id);
  if (draft == nullptr) return fail(Errc::not_found, "draft " + to_text(id));
  if (draft->case_id) WAYSIDE_OK(vault::note_opened(*vault, draft->case_id, draft->record));
  const json shown = draft_json(*draft);
  if (context.json()) {
    context.print(shown);
    return Exit::done;
  }
  say_draft(context, *draft);
  for (const auto& [name, items] : shown["fields"].items()) {
    for (const auto& item : items) context.say("  " + name + ": " + item.get<std::string>());
  }
  return Exit::done;
}

Result<Exit> discard_draft(Context& context, const std::string& word) {
  WAYSIDE_TRY(const auto id, form_id(word));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(Drafts drafts, Drafts::open(*vault));
  if (drafts.find(id) == nullptr) return fail(Errc::not_found, "draft " + to_text(id));
  WAYSIDE_OK(drafts.discard(id));
  if (context.json()) context.print({{"id", to_text(id)}, {"discarded", true}});
  else context.say("Discarded. What was saved before stands as it was.");
  return Exit::done;
}

}  // namespace

Action declare_drafts(CLI::App& app) {
  const auto id = std::make_shared<std::string>();
  app.require_subcommand(1);
  CLI::App* const list = app.add_subcommand("list", "all of them");
  CLI::App* const show = app.add_subcommand("show", "what was typed in one");
  CLI::App* const discard = app.add_subcommand("discard", "throw one away");
  for (CLI::App* const each : {show, discard}) each->add_option("id", *id, "the draft")->required();
  return [id, list, show](Context& context) {
    if (list->parsed()) return list_drafts(context);
    return show->parsed() ? show_draft(context, *id) : discard_draft(context, *id);
  };
}

}  // namespace wayside::cli
