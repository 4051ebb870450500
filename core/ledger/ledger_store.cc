#include "core/ledger/ledger_store.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <tuple>

#include "core/crypto/crypto.h"

#include "core/ledger/store_schema.h"

namespace wayside::ledger {
namespace {

// A macro: the statement cache wants literals, and only the preprocessor joins them.
#define WAYSIDE_LATE_INDEX(tree, table, key, bytes, most)                          \
  store::LateIndex::Layout {                                                       \
    .name = tree, .recent = "SELECT n, " key " FROM " table " WHERE n > ?",        \
    .find = "SELECT n FROM " tree " WHERE id = ?",                                 \
    .insert = "INSERT OR IGNORE INTO " tree "(id, n) VALUES(?, ?)",                \
    .remove = "DELETE FROM " tree " WHERE id = ? AND n = ?",                       \
    .count = "SELECT count(*) FROM " tree, .key_bytes = (bytes), .batch = (most)   \
  }
// How many keys wait for their tree: the longer, the fewer pages; but at the first use they are read back from rows
// that lie on a page each (envelopes), or a handful to a page (records).
constexpr auto kLedgersById = WAYSIDE_LATE_INDEX("ledgers_by_id", "ledgers", "id", LedgerId::size_bytes, 512);
constexpr auto kLedgersBySubject = WAYSIDE_LATE_INDEX("ledgers_by_subject", "ledgers", "subject", RecordId::size_bytes, 512);
constexpr auto kEnvelopesById = WAYSIDE_LATE_INDEX("envelopes_by_id", "envelopes", "id", EnvelopeId::size_bytes, 512);
constexpr auto kRecordsById = WAYSIDE_LATE_INDEX("records_by_id", "records", "id", RecordId::size_bytes, 2048);
constexpr auto kRecordsByLedger = WAYSIDE_LATE_INDEX("records_by_ledger", "records", "printf('%016x', ledger)", 16, 2048);
#undef WAYSIDE_LATE_INDEX

LedgerRow ledger_row(const store::Query& row) {
  const std::int64_t kind = row.integer(2);
  LedgerRow out{row.integer(0), row.id<LedgerId>(1), static_cast<LedgerKind>(std::max<std::int64_t>(kind, 0)),
                Bytes(row.blob(3)), TeamId::from(row.blob(4)), static_cast<std::uint32_t>(row.integer(5)), kind == kErasedKind};
  out.parent = LedgerId::from(row.blob(6));
  if (kind <= kAwaitedKinds) {
    out.presence = LedgerRow::Presence::awaited;
    out.kind_elsewhere = static_cast<LedgerKind>(kAwaitedKinds - kind);
    out.kind = out.kind_elsewhere;   // what has come of it already is read like any other
  } else if (kind <= kPutDownKinds) {
    out.presence = LedgerRow::Presence::put_down;
    out.kind_elsewhere = static_cast<LedgerKind>(kPutDownKinds - kind);
  }
  return out;
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

Result<std::vector<RecordRow>> all_records(store::Query query) {
  std::vector<RecordRow> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, query.next());
    if (!row) return out;
    WAYSIDE_TRY(RecordRow record, record_row(query));
    out.push_back(std::move(record));
  }
}

/// One generation's key, in the memory of the ledger's packed ones.
struct PackedKey { KeyGenerationId generation; std::uint64_t made_at; std::span<std::byte> key; };
constexpr std::size_t kPackedKeyBytes = KeyGenerationId::size_bytes + 8 + crypto::kKeyBytes;

std::vector<PackedKey> unpack_keys(SecretBytes& packed) {
  std::vector<PackedKey> out;
  for (std::size_t at = 0; at + kPackedKeyBytes <= packed.size(); at += kPackedKeyBytes) {
    const BytesView each = packed.view().substr(at, kPackedKeyBytes);
    std::uint64_t made_at = 0;
    for (int i = 0; i < 8; ++i) made_at |= std::uint64_t{static_cast<unsigned char>(each[KeyGenerationId::size_bytes + i])} << (8 * i);
    auto* key = reinterpret_cast<std::byte*>(packed.data() + at + kPackedKeyBytes - crypto::kKeyBytes);
    out.push_back({*KeyGenerationId::from(each.substr(0, KeyGenerationId::size_bytes)), made_at, {key, crypto::kKeyBytes}});
  }
  return out;
}

/// Meta number: own envelopes up to this row stand in `outgoing` until they are answered.
constexpr std::string_view kOutgoingUpTo = "outgoing_up_to";

}  // namespace

Bytes pack_grants(const std::vector<Bytes>& grants) {
  Bytes out;
  for (const Bytes& grant : grants) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(grant.size() >> shift));
    out.append(grant);
  }
  return out;
}

std::vector<Bytes> unpack_grants(BytesView packed) {
  std::vector<Bytes> out;
  while (packed.size() >= 4) {
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length |= std::size_t{static_cast<unsigned char>(packed[i])} << (8 * i);
    packed.remove_prefix(4);
    if (packed.size() < length) break;
    out.emplace_back(packed.substr(0, length));
    packed.remove_prefix(length);
  }
  return out;
}

/// As SQL writes it above: neighbours in number are neighbours in the index.
Bytes LedgerStore::key_of(std::int64_t ledger) {
  Bytes out(16, '0');
  const auto number = static_cast<std::uint64_t>(ledger);
  for (int i = 0; i < 16; ++i) out[15 - i] = "0123456789abcdef"[number >> (4 * i) & 0xf];
  return out;
}

LedgerStore::LedgerStore(store::Database& database)
    : database_(database), ledgers_by_id_(database, kLedgersById), ledgers_by_subject_(database, kLedgersBySubject),
      envelopes_by_id_(database, kEnvelopesById), records_by_id_(database, kRecordsById),
      records_by_ledger_(database, kRecordsByLedger) {}

// ---- Ledgers ----

Result<std::optional<LedgerRow>> LedgerStore::ledger(const LedgerId& id) {
  WAYSIDE_TRY(const auto rows, ledgers_by_id_.find(id.view()));
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, ledger(n));
    if (found && found->id == id) return found;
  }
  return std::nullopt;
}

Result<std::optional<LedgerRow>> LedgerStore::ledger(std::int64_t n) {
  return first_ledger(database_.query("SELECT n, id, kind, subject, team, compartment, parent FROM ledgers WHERE n = ?", n));
}

Result<std::optional<LedgerRow>> LedgerStore::ledger_of(LedgerKind kind, BytesView subject) {
  WAYSIDE_TRY(const auto rows, ledgers_by_subject_.find(subject));
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, ledger(n));
    if (found && found->kind == kind && found->subject == subject) return found;
  }
  return std::nullopt;
}

Result<LedgerRow> LedgerStore::ensure_ledger(store::Transaction& transaction, const LedgerId& id) {
  WAYSIDE_TRY(const auto known, ledger(id));
  if (known) return *known;
  WAYSIDE_OK(database_.run("INSERT INTO ledgers(id) VALUES(?)", id));
  const std::int64_t n = database_.last_row();
  WAYSIDE_OK(ledgers_by_id_.added(transaction, id.view(), n));
  return LedgerRow{n, id, LedgerKind::unknown, {}, std::nullopt, 0};
}

Result<std::vector<LedgerRow>> LedgerStore::ledgers_of_case(const RecordId& case_id) {
  WAYSIDE_TRY(const auto rows, ledgers_by_subject_.find(case_id.view()));
  std::vector<LedgerRow> out;
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, ledger(n));
    if (!found || found->subject != case_id.view()) continue;
    if (found->kind == LedgerKind::case_ledger) out.insert(out.begin(), *std::move(found));
    else if (found->kind == LedgerKind::compartment) out.push_back(*std::move(found));
  }
  return out;
}

Result<std::vector<LedgerRow>> LedgerStore::compartments_of_team(const TeamId& team) {
  WAYSIDE_TRY(const auto rows, ledgers_by_subject_.find(team.view()));
  std::vector<LedgerRow> out;
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, ledger(n));
    if (found && found->kind == LedgerKind::compartment && found->subject == team.view()) out.push_back(*std::move(found));
  }
  return out;
}

Result<std::vector<LedgerRow>> LedgerStore::ledgers_with_sealed_values() {
  // A HeldValue of formats.proto whose value is kSealedValue. Bytes that happen to look so cost one folding in vain. None stands
  // in a bundle: what a writer of bundles cannot open she leaves out.
  std::vector<LedgerRow> out;
  store::Query rows = database_.query(
      "SELECT n, id, kind, subject, team, compartment, parent FROM ledgers WHERE n IN (SELECT ledger FROM records WHERE instr(state, x'1A0108') > 0)");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(ledger_row(rows));
  }
}

Result<void> LedgerStore::open_ledger(store::Transaction& transaction, std::int64_t n, const Opening& opening,
                                      std::uint32_t compartment) {
  WAYSIDE_OK(database_.run(
      "UPDATE ledgers SET kind = ?, subject = ?, parent = ?, team = ?, compartment = ? WHERE n = ? AND kind = 0",
      static_cast<std::int64_t>(opening.kind), opening.subject, opening.parent, opening.team, compartment, n));
  if (database_.changed_rows() == 0) return {};
  return ledgers_by_subject_.added(transaction, opening.subject, n);
}

// ---- Envelopes ----

Result<std::optional<std::int64_t>> LedgerStore::envelope_row(const EnvelopeId& id) {
  WAYSIDE_TRY(const auto rows, envelopes_by_id_.find(id.view()));
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(const bool found, database_.query("SELECT 1 FROM envelopes WHERE n = ? AND id = ?", n, id).next());
    if (found) return n;
  }
  return std::nullopt;
}

Result<bool> LedgerStore::has_envelope(const EnvelopeId& id) {
  WAYSIDE_TRY(const auto row, envelope_row(id));
  return row.has_value();
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

Result<void> LedgerStore::each_outgoing(const std::function<Result<void>(const EnvelopeRow&)>& visit) {
  WAYSIDE_TRY(const std::int64_t listed_up_to, meta_number(kOutgoingUpTo));
  store::Query all = database_.query(
      "SELECT n, id, ledger, sealed FROM envelopes WHERE n IN (SELECT envelope FROM outgoing) OR (n > ? AND own) ORDER BY n",
      listed_up_to);
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) return {};
    WAYSIDE_OK(visit({all.integer(0), all.id<EnvelopeId>(1), all.integer(2), Bytes(all.blob(3))}));
  }
}

/// A row of its own for each save would cost each a page, so they are listed when the first of them is answered.
Result<void> LedgerStore::clear_outgoing(store::Transaction& transaction, const EnvelopeId& id) {
  WAYSIDE_TRY(const auto row, envelope_row(id));
  if (!row) return {};
  WAYSIDE_TRY(const std::int64_t listed_up_to, meta_number(kOutgoingUpTo));
  if (*row > listed_up_to) {
    WAYSIDE_OK(database_.run("INSERT INTO outgoing(envelope) SELECT n FROM envelopes WHERE n > ? AND own", listed_up_to));
    store::Query newest = database_.query("SELECT max(n) FROM envelopes");
    WAYSIDE_OK(newest.next());
    WAYSIDE_OK(set_meta_number(transaction, kOutgoingUpTo, newest.integer(0)));
  }
  return database_.run("DELETE FROM outgoing WHERE envelope = ?", *row);
}

Result<std::uint64_t> LedgerStore::outgoing_count() {
  WAYSIDE_TRY(const std::int64_t listed_up_to, meta_number(kOutgoingUpTo));
  constexpr std::string_view kCount =
      "SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE e.own "
      "AND (e.n > ?1 OR e.n IN (SELECT envelope FROM outgoing)) AND l.kind NOT IN (?2, ?4) AND (l.kind != ?3 OR l.subject IS NOT l.team)";
  store::Query count = database_.query(kCount, listed_up_to, static_cast<std::int64_t>(LedgerKind::team),
                                       static_cast<std::int64_t>(LedgerKind::compartment), static_cast<std::int64_t>(LedgerKind::audit));
  WAYSIDE_OK(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

Result<Bytes> LedgerStore::last_totals() {
  store::Query newest = database_.query("SELECT totals FROM envelopes ORDER BY n DESC LIMIT 1");
  WAYSIDE_TRY(const bool found, newest.next());
  return found ? Bytes(newest.blob(0)) : Bytes{};
}

Result<std::int64_t> LedgerStore::append(store::Transaction& transaction, const NewEnvelope& envelope,
                                         const std::vector<EnvelopeId>& builds_on) {
  WAYSIDE_OK(database_.run("INSERT INTO envelopes(id, ledger, author, seq, own, totals, grants, sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                           envelope.id, envelope.ledger, envelope.author, envelope.seq, std::int64_t{envelope.own},
                           envelope.totals, pack_grants(envelope.grants), envelope.sealed));
  const std::int64_t n = database_.last_row();
  WAYSIDE_OK(envelopes_by_id_.added(transaction, envelope.id.view(), n));
  WAYSIDE_OK(move_heads(envelope.ledger, envelope.id, builds_on));
  return n;
}

Result<void> LedgerStore::move_heads(std::int64_t ledger, const EnvelopeId& newest, const std::vector<EnvelopeId>& builds_on) {
  WAYSIDE_TRY(const std::vector<EnvelopeId> before, heads(ledger));
  Bytes after;
  for (const EnvelopeId& head : before) {
    if (std::find(builds_on.begin(), builds_on.end(), head) == builds_on.end()) after.append(head.view());
  }
  after.append(newest.view());
  return database_.run("UPDATE ledgers SET heads = ? WHERE n = ?", after, ledger);
}

Result<void> LedgerStore::set_aside(store::Transaction&, std::int64_t n, std::int64_t nobody) {
  WAYSIDE_OK(database_.run("UPDATE envelopes SET sealed = x'', grants = x'', own = 0, author = ? WHERE n = ?", nobody, n));
  return database_.run("DELETE FROM outgoing WHERE envelope = ?", n);
}

Result<void> LedgerStore::put_again(store::Transaction&, std::int64_t n, const NewEnvelope& envelope,
                                    const std::vector<EnvelopeId>& builds_on) {
  WAYSIDE_OK(database_.run("UPDATE envelopes SET author = ?, grants = ?, sealed = ? WHERE n = ?", envelope.author,
                           pack_grants(envelope.grants), envelope.sealed, n));
  return move_heads(envelope.ledger, envelope.id, builds_on);
}

Result<void> LedgerStore::each_envelope(std::int64_t ledger, const std::function<Result<void>(const EnvelopeRow&)>& visit) {
  store::Query all = database_.query("SELECT n, id, sealed FROM envelopes WHERE ledger = ? AND sealed != x'' ORDER BY n", ledger);
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) return {};
    WAYSIDE_OK(visit({all.integer(0), all.id<EnvelopeId>(1), ledger, Bytes(all.blob(2))}));
  }
}

// ---- Grants and keys ----

Result<std::vector<Bytes>> LedgerStore::grants_of_envelope(std::int64_t envelope) {
  store::Query row = database_.query("SELECT grants FROM envelopes WHERE n = ?", envelope);
  WAYSIDE_TRY(const bool found, row.next());
  return found ? unpack_grants(row.blob(0)) : std::vector<Bytes>{};
}

Result<std::vector<Bytes>> LedgerStore::grants_of_ledger(std::int64_t ledger) {
  store::Query rows = database_.query("SELECT grants FROM envelopes WHERE ledger = ? ORDER BY n", ledger);
  std::vector<Bytes> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    for (Bytes& grant : unpack_grants(rows.blob(0))) out.push_back(std::move(grant));
  }
}

Result<SecretBytes> LedgerStore::packed_keys(std::int64_t ledger) {
  store::Query row = database_.query("SELECT keys FROM ledgers WHERE n = ?", ledger);
  WAYSIDE_TRY(const bool found, row.next());
  if (!found) return SecretBytes();
  return row.secret(0);
}

Result<void> LedgerStore::put_case_key(store::Transaction&, std::int64_t ledger, const KeyGenerationId& generation,
                                       BytesView key, std::uint64_t made_at) {
  if (key.size() != crypto::kKeyBytes) return fail(Errc::corrupt, "case key");
  WAYSIDE_TRY(SecretBytes before, packed_keys(ledger));
  const auto put_made_at = [made_at](unsigned char* to) {
    for (int shift = 0; shift < 64; shift += 8) *to++ = static_cast<unsigned char>(made_at >> shift);
    return to;
  };
  std::size_t at = 0;
  for (const PackedKey& each : unpack_keys(before)) {
    if (each.generation == generation) {
      if (each.made_at <= made_at) return {};
      put_made_at(before.data() + at * kPackedKeyBytes + KeyGenerationId::size_bytes);
      return database_.run("UPDATE ledgers SET keys = ? WHERE n = ?", before, ledger);
    }
    ++at;
  }
  SecretBytes after(before.size() + kPackedKeyBytes);
  unsigned char* to = std::copy_n(before.data(), before.size(), after.data());
  to = std::copy_n(reinterpret_cast<const unsigned char*>(generation.view().data()), KeyGenerationId::size_bytes, to);
  to = put_made_at(to);
  std::copy_n(reinterpret_cast<const unsigned char*>(key.data()), crypto::kKeyBytes, to);
  return database_.run("UPDATE ledgers SET keys = ? WHERE n = ?", after, ledger);
}

Result<SecretBytes> LedgerStore::case_key(std::int64_t ledger, const KeyGenerationId& generation) {
  WAYSIDE_TRY(SecretBytes packed, packed_keys(ledger));
  for (const PackedKey& each : unpack_keys(packed)) {
    if (each.generation == generation) return SecretBytes::take(each.key);
  }
  return fail(Errc::no_key, "no grant for this device");
}

Result<std::optional<LedgerStore::WritingKey>> LedgerStore::writing_key(std::int64_t ledger) {
  WAYSIDE_TRY(SecretBytes packed, packed_keys(ledger));
  std::vector<PackedKey> keys = unpack_keys(packed);
  std::erase_if(keys, [](const PackedKey& each) { return each.made_at == kForOpening; });
  const auto best = std::min_element(keys.begin(), keys.end(), [](const PackedKey& a, const PackedKey& b) {
    return std::tie(b.made_at, a.generation) < std::tie(a.made_at, b.generation);
  });
  if (best == keys.end()) return std::nullopt;
  return WritingKey{best->generation, SecretBytes::take(best->key), best->made_at};
}

Result<std::vector<LedgerStore::WritingKey>> LedgerStore::case_keys(std::int64_t ledger) {
  WAYSIDE_TRY(SecretBytes packed, packed_keys(ledger));
  std::vector<WritingKey> out;
  for (const PackedKey& each : unpack_keys(packed)) out.push_back({each.generation, SecretBytes::take(each.key), each.made_at});
  return out;
}

// ---- Records ----

Result<std::optional<RecordRow>> LedgerStore::record_at(std::int64_t n, const RecordId& id) {
  return first_record(database_.query("SELECT n, id, ledger, type, state FROM records WHERE n = ? AND id = ?", n, id));
}

Result<bool> LedgerStore::has_record(const RecordId& id) {
  WAYSIDE_OK(unfold_with(id));
  WAYSIDE_TRY(const auto rows, records_by_id_.find(id.view()));
  return !rows.empty();
}

Result<std::optional<RecordRow>> LedgerStore::record(const RecordId& id) {
  WAYSIDE_OK(unfold_with(id));
  WAYSIDE_TRY(const auto rows, records_by_id_.find(id.view()));
  if (rows.size() == 1) return record_at(rows.front(), id);
  // One id in two ledgers is somebody's mistake or lie; every device then shows the one of the lower ledger id.
  std::optional<RecordRow> out;
  LedgerId lowest;
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, record_at(n, id));
    if (!found) continue;
    WAYSIDE_TRY(const auto in, ledger(found->ledger));
    if (out && (!in || !(in->id < lowest))) continue;
    if (in) lowest = in->id;
    out = std::move(found);
  }
  return out;
}

Result<std::optional<RecordRow>> LedgerStore::record(const RecordId& id, std::int64_t ledger) {
  WAYSIDE_OK(unfold_with(id));
  WAYSIDE_TRY(const auto rows, records_by_id_.find(id.view()));
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, record_at(n, id));
    if (found && found->ledger == ledger) return found;
  }
  return std::nullopt;
}

Result<std::optional<RecordRow>> LedgerStore::record(std::int64_t n) {
  return first_record(database_.query("SELECT n, id, ledger, type, state FROM records WHERE n = ?", n));
}

Result<std::vector<RecordRow>> LedgerStore::records_in(std::int64_t ledger) {
  WAYSIDE_OK(unfold_with(ledger));
  WAYSIDE_TRY(const auto rows, records_by_ledger_.find(key_of(ledger)));
  std::vector<RecordRow> out;
  out.reserve(rows.size());
  for (const std::int64_t n : rows) {
    WAYSIDE_TRY(auto found, record(n));
    if (found && found->ledger == ledger) out.push_back(*std::move(found));
  }
  return out;
}

Result<std::vector<RecordRow>> LedgerStore::records_of_type(std::uint32_t type) {
  WAYSIDE_OK(unfold_all());
  // What the index of types has not reached yet lies beyond the watermark, or stands in the queue.
  WAYSIDE_TRY(const std::int64_t indexed_up_to, meta_number(kIndexedUpTo));
  return all_records(database_.query(
      "SELECT n, id, ledger, type, state FROM records WHERE type = ?1 AND n IN "
      "(SELECT record FROM record_types WHERE type = ?1 UNION SELECT n FROM records WHERE n > ?2 "
      "UNION SELECT record FROM search_queue) ORDER BY n",
      type, indexed_up_to));
}

Result<std::int64_t> LedgerStore::put_record(store::Transaction& transaction, const RecordRow& row) {
  const Bytes state = encode(row.state);
  if (row.n != 0) {
    WAYSIDE_OK(database_.run("UPDATE records SET state = ?, type = ? WHERE n = ?", state, row.state.type, row.n));
    return row.n;
  }
  WAYSIDE_OK(database_.run("INSERT INTO records(id, ledger, type, state) VALUES(?, ?, ?, ?)", row.id, row.ledger,
                           row.state.type, state));
  const std::int64_t n = database_.last_row();
  WAYSIDE_OK(records_by_id_.added(transaction, row.id.view(), n));
  WAYSIDE_OK(records_by_ledger_.added(transaction, key_of(row.ledger), n));
  return n;
}

Result<void> LedgerStore::queue_for_search(store::Transaction&, std::int64_t record) {
  return database_.run("INSERT INTO search_queue(record) VALUES(?)", record);
}

Result<void> LedgerStore::check_ids() {
  for (store::LateIndex* index : {&ledgers_by_id_, &ledgers_by_subject_, &envelopes_by_id_, &records_by_id_, &records_by_ledger_}) {
    WAYSIDE_OK(index->check());
  }
  return {};
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
