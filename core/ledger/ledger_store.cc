#include "core/ledger/ledger_store.h"

#include <algorithm>
#include <charconv>

namespace wayside::ledger {
namespace {


LedgerRow ledger_row(const store::Query& row) {
  return {row.integer(0), row.id<LedgerId>(1), static_cast<LedgerKind>(row.integer(2)), Bytes(row.blob(3)),
          TeamId::from(row.blob(4))};
}

Result<std::optional<LedgerRow>> first_ledger(store::Query query) {
  WAYSIDE_TRY(const bool found, query.next());
  if (!found) return std::nullopt;
  return ledger_row(query);
}

Result<RecordRow> record_row(const store::Query& row) {
  WAYSIDE_TRY(RecordState state, decode_record_state(row.blob(4), static_cast<std::uint32_t>(row.integer(3))));
  return RecordRow{row.integer(0), row.id<RecordId>(1), row.integer(2), std::move(state)};
}

Result<std::optional<RecordRow>> first_record(store::Query query) {
  WAYSIDE_TRY(const bool found, query.next());
  if (!found) return std::nullopt;
  WAYSIDE_TRY(RecordRow row, record_row(query));
  return row;
}

Result<std::vector<Bytes>> all_blobs(store::Query query) {
  std::vector<Bytes> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, query.next());
    if (!row) return out;
    out.emplace_back(query.blob(0));
  }
}

Result<std::vector<RecordRow>> all_records(store::Query query) {
  std::vector<RecordRow> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, query.next());
    if (!row) return out;
    WAYSIDE_TRY(RecordRow record, record_row(query));
    out.push_back(std::move(record));
  }
}

}  // namespace

// ---- Ledgers ----

Result<std::optional<LedgerRow>> LedgerStore::ledger(const LedgerId& id) {
  return first_ledger(database_.query("SELECT n, id, kind, subject, team FROM ledgers WHERE id = ?", id));
}

Result<std::optional<LedgerRow>> LedgerStore::ledger(std::int64_t n) {
  return first_ledger(database_.query("SELECT n, id, kind, subject, team FROM ledgers WHERE n = ?", n));
}

Result<std::optional<LedgerRow>> LedgerStore::ledger_of(LedgerKind kind, BytesView subject) {
  return first_ledger(
      database_.query("SELECT n, id, kind, subject, team FROM ledgers WHERE subject = ? AND kind = ? ORDER BY n LIMIT 1",
                      subject, static_cast<std::int64_t>(kind)));
}

Result<LedgerRow> LedgerStore::ensure_ledger(store::Transaction&, const LedgerId& id) {
  WAYSIDE_TRY(const auto known, ledger(id));
  if (known) return *known;
  WAYSIDE_OK(database_.run("INSERT INTO ledgers(id) VALUES(?)", id));
  return LedgerRow{database_.last_row(), id, LedgerKind::unknown, {}, std::nullopt};
}

Result<void> LedgerStore::open_ledger(store::Transaction&, std::int64_t n, const Opening& opening) {
  return database_.run("UPDATE ledgers SET kind = ?, subject = ?, parent = ?, team = ? WHERE n = ? AND kind = 0",
                       static_cast<std::int64_t>(opening.kind), opening.subject, opening.parent, opening.team, n);
}

// ---- Envelopes ----

Result<bool> LedgerStore::has_envelope(const EnvelopeId& id) {
  return database_.query("SELECT 1 FROM envelopes WHERE id = ?", id).next();
}

Result<std::int64_t> LedgerStore::author_number(store::Transaction&, const DeviceId& device, const IncarnationId& incarnation) {
  store::Query known = database_.query("SELECT n FROM authors WHERE device = ? AND incarnation = ?", device, incarnation);
  WAYSIDE_TRY(const bool found, known.next());
  if (found) return known.integer(0);
  WAYSIDE_OK(database_.run("INSERT INTO authors(device, incarnation) VALUES(?, ?)", device, incarnation));
  return database_.last_row();
}

Result<LedgerStore::Last> LedgerStore::last_of(std::int64_t ledger, std::int64_t author) {
  store::Query last = database_.query(
      "SELECT seq, id FROM envelopes WHERE ledger = ? AND author = ? ORDER BY seq DESC LIMIT 1", ledger, author);
  WAYSIDE_TRY(const bool found, last.next());
  if (!found) return Last{};
  return Last{static_cast<std::uint64_t>(last.integer(0)), last.id<EnvelopeId>(1)};
}

Result<std::optional<EnvelopeId>> LedgerStore::at_place(std::int64_t ledger, std::int64_t author, std::uint64_t seq) {
  store::Query place =
      database_.query("SELECT id FROM envelopes WHERE ledger = ? AND author = ? AND seq = ?", ledger, author, seq);
  WAYSIDE_TRY(const bool found, place.next());
  if (!found) return std::nullopt;
  return place.id<EnvelopeId>(0);
}

Result<std::optional<Bytes>> LedgerStore::sealed_at_place(std::int64_t ledger, std::int64_t author, std::uint64_t seq) {
  store::Query place =
      database_.query("SELECT sealed FROM envelopes WHERE ledger = ? AND author = ? AND seq = ?", ledger, author, seq);
  WAYSIDE_TRY(const bool found, place.next());
  if (!found) return std::nullopt;
  return Bytes(place.blob(0));
}

Result<std::vector<EnvelopeId>> LedgerStore::heads(std::int64_t ledger) {
  store::Query query = database_.query("SELECT heads FROM ledgers WHERE n = ?", ledger);
  WAYSIDE_TRY(const bool row, query.next());
  std::vector<EnvelopeId> out;
  if (!row) return out;
  for (BytesView rest = query.blob(0); rest.size() >= EnvelopeId::size_bytes; rest.remove_prefix(EnvelopeId::size_bytes)) {
    out.push_back(*EnvelopeId::from(rest.substr(0, EnvelopeId::size_bytes)));
  }
  return out;
}

Result<void> LedgerStore::mark_outgoing(store::Transaction&, std::int64_t envelope) {
  return database_.run("INSERT INTO outgoing(envelope) VALUES(?)", envelope);
}

Result<void> LedgerStore::clear_outgoing(store::Transaction&, const EnvelopeId& id) {
  return database_.run("DELETE FROM outgoing WHERE envelope = (SELECT n FROM envelopes WHERE id = ?)", id);
}

Result<std::uint64_t> LedgerStore::outgoing_count() {
  store::Query count = database_.query("SELECT count(*) FROM outgoing");
  WAYSIDE_OK(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

Result<std::int64_t> LedgerStore::append(store::Transaction&, std::int64_t ledger, std::int64_t author, std::uint64_t seq,
                                         const EnvelopeId& id, BytesView sealed, const std::vector<EnvelopeId>& builds_on) {
  WAYSIDE_OK(database_.run("INSERT INTO envelopes(id, ledger, author, seq, sealed) VALUES(?, ?, ?, ?, ?)", id, ledger,
                           author, seq, sealed));
  const std::int64_t n = database_.last_row();
  WAYSIDE_TRY(const std::vector<EnvelopeId> before, heads(ledger));
  Bytes after;
  for (const EnvelopeId& head : before) {
    if (std::find(builds_on.begin(), builds_on.end(), head) == builds_on.end()) after.append(head.view());
  }
  after.append(id.view());
  WAYSIDE_OK(database_.run("UPDATE ledgers SET heads = ? WHERE n = ?", after, ledger));
  return n;
}

Result<void> LedgerStore::each_envelope(std::int64_t ledger, const std::function<Result<void>(const EnvelopeRow&)>& visit) {
  store::Query all = database_.query("SELECT n, id, sealed FROM envelopes WHERE ledger = ? ORDER BY n", ledger);
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) return {};
    WAYSIDE_OK(visit({all.integer(0), all.id<EnvelopeId>(1), ledger, Bytes(all.blob(2))}));
  }
}

// ---- Grants and keys ----

Result<void> LedgerStore::put_grants(store::Transaction&, std::int64_t envelope, const std::vector<Bytes>& grants) {
  for (std::size_t place = 0; place < grants.size(); ++place) {
    WAYSIDE_OK(database_.run("INSERT INTO grants(envelope, place, bytes) VALUES(?, ?, ?)", envelope,
                             static_cast<std::int64_t>(place), grants[place]));
  }
  return {};
}

Result<std::vector<Bytes>> LedgerStore::grants_of_envelope(std::int64_t envelope) {
  return all_blobs(database_.query("SELECT bytes FROM grants WHERE envelope = ? ORDER BY place", envelope));
}

Result<std::vector<Bytes>> LedgerStore::grants_of_ledger(std::int64_t ledger) {
  return all_blobs(database_.query("SELECT bytes FROM grants JOIN envelopes ON envelopes.n = grants.envelope WHERE ledger = ?", ledger));
}

Result<void> LedgerStore::put_case_key(store::Transaction&, std::int64_t ledger, const KeyGenerationId& generation,
                                       BytesView key, std::uint64_t made_at) {
  return database_.run("INSERT OR IGNORE INTO case_keys(ledger, generation, key, made_at) VALUES(?, ?, ?, ?)", ledger,
                       generation, key, made_at);
}

Result<SecretBytes> LedgerStore::case_key(std::int64_t ledger, const KeyGenerationId& generation) {
  store::Query key = database_.query("SELECT key FROM case_keys WHERE ledger = ? AND generation = ?", ledger, generation);
  WAYSIDE_TRY(const bool found, key.next());
  if (!found) return fail(Errc::no_key, "no grant for this device");
  return key.secret(0);
}

Result<std::optional<LedgerStore::WritingKey>> LedgerStore::writing_key(std::int64_t ledger) {
  store::Query key = database_.query(
      "SELECT generation, key FROM case_keys WHERE ledger = ? ORDER BY made_at DESC, generation LIMIT 1", ledger);
  WAYSIDE_TRY(const bool found, key.next());
  if (!found) return std::nullopt;
  return WritingKey{key.id<KeyGenerationId>(0), key.secret(1)};
}

// ---- Records ----

Result<bool> LedgerStore::has_record(const RecordId& id) {
  return database_.query("SELECT 1 FROM records WHERE id = ?", id).next();
}

Result<std::optional<RecordRow>> LedgerStore::record(const RecordId& id) {
  return first_record(database_.query("SELECT n, id, ledger, type, state FROM records WHERE id = ? "
                                      "ORDER BY (SELECT ledgers.id FROM ledgers WHERE ledgers.n = records.ledger) LIMIT 1", id));
}

Result<std::optional<RecordRow>> LedgerStore::record(const RecordId& id, std::int64_t ledger) {
  return first_record(database_.query("SELECT n, id, ledger, type, state FROM records WHERE id = ? AND ledger = ?", id, ledger));
}

Result<std::optional<RecordRow>> LedgerStore::record(std::int64_t n) {
  return first_record(database_.query("SELECT n, id, ledger, type, state FROM records WHERE n = ?", n));
}

Result<std::vector<RecordRow>> LedgerStore::records_in(std::int64_t ledger) {
  return all_records(database_.query("SELECT n, id, ledger, type, state FROM records WHERE ledger = ? ORDER BY n", ledger));
}

Result<std::vector<RecordRow>> LedgerStore::records_of_type(std::uint32_t type) {
  // What the index of types has not reached yet lies beyond the watermark, or stands in the queue.
  WAYSIDE_TRY(const std::int64_t indexed_up_to, meta_number(kIndexedUpTo));
  return all_records(database_.query(
      "SELECT n, id, ledger, type, state FROM records WHERE type = ?1 AND n IN "
      "(SELECT record FROM record_types WHERE type = ?1 UNION SELECT n FROM records WHERE n > ?2 "
      "UNION SELECT record FROM search_queue) ORDER BY n",
      type, indexed_up_to));
}

Result<std::int64_t> LedgerStore::put_record(store::Transaction&, const RecordRow& row) {
  const Bytes state = encode(row.state);
  if (row.n != 0) {
    WAYSIDE_OK(database_.run("UPDATE records SET state = ?, type = ? WHERE n = ?", state, row.state.type, row.n));
    return row.n;
  }
  WAYSIDE_OK(database_.run("INSERT INTO records(id, ledger, type, state) VALUES(?, ?, ?, ?)", row.id, row.ledger,
                           row.state.type, state));
  return database_.last_row();
}

Result<void> LedgerStore::queue_for_search(store::Transaction&, std::int64_t record) {
  return database_.run("INSERT INTO search_queue(record) VALUES(?)", record);
}

// ---- Small things by name ----

Result<std::optional<Bytes>> LedgerStore::meta(std::string_view name) {
  store::Query value = database_.query("SELECT value FROM meta WHERE name = ?", store::SqlText{name});
  WAYSIDE_TRY(const bool found, value.next());
  if (!found) return std::nullopt;
  return Bytes(value.blob(0));
}

Result<void> LedgerStore::set_meta(store::Transaction&, std::string_view name, BytesView value) {
  return database_.run("INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                       store::SqlText{name}, value);
}

Result<std::int64_t> LedgerStore::meta_number(std::string_view name) {
  WAYSIDE_TRY(const auto text, meta(name));
  std::int64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

Result<void> LedgerStore::set_meta_number(store::Transaction& transaction, std::string_view name, std::int64_t value) {
  return set_meta(transaction, name, std::to_string(value));
}

}  // namespace wayside::ledger
