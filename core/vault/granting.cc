#include "core/vault/granting.h"

#include <algorithm>

#include "core/ledger/ledger_rows.h"
#include "core/vault/judging.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using ledger::LedgerRow;

/// A key for each time that somebody lost a right, for each reader: far fewer than this.
constexpr std::size_t kMostGrantsOfALedger = 100'000;

Result<std::vector<LedgerRow>> opened_ledgers(Vault& vault) {
  return ledger::ledgers_numbered(vault.store(), vault.store().database().query("SELECT n FROM ledgers WHERE kind > 0 ORDER BY n"));
}

}  // namespace

Result<std::size_t> grant_keys(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger, const Readers& readers, std::string_view form) {
  std::size_t granted = 0;
  for (;;) {
    WAYSIDE_TRY(auto missing, missing_grants(vault, ledger, readers));
    if (missing.empty()) return granted;
    if (granted >= kMostGrantsOfALedger) return fail(Errc::too_large, "grants of one ledger");
    granted += missing.size();
    WAYSIDE_OK(seal_grants(vault, writing, ledger, readers, form, std::move(missing)));
  }
}

Result<std::size_t> grant_compartments(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const auto all, opened_ledgers(vault));
  std::size_t granted = 0;
  for (const LedgerRow& each : all) {
    if (each.kind != LedgerKind::compartment || !each.team) continue;
    WAYSIDE_TRY(const auto circle, circle_of(vault, each));
    if (!circle.empty()) continue;   // grant_restricted sees to it
    const std::vector<DeviceId> devices = devices_of_team(vault.membership(), *each.team);
    WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::make_key, each));
    WAYSIDE_TRY(const auto held, vault.store().writing_key(each.n));
    if (!right || !held || devices.size() > kMostGrants) continue;
    WAYSIDE_TRY(const std::size_t any, grant_keys(vault, writing, each, {{}, devices}, "grant"));
    granted += any > 0 ? 1 : 0;
  }
  return granted;
}

Result<std::size_t> grant_after_recovery(Vault& vault, Vault::Writing& writing) {
  std::vector<TeamId> every_team;
  for (const auto& [id, team] : vault.membership().teams()) every_team.push_back(id);
  WAYSIDE_TRY(const auto all, opened_ledgers(vault));
  std::size_t granted = 0;
  for (const LedgerRow& each : all) {
    const bool of_organisation = each.kind == LedgerKind::organisation;
    if (!of_organisation && (!each.team || (each.kind != LedgerKind::case_ledger && each.kind != LedgerKind::team))) continue;
    WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::make_key, each));
    WAYSIDE_TRY(const auto held, vault.store().writing_key(each.n));
    if (!right || !held) continue;
    std::vector<TeamId> teams = every_team;
    WAYSIDE_TRY(const auto circle, circle_of(vault, each));
    if (!circle.empty()) continue;   // its team is granted nothing, whoever is gone
    if (!of_organisation) {
      WAYSIDE_TRY(teams, shared_with(vault, each));
      teams.push_back(*each.team);
    }
    WAYSIDE_TRY(const std::size_t any, grant_keys(vault, writing, each, {std::move(teams), {}}, "grant"));
    granted += any > 0 ? 1 : 0;
  }
  return granted;
}

}  // namespace wayside::vault
