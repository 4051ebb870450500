#include "core/vault/assigning.h"

#include <algorithm>

#include "core/base/value.h"
#include "core/crypto/crypto.h"
#include "core/ledger/view.h"
#include "core/vault/restricting.h"
#include "core/vault/save.h"
#include "core/vault/sharing.h"

namespace wayside::vault {
namespace {

using ledger::LedgerRow;
using ledger::RecordRow;

// records/assignment.toml
constexpr std::uint32_t kAssignment = 61, kCase = 16, kLedger = 17, kWorkers = 18;

RecordId record_of(const TeamId& team, const LedgerId& of_case) {
  return *RecordId::from(crypto::hash("wayside/assignment/1", {team.view(), of_case.view()}).view().substr(0, RecordId::size_bytes));
}

template <class Id>
std::optional<Id> id_in(const Bytes& value) {
  const Value decoded = decode_value(value);
  const auto* text = std::get_if<Text>(&decoded);
  return text == nullptr ? std::nullopt : id_from_text<Id>(text->utf8);
}

template <class Id>
ledger::Write write_of(std::uint32_t field, const Id& id) {
  ledger::Write out;
  out.field = field;
  out.value = encode(Value(Text{to_text(id)}));
  return out;
}

/// Of several values, which only a fault could make, one that every device takes.
template <class Id>
std::optional<Id> first_of(const ledger::RecordState& state, std::uint32_t field) {
  const ledger::FieldState* const found = state.field(field);
  std::optional<Id> out;
  if (found == nullptr) return out;
  for (const ledger::Held& each : found->held) {
    const auto id = id_in<Id>(each.value);
    if (id && (!out || *id < *out)) out = id;
  }
  return out;
}

std::vector<UserId> workers_of(const ledger::RecordState& state) {
  std::vector<UserId> out;
  const ledger::FieldState* const found = state.field(kWorkers);
  if (found == nullptr) return out;
  for (const ledger::Held& each : found->held) {
    if (const auto id = id_in<UserId>(each.value)) out.push_back(*id);
  }
  std::ranges::sort(out);
  const auto again = std::ranges::unique(out);
  out.erase(again.begin(), again.end());
  return out;
}

Result<std::optional<LedgerRow>> ledger_of_team(Vault& vault, const TeamId& team) {
  const auto known = vault.membership().teams().find(team);
  if (known == vault.membership().teams().end()) return std::optional<LedgerRow>{};
  return vault.store().ledger(known->second.entry.ledger);
}

/// The case's own team where both are in it, else another of hers that reads it.
Result<TeamId> team_for(Vault& vault, const LedgerRow& of_case, const UserId& worker) {
  std::vector<TeamId> readers;
  if (of_case.team) readers.push_back(*of_case.team);
  WAYSIDE_TRY(const auto shared, shared_with(vault, of_case));
  readers.insert(readers.end(), shared.begin(), shared.end());
  const auto mine = vault.membership().teams_of(vault.identity().user);
  const auto theirs = vault.membership().teams_of(worker);
  for (const TeamId& each : readers) {
    if (std::ranges::find(mine, each) != mine.end() && std::ranges::find(theirs, each) != theirs.end()) return each;
  }
  return fail(Errc::usage, vault.user_name(worker) + " is in no team of yours that reads this case");
}

Result<LedgerRow> known_case(Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(auto row, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!row || row->erased) return fail(Errc::not_found, "case");
  return *std::move(row);
}

Result<void> check_may_read(Vault& vault, const LedgerRow& of_case, const UserId& worker) {
  WAYSIDE_TRY(const auto circle, circle_of(vault, of_case));
  if (circle.empty() || std::ranges::find(circle, worker) != circle.end()) return {};
  return fail(Errc::usage, "The case is left to " + names_of(vault, circle) + ". `restrict` says who else reads it");
}

Save save_of(const TeamId& team, ledger::RecordWrites writes, const std::string& reason) {
  Save save;
  save.team_ledger = team;
  save.form = "assign";
  save.reason = reason;
  save.records.push_back(std::move(writes));
  return save;
}

Result<std::optional<RecordRow>> assignment_in(Vault& vault, const TeamId& team, const LedgerId& of_case) {
  WAYSIDE_TRY(const auto ledger, ledger_of_team(vault, team));
  if (!ledger) return std::optional<RecordRow>{};
  return vault.store().record(record_of(team, of_case), ledger->n);
}

/// Every value that names the worker, as it was shown here.
std::vector<ledger::Dot> dots_naming(const ledger::RecordState& state, const UserId& worker) {
  std::vector<ledger::Dot> out;
  const ledger::FieldState* const found = state.field(kWorkers);
  if (found == nullptr) return out;
  for (const ledger::Held& each : found->held) {
    if (id_in<UserId>(each.value) == worker) out.push_back(each.dot);
  }
  return out;
}

}  // namespace

Result<std::vector<Assignment>> assignments(Vault& vault) {
  std::vector<Assignment> out;
  for (const auto& [team, info] : vault.membership().teams()) {
    WAYSIDE_TRY(const auto ledger, vault.store().ledger(info.entry.ledger));
    if (!ledger) continue;
    WAYSIDE_TRY(const auto records, vault.store().records_in(ledger->n));
    for (const RecordRow& each : records) {
      if (each.state.type != kAssignment) continue;
      const auto of_case = first_of<RecordId>(each.state, kCase);
      const auto its_ledger = first_of<LedgerId>(each.state, kLedger);
      if (of_case && its_ledger) out.push_back({*of_case, *its_ledger, team, workers_of(each.state)});
    }
  }
  return out;
}

Result<bool> assign(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const UserId& to, const std::string& reason) {
  WAYSIDE_TRY(const LedgerRow of_case, known_case(vault, case_id));
  WAYSIDE_OK(check_may_read(vault, of_case, to));
  WAYSIDE_TRY(const TeamId team, team_for(vault, of_case, to));
  WAYSIDE_TRY(const auto before, assignment_in(vault, team, of_case.id));
  if (before && !dots_naming(before->state, to).empty()) return false;
  ledger::RecordWrites writes{record_of(team, of_case.id), kAssignment, {}};
  if (!before) {
    writes.writes.push_back(write_of(kCase, case_id));
    writes.writes.push_back(write_of(kLedger, of_case.id));
  }
  writes.writes.push_back(write_of(kWorkers, to));
  WAYSIDE_OK(save(vault, writing, save_of(team, std::move(writes), reason)));
  return true;
}

Result<bool> unassign(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const UserId& from, const std::string& reason) {
  WAYSIDE_TRY(const auto all, assignments(vault));
  bool any = false;
  for (const Assignment& each : all) {
    if (each.case_id != case_id) continue;
    WAYSIDE_TRY(const auto record, assignment_in(vault, each.team, each.ledger));
    if (!record) continue;
    auto seen = dots_naming(record->state, from);
    if (seen.empty()) continue;
    ledger::RecordWrites writes{record->id, kAssignment, {}};
    ledger::Write nobody;
    nobody.field = kWorkers;
    nobody.supersedes = std::move(seen);
    writes.writes.push_back(std::move(nobody));
    WAYSIDE_OK(save(vault, writing, save_of(each.team, std::move(writes), reason)));
    any = true;
  }
  return any;
}

}  // namespace wayside::vault
