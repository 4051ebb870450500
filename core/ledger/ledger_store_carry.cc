#include <set>

#include "core/ledger/ledger_rows.h"
#include "core/ledger/ledger_store.h"
#include "core/ledger/store_schema.h"

// A ledger whose content is not here for a while. Pages are overwritten (secure_delete), words leave the search index.

namespace wayside::ledger {
namespace {

LedgerKind kind_of(const LedgerRow& row) { return row.presence == LedgerRow::Presence::here ? row.kind : row.kind_elsewhere; }

std::int64_t stored(const LedgerRow& row, LedgerRow::Presence presence) {
  const auto kind = static_cast<std::int64_t>(kind_of(row));
  switch (presence) {
    case LedgerRow::Presence::put_down: return kPutDownKinds - kind;
    case LedgerRow::Presence::awaited: return kAwaitedKinds - kind;
    case LedgerRow::Presence::here: break;
  }
  return kind;
}

struct AuthorOf { std::int64_t n = 0; IncarnationId incarnation; };

}  // namespace

Result<void> LedgerStore::put_down(store::Transaction& transaction, const LedgerRow& row, const Nobody& nobody,
                                   LedgerRow::Presence presence) {
  WAYSIDE_TRY(const auto records, records_in(row.n));
  for (const RecordRow& record : records) WAYSIDE_OK(erase_record(transaction, record));
  WAYSIDE_OK(lower_watermark(transaction));
  WAYSIDE_OK(database_.run("DELETE FROM outgoing WHERE envelope IN (SELECT n FROM envelopes WHERE ledger = ?)", row.n));
  std::vector<AuthorOf> authors;
  {
    store::Query found = database_.query("SELECT DISTINCT a.n, a.incarnation FROM envelopes e JOIN authors a ON a.n = e.author "
                                         "WHERE e.ledger = ? AND e.sealed != x''", row.n);
    for (;;) {
      WAYSIDE_TRY(const bool more, found.next());
      if (!more) break;
      authors.push_back({found.integer(0), found.id<IncarnationId>(1)});
    }
  }
  for (const AuthorOf& author : authors) {
    WAYSIDE_TRY(const std::int64_t none, nobody(author.incarnation));
    WAYSIDE_OK(database_.run("UPDATE envelopes SET own = 0, sealed = x'', grants = x'', author = ? WHERE ledger = ? AND author = ? AND sealed != x''",
                             none, row.n, author.n));
  }
  return database_.run("UPDATE ledgers SET kind = ?, heads = x'', keys = x'' WHERE n = ?", stored(row, presence), row.n);
}

Result<void> LedgerStore::await(store::Transaction&, const LedgerRow& row) {
  return database_.run("UPDATE ledgers SET kind = ? WHERE n = ?", stored(row, LedgerRow::Presence::awaited), row.n);
}

Result<void> LedgerStore::settle(store::Transaction&, const LedgerRow& row) {
  return database_.run("UPDATE ledgers SET kind = ? WHERE n = ?", stored(row, LedgerRow::Presence::here), row.n);
}

/// What was kept apart when it came has come.
Result<bool> LedgerStore::lacks_content(std::int64_t n, const DeviceId& nobody) {
  return database_.query("SELECT 1 FROM envelopes e JOIN authors a ON a.n = e.author WHERE e.ledger = ? AND a.device = ? "
                         "AND e.id NOT IN (SELECT id FROM quarantine) LIMIT 1", n, nobody).next();
}

Result<std::vector<LedgerRow>> LedgerStore::ledgers_elsewhere() {
  return ledgers_numbered(*this, database_.query("SELECT n FROM ledgers WHERE kind <= ? ORDER BY n", kPutDownKinds));
}

Result<std::optional<LedgerRow>> LedgerStore::ledger_anywhere(LedgerKind kind, BytesView subject) {
  WAYSIDE_TRY(const auto rows, ledgers_by_subject_.find(subject));
  std::optional<LedgerRow> out;
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, ledger(n));
    if (!found || kind_of(*found) != kind || found->subject != subject) continue;
    if (found->presence == LedgerRow::Presence::here) return found;
    if (!out) out = std::move(found);
  }
  return out;
}

}  // namespace wayside::ledger
