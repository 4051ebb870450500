#include "ui/cli/amounts.h"
#include "ui/cli/held.h"

#include "core/casework/case_facts.h"
#include "core/schema/schema.h"
#include "core/vault/exposure.h"
#include "ui/cli/case_words.h"
#include "ui/cli/words.h"

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::HeldLedger;

std::string_view kind_of(const ledger::LedgerRow& row) {
  switch (row.kind) {
    case ledger::LedgerKind::case_ledger: return "case";
    case ledger::LedgerKind::team: return "team";
    case ledger::LedgerKind::organisation: return "organisation";
    case ledger::LedgerKind::compartment: return "compartment";
    case ledger::LedgerKind::audit: return "log of reads";
    default: return "other";
  }
}

struct Named { std::string reference, person; };

/// What a person knows the case by. Nothing of a case whose record has not come.
Result<Named> name_of_case(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const bool here, vault.store().has_record(case_id));
  if (!here) return Named{};
  WAYSIDE_TRY(const auto facts, casework::CaseFacts::read(vault, case_id));
  return Named{facts.own().text("reference"), casework::full_name(facts.first("person"))};
}

json ledger_json(const HeldLedger& held, const std::optional<RecordId>& case_id, const Named& name) {
  const auto reported = [&](auto value) { return held.reported ? json(value) : json(); };
  return {{"kind", kind_of(held.ledger)},
          {"ledger", to_text(held.ledger.id)},
          {"case", case_id ? json(to_text(*case_id)) : json()},
          {"reference", name.reference},
          {"person", name.person},
          {"reported", held.reported},
          {"up_to", reported(held.up_to)},
          {"at", reported(iso_time(held.when_ms))},
          {"newest", held.newest},
          {"own_after", reported(held.own_after)}};
}

std::string line_of(const HeldLedger& held, const std::optional<RecordId>& case_id, const Named& name) {
  std::string out(kind_of(held.ledger));
  if (!name.reference.empty()) out += " " + name.reference;
  if (!name.person.empty()) out += ", " + name.person;
  if (case_id && name.reference.empty() && name.person.empty()) out += " " + to_text(*case_id);
  if (!held.reported) return out + "   may be on it: it was given the key, and has not said what it holds";
  if (held.up_to == 0) return out + "   was taken off it, said " + iso_time(held.when_ms);
  out += "   up to entry " + std::to_string(held.up_to) + " of " + std::to_string(held.newest) + ", said " + iso_time(held.when_ms);
  if (held.own_after > 0) out += ", and " + std::to_string(held.own_after) + " later of its own";
  return out;
}

}  // namespace

Result<Exit> held(Context& context, const std::string& word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  const auto device = id_from_text<DeviceId>(word);
  const membership::DeviceInfo* info = device ? vault->membership().device(*device) : nullptr;
  if (info == nullptr) return fail(Errc::not_found, "device " + word + "; `devices list` has the ids");
  WAYSIDE_TRY(const auto found, vault::exposure_of(*vault, *device));
  auto ledgers = json::array();
  for (const HeldLedger& each : found.ledgers) {
    const bool of_case = each.ledger.kind == ledger::LedgerKind::case_ledger || each.ledger.kind == ledger::LedgerKind::compartment;
    const auto case_id = of_case ? RecordId::from(each.ledger.subject) : std::nullopt;
    Named name;
    if (case_id) {
      WAYSIDE_TRY(name, name_of_case(*vault, *case_id));
    }
    if (context.json()) ledgers.push_back(ledger_json(each, case_id, name));
    else context.say(line_of(each, case_id, name));
  }
  if (context.json()) {
    context.print({{"device", word},
                   {"name", vault->device_name(*device)},
                   {"user", vault->user_name(info->entry.user)},
                   {"removed", info->removed.has_value()},
                   {"ever_reported", found.ever_reported},
                   {"ledgers", std::move(ledgers)},
                   {"announced_not_here", found.not_here}});
    return Exit::done;
  }
  if (!found.ever_reported) context.say("This device has never said what it holds: what is listed is what it was given keys for.");
  if (found.not_here > 0) {
    context.say("Colleagues have announced " + count_of(found.not_here, "more that is", "more that are") + " not on this device. That one may hold " +
                (found.not_here == 1 ? "it: ask a colleague who carries it." : "them: ask a colleague who carries them."));
  }
  context.say("It may hold more than it has said: what it fetched after its last `sync` that ended well, and whatever somebody copied from it.");
  return Exit::done;
}

}  // namespace wayside::cli
