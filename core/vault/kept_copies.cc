#include "core/vault/kept_copies.h"

#include "core/ledger/sealed_copy.h"
#include "core/vault/lease.h"

namespace wayside::vault {
namespace {

/// Made when it is first needed: most vaults never put a case down. `since_ms`: the newest time that the office had signed by then;
/// `until_ms`: 0 until it has signed a later one. `send`: it goes to the office.
constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS kept_copies(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, ledger BLOB NOT NULL, since_ms INTEGER NOT NULL, "
    "until_ms INTEGER NOT NULL DEFAULT 0, send INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL)";

Result<bool> has_table(store::Database& database) {
  return database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kept_copies'").next();
}

struct Written { std::int64_t n = 0; EnvelopeId id; Bytes sealed; };

/// By this device, in whatever incarnation; fetched again, it is not the vault's own to send, and is kept all the same.
Result<std::vector<Written>> written_here(Vault& vault, std::int64_t ledger) {
  store::Query rows = vault.store().database().query("SELECT e.n, e.id, e.sealed FROM envelopes e JOIN authors a ON a.n = e.author "
                                                     "WHERE e.ledger = ? AND a.device = ? AND e.sealed != x'' ORDER BY e.n",
                                                     ledger, vault.identity().device);
  std::vector<Written> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back({rows.integer(0), rows.id<EnvelopeId>(1), Bytes(rows.blob(2))});
  }
}

}  // namespace

Result<void> keep_copies(Vault& vault, Vault::Writing&, const ledger::LedgerRow& ledger) {
  const auto& office = vault.membership().office();
  if (!office) return {};
  WAYSIDE_TRY(const auto written, written_here(vault, ledger.n));
  if (written.empty()) return {};
  store::Database& database = vault.store().database();
  WAYSIDE_OK(database.run(kTable));
  WAYSIDE_TRY(const std::int64_t since_ms, office_said_ms(vault));
  WAYSIDE_TRY(auto sealer, ledger::CopySealer::to(office->sign_public, vault.identity().organisation, vault.env().random));
  for (const Written& each : written) {
    WAYSIDE_TRY(const auto grants, vault.store().grants_of_envelope(each.n));
    WAYSIDE_TRY(const Bytes sealed, sealer.seal(each.id, each.sealed, grants));
    WAYSIDE_OK(database.run("INSERT OR REPLACE INTO kept_copies(id, ledger, since_ms, sealed) VALUES(?, ?, ?, ?)", each.id, ledger.id,
                            since_ms, sealed));
  }
  return {};
}

Result<void> forget_copies(Vault& vault, store::Transaction&, const LedgerId& ledger) {
  WAYSIDE_TRY(const bool any, has_table(vault.store().database()));
  return any ? vault.store().database().run("DELETE FROM kept_copies WHERE ledger = ?", ledger) : Result<void>{};
}

Result<void> send_copies(Vault& vault, Vault::Writing&) {
  WAYSIDE_TRY(const bool any, has_table(vault.store().database()));
  return any ? vault.store().database().run("UPDATE kept_copies SET send = 1") : Result<void>{};
}

Result<void> each_copy_to_send(Vault& vault, const CopyToSend& each) {
  WAYSIDE_TRY(const bool any, has_table(vault.store().database()));
  if (!any) return {};
  store::Query rows = vault.store().database().query("SELECT id, sealed FROM kept_copies WHERE send ORDER BY n");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    WAYSIDE_OK(each(rows.id<EnvelopeId>(0), rows.blob(1)));
  }
}

Result<void> copies_were_sent(Vault& vault, Vault::Writing&, const std::vector<EnvelopeId>& answered) {
  WAYSIDE_TRY(const bool any, answered.empty() ? Result<bool>(false) : has_table(vault.store().database()));
  if (!any) return {};
  for (const EnvelopeId& id : answered) WAYSIDE_OK(vault.store().database().run("UPDATE kept_copies SET send = 0 WHERE id = ? AND send", id));
  return {};
}

Result<void> let_go_of_copies(Vault& vault) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_table(database));
  if (!any) return {};
  WAYSIDE_TRY(const std::int64_t said_ms, office_said_ms(vault));
  constexpr std::string_view kDue = "SELECT 1 FROM kept_copies WHERE CASE until_ms WHEN 0 THEN since_ms < ?1 ELSE until_ms <= ?1 END LIMIT 1";
  WAYSIDE_TRY(const bool to_do, database.query(kDue, said_ms).next());
  if (!to_do) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(database.run("DELETE FROM kept_copies WHERE until_ms != 0 AND until_ms <= ?", said_ms));
  WAYSIDE_OK(database.run("UPDATE kept_copies SET until_ms = ? WHERE until_ms = 0 AND since_ms < ?", said_ms + kCopiesKept_ms, said_ms));
  return std::move(writing).commit();
}

Result<std::uint64_t> kept_copies(Vault& vault) {
  WAYSIDE_TRY(const bool any, has_table(vault.store().database()));
  if (!any) return std::uint64_t{0};
  store::Query count = vault.store().database().query("SELECT count(*) FROM kept_copies");
  WAYSIDE_OK(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

}  // namespace wayside::vault
