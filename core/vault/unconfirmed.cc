#include "core/vault/unconfirmed.h"

#include <algorithm>
#include <map>

#include "core/ledger/envelope.h"
#include "core/membership/grant.h"
#include "core/membership/rights.h"
#include "core/vault/sharing.h"

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

namespace {

/// The office takes a log of reads for one of the teams in which its writer began it, and gives it to whoever is in one of them.
Result<bool> log_is_read_here(Vault& vault, const ledger::LedgerRow& ledger) {
  const membership::Log& log = vault.membership();
  store::Query first = vault.store().database().query("SELECT sealed FROM envelopes WHERE ledger = ? AND sealed != x'' ORDER BY n LIMIT 1", ledger.n);
  WAYSIDE_TRY(const bool row, first.next());
  const auto envelope = row ? ledger::parse_envelope(first.blob(0)) : fail(Errc::not_found);
  const auto head = envelope ? log.number_of(envelope->header.membership_head) : std::nullopt;
  const membership::DeviceInfo* writer = envelope ? log.device(envelope->header.device) : nullptr;
  if (!head || writer == nullptr) return false;
  const membership::LedgerPlace place{ledger.id, membership::Realm::of_case, log.teams_at(writer->entry.user, *head), {}};
  return membership::may(log, membership::Right::read, place, vault.identity().user, log.size() - 1);
}

}  // namespace

Result<bool> is_read_here(Vault& vault, const ledger::LedgerRow& ledger) {
  if (ledger.kind == ledger::LedgerKind::audit) return log_is_read_here(vault, ledger);
  const membership::Log& log = vault.membership();
  const std::vector<TeamId> teams = log.teams_of(vault.identity().user);
  const auto is_mine = [&teams](const TeamId& team) { return std::ranges::find(teams, team) != teams.end(); };
  if (ledger.team) return reads(vault, ledger);   // also a case that another team shares
  const membership::DeviceInfo* device = log.device(vault.identity().device);
  if (device != nullptr && log.admitted_by_recovery(*device)) return true;
  WAYSIDE_TRY(const auto grants, vault.store().grants_of_ledger(ledger.n));
  for (const Bytes& bytes : grants) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant) continue;
    const auto team = grant->reader_kind == membership::ReaderKind::team_epoch ? TeamId::from(grant->reader) : std::nullopt;
    const bool to_device = grant->reader_kind == membership::ReaderKind::device && grant->reader == vault.identity().device.str();
    if (to_device || (team && is_mine(*team))) return true;
  }
  return false;
}

Result<bool> waits_to_be_sent(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const std::int64_t listed_up_to, vault.store().meta_number(kOutgoingUpTo));
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE ledger = ? AND sealed != x'' AND ((own AND n > ?) OR "
                                        "n IN (SELECT envelope FROM outgoing)) LIMIT 1", ledger, listed_up_to).next();
}

Result<std::uint64_t> send_unconfirmed(Vault& vault, Vault::Writing& writing) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto waiting, unconfirmed(store.database()));
  std::map<std::int64_t, bool> read_here;
  WAYSIDE_OK(list_outgoing(store, writing.transaction()));
  std::uint64_t sent = 0;
  for (const Waiting& each : waiting) {
    const auto [at, is_new] = read_here.try_emplace(each.ledger, false);
    if (is_new) {
      WAYSIDE_TRY(const auto ledger, store.ledger(each.ledger));
      if (ledger) {
        WAYSIDE_TRY(at->second, is_read_here(vault, *ledger));
      }
    }
    if (!at->second) continue;
    WAYSIDE_OK(store.database().run("INSERT OR IGNORE INTO outgoing(envelope) VALUES(?)", each.envelope));
    ++sent;
  }
  WAYSIDE_OK(store.database().run("DELETE FROM unconfirmed"));
  return sent;
}

}  // namespace wayside::vault
