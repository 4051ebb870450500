#include "core/ledger/envelope.h"
#include "sync/office/ledger_store.h"
#include "sync/wire/codec.h"

// What goes from the office with a certificate of erasure.

namespace wayside::office {

using store::Query;

namespace {

/// Parcels kept apart are not told by ledger: each is looked at, there are few. Their rows stay, so that the same parcel
/// does not come back.
Result<void> empty_quarantined(store::Database& database, const LedgerId& ledger) {
  std::vector<std::int64_t> found;
  {
    Query rows = database.query("SELECT number, parcel FROM quarantine");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      const auto parcel = wire::decode_plain<wire::pb::Parcel>(rows.blob(1));
      const auto envelope = parcel ? ledger::parse_envelope(parcel->envelope()) : Result<ledger::ParsedEnvelope>(fail(Errc::bad_input));
      if (envelope && envelope->header.ledger == ledger) found.push_back(rows.integer(0));
    }
  }
  for (const std::int64_t number : found) {
    WAYSIDE_OK(database.run("UPDATE quarantine SET parcel = x'', bytes = 0 WHERE number = ?", number));
  }
  return {};
}

}  // namespace

Result<std::vector<Digest>> LedgerStore::erase(const LedgerId& ledger) {
  WAYSIDE_OK(empty_quarantined(*database_, ledger));
  std::int64_t number = 0;
  {
    Query row = database_->query("SELECT number FROM ledgers WHERE ledger = ?", ledger);
    WAYSIDE_TRY(const bool found, row.next());
    if (!found) return std::vector<Digest>{};
    number = row.integer(0);
  }
  WAYSIDE_OK(database_->run("UPDATE log SET envelope = x'', grants = x'' WHERE ledger = ?", number));
  WAYSIDE_OK(database_->run("DELETE FROM grants WHERE ledger = ?", number));
  WAYSIDE_OK(database_->run("UPDATE ledgers SET bytes = 0 WHERE number = ?", number));
  return erase_parts(number);
}

}  // namespace wayside::office
