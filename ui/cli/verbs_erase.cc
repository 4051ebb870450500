#include <ostream>

#include "core/casework/erasing.h"
#include "sync/enrol/erase_case.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/amounts.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/words.h"

// erase

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using nlohmann::json;

struct EraseWords {
  std::string case_id, reason;
  bool before_retention = false, list = false;
};

json ledgers_json(const std::vector<LedgerId>& ledgers) {
  auto out = json::array();
  for (const LedgerId& each : ledgers) out.push_back(to_text(each));
  return out;
}

json goes_json(const casework::WhatGoes& goes) {
  return {{"records", goes.records}, {"attachments", goes.attachments}, {"changes", goes.changes}, {"ledgers", ledgers_json(goes.ledgers)}};
}

/// Plainly, before anything is done.
std::vector<std::string> what_will_go(const casework::ErasureStanding& standing, bool has_office) {
  const auto& goes = standing.goes;
  std::vector<std::string> out{
      "Goes for ever: " + count_of(goes.records, "record with its", "records with their") + " whole history (" +
          count_of(goes.changes, "change", "changes") + "), " + count_of(goes.attachments, "attachment", "attachments") +
          ", every draft, every word in the search, every key.",
      has_office ? "From this device and the office at once, from every other device with its next `sync`." : "From this device at once.",
      "Stays: a certificate that says who erased when and why, without the case's name or number.",
      "Backups made before, exports and paper are not reached. See to them yourself."};
  return out;
}

Result<Exit> list(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto all, casework::certificates(*vault));
  auto rows = json::array();
  for (const auto& each : all) {
    const auto on = rules::iso(casework::day_of_ms(each.time_ms));
    rows.push_back({{"ledger", to_text(each.ledger)}, {"entry", each.entry}, {"on", on}, {"by", each.signed_by},
                    {"ground", each.ground}, {"reason", each.reason}, {"late_changes", each.late}});
    if (context.json()) continue;
    context.say(on + "   " + each.signed_by + "   " + each.ground + ": " + each.reason + "   " + to_text(each.ledger) +
                (each.late > 0 ? "   " + count_of(each.late, "later change", "later changes") + " kept out" : ""));
  }
  if (context.json()) context.print({{"count", rows.size()}, {"certificates", std::move(rows)}});
  else if (all.empty()) context.say("No case was erased.");
  return Exit::done;
}

/// Without a reason nothing is done.
Result<Exit> show_standing(Context& context, vault::Vault& vault, const RecordId& id, const EraseWords& words) {
  WAYSIDE_TRY(const auto standing, casework::erasure_standing(vault, id, casework::today(vault)));
  const auto may = casework::check_may_erase(standing, words.before_retention);
  const auto& kept = standing.hold.retention;
  WAYSIDE_TRY(const auto office, vault.office());
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"erased", false}, {"may_erase", may.has_value()}, {"held", standing.hold.held},
                   {"ground", casework::name_of(standing.ground)}, {"keep_until", day_json(kept.keep_until)},
                   {"reasons", sentences_json(kept.reasons)}, {"goes", goes_json(standing.goes)}});
    return Exit::done;
  }
  say_reasons(context, kept.reasons);
  for (const auto& line : what_will_go(standing, office.has_value())) context.say(line);
  context.say("Nothing was erased. --reason TEXT does it.");
  return Exit::done;
}

Result<Exit> erase(Context& context, const EraseWords& words) {
  if (words.list) return list(context);
  if (words.case_id.empty()) return fail(Errc::usage, "Name the case, or ask for --list");
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, known_case(*vault, words.case_id));
  if (words.reason.empty()) return show_standing(context, *vault, id, words);
  if (!membership::may_sign(vault->role(), membership::Erase{})) {
    return fail(Errc::not_permitted, "only an administrator signs a certificate of erasure");
  }
  // A hold that a colleague has set and sent counts.
  WAYSIDE_OK(reconcile_first(context, *vault));
  WAYSIDE_TRY(const auto standing, casework::erasure_standing(*vault, id, casework::today(*vault)));
  if (const auto may = casework::check_may_erase(standing, words.before_retention); !may) {
    return about_records(context, std::unexpected(may.error()));
  }
  WAYSIDE_TRY(const auto line, line_to_office(context, *vault));
  for (const auto& sentence : what_will_go(standing, line != nullptr)) context.err() << sentence << '\n';
  context.err() << std::flush;
  WAYSIDE_TRY(const auto ledgers, enrol::erase_case(*vault, {id, words.reason, words.before_retention}, line.get()));
  WAYSIDE_OK(reconcile::let_go_of_erased(*vault, nullptr));
  WAYSIDE_OK(vault->anchor());
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"erased", true}, {"ground", casework::name_of(standing.ground)},
                   {"certificates", ledgers_json(ledgers)}, {"goes", goes_json(standing.goes)}});
    return Exit::done;
  }
  context.say("Erased. `erase --list` shows the certificate. Other devices let go of the case with their next `sync`.");
  return Exit::done;
}

}  // namespace

Action declare_erase(CLI::App& app) {
  const auto words = std::make_shared<EraseWords>();
  app.add_option("case", words->case_id, "the case")->type_name("ID");
  app.add_option("--reason", words->reason, "why, for the certificate: no name, nothing of the case; without it nothing is erased")->type_name("TEXT");
  app.add_flag("--before-retention", words->before_retention, "the law asks for it although the time is not over");
  app.add_flag("--list", words->list, "the certificates of what was erased");
  return [words](Context& context) { return erase(context, *words); };
}

}  // namespace wayside::cli
