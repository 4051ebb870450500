#include "core/vault/sealed_fields.h"

#include <algorithm>
#include <iterator>

#include "core/ledger/sealed_values.h"
#include "core/vault/refold.h"

namespace wayside::vault {
namespace {

/// Two devices may have made a ledger for the same compartment while apart, so each is looked into.
Result<std::optional<SecretBytes>> key_of(Vault& vault, const std::vector<ledger::LedgerRow>& ledgers, const ledger::SealedValues& block) {
  for (const ledger::LedgerRow& each : ledgers) {
    const bool may_be = each.kind == ledger::LedgerKind::unknown || each.compartment == block.compartment;
    if (!may_be) continue;
    auto key = vault.store().case_key(each.n, block.generation);
    if (key) return std::optional(*std::move(key));
    if (key.error().code != Errc::no_key) return std::unexpected(key.error());
  }
  return std::optional<SecretBytes>{};
}

/// Ledgers of which something is kept apart as late work. What opens one may be among it: then nothing here says what it is
/// for, and an honest colleague may have gone on under its key before she heard.
Result<std::vector<ledger::LedgerRow>> ledgers_of_late_work(Vault& vault) {
  std::vector<LedgerId> ids;
  {
    store::Query rows = vault.store().database().query("SELECT DISTINCT ledger FROM quarantine WHERE why = ? AND ledger IS NOT NULL",
                                                       static_cast<std::int64_t>(Errc::removed));
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      ids.push_back(rows.id<LedgerId>(0));
    }
  }
  std::vector<ledger::LedgerRow> out;
  for (const LedgerId& id : ids) {
    WAYSIDE_TRY(auto row, vault.store().ledger(id));
    if (row && row->kind == ledger::LedgerKind::unknown && !row->erased) out.push_back(*std::move(row));
  }
  return out;
}

}  // namespace

Result<void> open_sealed_fields(Vault& vault, std::int64_t ledger, ledger::ChangeSet& change) {
  if (change.sealed.empty()) return {};
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  if (!row) return {};
  // A case that late work opened is nobody's here; what colleagues write in it is sealed for a team all the same.
  const auto teams = row->team ? std::vector<TeamId>{*row->team} : vault.membership().teams_of(vault.identity().user);
  WAYSIDE_TRY(auto ledgers, ledgers_of_late_work(vault));
  for (const TeamId& team : teams) {
    WAYSIDE_TRY(auto of_team, vault.store().compartments_of_team(team));
    std::ranges::move(of_team, std::back_inserter(ledgers));
  }
  for (const ledger::SealedValues& block : change.sealed) {
    WAYSIDE_TRY(const auto key, key_of(vault, ledgers, block));
    if (key) (void)ledger::open_values(change, block, row->id, key->view());   // what does not fit stays sealed
  }
  return {};
}

Result<void> fold_opened_fields(Vault& vault, Vault::Writing& writing, const LedgerId& ledger) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  const bool of_team = row && row->kind == ledger::LedgerKind::compartment && row->team && row->subject == row->team->view();
  if (!of_team) {
    WAYSIDE_TRY(const auto late, ledgers_of_late_work(vault));
    if (std::ranges::none_of(late, [&](const ledger::LedgerRow& each) { return each.id == ledger; })) return {};
  }
  WAYSIDE_TRY(const auto waiting, vault.store().ledgers_with_sealed_values());
  for (const ledger::LedgerRow& each : waiting) {
    // Nothing says whose key it is that late work opened, nor what a case is for that late work opened.
    const bool may_open = !of_team || each.team == row->team || each.kind == ledger::LedgerKind::unknown;
    if (may_open) WAYSIDE_OK(refold(vault, writing, each.n));
  }
  return {};
}

}  // namespace wayside::vault
