#include "core/vault/unconfirmed.h"

#include <algorithm>

namespace wayside::vault {
namespace {

/// Made when it is first needed: most vaults never doubt.
constexpr std::string_view kTable = "CREATE TABLE IF NOT EXISTS unconfirmed(envelope INTEGER PRIMARY KEY)";

/// Own envelopes beyond it have no row in `outgoing` while none of them was answered.
constexpr std::string_view kOutgoingUpTo = "outgoing_up_to";

/// Gives them theirs: then others may be added to the table.
Result<void> list_outgoing(ledger::LedgerStore& store, store::Transaction& transaction) {
  WAYSIDE_TRY(const std::int64_t listed_up_to, store.meta_number(kOutgoingUpTo));
  WAYSIDE_OK(store.database().run("INSERT OR IGNORE INTO outgoing(envelope) SELECT n FROM envelopes WHERE n > ? AND own", listed_up_to));
  std::int64_t newest = 0;
  {
    store::Query row = store.database().query("SELECT coalesce(max(n), 0) FROM envelopes");
    WAYSIDE_OK(row.next());
    newest = row.integer(0);
  }
  return store.set_meta_number(transaction, kOutgoingUpTo, newest);
}

struct Waiting { std::int64_t envelope = 0, ledger = 0; };

Result<std::vector<Waiting>> unconfirmed(store::Database& database) {
  store::Query rows = database.query("SELECT u.envelope, e.ledger FROM unconfirmed u JOIN envelopes e ON e.n = u.envelope "
                                     "WHERE e.sealed != x'' ORDER BY u.envelope");
  std::vector<Waiting> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back({rows.integer(0), rows.integer(1)});
  }
}

}  // namespace

Result<void> doubt_all(Vault& vault, Vault::Writing& writing) {
  store::Database& database = vault.store().database();
  WAYSIDE_OK(list_outgoing(vault.store(), writing.transaction()));
  WAYSIDE_OK(database.run(kTable));
  WAYSIDE_OK(database.run("DELETE FROM unconfirmed"));
  return database.run("INSERT INTO unconfirmed(envelope) SELECT n FROM envelopes "
                      "WHERE sealed != x'' AND n NOT IN (SELECT envelope FROM outgoing)");
}

Result<void> confirm(Vault& vault, Vault::Writing& writing, const EnvelopeId& id) {
  WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));
  WAYSIDE_TRY(const auto row, vault.store().envelope(id));
  return row ? vault.store().database().run("DELETE FROM unconfirmed WHERE envelope = ?", row->n) : Result<void>{};
}

Result<bool> was_answered(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const std::int64_t listed_up_to, vault.store().meta_number(kOutgoingUpTo));
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE ledger = ? AND sealed != x'' AND NOT (own AND n > ?) AND "
                                        "n NOT IN (SELECT envelope FROM outgoing) LIMIT 1", ledger, listed_up_to).next();
}

Result<std::uint64_t> send_unconfirmed(Vault& vault, Vault::Writing& writing) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto waiting, unconfirmed(store.database()));
  const std::vector<TeamId> teams = vault.membership().teams_of(vault.identity().user);
  WAYSIDE_OK(list_outgoing(store, writing.transaction()));
  std::uint64_t sent = 0;
  for (const Waiting& each : waiting) {
    WAYSIDE_TRY(const auto ledger, store.ledger(each.ledger));
    const bool read_here = ledger && (!ledger->team || std::ranges::find(teams, *ledger->team) != teams.end());
    if (!read_here) continue;
    WAYSIDE_OK(store.database().run("INSERT OR IGNORE INTO outgoing(envelope) VALUES(?)", each.envelope));
    ++sent;
  }
  WAYSIDE_OK(store.database().run("DELETE FROM unconfirmed"));
  return sent;
}

}  // namespace wayside::vault
