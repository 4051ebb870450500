#include "core/vault/exposure.h"

#include <algorithm>

#include "core/membership/grant.h"
#include "core/vault/receipt_tables.h"
#include "core/vault/receipts.h"
#include "core/vault/restricting.h"

namespace wayside::vault {
namespace {

using membership::ReaderKind;

/// Every team that the user was ever in: keys that a device was given once it keeps.
std::set<TeamId> teams_ever(const membership::Log& log, const membership::DeviceInfo& device) {
  std::set<TeamId> out;
  for (const TeamId& team : log.teams_of(device.entry.user)) out.insert(team);
  for (const TeamId& team : log.teams_at(device.entry.user, device.admitted)) out.insert(team);
  const auto user = log.users().find(device.entry.user);
  if (user == log.users().end()) return out;
  for (const auto& move : user->second.moves) out.insert(move.team);
  return out;
}

/// Not one that was made to keep the device out: after its removal, or without a wrap for it.
bool may_hold_epoch(const membership::Log& log, const membership::DeviceInfo& device, const TeamId& team, std::uint32_t number) {
  const auto info = log.teams().find(team);
  if (info == log.teams().end()) return false;
  for (std::size_t i = 0; i < info->second.epochs.size() && i < info->second.epoch_entries.size(); ++i) {
    const membership::Epoch& epoch = info->second.epochs[i];
    if (epoch.number != number) continue;
    const std::uint64_t made = info->second.epoch_entries[i];
    if (device.removed && made >= *device.removed) return false;
    if (made <= device.admitted) return true;   // its ticket had the secret, or a later epoch leads back to it
    return std::ranges::any_of(epoch.wraps, [&](const auto& wrap) { return wrap.device == device.entry.device; });
  }
  return false;
}

Result<bool> is_granted(Vault& vault, const membership::DeviceInfo& device, const std::set<TeamId>& teams, std::int64_t ledger) {
  WAYSIDE_TRY(const std::vector<Bytes> grants, vault.store().grants_of_ledger(ledger));
  for (const Bytes& each : grants) {
    const auto grant = membership::parse_grant(each);
    if (!grant) continue;
    if (grant->reader_kind == ReaderKind::device && grant->reader == device.entry.device.view()) return true;
    const auto team = grant->reader_kind == ReaderKind::team_epoch ? TeamId::from(grant->reader) : std::nullopt;
    if (team && teams.contains(*team) && may_hold_epoch(vault.membership(), device, *team, grant->epoch)) return true;
  }
  return false;
}

Result<void> add_places(Vault& vault, const DeviceId& device, HeldLedger& held) {
  store::Database& database = vault.store().database();
  store::Query newest = database.query("SELECT coalesce(max(lsn), 0) FROM seen_heads WHERE ledger = ?", held.ledger.n);
  WAYSIDE_OK(newest.next());
  held.newest = static_cast<std::uint64_t>(newest.integer(0));
  if (!held.reported) return {};
  store::Query own = database.query(
      "SELECT count(*) FROM seen_heads h JOIN envelopes e ON e.n = h.envelope JOIN authors a ON a.n = e.author "
      "WHERE h.ledger = ? AND h.lsn > ? AND a.device = ?", held.ledger.n, held.up_to, device);
  WAYSIDE_OK(own.next());
  held.own_after = static_cast<std::uint64_t>(own.integer(0));
  return {};
}

Result<std::vector<std::int64_t>> ledgers_here(store::Database& database) {
  std::vector<std::int64_t> out;
  store::Query rows = database.query("SELECT n FROM ledgers WHERE kind > 0 ORDER BY n");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.integer(0));
  }
}

}  // namespace

Result<Exposure> exposure_of(Vault& vault, const DeviceId& id) {
  const membership::DeviceInfo* device = vault.membership().device(id);
  if (device == nullptr) return fail(Errc::not_found, "device " + to_text(id));
  Exposure out;
  store::Database& database = vault.store().database();
  const std::set<TeamId> teams = teams_ever(vault.membership(), *device);
  WAYSIDE_TRY(const auto receipts, receipts_of(vault, id));
  WAYSIDE_TRY(const bool has_places, has_receipt_tables(database));
  out.ever_reported = !receipts.empty();
  WAYSIDE_TRY(const auto ledgers, ledgers_here(database));
  for (const std::int64_t n : ledgers) {
    const auto receipt = receipts.find(n);
    HeldLedger held;
    held.reported = receipt != receipts.end();
    bool granted = held.reported;
    if (!granted) {
      WAYSIDE_TRY(granted, is_granted(vault, *device, teams, n));
    }
    if (!granted) continue;
    WAYSIDE_TRY(const auto row, vault.store().ledger(n));
    if (!row) continue;
    held.ledger = *row;
    if (held.reported) {
      held.up_to = receipt->second.lsn;
      held.when_ms = receipt->second.time_ms;
    }
    if (has_places) WAYSIDE_OK(add_places(vault, id, held));
    out.ledgers.push_back(std::move(held));
  }
  store::Query announced = database.query("SELECT ledger FROM announced WHERE ledger NOT IN (SELECT id FROM ledgers)");
  for (;;) {
    WAYSIDE_TRY(const bool row, announced.next());
    if (!row) return out;
    if (!left_to_others(vault, announced.id<LedgerId>(0))) ++out.not_here;
  }
}

}  // namespace wayside::vault
