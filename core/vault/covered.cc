#include "core/vault/covered.h"

#include <algorithm>
#include <set>

#include "core/membership/grant.h"
#include "core/vault/receipt_tables.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"
#include "core/vault/unconfirmed.h"

namespace wayside::vault {
namespace {

/// Two, so that one more device may be lost.
constexpr std::size_t kEnough = 2;

using membership::ReaderKind;

/// Not a team from which the case was withdrawn: its devices let go of it.
Result<bool> still_reads(Vault& vault, const ledger::LedgerRow& ledger, const TeamId& team) {
  if (vault.membership().withdrawn_at(ledger.id) == 0 || ledger.team == team) return true;
  WAYSIDE_TRY(const auto shared, shared_with(vault, ledger));
  return std::ranges::find(shared, team) != shared.end();
}

Result<std::set<DeviceId>> readers(Vault& vault, std::int64_t ledger) {
  const membership::Log& log = vault.membership();
  std::set<DeviceId> out;
  std::set<TeamId> teams;
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  WAYSIDE_TRY(const std::vector<Bytes> grants, vault.store().grants_of_ledger(ledger));
  for (const Bytes& each : grants) {
    const auto grant = membership::parse_grant(each);
    if (!grant) continue;
    const auto team = grant->reader_kind == ReaderKind::team_epoch ? TeamId::from(grant->reader) : std::nullopt;
    WAYSIDE_TRY(const bool reads_on, team && row ? still_reads(vault, *row, *team) : Result<bool>(true));
    if (team && reads_on) teams.insert(*team);
    if (grant->reader_kind == ReaderKind::device) out.insert(*DeviceId::from(grant->reader));
  }
  for (const auto& [id, device] : log.devices()) {
    const auto of = log.teams_of(device.entry.user);
    if (std::ranges::any_of(of, [&](const TeamId& team) { return teams.contains(team); })) out.insert(id);
  }
  WAYSIDE_TRY(const auto circle, row ? circle_of(vault, *row) : Result<std::vector<UserId>>(std::vector<UserId>{}));
  std::erase_if(out, [&](const DeviceId& id) {
    const membership::DeviceInfo* device = log.device(id);
    if (device != nullptr && !circle.empty() && std::ranges::find(circle, device->entry.user) == circle.end()) return true;   // lets go of it
    return id == vault.identity().device || device == nullptr || device->removed.has_value();
  });
  return out;
}

/// What was written here and answered before places were kept has none of its own: it lies no later than the first that was.
/// What has none and came after one that does was answered just now, and not shown yet: nothing covers it.
Result<std::uint64_t> newest_own(store::Database& database, std::int64_t ledger) {
  std::uint64_t newest = 0;
  {
    store::Query row = database.query("SELECT coalesce(max(lsn), 0) FROM seen_heads WHERE ledger = ? AND own", ledger);
    WAYSIDE_OK(row.next());
    newest = static_cast<std::uint64_t>(row.integer(0));
  }
  constexpr std::string_view kWithoutPlace =
      "SELECT coalesce(max(e.n), 0), (SELECT coalesce(max(envelope), 0) FROM seen_heads WHERE ledger = ?1) FROM envelopes e "
      "WHERE e.ledger = ?1 AND e.own AND e.sealed != x'' AND e.n NOT IN (SELECT envelope FROM seen_heads WHERE ledger = ?1 AND own)";
  {
    store::Query without = database.query(kWithoutPlace, ledger);
    WAYSIDE_OK(without.next());
    if (without.integer(0) == 0) return newest;
    if (without.integer(1) > 0 && without.integer(0) > without.integer(1)) return std::uint64_t{UINT64_MAX};
  }
  store::Query first = database.query("SELECT coalesce(min(lsn), 0) FROM seen_heads WHERE ledger = ?", ledger);
  WAYSIDE_OK(first.next());
  return std::max(newest, static_cast<std::uint64_t>(first.integer(0)));
}

}  // namespace

Result<std::size_t> other_readers(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const auto found, readers(vault, ledger));
  return found.size();
}

Result<std::uint64_t> receipted_up_to(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const auto wanted, readers(vault, ledger));
  if (wanted.empty()) return std::uint64_t{INT64_MAX};
  std::vector<std::uint64_t> reached;
  store::Query rows = vault.store().database().query(
      "SELECT d.device, r.lsn FROM receipts r JOIN receipt_devices d ON d.n = r.device WHERE r.ledger = ?1 "
      "AND r.device NOT IN (SELECT device FROM receipts_ahead WHERE ledger = ?1)", ledger);   // those were not compared yet
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) break;
    if (wanted.contains(rows.id<DeviceId>(0))) reached.push_back(static_cast<std::uint64_t>(rows.integer(1)));
  }
  const std::size_t needed = std::min(kEnough, wanted.size());
  if (reached.size() < needed) return std::uint64_t{0};
  std::ranges::sort(reached, std::greater<>());
  return reached[needed - 1];
}

Result<bool> covered_elsewhere(Vault& vault, const LedgerId& ledger) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  if (!any || !row) return false;
  std::uint64_t is_signed = 0;
  {
    store::Query known = database.query("SELECT lsn FROM seen_ledgers WHERE ledger = ?", row->n);
    WAYSIDE_TRY(const bool found, known.next());
    if (!found) return false;
    is_signed = static_cast<std::uint64_t>(known.integer(0));
  }
  WAYSIDE_TRY(const bool waits, waits_to_be_sent(vault, row->n));
  if (waits) return false;
  WAYSIDE_TRY(const std::uint64_t own, newest_own(database, row->n));
  WAYSIDE_TRY(const std::uint64_t receipted, receipted_up_to(vault, row->n));
  return own <= is_signed && own <= receipted;
}

Result<Uncovered> uncovered(Vault& vault) {
  Uncovered out;
  WAYSIDE_TRY(out.only_here, vault.store().outgoing_count());
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  if (!any) return out;
  // The same saves as outgoing_count counts: not news of ledgers, nor the keys of fields, nor the log of reads.
  store::Query count = database.query(
      "SELECT count(*) FROM seen_heads h JOIN seen_ledgers s ON s.ledger = h.ledger JOIN ledgers l ON l.n = h.ledger "
      "WHERE h.own AND h.lsn > s.covered AND l.kind > 0 AND l.kind NOT IN (?1, ?3) AND (l.kind != ?2 OR l.subject IS NOT l.team)",
      static_cast<std::int64_t>(ledger::LedgerKind::team), static_cast<std::int64_t>(ledger::LedgerKind::compartment),
      static_cast<std::int64_t>(ledger::LedgerKind::audit));
  WAYSIDE_OK(count.next());
  out.only_here_and_office = static_cast<std::uint64_t>(count.integer(0));
  return out;
}

}  // namespace wayside::vault
