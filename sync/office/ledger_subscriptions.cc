#include <algorithm>

#include "sync/office/ledger_store.h"
#include "sync/wire/carry_list.h"

// Which device gets which ledger: what membership and grants give it, without the cases that were withdrawn from its teams or left to
// others, and, of these, which it carries.

namespace wayside::office {

using membership::ReaderKind;
using store::Query;

/// Brings the subscriptions of those devices up to date whose rights `entry` may have changed.
Result<void> LedgerStore::resubscribe(const membership::Log& log, const membership::SignedEntry& entry) {
  if (const auto* withdraw = std::get_if<membership::Withdraw>(&entry.entry.kind)) return unsubscribe(log, withdraw->ledger);
  if (const auto* restrict = std::get_if<membership::Restrict>(&entry.entry.kind)) {
    for (const LedgerId& each : restrict->ledgers) {
      WAYSIDE_OK(unsubscribe(log, each));
      WAYSIDE_OK(subscribe_readers(log, each));
    }
    return {};
  }
  std::optional<UserId> user;
  if (const auto* device = std::get_if<membership::DeviceEntry>(&entry.entry.kind)) user = device->user;
  if (const auto* role = std::get_if<membership::RoleEntry>(&entry.entry.kind)) user = role->user;
  const auto* removal = std::get_if<membership::Removal>(&entry.entry.kind);
  if (!user && removal == nullptr) return {};
  for (const auto& [id, device] : log.devices()) {
    const bool touched = user ? device.entry.user == *user
                              : (removal->device == id || (removal->user && *removal->user == device.entry.user));
    if (touched) WAYSIDE_OK(resubscribe_device(log, device));
  }
  return {};
}

Result<void> LedgerStore::resubscribe_device(const membership::Log& log, const membership::DeviceInfo& device) {
  constexpr std::string_view kAdd =
      "INSERT OR IGNORE INTO subscriptions(device, ledger, since) "
      "SELECT DISTINCT ?1, ledger, ?2 FROM grants WHERE reader_kind = ?3 AND reader = ?4";
  const DeviceId& id = device.entry.device;
  WAYSIDE_OK(database_->run("DELETE FROM subscriptions WHERE device = ?", id));
  if (device.removed) return {};
  WAYSIDE_TRY(const std::uint64_t since, newest_position());
  for (const TeamId& team : reading_teams(log, device.entry.user)) {
    WAYSIDE_OK(database_->run(kAdd, id, since, static_cast<int>(ReaderKind::team_epoch), team));
  }
  WAYSIDE_OK(database_->run(kAdd, id, since, static_cast<int>(ReaderKind::device), id));
  WAYSIDE_OK(unsubscribe_where_it_left(log, device));
  // Whoever comes back with paper opens every ledger there is, those too that were granted to lost devices alone.
  if (log.admitted_by_recovery(device)) WAYSIDE_OK(database_->run(kAdd, id, since, static_cast<int>(ReaderKind::recovery), log.organisation()));
  LedgerId last;
  for (const auto& [of, withdrawal] : log.withdrawals()) {
    if (of.first != last) WAYSIDE_OK(unsubscribe(log, of.first));
    last = of.first;
  }
  for (const auto& [ledger, restrictions] : log.restrictions()) WAYSIDE_OK(unsubscribe(log, ledger));
  return mark_carried(id);
}

/// Takes the ledger from every device that no grant gives it to any more.
Result<void> LedgerStore::unsubscribe(const membership::Log& log, const LedgerId& ledger) {
  std::vector<DeviceId> readers;
  std::int64_t number = 0;
  {
    Query rows = database_->query("SELECT s.device, s.ledger FROM ledgers l JOIN subscriptions s ON s.ledger = l.number WHERE l.ledger = ?", ledger);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      readers.push_back(rows.id<DeviceId>(0));
      number = rows.integer(1);
    }
  }
  for (const DeviceId& each : readers) {
    const membership::DeviceInfo* device = log.device(each);
    if (device == nullptr) continue;
    WAYSIDE_TRY(const bool still, reads(log, *device, number, ledger));
    if (!still) WAYSIDE_OK(database_->run("DELETE FROM subscriptions WHERE device = ? AND ledger = ?", each, number));
  }
  return {};
}

/// Whoever is named now has her grants perhaps already: of before the ledger was left to others, or as one of its team.
Result<void> LedgerStore::subscribe_readers(const membership::Log& log, const LedgerId& ledger) {
  std::int64_t number = 0;
  {
    Query row = database_->query("SELECT number FROM ledgers WHERE ledger = ?", ledger);
    WAYSIDE_TRY(const bool found, row.next());
    if (!found) return {};
    number = row.integer(0);
  }
  WAYSIDE_TRY(const std::uint64_t since, newest_position());
  for (const auto& [id, device] : log.devices()) {
    WAYSIDE_TRY(const bool may_read, device.removed ? Result<bool>(false) : reads(log, device, number, ledger));
    if (may_read) WAYSIDE_OK(subscribe(id, number, since));
  }
  return {};
}

Result<bool> LedgerStore::reads(const membership::Log& log, const membership::DeviceInfo& device, std::int64_t number, const LedgerId& ledger) {
  const std::vector<TeamId> teams = reading_teams(log, device.entry.user);
  WAYSIDE_TRY(membership::LedgerPlace place, place_of(log, number, ledger));
  WAYSIDE_TRY(const bool right, may(log, membership::Right::read, place, number, device.entry.user, log.size()));
  if (!right && !log.admitted_by_recovery(device)) return false;
  Query rows = database_->query("SELECT reader_kind, reader, head FROM grants WHERE ledger = ?", number);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return false;
    const membership::Grant grant{ledger, {}, static_cast<ReaderKind>(rows.integer(0)), Bytes(rows.blob(1)), 0, {}};
    const bool to_team = grant.reader_kind == ReaderKind::team_epoch &&
                         std::ranges::any_of(teams, [&](const TeamId& team) { return team.view() == grant.reader; });
    const bool to_device = grant.reader_kind == ReaderKind::device && grant.reader == device.entry.device.view();
    const bool by_paper = grant.reader_kind == ReaderKind::recovery && log.admitted_by_recovery(device);
    if ((to_team || to_device || by_paper) && log.counts(grant, static_cast<std::uint64_t>(rows.integer(2)))) return true;
  }
}

/// Carried is what the device's list holds, or what it does not hold, as the list says.
Result<void> LedgerStore::subscribe(const DeviceId& device, std::int64_t ledger, std::uint64_t since) {
  return database_->run(
      "INSERT OR IGNORE INTO subscriptions(device, ledger, since, carried) VALUES(?1, ?2, ?3, "
      "EXISTS(SELECT 1 FROM listed WHERE device = ?1 AND ledger = ?2) = coalesce((SELECT only_listed FROM carry_lists WHERE device = ?1), 0))",
      device, ledger, since);
}

Result<void> LedgerStore::mark_carried(const DeviceId& device) {
  return database_->run("UPDATE subscriptions SET carried = (ledger IN (SELECT ledger FROM listed WHERE device = ?1)) = "
                        "coalesce((SELECT only_listed FROM carry_lists WHERE device = ?1), 0) WHERE device = ?1",
                        device);
}

Result<bool> LedgerStore::knows_carry_list(const DeviceId& device, BytesView digest) {
  Query held = database_->query("SELECT digest FROM carry_lists WHERE device = ?", device);
  WAYSIDE_TRY(const bool row, held.next());
  return row ? held.blob(0) == digest : digest.empty();
}

/// What is carried again counts as shared with the device now, so that it learns where it stands.
Result<void> LedgerStore::take_carry_list(const Caller& caller, const wire::pb::CarryList& message) {
  if (caller.standing != Standing::device) return {};
  WAYSIDE_TRY(const wire::CarryList list, wire::carry_list(message));
  WAYSIDE_TRY(store::Transaction transaction, store::Transaction::begin(*database_));
  WAYSIDE_TRY(const std::uint64_t newest, newest_position());
  WAYSIDE_OK(database_->run("DELETE FROM carry_listed WHERE device = ?", caller.device));
  for (const LedgerId& each : list.ledgers) WAYSIDE_OK(database_->run("INSERT INTO carry_listed(device, ledger) VALUES(?, ?)", caller.device, each));
  WAYSIDE_OK(database_->run("INSERT OR REPLACE INTO carry_lists(device, digest, only_listed) VALUES(?, ?, ?)", caller.device, list.digest(),
                            list.only ? 1 : 0));
  WAYSIDE_OK(database_->run("UPDATE subscriptions SET since = ?2 WHERE device = ?1 AND carried = 0 AND "
                            "(ledger IN (SELECT ledger FROM listed WHERE device = ?1)) = ?3",
                            caller.device, newest, list.only ? 1 : 0));
  WAYSIDE_OK(mark_carried(caller.device));
  return std::move(transaction).commit();
}

}  // namespace wayside::office
