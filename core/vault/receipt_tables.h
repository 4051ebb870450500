#pragma once

#include <string_view>

#include "core/store/database.h"

/// Tables of core/vault/receipts.h and covered.h, made with the first page that is folded. No row outside of them depends on one.
namespace wayside::vault {

inline constexpr std::string_view kReceiptTables = R"sql(
  -- Where the office put what was folded: the chain over each ledger's envelopes as it stood there. `ledger` as in `ledgers`.
  CREATE TABLE seen_heads(ledger INTEGER NOT NULL, lsn INTEGER NOT NULL, head BLOB NOT NULL,
    envelope INTEGER NOT NULL,          -- its row, 0: not among the envelopes here
    own INTEGER NOT NULL, PRIMARY KEY(ledger, lsn)) WITHOUT ROWID;
  CREATE INDEX seen_heads_own ON seen_heads(ledger, lsn) WHERE own;

  -- The newest that the office has signed; 0: the membership log.
  CREATE TABLE seen_ledgers(ledger INTEGER PRIMARY KEY, lsn INTEGER NOT NULL, head BLOB NOT NULL,
    told INTEGER NOT NULL,              -- a receipt of this device says so, and the office has it
    covered INTEGER NOT NULL);          -- what was written here up to there is with colleagues
  CREATE INDEX seen_ledgers_untold ON seen_ledgers(ledger) WHERE NOT told;

  -- Of colleagues' receipts the latest by device and ledger, and those of them that go further than what is here.
  CREATE TABLE receipt_devices(n INTEGER PRIMARY KEY, device BLOB NOT NULL UNIQUE);
  CREATE TABLE receipts(ledger INTEGER NOT NULL, device INTEGER NOT NULL, lsn INTEGER NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY(ledger, device)) WITHOUT ROWID;
  CREATE TABLE receipts_ahead(ledger INTEGER NOT NULL, device INTEGER NOT NULL, lsn INTEGER NOT NULL, head BLOB NOT NULL,
    PRIMARY KEY(ledger, device)) WITHOUT ROWID;

  CREATE TABLE contradictions(n INTEGER PRIMARY KEY, generation BLOB NOT NULL, ledger BLOB NOT NULL, device BLOB NOT NULL,
    kind INTEGER NOT NULL, their_lsn INTEGER NOT NULL, theirs BLOB NOT NULL, our_lsn INTEGER NOT NULL, ours BLOB NOT NULL,
    noticed_ms INTEGER NOT NULL, told INTEGER NOT NULL);
)sql";

/// All that is of one generation.
inline constexpr std::string_view kForgetPlaces = R"sql(
  DELETE FROM seen_heads; DELETE FROM seen_ledgers; DELETE FROM receipts; DELETE FROM receipts_ahead;
)sql";

/// Before that nothing is known.
Result<bool> has_receipt_tables(store::Database& database);

}  // namespace wayside::vault
