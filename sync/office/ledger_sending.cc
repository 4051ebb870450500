#include "sync/office/ledger_store.h"

namespace wayside::office {

using store::Query;

/// Who says the same again has not heard the answer. Who knows of none begins: a device that met the office anew.
Result<bool> LedgerStore::take_sending(const Caller& caller, const wire::pb::SendingToken& token) {
  if (caller.standing != Standing::device) return true;
  Bytes kept;
  {
    Query row = database_->query("SELECT token FROM sending WHERE device = ? AND incarnation = ?", caller.device, BytesView(token.incarnation()));
    WAYSIDE_TRY(const bool found, row.next());
    if (found) kept = Bytes(row.blob(0));
  }
  if (kept == token.token()) return true;
  if (!kept.empty() && !token.before().empty() && kept != token.before()) return false;
  WAYSIDE_TRY(store::Transaction transaction, store::Transaction::begin(*database_));
  WAYSIDE_OK(database_->run("INSERT OR REPLACE INTO sending(device, incarnation, token) VALUES(?, ?, ?)", caller.device,
                            BytesView(token.incarnation()), BytesView(token.token())));
  WAYSIDE_OK(std::move(transaction).commit());
  return true;
}

}  // namespace wayside::office
