#include <algorithm>

#include "core/ledger/ledger_rows.h"
#include "core/ledger/ledger_store.h"
#include "core/ledger/store_schema.h"

// Taking a ledger away. Pages are overwritten (secure_delete), words leave the search index (FTS5 secure-delete).

namespace wayside::ledger {

Result<void> LedgerStore::erase(store::Transaction& transaction, std::int64_t n) {
  WAYSIDE_TRY(const auto row, ledger(n));
  if (!row) return fail(Errc::not_found, "ledger");
  WAYSIDE_TRY(const auto records, records_in(n));
  for (const RecordRow& record : records) WAYSIDE_OK(erase_record(transaction, record));
  WAYSIDE_OK(lower_watermark(transaction));
  WAYSIDE_OK(database_.run("DELETE FROM outgoing WHERE envelope IN (SELECT n FROM envelopes WHERE ledger = ?)", n));
  WAYSIDE_OK(database_.run("UPDATE envelopes SET own = 0, sealed = x'', grants = x'' WHERE ledger = ?", n));
  if (!row->subject.empty()) WAYSIDE_OK(ledgers_by_subject_.removed(transaction, row->subject, n));
  // The parent is the id of another ledger, and tells which certificate covers a compartment.
  return database_.run("UPDATE ledgers SET kind = ?, subject = NULL, team = NULL, compartment = 0, heads = x'', keys = x'' WHERE n = ?",
                       kErasedKind, n);
}

Result<void> LedgerStore::erase_record(store::Transaction& transaction, const RecordRow& row) {
  WAYSIDE_OK(database_.run("DELETE FROM reviews WHERE record = ?", row.n));
  WAYSIDE_OK(database_.run("DELETE FROM search_index WHERE rowid = ?", row.n));
  WAYSIDE_OK(database_.run("DELETE FROM record_types WHERE type = ? AND record = ?", row.state.type, row.n));
  WAYSIDE_OK(database_.run("DELETE FROM search_queue WHERE record = ?", row.n));
  WAYSIDE_OK(records_by_id_.removed(transaction, row.id.view(), row.n));
  WAYSIDE_OK(records_by_ledger_.removed(transaction, key_of(row.ledger), row.n));
  return database_.run("DELETE FROM records WHERE n = ?", row.n);
}

/// The number of a row that went is given out again: the record that gets it must lie beyond what is indexed.
Result<void> LedgerStore::lower_watermark(store::Transaction& transaction) {
  store::Query newest = database_.query("SELECT coalesce(max(n), 0) FROM records");
  WAYSIDE_OK(newest.next());
  WAYSIDE_TRY(const std::int64_t indexed_up_to, meta_number(kIndexedUpTo));
  if (indexed_up_to <= newest.integer(0)) return {};
  return set_meta_number(transaction, kIndexedUpTo, newest.integer(0));
}

Result<std::vector<LedgerRow>> LedgerStore::compartments_of(const LedgerId& parent) {
  return ledgers_numbered(*this, database_.query("SELECT n FROM ledgers WHERE parent = ? ORDER BY n", parent));
}

}  // namespace wayside::ledger
