#include <algorithm>

#include "core/casework/casebook.h"
#include "core/crypto/crypto.h"
#include "core/vault/refold.h"

namespace wayside::casework {
namespace {

void add_writes(const vault::OpenedEnvelope& opened, const RecordId& id, std::uint32_t field, std::vector<HistoryEntry>& out) {
  const ledger::ChangeSet& change = opened.change;
  std::uint32_t index = 0;
  for (const ledger::RecordWrites& record : change.records) {
    for (const ledger::Write& write : record.writes) {
      const Dot dot = ledger::dot_of(write, {opened.envelope.header.device, ledger::stem_of(opened.envelope.id), index++});
      if (record.record != id || (field != 0 && write.field != field)) continue;
      const schema::Field* const known = schema::current().field(record.type, write.field);
      if (known != nullptr && known->rows == 0) continue;   // the program's own: not shown, as everywhere
      HistoryEntry entry{dot, known, write.field, std::nullopt, write.supersedes,
                         opened.author, change.form, change.reason,
                         static_cast<vault::ClockQuality>(change.clock_quality)};
      if (!write.value.empty()) entry.value = decode_value(write.value);
      out.push_back(std::move(entry));
    }
  }
}

}  // namespace

Result<std::vector<HistoryEntry>> history(Vault& vault, const RecordId& id, std::uint32_t field) {
  WAYSIDE_TRY(const auto row, vault.store().record(id));
  if (!row) return fail(Errc::not_found, "record");
  std::vector<HistoryEntry> out;
  WAYSIDE_OK(vault.store().each_envelope(row->ledger, [&](const ledger::EnvelopeRow& each) -> Result<void> {
    WAYSIDE_TRY(const vault::OpenedEnvelope opened, vault::open_stored(vault, each));
    add_writes(opened, id, field, out);
    return {};
  }));
  std::stable_sort(out.begin(), out.end(), [](const HistoryEntry& a, const HistoryEntry& b) { return a.author.time < b.author.time; });
  return out;
}

Result<Standing> standing(Vault& vault) {
  Standing out;
  WAYSIDE_OK(vault.store().unfold_all());
  store::Database& database = vault.store().database();
  Bytes digests;
  store::Query records = database.query(
      "SELECT records.id, records.type, records.state FROM records JOIN ledgers ON ledgers.n = records.ledger "
      "ORDER BY records.id, ledgers.id");
  for (;;) {
    WAYSIDE_TRY(const bool row, records.next());
    if (!row) break;
    WAYSIDE_TRY(const auto state, ledger::decode_record_state(records.blob(2), static_cast<std::uint32_t>(records.integer(1))));
    digests.append(ledger::digest_of(records.id<RecordId>(0), state).view());
    ++out.records;
  }
  out.digest = crypto::hash("wayside/casebook-digest/1", {digests});
  // Team ledgers announce; they hold no records and grow with every reconcile, so they do not count as casework.
  store::Query ledgers = database.query("SELECT count(DISTINCT ledger) FROM records");
  WAYSIDE_OK(ledgers.next());
  out.ledgers = static_cast<std::uint64_t>(ledgers.integer(0));
  WAYSIDE_TRY(out.open_reviews, open_reviews(vault));
  return out;
}

}  // namespace wayside::casework
