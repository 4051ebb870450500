#include "core/vault/carry_mode.h"
#include "core/vault/carrying.h"
#include "core/vault/erasure.h"
#include "core/vault/sharing.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/carry_list_file.h"

// Which cases are on this device: what is told to couriers, and what a reconcile has changed about it.

namespace wayside::reconcile {

Result<bool> tell_carried(vault::Vault& vault) {
  WAYSIDE_TRY(auto list, vault::carry_list(vault));
  return spool::write_carry_list(vault.env().files, spool::Layout(spool_folder(vault.home())), {list.only, std::move(list.ledgers)});
}

namespace {

/// The case's own ledger and its compartments, which go with it.
Result<std::vector<ledger::LedgerRow>> whole_case(vault::Vault& vault, const ledger::LedgerRow& of_case) {
  std::vector<ledger::LedgerRow> out{of_case};
  WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(of_case.id));
  for (const ledger::LedgerRow& each : compartments) {
    if (!each.erased && each.presence == ledger::LedgerRow::Presence::here) out.push_back(each);
  }
  return out;
}

/// A case that was withdrawn, or left to others, goes when the office gives nothing of it any more and has what was written here
/// in it. Until then it stays as it is, and is only read. A compartment that no entry names is still given by the office.
Result<bool> may_go(vault::Vault& vault, const spool::Cursor& cursor, const ledger::LedgerRow& of_case) {
  WAYSIDE_TRY(const auto ledgers, whole_case(vault, of_case));
  for (const ledger::LedgerRow& each : ledgers) {
    const bool named = each.id == of_case.id || vault.membership().restrictions().contains(each.id);
    if (named && cursor.ledgers.contains(each.id)) return false;
    WAYSIDE_TRY(const bool unsent, vault::has_unsent(vault, each));
    if (unsent) return false;
  }
  return true;
}

Result<void> let_lost_go(vault::Vault& vault) {
  if (!vault::takes_cases_away(vault.membership())) return {};
  WAYSIDE_TRY(const auto lost, vault::lost_cases(vault));
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  for (const vault::Lost& each : lost) {
    const bool here = each.ledger.presence == ledger::LedgerRow::Presence::here && each.ledger.kind == ledger::LedgerKind::case_ledger;
    if (!here) continue;
    WAYSIDE_TRY(const bool may, may_go(vault, cursor, each.ledger));
    if (!may) continue;
    WAYSIDE_TRY(auto writing, vault.begin());
    WAYSIDE_OK(vault::let_go(vault, writing, each.ledger));
    WAYSIDE_OK(std::move(writing).commit());
  }
  return {};
}

}  // namespace

/// A courier that still took the case for held would fetch nothing of it.
Result<void> take_up(vault::Vault& vault, BytesView id) {
  WAYSIDE_OK(let_go_of_erased(vault, nullptr));
  WAYSIDE_TRY(const bool may, vault::may_take_up(vault));
  if (!may) return fail(Errc::busy, "a courier is at work. Try again when it has ended");
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::take_up(vault, writing, id));
  return std::move(writing).commit();
}

Result<bool> settle_cases(vault::Vault& vault, const vault::Drafts* drafts) {
  WAYSIDE_OK(let_lost_go(vault));
  WAYSIDE_TRY(const bool any_mode, vault::has_carry_mode(vault));
  if (any_mode && drafts != nullptr) {
    WAYSIDE_OK(vault::settle_assigned(vault, *drafts));
  } else if (any_mode) {
    WAYSIDE_TRY(const auto own, vault::Drafts::open(vault));
    WAYSIDE_OK(vault::settle_assigned(vault, own));
  }
  WAYSIDE_OK(vault::settle_carried(vault));
  return tell_carried(vault);
}

Result<std::set<LedgerId>> not_kept_here(vault::Vault& vault) {
  WAYSIDE_TRY(auto out, vault::erased_ledgers(vault));
  WAYSIDE_TRY(const auto put_down, vault::put_down_ledgers(vault));
  out.insert(put_down.begin(), put_down.end());
  WAYSIDE_TRY(const auto lost, vault::lost_cases(vault));
  for (const vault::Lost& each : lost) {
    if (each.ledger.presence == ledger::LedgerRow::Presence::here) continue;
    out.insert(each.ledger.id);
    WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(each.ledger.id));
    for (const ledger::LedgerRow& below : compartments) {
      if (below.presence != ledger::LedgerRow::Presence::here) out.insert(below.id);
    }
  }
  return out;
}

}  // namespace wayside::reconcile
