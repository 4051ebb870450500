#include "core/vault/newcomers.h"

namespace wayside::vault {
namespace {

/// Meta names, each with the team in hex: 1 while somebody is expected; when a snapshot was published for somebody.
std::string expected_in(const TeamId& team) { return "newcomer-" + to_hex(team.view()); }
std::string published_for(const TeamId& team) { return "published-for-" + to_hex(team.view()); }

Result<bool> wants_snapshot(Vault& vault, const TeamId& team) {
  const std::int64_t now_ms = vault.env().clock.wall_ms();
  WAYSIDE_TRY(const std::int64_t published_ms, vault.store().meta_number(published_for(team)));
  if (published_ms != 0 && published_ms <= now_ms && now_ms - published_ms < kOldSnapshot_ms) return false;
  store::Query cases = vault.store().database().query("SELECT count(*) FROM ledgers WHERE team = ? AND kind = ?", team,
                                                      static_cast<std::int64_t>(ledger::LedgerKind::case_ledger));
  WAYSIDE_TRY(const bool row, cases.next());
  return row && cases.integer(0) >= kWorthASnapshot;
}

}  // namespace

Result<void> expect_newcomer(Vault& vault, const TeamId& team) {
  WAYSIDE_TRY(const bool wanted, wants_snapshot(vault, team));
  if (!wanted) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), expected_in(team), 1));
  return std::move(writing).commit();
}

Result<std::vector<Newcomers>> newcomers(Vault& vault) {
  std::vector<Newcomers> out;
  for (const TeamId& team : vault.membership().teams_of(vault.identity().user)) {
    WAYSIDE_TRY(const std::int64_t expected, vault.store().meta_number(expected_in(team)));
    if (expected == 0) continue;
    WAYSIDE_TRY(const bool wanted, wants_snapshot(vault, team));
    out.push_back({team, wanted});
  }
  return out;
}

Result<void> newcomer_served(Vault& vault, const TeamId& team, bool published) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), expected_in(team), 0));
  if (published) WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), published_for(team), vault.env().clock.wall_ms()));
  return std::move(writing).commit();
}

}  // namespace wayside::vault
