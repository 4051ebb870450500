#include <algorithm>

#include "core/ledger/ledger_store.h"

// What a ledger holds once some of its envelopes do not count any more.

namespace wayside::ledger {

Result<std::optional<EnvelopeRow>> LedgerStore::envelope(const EnvelopeId& id) {
  WAYSIDE_TRY(const auto n, envelope_row(id));
  if (!n) return std::nullopt;
  store::Query row = database_.query("SELECT ledger, sealed FROM envelopes WHERE n = ?", *n);
  WAYSIDE_OK(row.next());
  return EnvelopeRow{*n, id, row.integer(0), Bytes(row.blob(1))};
}

Result<void> LedgerStore::drop_record(store::Transaction& transaction, const RecordRow& row) {
  WAYSIDE_OK(database_.run("DELETE FROM reviews WHERE record = ?", row.n));
  WAYSIDE_OK(database_.run("DELETE FROM search_index WHERE rowid = ?", row.n));
  WAYSIDE_OK(database_.run("DELETE FROM record_types WHERE type = ? AND record = ?", row.state.type, row.n));
  WAYSIDE_OK(database_.run("DELETE FROM search_queue WHERE record = ?", row.n));
  WAYSIDE_OK(records_by_id_.removed(transaction, row.id.view(), row.n));
  WAYSIDE_OK(records_by_ledger_.removed(transaction, key_of(row.ledger), row.n));
  WAYSIDE_OK(database_.run("DELETE FROM records WHERE n = ?", row.n));
  // The number of a row that went is given out again: the record that gets it must lie beyond what is indexed.
  store::Query newest = database_.query("SELECT coalesce(max(n), 0) FROM records");
  WAYSIDE_OK(newest.next());
  WAYSIDE_TRY(const std::int64_t indexed_up_to, meta_number(kIndexedUpTo));
  return set_meta_number(transaction, kIndexedUpTo, std::min(indexed_up_to, newest.integer(0)));
}

Result<void> LedgerStore::put_heads(store::Transaction&, std::int64_t ledger, const std::vector<EnvelopeId>& heads) {
  Bytes packed;
  for (const EnvelopeId& head : heads) packed.append(head.view());
  return database_.run("UPDATE ledgers SET heads = ? WHERE n = ?", packed, ledger);
}

}  // namespace wayside::ledger
