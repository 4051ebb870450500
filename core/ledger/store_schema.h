#pragma once

#include <cstdint>
#include <string_view>

/// The tables of a vault's store, version 1. `envelopes` is the ledger table: it holds the sealed bytes verbatim and is
/// the only copy of what was written; `records`, heads, `reviews` and the search index can be made from it again.
namespace wayside::ledger {

inline constexpr std::int64_t kApplicationId = 0x57415953;   // "WAYS"
/// 1 was never released.
inline constexpr std::uint32_t kStoreSchemaVersion = 2;

/// `ledgers.kind` of a ledger that was erased. No ledger says so of itself: kinds that travel are not below 0.
inline constexpr std::int64_t kErasedKind = -1;
/// `ledgers.kind` of a ledger whose content is not here is its own kind below one of these. Put down: nothing of it is
/// taken in. Awaited: what comes of it is taken in, and it is whole when no envelope that was here once lacks its content.
inline constexpr std::int64_t kPutDownKinds = -100, kAwaitedKinds = -200;

inline constexpr std::string_view kStoreSchema = R"sql(
  CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE secrets(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

  CREATE TABLE membership(number INTEGER PRIMARY KEY, entry BLOB NOT NULL);

  CREATE TABLE authors(n INTEGER PRIMARY KEY, device BLOB NOT NULL, incarnation BLOB NOT NULL, UNIQUE(device, incarnation));

  CREATE TABLE ledgers(n INTEGER PRIMARY KEY, id BLOB NOT NULL, kind INTEGER NOT NULL DEFAULT 0,
    subject BLOB, parent BLOB, team BLOB, compartment INTEGER NOT NULL DEFAULT 0, heads BLOB NOT NULL DEFAULT x'',
    keys BLOB NOT NULL DEFAULT x'');   -- of every generation: name 16, made at membership head 8 (little-endian), key 32

  CREATE TABLE envelopes(n INTEGER PRIMARY KEY, id BLOB NOT NULL, ledger INTEGER NOT NULL REFERENCES ledgers(n),
    author INTEGER NOT NULL REFERENCES authors(n), seq INTEGER NOT NULL, own INTEGER NOT NULL, totals BLOB NOT NULL,
    grants BLOB NOT NULL, sealed BLOB NOT NULL, UNIQUE(ledger, author, seq));
  -- Own envelopes that the office has not answered: these, and every own one beyond the watermark of `meta`.
  CREATE TABLE outgoing(envelope INTEGER PRIMARY KEY REFERENCES envelopes(n));

  CREATE TABLE pending(id BLOB PRIMARY KEY, waits_for BLOB NOT NULL, why INTEGER NOT NULL, since_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL, grants BLOB NOT NULL);
  CREATE INDEX pending_by_need ON pending(waits_for);
  CREATE TABLE quarantine(id BLOB PRIMARY KEY, why INTEGER NOT NULL, since_ms INTEGER NOT NULL, device BLOB, ledger BLOB,
    sealed BLOB NOT NULL, grants BLOB NOT NULL);

  CREATE TABLE records(n INTEGER PRIMARY KEY, id BLOB NOT NULL, ledger INTEGER NOT NULL REFERENCES ledgers(n),
    type INTEGER NOT NULL, state BLOB NOT NULL);
  CREATE TABLE reviews(id BLOB PRIMARY KEY, record INTEGER NOT NULL REFERENCES records(n), field INTEGER NOT NULL,
    since_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX reviews_by_record ON reviews(record);

  CREATE TABLE announced(ledger BLOB PRIMARY KEY, grants BLOB NOT NULL, kind INTEGER NOT NULL, since_ms INTEGER NOT NULL)
    WITHOUT ROWID;

  -- Where ids stand, written in batches (core/store/late_index.h); ledger_store.cc alone knows them.
  CREATE TABLE late_indexes(name TEXT PRIMARY KEY, up_to INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE ledgers_by_id(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) WITHOUT ROWID;
  CREATE TABLE ledgers_by_subject(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) WITHOUT ROWID;
  CREATE TABLE envelopes_by_id(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) WITHOUT ROWID;
  CREATE TABLE records_by_id(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) WITHOUT ROWID;
  CREATE TABLE records_by_ledger(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) WITHOUT ROWID;

  -- Follow the records by a watermark and a queue of changed ones, in batches: a save then writes a third fewer pages (docs/ARCHITECTURE.md).
  CREATE TABLE search_queue(n INTEGER PRIMARY KEY, record INTEGER NOT NULL);
  CREATE TABLE record_types(type INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(type, record)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE search_index USING fts5(names, words, detail = column, columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
  INSERT INTO search_index(search_index, rank) VALUES('secure-delete', 1);
  -- Encryption takes 80 bytes of a page of 4,096: a leaf of the index's own 4,050 would spill onto a second page.
  INSERT INTO search_index(search_index, rank) VALUES('pgsz', 3900);
)sql";

}  // namespace wayside::ledger
