#include "sync/office/ledger_store.h"

// After a restore. Whoever held what the office lost gives it back, entries of the membership log first. Until that is done
// nobody may append one: it would take the place of an entry that a device still holds, and make two logs of one.

namespace wayside::office {

using store::Query;
using store::Transaction;

Result<void> LedgerStore::begin_generation(const GenerationId& generation, std::int64_t now_ms, std::int64_t backup_ms) {
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  WAYSIDE_OK(database_->run("UPDATE office SET generation = ?", generation));
  // A backup of an office that waited itself: what was lost then may be lost still.
  const std::int64_t since_ms = restored_ ? std::min(restored_->backup_ms, backup_ms) : backup_ms;
  WAYSIDE_OK(database_->run("DELETE FROM restored"));
  WAYSIDE_OK(database_->run("DELETE FROM accepted"));
  WAYSIDE_OK(database_->run("DELETE FROM receipt_places"));   // they are of the generation before
  WAYSIDE_OK(database_->run("DELETE FROM receipts"));
  WAYSIDE_OK(database_->run("INSERT INTO restored(at_ms, backup_ms) VALUES(?, ?)", now_ms, since_ms));
  WAYSIDE_OK(std::move(transaction).commit());
  generation_ = generation;
  restored_ = Restored{now_ms, since_ms};
  return {};
}

Result<std::optional<Restoration>> LedgerStore::restoration() {
  if (!restored_) return std::optional<Restoration>{};
  Restoration out{restored_->at_ms, restored_->backup_ms, {}, {}};
  for (const auto& [id, device] : log_.devices()) {
    if (device.removed || !membership::administers(log_.role_at(device.entry.user, log_.size()))) continue;
    Query accepted = database_->query("SELECT 1 FROM accepted WHERE device = ?", id);
    WAYSIDE_TRY(const bool done, accepted.next());
    if (!done) out.devices.push_back(id);
  }
  for (const auto& [id, ticket] : log_.tickets()) {
    if (!ticket.used && ticket.entry.expires_ms >= restored_->backup_ms) out.tickets.push_back(id);
  }
  return std::optional(std::move(out));
}

Result<void> LedgerStore::take_acceptance(const Caller& caller) {
  if (!restored_ || caller.standing != Standing::device) return {};
  WAYSIDE_OK(database_->run("INSERT OR IGNORE INTO accepted(device) VALUES(?)", caller.device));
  WAYSIDE_TRY(const auto waits, restoration());
  return waits && waits->devices.empty() && waits->tickets.empty() ? end_wait() : Result<void>{};
}

Result<void> LedgerStore::end_wait() {
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  WAYSIDE_OK(database_->run("DELETE FROM restored"));
  WAYSIDE_OK(database_->run("DELETE FROM accepted"));
  WAYSIDE_OK(std::move(transaction).commit());
  restored_.reset();
  return {};
}

Result<std::int64_t> LedgerStore::newest_entry_ms() {
  Query newest = database_->query("SELECT entry FROM membership ORDER BY number DESC LIMIT 1");
  WAYSIDE_TRY(const bool row, newest.next());
  if (!row) return fail(Errc::corrupt, "the office's store has no organisation");
  WAYSIDE_TRY(const auto entry, membership::parse_entry(newest.blob(0)));
  return entry.entry.time_ms;
}

}  // namespace wayside::office
