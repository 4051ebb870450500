#include <algorithm>
#include <ostream>

#include "core/vault/assigning.h"
#include "core/vault/audit.h"
#include "core/vault/carry_mode.h"
#include "core/vault/carrying.h"
#include "core/vault/restricting.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/shapes.h"
#include "ui/cli/words.h"

// assign, carry

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::CarryMode;
using vault::Vault;

// ---- assign ----

struct AssignWords {
  std::string case_id, to, from, reason;
};

Result<Exit> list_assigned(Context& context, Vault& vault, const std::optional<RecordId>& only) {
  WAYSIDE_TRY(auto all, vault::assignments(vault));
  std::ranges::sort(all, {}, &vault::Assignment::case_id);
  auto rows = json::array();
  for (const auto& each : all) {
    if (each.workers.empty() || (only && each.case_id != *only)) continue;
    rows.push_back({{"case", to_text(each.case_id)}, {"team", vault.team_name(each.team)}, {"workers", user_names_json(vault, each.workers)}});
    if (!context.json()) context.say(to_text(each.case_id) + "   " + vault::names_of(vault, each.workers));
  }
  if (context.json()) context.print({{"assignments", std::move(rows)}});
  else if (rows.empty()) context.say(only ? "The case is assigned to nobody." : "No case is assigned to anybody.");
  return Exit::done;
}

Result<Exit> change_assignment(Context& context, Vault& vault, const RecordId& id, const AssignWords& words) {
  const bool gives = !words.to.empty();
  WAYSIDE_TRY(const UserId worker, user_named(vault, gives ? words.to : words.from));
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const bool changed, gives ? vault::assign(vault, writing, id, worker, words.reason)
                                        : vault::unassign(vault, writing, id, worker, words.reason));
  if (changed) WAYSIDE_OK(std::move(writing).commit());
  const std::string name = vault.user_name(worker);
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"worker", name}, {"assigned", gives}, {"changed", changed}});
    return Exit::done;
  }
  if (!changed) context.say(gives ? "It was assigned to " + name + " already." : "It was not assigned to " + name + ".");
  else if (gives) context.say("Assigned to " + name + ". A device of hers that carries assigned cases alone has it once you and she have run `sync`.");
  else context.say("Not assigned to " + name + " any more. A device of hers that carries assigned cases alone lets go of it once you and she have run `sync`.");
  return Exit::done;
}

Result<Exit> assign(Context& context, const AssignWords& words) {
  if (!words.to.empty() && !words.from.empty()) return fail(Errc::usage, "Say either --to NAME or --from NAME");
  const bool changes = !words.to.empty() || !words.from.empty();
  if (changes && words.case_id.empty()) return fail(Errc::usage, "Name the case");
  if (!changes && !words.reason.empty()) return fail(Errc::usage, "--reason goes with --to or --from");
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  std::optional<RecordId> id;
  if (!words.case_id.empty()) {
    WAYSIDE_TRY(id, record_id(words.case_id));
  }
  return changes ? change_assignment(context, *vault, *id, words) : list_assigned(context, *vault, id);
}

// ---- carry ----

std::string_view state_of(const vault::Carried& carried) {
  if (carried.withdrawn) return carried.restricted ? "restricted" : "withdrawn";
  return carried.presence == ledger::LedgerRow::Presence::put_down ? "put_down" : "coming";
}

std::string_view word_of(CarryMode mode) { return mode == CarryMode::all ? "all" : "assigned"; }

Result<Exit> show_mode(Context& context, Vault& vault) {
  WAYSIDE_TRY(const CarryMode mode, vault::carry_mode(vault));
  if (context.json()) context.print({{"mode", word_of(mode)}});
  else context.say(mode == CarryMode::all ? "This device carries every case of your teams, but those that you drop."
                                          : "This device carries the cases that are assigned to you, that you add, or that you make here.");
  return Exit::done;
}

std::string cases_are(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " case is" : " cases are"); }

/// Those that are wanted, and of which nothing has ever come.
Result<std::vector<LedgerId>> never_here(Vault& vault) {
  WAYSIDE_TRY(auto out, vault::wanted_and_not_here(vault));
  for (auto each = out.begin(); each != out.end();) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(*each));
    each = row ? out.erase(each) : std::next(each);
  }
  return out;
}

Result<Exit> list_carried(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto here, vault::cases_here(*vault));
  WAYSIDE_TRY(const auto elsewhere, vault::cases_elsewhere(*vault));
  WAYSIDE_TRY(const CarryMode mode, vault::carry_mode(*vault));
  WAYSIDE_TRY(const auto awaited, never_here(*vault));
  auto rows = json::array();
  for (const auto& each : elsewhere) {
    rows.push_back({{"case", to_text(each.case_id)}, {"ledger", to_text(each.ledger)}, {"state", state_of(each)}});
    if (!context.json()) context.say(to_text(each.case_id) + "   " + std::string(state_of(each) == "put_down" ? "at the office" : state_of(each)));
  }
  for (const LedgerId& each : awaited) {
    rows.push_back({{"case", nullptr}, {"ledger", to_text(each)}, {"state", "coming"}});
    if (!context.json()) context.say("A case that is yours to carry has not come yet. Run `sync`");
  }
  if (context.json()) {
    context.print({{"here", here}, {"mode", word_of(mode)}, {"elsewhere", std::move(rows)}});
    return Exit::done;
  }
  context.say(cases_are(here) + " on this device" + (mode == CarryMode::all && elsewhere.empty() ? ", all that your teams have." : "."));
  if (mode == CarryMode::assigned) return show_mode(context, *vault);
  return Exit::done;
}

/// Keys, records and words are gone with the transaction; the rest follows, also after a crash.
Result<Exit> drop(Context& context, const std::string& word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, record_id(word));
  WAYSIDE_TRY(auto drafts, vault::Drafts::open(*vault));
  WAYSIDE_TRY(auto writing, vault->begin());
  WAYSIDE_OK(vault::put_down(*vault, writing, id, drafts));
  WAYSIDE_OK(std::move(writing).commit());
  WAYSIDE_OK(vault::note(*vault, {.what = vault::AuditWhat::dropped, .case_id = id}));
  WAYSIDE_OK(reconcile::let_go_of_erased(*vault, &drafts));
  WAYSIDE_OK(vault->anchor());
  if (context.json()) context.print({{"case", to_text(id)}, {"on_this_device", false}});
  else context.say("Not on this device any more. It is at the office and with your colleagues; `carry add` fetches it again.");
  return Exit::done;
}

/// What came of it, told as it stands after the reconcile.
Result<Exit> tell_fetched(Context& context, Vault& vault, const std::vector<RecordId>& cases) {
  auto rows = json::array();
  std::size_t coming = 0;
  for (const RecordId& id : cases) {
    WAYSIDE_TRY(const auto row, vault.store().ledger_of(ledger::LedgerKind::case_ledger, id.view()));
    const bool here = row && row->presence == ledger::LedgerRow::Presence::here;
    coming += here ? 0 : 1;
    rows.push_back({{"case", to_text(id)}, {"on_this_device", here}});
    if (context.json()) continue;
    const auto record = casework::get(vault, id);
    context.say(to_text(id) + "   " + (here && record ? title_of(*record) : "not all of it has come yet: run `sync` again"));
  }
  if (context.json()) context.print({{"cases", std::move(rows)}});
  else if (cases.empty()) context.say("Every case of your teams is on this device.");
  return coming == 0 ? Exit::done : Exit::waits;
}

Result<bool> is_known(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto of_case, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, id.view()));
  WAYSIDE_TRY(const auto ledger, vault.store().ledger(*LedgerId::from(id.view())));
  return of_case || ledger;
}

/// Of a case that was never here she may have named the id or its ledger's. When nothing came, it is not asked for again.
Result<std::optional<RecordId>> what_came(Vault& vault, const RecordId& named) {
  WAYSIDE_TRY(const LedgerId ledger, vault::ledger_to_choose(vault, named.view()));
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  if (row && row->kind == ledger::LedgerKind::case_ledger) return RecordId::from(row->subject);
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::forget_choice(vault, writing, ledger));
  WAYSIDE_OK(std::move(writing).commit());
  return std::optional<RecordId>{};
}

Result<Exit> add(Context& context, const std::string& word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, record_id(word));
  WAYSIDE_TRY(const bool known, is_known(*vault, id));
  WAYSIDE_OK(reconcile::take_up(*vault, id.view()));
  WAYSIDE_OK(reconcile_first(context, *vault));
  if (known) return tell_fetched(context, *vault, {id});
  WAYSIDE_TRY(const auto came, what_came(*vault, id));
  if (came) return tell_fetched(context, *vault, {*came});
  return fail(Errc::not_found, "case " + word + " at the office, or it is not yours to read. `assign` lists the cases that somebody works on");
}

Result<Exit> add_all(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto elsewhere, vault::cases_elsewhere(*vault));
  std::vector<RecordId> wanted;
  for (const auto& each : elsewhere) {
    if (each.withdrawn) continue;
    if (each.presence == ledger::LedgerRow::Presence::put_down) WAYSIDE_OK(reconcile::take_up(*vault, each.case_id.view()));
    wanted.push_back(each.case_id);
  }
  WAYSIDE_OK(reconcile_first(context, *vault));
  return tell_fetched(context, *vault, wanted);
}

// ---- carry mode ----

/// Without a line it is remembered, and done by the next reconcile.
Result<Exit> set_mode(Context& context, const std::string& word) {
  if (word.empty()) {
    WAYSIDE_TRY(auto* vault, context.vault());
    return show_mode(context, *vault);
  }
  if (word != "all" && word != "assigned") return fail(Errc::usage, "Say `carry mode all` or `carry mode assigned`");
  const CarryMode mode = word == "all" ? CarryMode::all : CarryMode::assigned;
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(auto writing, vault->begin());
  WAYSIDE_OK(vault::set_carry_mode(*vault, writing, mode));
  WAYSIDE_OK(std::move(writing).commit());
  if (const auto done = reconcile_first(context, *vault); !done) {
    context.err() << "That is remembered. What goes, and what comes, does so with the next `sync`.\n";
    return std::unexpected(done.error());
  }
  WAYSIDE_TRY(const auto here, vault::cases_here(*vault));
  if (context.json()) {
    context.print({{"mode", word_of(mode)}, {"here", here}});
    return Exit::done;
  }
  WAYSIDE_OK(show_mode(context, *vault));
  context.say(cases_are(here) + " on this device now.");
  return Exit::done;
}

}  // namespace

Action declare_assign(CLI::App& app) {
  const auto words = std::make_shared<AssignWords>();
  app.add_option("case", words->case_id, "the case; without --to and --from it is shown who works on it, or on each")->type_name("ID");
  app.add_option("--to", words->to, "who works on it from now on, beside whom it is assigned to")->type_name("NAME");
  app.add_option("--from", words->from, "who does not any more")->type_name("NAME");
  app.add_option("--reason", words->reason, "why: the team reads it, so nothing of the case")->type_name("TEXT");
  return [words](Context& context) { return assign(context, *words); };
}

Action declare_carry(CLI::App& app) {
  const auto word = std::make_shared<std::string>();
  app.require_subcommand(1);
  app.add_subcommand("list", "how many cases are on this device, and which are not");
  CLI::App* const add_verb = app.add_subcommand("add", "fetch a case that is not on this device (online)");
  CLI::App* const drop_verb = app.add_subcommand("drop", "take a case off this device; it stays at the office");
  CLI::App* const all_verb = app.add_subcommand("all", "fetch every case that was dropped (online)");
  CLI::App* const mode_verb = app.add_subcommand("mode", "carry all cases of your teams, or those alone that are assigned to you (online)");
  const auto mode = std::make_shared<std::string>();
  mode_verb->add_option("mode", *mode, "all, or assigned; without it the mode is shown")->type_name("MODE");
  for (CLI::App* const each : {add_verb, drop_verb}) each->add_option("case", *word, "the case")->type_name("ID")->required();
  return [=](Context& context) -> Result<Exit> {
    if (add_verb->parsed()) return add(context, *word);
    if (drop_verb->parsed()) return drop(context, *word);
    if (mode_verb->parsed()) return set_mode(context, *mode);
    return all_verb->parsed() ? add_all(context) : list_carried(context);
  };
}

}  // namespace wayside::cli
