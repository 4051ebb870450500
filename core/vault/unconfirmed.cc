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

/// The same for late work, which lies in quarantine. `lost`: the office does not have it, and it goes there again.
constexpr std::string_view kLateTable = "CREATE TABLE IF NOT EXISTS unconfirmed_late(id BLOB PRIMARY KEY, lost INTEGER NOT NULL DEFAULT 0)";

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

Result<bool> has_late_table(store::Database& database) {
  return database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'unconfirmed_late'").next();
}

Result<void> doubt_late_work(store::Database& database) {
  WAYSIDE_OK(database.run(kLateTable));
  WAYSIDE_OK(database.run("DELETE FROM unconfirmed_late"));
  return database.run("INSERT INTO unconfirmed_late(id) SELECT id FROM quarantine WHERE why = ? AND sealed != x''",
                      static_cast<std::int64_t>(Errc::removed));
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
  WAYSIDE_OK(doubt_late_work(database));
  WAYSIDE_OK(database.run(kTable));
  WAYSIDE_OK(database.run("DELETE FROM unconfirmed"));
  return database.run("INSERT INTO unconfirmed(envelope) SELECT n FROM envelopes "
                      "WHERE sealed != x'' AND n NOT IN (SELECT envelope FROM outgoing)");
}

Result<void> confirm(Vault& vault, Vault::Writing& writing, const EnvelopeId& id) {
  WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));
  WAYSIDE_TRY(const auto row, vault.store().envelope(id));
  if (!row) return late_was_sent(vault, writing, {id});
  return vault.store().database().run("DELETE FROM unconfirmed WHERE envelope = ?", row->n);
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

/// Whether one of these wraps is for a team of this worker's, or for this device.
bool is_granted_here(const Vault& vault, const std::vector<Bytes>& grants) {
  return std::ranges::any_of(grants, [&](const Bytes& bytes) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant) return false;
    const bool to_device = grant->reader_kind == membership::ReaderKind::device && grant->reader == vault.identity().device.str();
    return to_device || (grant->reader_kind == membership::ReaderKind::team_epoch && in_team(vault, TeamId::from(grant->reader)));
  });
}

}  // namespace

Result<bool> is_read_here(Vault& vault, const ledger::LedgerRow& ledger) {
  if (ledger.kind == ledger::LedgerKind::audit) return log_is_read_here(vault, ledger);
  if (ledger.team) return reads(vault, ledger);   // also a case that another team shares
  const membership::Log& log = vault.membership();
  const membership::DeviceInfo* device = log.device(vault.identity().device);
  if (device != nullptr && log.admitted_by_recovery(*device)) return true;
  WAYSIDE_TRY(const auto grants, vault.store().grants_of_ledger(ledger.n));
  return is_granted_here(vault, grants);
}

Result<bool> waits_to_be_sent(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const std::int64_t listed_up_to, vault.store().meta_number(kOutgoingUpTo));
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE ledger = ? AND sealed != x'' AND ((own AND n > ?) OR "
                                        "n IN (SELECT envelope FROM outgoing)) LIMIT 1", ledger, listed_up_to).next();
}

namespace {

struct Late { EnvelopeId id; LedgerId ledger; std::vector<Bytes> grants; };

Result<std::vector<Late>> unconfirmed_late(store::Database& database) {
  store::Query rows = database.query("SELECT q.id, q.ledger, q.grants FROM unconfirmed_late u JOIN quarantine q ON q.id = u.id "
                                     "WHERE NOT u.lost AND q.sealed != x'' AND q.ledger IS NOT NULL");
  std::vector<Late> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back({rows.id<EnvelopeId>(0), rows.id<LedgerId>(1), ledger::unpack_grants(rows.blob(2))});
  }
}

/// How many. A ledger that late work alone opened is known here by its wraps.
Result<std::uint64_t> send_late_work(Vault& vault) {
  store::Database& database = vault.store().database();
  WAYSIDE_OK(database.run(kLateTable));
  WAYSIDE_TRY(const auto late, unconfirmed_late(database));
  std::uint64_t sent = 0;
  for (const Late& each : late) {
    WAYSIDE_TRY(const auto ledger, vault.store().ledger(each.ledger));
    bool read_here = is_granted_here(vault, each.grants);
    if (!read_here && ledger) {
      WAYSIDE_TRY(read_here, is_read_here(vault, *ledger));
    }
    if (!read_here) continue;
    WAYSIDE_OK(database.run("UPDATE unconfirmed_late SET lost = 1 WHERE id = ?", each.id));
    ++sent;
  }
  WAYSIDE_OK(database.run("DELETE FROM unconfirmed_late WHERE NOT lost"));
  return sent;
}

}  // namespace

Result<std::uint64_t> send_unconfirmed(Vault& vault, Vault::Writing& writing) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto waiting, unconfirmed(store.database()));
  std::map<std::int64_t, bool> read_here;
  WAYSIDE_OK(list_outgoing(store, writing.transaction()));
  WAYSIDE_TRY(std::uint64_t sent, send_late_work(vault));
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

Result<void> send_own_again(Vault& vault, Vault::Writing& writing) {
  store::Database& database = vault.store().database();
  WAYSIDE_OK(list_outgoing(vault.store(), writing.transaction()));
  WAYSIDE_OK(database.run("INSERT OR IGNORE INTO outgoing(envelope) SELECT n FROM envelopes WHERE own AND sealed != x''"));
  WAYSIDE_OK(database.run(kTable));
  return database.run("DELETE FROM unconfirmed");
}

Result<void> each_late_to_send(Vault& vault, const LateParcel& each) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_late_table(database));
  if (!any) return {};
  std::vector<EnvelopeId> lost;
  {
    store::Query rows = database.query("SELECT id FROM unconfirmed_late WHERE lost");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      lost.push_back(rows.id<EnvelopeId>(0));
    }
  }
  for (const EnvelopeId& id : lost) {
    // Accepted meanwhile, it stands in its ledger.
    WAYSIDE_TRY(const auto folded, vault.store().envelope(id));
    store::Query row = database.query("SELECT sealed, grants FROM quarantine WHERE id = ? AND sealed != x''", id);
    WAYSIDE_TRY(const bool apart, row.next());
    if (apart) {
      WAYSIDE_OK(each(id, row.blob(0), ledger::unpack_grants(row.blob(1))));
    } else if (folded && !folded->sealed.empty()) {
      WAYSIDE_TRY(auto grants, vault.store().grants_of_envelope(folded->n));
      WAYSIDE_OK(each(id, folded->sealed, std::move(grants)));
    }
  }
  return {};
}

Result<void> late_was_sent(Vault& vault, Vault::Writing&, const std::vector<EnvelopeId>& answered) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_late_table(database));
  if (!any) return {};
  for (const EnvelopeId& id : answered) WAYSIDE_OK(database.run("DELETE FROM unconfirmed_late WHERE id = ?", id));
  return {};
}

}  // namespace wayside::vault
