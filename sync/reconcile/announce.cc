#include <map>
#include <vector>

#include "core/membership/grant.h"
#include "core/vault/carry_mode.h"
#include "core/vault/granting.h"
#include "core/vault/restricting.h"
#include "core/vault/save.h"
#include "core/vault/sharing.h"
#include "sync/reconcile/parts.h"

namespace wayside::reconcile {
namespace {

constexpr std::string_view kWatermark = "announced_up_to";
constexpr std::string_view kGrantedAt = "compartments_granted_at";   // membership entries seen by then
constexpr std::string_view kNamedUpTo = "named_granted_up_to";     // envelopes held by then
constexpr std::size_t kMaxPerChangeSet = 8192;   // 52 bytes each: well under the 1 MiB of an envelope

struct News {
  std::map<TeamId, std::vector<ledger::Announcement>> by_team;
  std::int64_t up_to = 0;
};

Result<std::vector<GrantHash>> grant_hashes(vault::Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const std::vector<Bytes> grants, vault.store().grants_of_ledger(ledger));
  std::vector<GrantHash> out;
  for (const Bytes& grant : grants) out.push_back(membership::hash_of_grant(grant));
  return out;
}

/// Those that hold a team's keys of fields (core/vault/sealed_fields.h), and of which nobody has told yet: a device that carries assigned
/// cases alone knows of no other ledger what it is for.
Result<std::vector<ledger::LedgerRow>> unannounced_keys(vault::Vault& vault, const TeamId& team) {
  WAYSIDE_TRY(auto out, vault.store().compartments_of_team(team));
  for (auto each = out.begin(); each != out.end();) {
    WAYSIDE_TRY(const bool told, vault.store().database().query("SELECT 1 FROM announced WHERE ledger = ?", each->id).next());
    each = told ? out.erase(each) : std::next(each);
  }
  return out;
}

/// Ledgers that were given grants by this device since the watermark. Team ledgers themselves are named by membership.
Result<News> collect(vault::Vault& vault) {
  News news;
  WAYSIDE_TRY(const std::int64_t watermark, vault.store().meta_number(kWatermark));
  news.up_to = watermark;
  std::vector<std::pair<ledger::LedgerRow, TeamId>> found;
  {
    store::Query rows = vault.store().database().query(
        "SELECT ledger, n FROM envelopes WHERE n > ? AND author IN (SELECT n FROM authors WHERE device = ?) AND grants != x'' "
        "ORDER BY n",
        watermark, vault.identity().device);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      WAYSIDE_TRY(const auto ledger, vault.store().ledger(rows.integer(0)));
      news.up_to = rows.integer(1);
      // Who was given the case by another team does not write in that team's own ledger.
      const bool ours = ledger && vault::in_team(vault, ledger->team);
      if (!ours || ledger->kind != ledger::LedgerKind::case_ledger) continue;
      // That there is such a case is not for the team to know.
      WAYSIDE_TRY(const auto circle, vault::circle_of(vault, *ledger));
      if (circle.empty()) found.push_back({*ledger, *ledger->team});
    }
  }
  for (const TeamId& team : vault.membership().teams_of(vault.identity().user)) {
    WAYSIDE_TRY(const auto keys, unannounced_keys(vault, team));
    for (const ledger::LedgerRow& each : keys) found.push_back({each, team});
  }
  for (const auto& [ledger, team] : found) {
    WAYSIDE_TRY(const auto hashes, grant_hashes(vault, ledger.n));
    news.by_team[team].push_back({ledger.id, membership::grants_digest(hashes), ledger.kind});
  }
  return news;
}

/// Once for each change of the membership.
Result<bool> grant_to_newcomers(vault::Vault& vault) {
  const auto members = static_cast<std::int64_t>(vault.membership().size());
  WAYSIDE_TRY(const std::int64_t seen, vault.store().meta_number(kGrantedAt));
  if (seen == members) return false;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(std::size_t granted, vault::grant_compartments(vault, writing));
  WAYSIDE_TRY(const std::size_t restricted, vault::grant_restricted(vault, writing));
  granted += restricted;
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kGrantedAt, members));
  WAYSIDE_OK(std::move(writing).commit());
  return granted > 0;
}

/// Whoever made these keys had not heard with which team the case is shared.
Result<bool> grant_to_sharers(vault::Vault& vault) {
  WAYSIDE_TRY(const bool any, vault::has_news_for_sharers(vault));
  if (!any) return false;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const std::size_t granted, vault::grant_to_sharers(vault, writing));
  WAYSIDE_OK(std::move(writing).commit());
  return granted > 0;
}

/// A colleague may have made a key without having heard of whom else was named.
Result<bool> grant_to_named(vault::Vault& vault) {
  WAYSIDE_TRY(const auto restricted, vault::restricted_cases(vault));
  if (restricted.empty()) return false;
  WAYSIDE_TRY(const std::int64_t looked_up_to, vault.store().meta_number(kNamedUpTo));
  const auto held = static_cast<std::int64_t>(vault.envelopes());
  if (looked_up_to == held) return false;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const std::size_t granted, vault::grant_restricted(vault, writing));
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kNamedUpTo, static_cast<std::int64_t>(vault.envelopes())));
  WAYSIDE_OK(std::move(writing).commit());
  return granted > 0;
}

}  // namespace

Result<bool> grant_to_others(vault::Vault& vault) {
  WAYSIDE_TRY(const bool to_newcomers, grant_to_newcomers(vault));
  WAYSIDE_TRY(const bool to_named, grant_to_named(vault));
  WAYSIDE_TRY(const bool to_sharers, grant_to_sharers(vault));
  return to_newcomers || to_named || to_sharers;
}

Result<std::size_t> announce(vault::Vault& vault) {
  WAYSIDE_OK(grant_to_others(vault));
  WAYSIDE_TRY(const News news, collect(vault));
  if (news.by_team.empty()) return std::size_t{0};
  WAYSIDE_TRY(auto writing, vault.begin());
  std::size_t told = 0;
  for (const auto& [team, announcements] : news.by_team) {
    for (std::size_t at = 0; at < announcements.size(); at += kMaxPerChangeSet) {
      vault::Save save;
      save.team_ledger = team;
      save.form = "announce";
      const auto begin = announcements.begin() + static_cast<std::ptrdiff_t>(at);
      const std::size_t count = std::min(kMaxPerChangeSet, announcements.size() - at);
      save.announcements.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
      WAYSIDE_OK(vault::save(vault, writing, save));
      told += count;
    }
  }
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kWatermark, news.up_to));
  WAYSIDE_OK(std::move(writing).commit());
  return told;
}

/// A case that was announced to the whole team, and left to others since, is not missing to a newcomer.
Result<std::uint64_t> missing_ledgers(vault::Vault& vault) {
  std::uint64_t out = 0;
  WAYSIDE_TRY(const auto mode, vault::carry_mode(vault));
  WAYSIDE_TRY(const auto wanted, vault::wanted_cases(vault));
  store::Query rows = vault.store().database().query("SELECT ledger FROM announced WHERE ledger NOT IN (SELECT id FROM ledgers)");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const auto ledger = rows.id<LedgerId>(0);
    const bool carried = mode == vault::CarryMode::all || wanted.contains(ledger);
    if (carried && !vault::left_to_others(vault, ledger)) ++out;
  }
}

}  // namespace wayside::reconcile
