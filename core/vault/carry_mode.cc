#include "core/vault/carry_mode.h"

#include <algorithm>

#include "core/ledger/store_schema.h"
#include "core/vault/assigning.h"
#include "core/vault/carrying.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;

/// Meta number: 0 while every case is carried; else one more than the newest envelope's row when that ended, so that it is known
/// which cases were made here since; or kReturning.
constexpr std::string_view kAssignedFrom = "carry_assigned_from";
/// Every case is carried again, and what was put down meanwhile is still to be taken up.
constexpr std::int64_t kReturning = -1;

/// Made when they are first needed: most vaults carry everything.
constexpr std::string_view kTables = R"sql(
  CREATE TABLE IF NOT EXISTS carry_choices(ledger BLOB PRIMARY KEY, chosen INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS named_compartments(ledger BLOB PRIMARY KEY, parent BLOB NOT NULL) WITHOUT ROWID;
)sql";

/// 0 unless assigned cases alone are carried.
Result<std::int64_t> assigned_from(Vault& vault) {
  if (vault.role() >= membership::Role::manager) return std::int64_t{0};
  WAYSIDE_TRY(const std::int64_t from, vault.store().meta_number(kAssignedFrom));
  return from == kReturning ? 0 : from;
}

Result<std::int64_t> newest_envelope(store::Database& database) {
  store::Query row = database.query("SELECT coalesce(max(n), 0) FROM envelopes");
  WAYSIDE_OK(row.next());
  return row.integer(0);
}

template <class Visit>
Result<void> each_id(store::Query rows, const Visit& visit) {
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    visit(rows.id<LedgerId>(0));
  }
}

Result<void> take_up_all(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const auto elsewhere, cases_elsewhere(vault));
  for (const Carried& each : elsewhere) {
    const bool down = each.presence == ledger::LedgerRow::Presence::put_down && !each.withdrawn;
    if (down) WAYSIDE_OK(take_up(vault, writing, each.ledger.view()));
  }
  return {};
}

Result<void> end_returning(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const bool may, may_take_up(vault));
  if (!may) return {};
  WAYSIDE_OK(take_up_all(vault, writing));
  return vault.store().set_meta_number(writing.transaction(), kAssignedFrom, 0);
}

/// Cases by whether anybody works on them, and she.
struct Given { std::set<LedgerId> to_anybody, to_her; };
Result<Given> given_cases(Vault& vault) {
  Given out;
  WAYSIDE_TRY(const auto all, assignments(vault));
  for (const Assignment& each : all) {
    if (each.workers.empty() || vault.membership().erased(each.ledger)) continue;
    out.to_anybody.insert(each.ledger);
    if (std::ranges::binary_search(each.workers, vault.identity().user)) out.to_her.insert(each.ledger);
  }
  return out;
}

/// Cases whose first envelope was written here since, and that nobody was given yet: whoever made one keeps it until somebody says
/// whose it is.
Result<void> add_made_here(Vault& vault, std::int64_t from, const std::set<LedgerId>& given, std::set<LedgerId>& wanted) {
  constexpr std::string_view kMade = "SELECT l.id FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE e.n >= ? AND e.own AND l.kind = ? "
                                     "AND e.n = (SELECT min(n) FROM envelopes WHERE ledger = e.ledger)";
  return each_id(vault.store().database().query(kMade, from, static_cast<std::int64_t>(LedgerKind::case_ledger)), [&](const LedgerId& id) {
    if (!given.contains(id)) wanted.insert(id);
  });
}

void add_left_to_her(const Vault& vault, std::set<LedgerId>& wanted) {
  for (const auto& [ledger, entries] : vault.membership().restrictions()) {
    if (entries.empty() || vault.membership().erased(ledger)) continue;
    if (std::ranges::find(entries.back().users, vault.identity().user) != entries.back().users.end()) wanted.insert(ledger);
  }
}

Result<void> heed_choices(Vault& vault, std::set<LedgerId>& wanted) {
  store::Query rows = vault.store().database().query("SELECT ledger, chosen FROM carry_choices");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    if (rows.integer(1) != 0) wanted.insert(rows.id<LedgerId>(0));
    else wanted.erase(rows.id<LedgerId>(0));
  }
}

/// The ledgers that membership names, and those with keys of fields, of which news tells (sync/reconcile/announce.cc).
Result<void> add_for_teams(Vault& vault, std::set<LedgerId>& out) {
  if (vault.membership().found()) out.insert(vault.membership().found()->organisation_ledger);
  for (const auto& [id, team] : vault.membership().teams()) out.insert(team.entry.ledger);
  return each_id(vault.store().database().query("SELECT ledger FROM announced WHERE kind = ?", static_cast<std::int64_t>(LedgerKind::compartment)),
                 [&](const LedgerId& id) { out.insert(id); });
}

Result<CarryList> listed_alone(Vault& vault) {
  std::set<LedgerId> out;
  WAYSIDE_OK(add_for_teams(vault, out));
  WAYSIDE_TRY(const auto wanted, wanted_cases(vault));
  out.insert(wanted.begin(), wanted.end());
  store::Database& database = vault.store().database();
  WAYSIDE_OK(each_id(database.query("SELECT id FROM ledgers WHERE kind >= 0 OR kind <= ?", ledger::kAwaitedKinds),
                     [&](const LedgerId& id) { out.insert(id); }));
  store::Query named = database.query("SELECT ledger, parent FROM named_compartments");
  for (;;) {
    WAYSIDE_TRY(const bool row, named.next());
    if (!row) break;
    if (out.contains(named.id<LedgerId>(1))) out.insert(named.id<LedgerId>(0));
  }
  // What is put down stays so, whoever names it.
  WAYSIDE_TRY(const auto down, put_down_ledgers(vault));
  for (const LedgerId& each : down) out.erase(each);
  return CarryList{true, {out.begin(), out.end()}};
}

}  // namespace

Result<bool> has_carry_mode(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t from, vault.store().meta_number(kAssignedFrom));
  return from != 0;
}

Result<CarryMode> carry_mode(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t from, assigned_from(vault));
  return from == 0 ? CarryMode::all : CarryMode::assigned;
}

Result<void> set_carry_mode(Vault& vault, Vault::Writing& writing, CarryMode mode) {
  if (!vault.membership().office()) return fail(Errc::usage, "This casebook has no office. What is here is all there is of its cases");
  if (mode == CarryMode::assigned && vault.role() >= membership::Role::manager) {
    return fail(Errc::not_permitted, "a device of a manager or an administrator carries every case of its teams; "
                                     "`carry drop` takes single ones off it");
  }
  WAYSIDE_TRY(const std::int64_t now, vault.store().meta_number(kAssignedFrom));
  if ((now > 0) == (mode == CarryMode::assigned)) return {};
  if (mode == CarryMode::all) {
    WAYSIDE_OK(vault.store().database().run("DELETE FROM carry_choices"));
    return vault.store().set_meta_number(writing.transaction(), kAssignedFrom, kReturning);
  }
  WAYSIDE_OK(vault.store().database().run_script(kTables));
  WAYSIDE_TRY(const std::int64_t newest, newest_envelope(vault.store().database()));
  return vault.store().set_meta_number(writing.transaction(), kAssignedFrom, newest + 1);
}

Result<void> note_choice(Vault& vault, Vault::Writing& writing, const LedgerId& of_case, Choice choice) {
  WAYSIDE_TRY(const CarryMode mode, carry_mode(vault));
  if (mode == CarryMode::all) return {};
  WAYSIDE_TRY(const Given given, given_cases(vault));
  const bool as_assigned = given.to_her.contains(of_case) == (choice == Choice::chosen);
  if (as_assigned) return forget_choice(vault, writing, of_case);
  const auto chosen = static_cast<std::int64_t>(choice);
  return vault.store().database().run("INSERT OR REPLACE INTO carry_choices(ledger, chosen) VALUES(?, ?)", of_case, chosen);
}

Result<void> forget_choice(Vault& vault, Vault::Writing&, const LedgerId& of_case) {
  return vault.store().database().run("DELETE FROM carry_choices WHERE ledger = ?", of_case);
}

Result<std::set<LedgerId>> wanted_cases(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t from, assigned_from(vault));
  if (from == 0) return std::set<LedgerId>{};
  WAYSIDE_TRY(const Given given, given_cases(vault));
  std::set<LedgerId> wanted = given.to_her;
  add_left_to_her(vault, wanted);
  WAYSIDE_OK(add_made_here(vault, from, given.to_anybody, wanted));
  WAYSIDE_OK(heed_choices(vault, wanted));
  return wanted;
}

Result<void> settle_choices(Vault& vault, Vault::Writing& writing) {
  if (vault.role() >= membership::Role::manager) WAYSIDE_OK(set_carry_mode(vault, writing, CarryMode::all));
  WAYSIDE_TRY(const std::int64_t now, vault.store().meta_number(kAssignedFrom));
  if (now <= 0) return end_returning(vault, writing);
  WAYSIDE_TRY(const Given given, given_cases(vault));
  std::vector<LedgerId> declined;
  WAYSIDE_OK(each_id(vault.store().database().query("SELECT ledger FROM carry_choices WHERE NOT chosen"),
                     [&](const LedgerId& id) { declined.push_back(id); }));
  for (const LedgerId& each : declined) {
    if (!given.to_her.contains(each)) WAYSIDE_OK(forget_choice(vault, writing, each));
  }
  return {};
}

Result<LedgerId> ledger_to_choose(Vault& vault, BytesView id) {
  WAYSIDE_TRY(const auto all, assignments(vault));
  for (const Assignment& each : all) {
    if (each.case_id.view() == id) return each.ledger;
  }
  const auto ledger = LedgerId::from(id);
  return ledger ? Result<LedgerId>(*ledger) : fail(Errc::not_found, "case");
}

Result<std::vector<LedgerId>> wanted_and_not_here(Vault& vault) {
  std::vector<LedgerId> out;
  WAYSIDE_TRY(const auto wanted, wanted_cases(vault));
  for (const LedgerId& each : wanted) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(each));
    if (!row || row->presence != ledger::LedgerRow::Presence::here) out.push_back(each);
  }
  return out;
}

Result<void> note_compartments(Vault& vault, store::Transaction&, const LedgerId& of_case, const std::vector<ledger::Compartment>& named) {
  if (named.empty()) return {};
  WAYSIDE_TRY(const bool any_mode, has_carry_mode(vault));
  if (!any_mode) return {};
  for (const ledger::Compartment& each : named) {
    if (each.ledger == of_case) continue;   // it says itself which one it is
    WAYSIDE_OK(vault.store().database().run("INSERT OR IGNORE INTO named_compartments(ledger, parent) VALUES(?, ?)", each.ledger, of_case));
  }
  return {};
}

Result<CarryList> carry_list(Vault& vault) {
  WAYSIDE_TRY(const CarryMode mode, carry_mode(vault));
  if (mode == CarryMode::assigned) return listed_alone(vault);
  WAYSIDE_TRY(auto ledgers, put_down_ledgers(vault));
  return CarryList{false, std::move(ledgers)};
}

}  // namespace wayside::vault
