#include <algorithm>
#include <ostream>

#include "core/casework/case_facts.h"
#include "core/vault/sharing.h"
#include "sync/enrol/withdraw_case.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/shapes.h"
#include "ui/cli/words.h"

// share

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

}  // namespace wayside::cli
