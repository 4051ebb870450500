#include <algorithm>
#include <set>

#include "sync/office/ledger_store.h"
#include "sync/office/tuning.h"

// What devices say that they have seen of the ledgers, from one to the others.

namespace wayside::office {

using store::Query;
using store::Transaction;

namespace {

constexpr std::int64_t kMembershipLog = 0;

}  // namespace

/// Nothing when the device does not read it.
Result<std::optional<LedgerStore::Receipted>> LedgerStore::receipted_ledger(const DeviceId& device, const LedgerId& ledger) {
  if (ledger.view() == log_.organisation().view()) return Receipted{kMembershipLog, true};
  Query row = database_->query(
      "SELECT l.number, s.carried FROM ledgers l CROSS JOIN subscriptions s ON s.device = ?1 AND s.ledger = l.number WHERE l.ledger = ?2",
      device, ledger);
  WAYSIDE_TRY(const bool found, row.next());
  return found ? std::optional(Receipted{row.integer(0), row.integer(1) != 0}) : std::nullopt;
}

Result<void> LedgerStore::take_receipts(const Caller& caller, BytesView receipts) {
  const membership::DeviceInfo* device = log_.device(caller.device);
  const auto parsed = ledger::parse_receipts(receipts);
  if (!parsed || device == nullptr) return {};
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  for (const ledger::Receipt& each : *parsed) {
    const bool of_here = each.organisation == log_.organisation() && each.generation == generation_ && each.device == caller.device;
    if (of_here && ledger::signed_by(each, device->entry.sign_public)) WAYSIDE_OK(take_receipt(each));
  }
  return std::move(transaction).commit();
}

Result<void> LedgerStore::take_receipt(const ledger::Receipt& receipt) {
  std::optional<std::int64_t> number;
  std::set<std::int64_t> replaced;
  for (const ledger::ReceiptPlace& place : receipt.places) {
    if (place.covered) continue;
    WAYSIDE_TRY(const auto ledger, receipted_ledger(receipt.device, place.ledger));
    if (!ledger) continue;
    {
      Query before = database_->query("SELECT r.number, r.time FROM receipt_places p JOIN receipts r ON r.number = p.receipt "
                                      "WHERE p.ledger = ? AND p.device = ?", ledger->number, receipt.device);
      WAYSIDE_TRY(const bool said, before.next());
      if (said && before.integer(1) >= static_cast<std::int64_t>(receipt.time)) continue;
      if (said) replaced.insert(before.integer(0));
    }
    if (!number) {
      WAYSIDE_OK(database_->run("INSERT INTO receipts(device, time, bytes) VALUES(?, ?, ?)", receipt.device, receipt.time,
                                ledger::encode_receipt(receipt)));
      number = database_->last_row();
    }
    WAYSIDE_OK(database_->run("INSERT OR REPLACE INTO receipt_places(ledger, device, receipt) VALUES(?, ?, ?)", ledger->number, receipt.device,
                              *number));
  }
  for (const std::int64_t each : replaced) {
    WAYSIDE_OK(database_->run("DELETE FROM receipts WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM receipt_places WHERE receipt = ?1)", each));
  }
  return {};
}

/// Whether anything of it is left for that device to read, once the rest is covered.
Result<bool> LedgerStore::cover_unread(const DeviceId& device, std::int64_t number, ledger::Receipt& receipt) {
  bool any = false;
  for (ledger::ReceiptPlace& place : receipt.places) {
    if (place.covered) continue;
    WAYSIDE_TRY(const auto ledger, receipted_ledger(device, place.ledger));
    bool counts = false;   // what its device has said later stands in another receipt
    if (ledger && ledger->carried) {
      WAYSIDE_TRY(counts, database_->query("SELECT 1 FROM receipt_places WHERE ledger = ? AND device = ? AND receipt = ?", ledger->number,
                                           receipt.device, number).next());
    }
    if (!counts) place = ledger::cover(place);
    any = any || counts;
  }
  return any;
}

Result<void> LedgerStore::add_receipts(const DeviceId& device, std::uint64_t seen, wire::pb::PullAnswer& answer) {
  {
    Query newest = database_->query("SELECT coalesce(max(number), 0) FROM receipts");
    WAYSIDE_OK(newest.next());
    if (seen > static_cast<std::uint64_t>(newest.integer(0))) seen = 0;   // this store was put back, or is another
  }
  std::size_t room = kReceiptBytesPerAnswer;
  Query rows = database_->query("SELECT number, device, bytes FROM receipts WHERE number > ? ORDER BY number", seen);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    const std::int64_t number = rows.integer(0);
    if (rows.id<DeviceId>(1) != device) {
      WAYSIDE_TRY(ledger::Receipt receipt, ledger::parse_receipt(rows.blob(2)));
      WAYSIDE_TRY(const bool any, cover_unread(device, number, receipt));
      const Bytes bytes = any ? ledger::encode_receipt(receipt) : Bytes();
      if (bytes.size() > room) return {};
      room -= bytes.size();
      if (any) answer.add_receipts(bytes);
    }
    answer.set_receipts_up_to(static_cast<std::uint64_t>(number));
  }
}

}  // namespace wayside::office
