#pragma once

#include <string_view>

/// The office's tables. Ledgers and authors are numbered, so that the large tables hold small integers.
namespace wayside::office {

/// 1: without kPartsSchema; 2: without kRestorationSchema; 3: without kReceiptsSchema and kSharesSchema; 4: without kSharingSchema;
/// 5: without kSendingSchema; 6: without kCarrySchema.
inline constexpr std::int64_t kStoreVersion = 7;

inline constexpr std::string_view kSchema = R"(
  CREATE TABLE office(version INTEGER NOT NULL, generation BLOB NOT NULL);

  -- Entries as sent. `entry` n of the log has number n - 1.
  CREATE TABLE membership(number INTEGER PRIMARY KEY, entry BLOB NOT NULL);

  CREATE TABLE ledgers(
    number INTEGER PRIMARY KEY,
    ledger BLOB NOT NULL UNIQUE,
    lsn INTEGER NOT NULL,               -- of the newest envelope
    head BLOB NOT NULL,                 -- sync/wire/frontier.h
    newest INTEGER NOT NULL,            -- its position
    bytes INTEGER NOT NULL);

  CREATE TABLE authors(
    number INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    UNIQUE(device, incarnation));

  -- Envelopes verbatim; the last column, so that a scan of the others need not touch it.
  CREATE TABLE log(
    position INTEGER PRIMARY KEY,       -- dense in the organisation
    ledger INTEGER NOT NULL REFERENCES ledgers(number),
    lsn INTEGER NOT NULL,               -- dense in the ledger
    id BLOB NOT NULL UNIQUE,
    author INTEGER NOT NULL REFERENCES authors(number),
    seq INTEGER NOT NULL,
    grants BLOB NOT NULL,               -- hashes of the grants that travel with it, 32 bytes each
    envelope BLOB NOT NULL,
    UNIQUE(ledger, lsn),
    UNIQUE(author, ledger, seq));

  CREATE TABLE grants(
    hash BLOB PRIMARY KEY,
    ledger INTEGER NOT NULL REFERENCES ledgers(number),
    reader_kind INTEGER NOT NULL,       -- core/membership/grant.h
    reader BLOB NOT NULL,
    bytes BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX grants_by_reader ON grants(reader_kind, reader, ledger);

  -- Which device gets which ledger: follows from grants and membership, kept so that a frontier is one indexed read.
  CREATE TABLE subscriptions(
    device BLOB NOT NULL,
    ledger INTEGER NOT NULL REFERENCES ledgers(number),
    since INTEGER NOT NULL,             -- newest position when it was added
    PRIMARY KEY(device, ledger)) WITHOUT ROWID;

  CREATE TABLE quarantine(
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,        -- of the parcel, so that the same one is kept once
    pushed_by BLOB NOT NULL,
    reason INTEGER NOT NULL,            -- Errc
    received_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    parcel BLOB NOT NULL);
  CREATE INDEX quarantine_by_device ON quarantine(pushed_by, bytes);
)";

/// Parts of attachments. Their bytes are files beside the store (core/attachments/blobs.h): durable before their row is.
inline constexpr std::string_view kPartsSchema = R"(
  -- What the headers of envelopes name. An address may stand in several ledgers.
  CREATE TABLE parts(
    address BLOB NOT NULL,
    ledger INTEGER NOT NULL REFERENCES ledgers(number),
    author BLOB NOT NULL,               -- device that wrote the envelope
    PRIMARY KEY(address, ledger, author)) WITHOUT ROWID;
  CREATE INDEX parts_by_ledger ON parts(ledger);

  CREATE TABLE part_files(
    address BLOB PRIMARY KEY,
    bytes INTEGER NOT NULL,
    put_by BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX part_files_by_device ON part_files(put_by, bytes);
)";

/// Cases that are withdrawn from a team, and cases that a device does not carry (ledger_subscriptions.cc).
inline constexpr std::string_view kSharingSchema = R"(
  -- Number of the entry under whose head the envelope was signed that brought it. 0 for those of before version 5: no case had
  -- been withdrawn then.
  ALTER TABLE grants ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
  -- 0: the device may read and write the ledger, and wants nothing of it.
  ALTER TABLE subscriptions ADD COLUMN carried INTEGER NOT NULL DEFAULT 1;
  CREATE TABLE put_down(device BLOB NOT NULL, ledger BLOB NOT NULL, PRIMARY KEY(device, ledger)) WITHOUT ROWID;
  CREATE TABLE put_down_lists(device BLOB PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
)";

/// Devices that carry what they list and nothing else (ledger_subscriptions.cc).
inline constexpr std::string_view kCarrySchema = R"(
  ALTER TABLE put_down RENAME TO carry_listed;
  ALTER TABLE put_down_lists RENAME TO carry_lists;
  ALTER TABLE carry_lists ADD COLUMN only_listed INTEGER NOT NULL DEFAULT 0;
  CREATE VIEW listed AS SELECT c.device, l.number AS ledger FROM carry_listed c JOIN ledgers l ON l.ledger = c.ledger;
)";

/// The newest tokens that a device has shown when it sent (ledger_sending.cc).
inline constexpr std::string_view kSendingSchema = R"(
  CREATE TABLE sending(
    device BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    number INTEGER NOT NULL,
    token BLOB NOT NULL,
    PRIMARY KEY(device, incarnation, number)) WITHOUT ROWID;
)";

/// What a new generation waits for (restoration.cc). Empty but after `restore`.
inline constexpr std::string_view kRestorationSchema = R"(
  CREATE TABLE restored(
    at_ms INTEGER NOT NULL,
    backup_ms INTEGER NOT NULL);        -- the backup was made no earlier

  -- Devices that have given back all that they hold and this generation had lost.
  CREATE TABLE accepted(device BLOB PRIMARY KEY) WITHOUT ROWID;
)";

/// What devices say that they have seen (core/ledger/receipt.h). Of each device and ledger the latest counts; a receipt stays as
/// long as one of its places does.
inline constexpr std::string_view kReceiptsSchema = R"(
  CREATE TABLE receipts(
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice: devices remember up to which they have seen them
    device BLOB NOT NULL,
    time INTEGER NOT NULL,                      -- the receipt's own
    bytes BLOB NOT NULL);

  CREATE TABLE receipt_places(
    ledger INTEGER NOT NULL,                    -- 0: the membership log
    device BLOB NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipts(number),
    PRIMARY KEY(ledger, device)) WITHOUT ROWID;
  CREATE INDEX receipt_places_by_receipt ON receipt_places(receipt);
)";

/// How much each device has had stored here, as the author whose signature each envelope carries.
inline constexpr std::string_view kSharesSchema = R"(
  CREATE TABLE shares(
    device BLOB PRIMARY KEY,
    bytes INTEGER NOT NULL,             -- in all
    day INTEGER NOT NULL,               -- since 1970: the newest on which anything was stored or refused
    day_bytes INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO shares(device, bytes, day, day_bytes)
    SELECT a.device, sum(length(l.envelope)), 0, 0 FROM log l JOIN authors a ON a.number = l.author GROUP BY a.device;
)";

}  // namespace wayside::office
