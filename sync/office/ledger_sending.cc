#include <algorithm>

#include "sync/office/ledger_store.h"

namespace wayside::office {
namespace {

using store::Query;

/// More than a line can hold back of what was sent long ago: a request that comes late must not look like a new beginning.
constexpr std::int64_t kTokensKept = 16;

/// Newest first.
struct Kept { std::vector<Bytes> tokens; std::int64_t number = 0; };

Result<Kept> kept_of(store::Database& database, const DeviceId& device, BytesView incarnation) {
  Kept out;
  Query rows = database.query("SELECT number, token FROM sending WHERE device = ? AND incarnation = ? ORDER BY number DESC", device, incarnation);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    if (out.tokens.empty()) out.number = rows.integer(0);
    out.tokens.emplace_back(rows.blob(1));
  }
}

}  // namespace

/// Who says the same again has not heard the answer. Who names none of before begins: a device that met the office anew.
Result<bool> LedgerStore::take_sending(const Caller& caller, const wire::pb::SendingToken& token) {
  if (caller.standing != Standing::device) return true;
  const BytesView incarnation(token.incarnation());
  WAYSIDE_TRY(const Kept kept, kept_of(*database_, caller.device, incarnation));
  if (!kept.tokens.empty() && kept.tokens.front() == token.token()) return true;
  const bool comes_late = std::ranges::find(kept.tokens, token.token()) != kept.tokens.end();
  const bool follows = kept.tokens.empty() || token.before().empty() || kept.tokens.front() == token.before();
  if (comes_late || !follows) return false;
  WAYSIDE_TRY(store::Transaction transaction, store::Transaction::begin(*database_));
  WAYSIDE_OK(database_->run("INSERT INTO sending(device, incarnation, number, token) VALUES(?, ?, ?, ?)", caller.device, incarnation,
                            kept.number + 1, BytesView(token.token())));
  WAYSIDE_OK(database_->run("DELETE FROM sending WHERE device = ? AND incarnation = ? AND number <= ?", caller.device, incarnation,
                            kept.number + 1 - kTokensKept));
  WAYSIDE_OK(std::move(transaction).commit());
  return true;
}

}  // namespace wayside::office
