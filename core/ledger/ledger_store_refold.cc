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
  WAYSIDE_OK(erase_record(transaction, row));
  return lower_watermark(transaction);
}

Result<void> LedgerStore::put_heads(store::Transaction&, std::int64_t ledger, const std::vector<EnvelopeId>& heads) {
  Bytes packed;
  for (const EnvelopeId& head : heads) packed.append(head.view());
  return database_.run("UPDATE ledgers SET heads = ? WHERE n = ?", packed, ledger);
}

}  // namespace wayside::ledger
