#include <algorithm>
#include <ostream>

#include "core/casework/case_facts.h"
#include "core/vault/audit.h"
#include "core/vault/carrying.h"
#include "core/vault/erasure.h"
#include "core/vault/sharing.h"
#include "sync/enrol/withdraw_case.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/shapes.h"
#include "ui/cli/words.h"

// share, carry

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::Vault;

// ---- share ----

struct ShareWords {
  std::string case_id, with, withdraw, reason;
  bool list = false;
};

json names_json(const Vault& vault, const std::vector<TeamId>& teams) {
  auto out = json::array();
  for (const TeamId& team : teams) out.push_back(vault.team_name(team));
  return out;
}

std::string names(const Vault& vault, const std::vector<TeamId>& teams) {
  std::string out;
  for (const TeamId& team : teams) out += (out.empty() ? "" : ", ") + vault.team_name(team);
  return out;
}

json withdrawal_json(Vault& vault, const vault::Lost& lost) {
  const auto told = vault::words_of(vault, lost);
  return {{"case", told.case_id ? json(to_text(*told.case_id)) : json()}, {"from", vault.team_name(lost.team)}, {"by", told.by},
          {"on", casework::rules::iso(casework::day_of_ms(lost.withdrawal.time_ms))}, {"reason", told.reason},
          {"on_this_device", lost.ledger.presence == ledger::LedgerRow::Presence::here}};
}

Result<Exit> list_shares(Context& context, Vault& vault, const std::optional<RecordId>& only) {
  WAYSIDE_TRY(const auto shared, vault::shared_cases(vault));
  WAYSIDE_TRY(const auto lost, vault::lost_cases(vault));
  auto shares = json::array();
  for (const auto& each : shared) {
    const auto id = RecordId::from(each.ledger.subject);
    if (!id || (only && *id != *only)) continue;
    const std::string own = each.ledger.team ? vault.team_name(*each.ledger.team) : std::string();
    shares.push_back({{"case", to_text(*id)}, {"team", own}, {"shared_with", names_json(vault, each.with)}});
    if (!context.json()) context.say(to_text(*id) + "   of " + own + ", shared with " + names(vault, each.with));
  }
  auto withdrawn = json::array();
  for (const auto& each : lost) {
    if (each.restricted) continue;   // `restrict` tells of those
    if (only && each.ledger.subject != only->view()) continue;
    withdrawn.push_back(withdrawal_json(vault, each));
    if (!context.json()) context.say(vault::sentence_of(vault, each));
  }
  if (context.json()) context.print({{"shares", std::move(shares)}, {"withdrawn", std::move(withdrawn)}});
  else if (shares.empty() && withdrawn.empty()) context.say(only ? "The case is shared with no other team." : "No case is shared with another team.");
  return Exit::done;
}

Result<Exit> share_with(Context& context, Vault& vault, const RecordId& id, const TeamId& team) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::share_case(vault, writing, id, team));
  WAYSIDE_OK(std::move(writing).commit());
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"shared_with", vault.team_name(team)}});
    return Exit::done;
  }
  context.say("Shared with " + vault.team_name(team) + ", who may read and write it. They have it once you and they have run `sync`.");
  context.say("Not shared: addresses, and what is known of the person who causes harm.");
  return Exit::done;
}

Result<Exit> withdraw(Context& context, Vault& vault, const RecordId& id, const TeamId& team, const std::string& reason) {
  if (!membership::may_sign(vault.role(), membership::Withdraw{})) {
    return fail(Errc::not_permitted, "only a manager or an administrator withdraws a case");
  }
  // What that team has sent by now counts.
  WAYSIDE_OK(reconcile_first(context, vault));
  WAYSIDE_TRY(const auto line, line_to_office(context, vault));
  if (line == nullptr) return fail(Errc::not_permitted, "this vault was made with `solo` and has no colleagues");
  WAYSIDE_OK(enrol::withdraw_case(vault, id, team, reason, *line));
  WAYSIDE_OK(vault.anchor());
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"withdrawn_from", vault.team_name(team)}});
    return Exit::done;
  }
  context.say("Withdrawn from " + vault.team_name(team) + ". The office gives them nothing new of it from now on, "
              "and their devices let go of it with their next `sync`.");
  context.say("What they have read, written down or exported cannot be taken back.");
  return Exit::done;
}

Result<Exit> share(Context& context, const ShareWords& words) {
  const int asked = (words.with.empty() ? 0 : 1) + (words.withdraw.empty() ? 0 : 1) + (words.list ? 1 : 0);
  if (asked != 1) return fail(Errc::usage, "Say one of --with TEAM, --withdraw TEAM and --list");
  if (words.case_id.empty() && !words.list) return fail(Errc::usage, "Name the case");
  if (words.withdraw.empty() != words.reason.empty()) return fail(Errc::usage, "--withdraw TEAM and --reason TEXT go together");
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  std::optional<RecordId> id;
  if (!words.case_id.empty()) {
    WAYSIDE_TRY(id, known_case(*vault, words.case_id));
  }
  if (words.list) return list_shares(context, *vault, id);
  WAYSIDE_TRY(const TeamId team, any_team(*vault, words.with.empty() ? words.withdraw : words.with));
  return words.with.empty() ? withdraw(context, *vault, *id, team, words.reason) : share_with(context, *vault, *id, team);
}

// ---- carry ----

std::string_view state_of(const vault::Carried& carried) {
  if (carried.withdrawn) return carried.restricted ? "restricted" : "withdrawn";
  return carried.presence == ledger::LedgerRow::Presence::put_down ? "put_down" : "coming";
}

Result<Exit> list_carried(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto here, vault::cases_here(*vault));
  WAYSIDE_TRY(const auto elsewhere, vault::cases_elsewhere(*vault));
  auto rows = json::array();
  for (const auto& each : elsewhere) {
    rows.push_back({{"case", to_text(each.case_id)}, {"ledger", to_text(each.ledger)}, {"state", state_of(each)}});
    if (!context.json()) context.say(to_text(each.case_id) + "   " + std::string(state_of(each) == "put_down" ? "at the office" : state_of(each)));
  }
  if (context.json()) {
    context.print({{"here", here}, {"elsewhere", std::move(rows)}});
    return Exit::done;
  }
  context.say(std::to_string(here) + (here == 1 ? " case is" : " cases are") + " on this device" +
              (elsewhere.empty() ? ", all that your teams have." : "."));
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
Result<Exit> fetch(Context& context, Vault& vault, const std::vector<RecordId>& cases) {
  WAYSIDE_OK(reconcile_first(context, vault));
  WAYSIDE_TRY(const auto elsewhere, vault::cases_elsewhere(vault));
  auto rows = json::array();
  std::size_t coming = 0;
  for (const RecordId& id : cases) {
    const bool here = std::ranges::none_of(elsewhere, [&](const vault::Carried& each) { return each.case_id == id; });
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

Result<Exit> add(Context& context, const std::string& word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, record_id(word));
  WAYSIDE_OK(reconcile::take_up(*vault, id.view()));
  return fetch(context, *vault, {id});
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
  return fetch(context, *vault, wanted);
}

}  // namespace

Action declare_share(CLI::App& app) {
  const auto words = std::make_shared<ShareWords>();
  app.add_option("case", words->case_id, "the case")->type_name("ID");
  app.add_option("--with", words->with, "a team that shall read and write it too")->type_name("TEAM");
  app.add_option("--withdraw", words->withdraw, "a team that shall not any more (online)")->type_name("TEAM");
  app.add_option("--reason", words->reason, "why it is withdrawn: that team reads it, so nothing of the case")->type_name("TEXT");
  app.add_flag("--list", words->list, "with whom; without a case, of all cases");
  return [words](Context& context) { return share(context, *words); };
}

Action declare_carry(CLI::App& app) {
  const auto word = std::make_shared<std::string>();
  app.require_subcommand(1);
  app.add_subcommand("list", "how many cases are on this device, and which are not");
  CLI::App* const add_verb = app.add_subcommand("add", "fetch a case that was dropped (online)");
  CLI::App* const drop_verb = app.add_subcommand("drop", "take a case off this device; it stays at the office");
  CLI::App* const all_verb = app.add_subcommand("all", "fetch every case that was dropped (online)");
  for (CLI::App* const each : {add_verb, drop_verb}) each->add_option("case", *word, "the case")->type_name("ID")->required();
  return [=](Context& context) -> Result<Exit> {
    if (add_verb->parsed()) return add(context, *word);
    if (drop_verb->parsed()) return drop(context, *word);
    return all_verb->parsed() ? add_all(context) : list_carried(context);
  };
}

}  // namespace wayside::cli
