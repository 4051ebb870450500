#include <algorithm>
#include <ostream>

#include "core/casework/case_facts.h"
#include "core/membership/names.h"
#include "core/vault/restricting.h"
#include "sync/enrol/restrict_case.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/words.h"

// restrict

namespace wayside::cli {
namespace {

using ledger::LedgerRow;
using nlohmann::json;
using vault::Vault;

struct RestrictWords {
  std::string case_id, reason;
  std::vector<std::string> to;
  bool lift = false;
};

// ---- To whom cases are left ----

json entry_json(const Vault& vault, const membership::RestrictionInfo& info) {
  const membership::DeviceInfo* by = info.signer ? vault.membership().device(*info.signer) : nullptr;
  auto reason = membership::open_name(vault.keys().member_key.view(), info.sealed_reason);
  return {{"on", casework::rules::iso(casework::day_of_ms(info.time_ms))},
          {"by", by == nullptr ? std::string("recovery key") : vault.user_name(by->entry.user)},
          {"to", user_names_json(vault, info.users)},
          {"reason", reason ? *reason : std::string()}};
}

std::string entry_line(const json& entry) {
  std::string to;
  for (const json& each : entry.at("to")) to += (to.empty() ? "" : ", ") + each.get<std::string>();
  return "  " + entry.at("on").get<std::string>() + ": " + (to.empty() ? "given back to its team" : "left to " + to) + " by " +
         entry.at("by").get<std::string>() + ": " + entry.at("reason").get<std::string>();
}

/// With what the membership log has said of it so far.
void show_one(Context& context, const Vault& vault, const LedgerRow& row, const std::vector<UserId>& users, json& out) {
  json one{{"case", to_text(*RecordId::from(row.subject))}, {"ledger", to_text(row.id)}, {"team", row.team ? json(vault.team_name(*row.team)) : json()},
           {"restricted_to", user_names_json(vault, users)}, {"entries", json::array()}};
  if (!context.json()) {
    context.say(one.at("case").get<std::string>() + "   " + (users.empty() ? "of its whole team" : "left to " + vault::names_of(vault, users)));
    // A device that carries assigned cases alone gets by itself only what the membership log leaves to its worker.
    if (!users.empty()) context.say("  `carry add " + to_text(row.id) + "` fetches it to a device that carries assigned cases alone");
  }
  const auto found = vault.membership().restrictions().find(row.id);
  if (found != vault.membership().restrictions().end()) {
    for (const auto& each : found->second) {
      one["entries"].push_back(entry_json(vault, each));
      if (!context.json()) context.say(entry_line(one["entries"].back()));
    }
  }
  out.push_back(std::move(one));
}

Result<Exit> list(Context& context, Vault& vault, const std::optional<LedgerRow>& only) {
  auto cases = json::array();
  auto others = json::array();
  if (only) {
    WAYSIDE_TRY(const auto users, vault::circle_of(vault, *only));
    show_one(context, vault, *only, users, cases);
  } else {
    WAYSIDE_TRY(const auto restricted, vault::restricted_cases(vault));
    for (const auto& each : restricted) show_one(context, vault, each.ledger, each.users, cases);
    WAYSIDE_TRY(const auto lost, vault::lost_cases(vault));
    for (const auto& each : lost) {
      if (!each.restricted) continue;
      const auto id = RecordId::from(each.ledger.subject);
      others.push_back({{"case", id ? json(to_text(*id)) : json()}, {"on_this_device", each.ledger.presence == LedgerRow::Presence::here}});
      if (!context.json()) context.say(vault::sentence_of(vault, each));
    }
  }
  if (context.json()) context.print({{"restricted", std::move(cases)}, {"left_to_others", std::move(others)}});
  else if (cases.empty() && others.empty()) context.say("No case that you read is left to named workers.");
  return Exit::done;
}

// ---- Saying so ----

Result<void> check_may_show(Vault& vault, const LedgerRow& row) {
  WAYSIDE_TRY(const bool others, vault::left_to_others(vault, row));
  return others && !membership::administers(vault.role()) ? Result<void>(fail(Errc::restricted)) : Result<void>{};
}

Result<LedgerRow> case_anywhere(Vault& vault, const std::string& word) {
  WAYSIDE_TRY(const RecordId id, record_id(word));
  WAYSIDE_TRY(auto row, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, id.view()));
  if (!row || row->erased || !row->team) return fail(Errc::not_found, "case " + to_text(id) + "; `sync` if a colleague made it");
  return *std::move(row);
}

Result<Exit> answer(Context& context, const Vault& vault, const RecordId& id, const std::vector<UserId>& users) {
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"restricted_to", user_names_json(vault, users)}});
    return Exit::done;
  }
  if (users.empty()) {
    context.say("Given back to its team, whose devices have it once you and they have run `sync`.");
    return Exit::done;
  }
  context.say("Left to " + vault::names_of(vault, users) + ". Nobody else reads what is written in it from now on.");
  context.say("The others' devices let go of it with their next `sync`. What they have read, written down or exported cannot be taken back.");
  return Exit::done;
}

/// One of those named adds to them: nothing is taken from anybody, so it needs no line.
Result<bool> name_more(Vault& vault, const LedgerRow& row, const std::vector<UserId>& users, const std::string& reason) {
  WAYSIDE_TRY(const auto now, vault::circle_of(vault, row));
  const auto is_there = [&](const UserId& each) { return std::ranges::find(users, each) != users.end(); };
  const bool by_itself = !now.empty() && vault.membership().restriction_at(row.id, vault.membership().size()) == nullptr;
  if (!by_itself || users.size() <= now.size() || !std::ranges::all_of(now, is_there)) return false;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::name_more(vault, writing, row, users, reason));
  WAYSIDE_OK(std::move(writing).commit());
  return true;
}

Result<Exit> restrict_to(Context& context, const RestrictWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const LedgerRow row, case_anywhere(*vault, words.case_id));
  WAYSIDE_TRY(const auto users, users_named(*vault, words.to));
  const RecordId id = *RecordId::from(row.subject);
  WAYSIDE_OK(check_may_show(*vault, row));
  if (!users.empty()) WAYSIDE_OK(vault::check_named(*vault, *row.team, users));
  WAYSIDE_TRY(const bool named, name_more(*vault, row, users, words.reason));
  if (named) return answer(context, *vault, id, users);
  if (!membership::may_sign(vault->role(), membership::Restrict{})) {
    return fail(Errc::not_permitted, "only a manager or an administrator takes a case from somebody or gives it back; "
                                     "a new case you can restrict yourself, with `put case --restrict-to`");
  }
  // What the others have sent by now counts.
  WAYSIDE_OK(reconcile_first(context, *vault));
  WAYSIDE_TRY(const auto line, line_to_office(context, *vault));
  if (line == nullptr) return fail(Errc::not_permitted, "this vault was made with `solo` and has no colleagues");
  WAYSIDE_OK(enrol::restrict_case(*vault, id, users, words.reason, *line));
  WAYSIDE_OK(vault->anchor());
  // Whoever is named has her keys at once, and no key that the others hold is written under any more.
  if (const auto after = reconcile_first(context, *vault); !after) {
    context.err() << "That counts now, and the office was told. What follows from it was not sent yet: run `sync`.\n";
  }
  return answer(context, *vault, id, users);
}

Result<Exit> restrict(Context& context, const RestrictWords& words) {
  const bool says = !words.to.empty() || words.lift;
  if (!words.to.empty() && words.lift) return fail(Errc::usage, "Say either --to NAME or --lift");
  if (says && words.case_id.empty()) return fail(Errc::usage, "Name the case");
  if (says == words.reason.empty()) return fail(Errc::usage, says ? "Say why with --reason TEXT" : "--reason goes with --to or --lift");
  WAYSIDE_OK(check_text("--reason", words.reason));
  if (says) return restrict_to(context, words);
  WAYSIDE_TRY(auto* vault, context.vault());
  if (words.case_id.empty()) return list(context, *vault, std::nullopt);
  WAYSIDE_TRY(const LedgerRow row, case_anywhere(*vault, words.case_id));
  WAYSIDE_OK(check_may_show(*vault, row));
  return list(context, *vault, row);
}

}  // namespace

Action declare_restrict(CLI::App& app) {
  const auto words = std::make_shared<RestrictWords>();
  app.add_option("case", words->case_id, "the case")->type_name("ID");
  app.add_option("--to", words->to, "who alone reads it from now on, members of its team: several with commas, or said again")
      ->type_name("NAME")->delimiter(',')->allow_extra_args(false);
  app.add_flag("--lift", words->lift, "its whole team again (online)");
  app.add_option("--reason", words->reason, "why: every member of the organisation can read it, so nothing of the case")->type_name("TEXT");
  return [words](Context& context) { return restrict(context, *words); };
}

}  // namespace wayside::cli
