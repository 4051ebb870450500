#include "core/ledger/apply.h"

#include "core/crypto/crypto.h"
#include "core/ledger/view.h"

namespace wayside::ledger {
namespace {

bool waits_for_a_person(const RecordState& state, std::uint32_t field_id) {
  if (field_id == kArchivedFieldId) return archived(state).needs_review;
  const FieldState* field = state.field(field_id);
  return field != nullptr && needs_review(schema::current().field(state.type, field_id), *field);
}

Result<void> apply_to_record(LedgerStore& store, store::Transaction& transaction, const Verified& envelope,
                             const RecordWrites& writes, std::uint32_t first_index, bool look_up, std::int64_t now_ms) {
  std::optional<RecordRow> known;
  if (look_up) {
    WAYSIDE_TRY(known, store.record(writes.record, envelope.ledger));
  }
  const bool was_there = known.has_value();
  RecordRow row = was_there ? *std::move(known) : RecordRow{0, writes.record, envelope.ledger, RecordState{writes.type, {}}};
  // A type is fixed with its record; should two ever differ, every device keeps the lower number.
  const std::uint32_t type_before = row.state.type;
  row.state.type = std::min(row.state.type, writes.type);
  std::set<std::uint32_t> touched;
  std::uint32_t index = first_index;
  for (const Write& write : writes.writes) {
    fold(row.state, write, {envelope.device, stem_of(envelope.id), index++}, envelope.author);
    touched.insert(write.field);
  }
  WAYSIDE_TRY(const std::int64_t n, store.put_record(transaction, row));
  row.n = n;
  // A new record lies beyond the index's watermark already.
  if (was_there) WAYSIDE_OK(store.queue_for_search(transaction, row.n));
  // Another type has other policies: then all of its fields are looked at again.
  if (row.state.type != type_before) {
    for (const auto& [id, field] : row.state.fields) touched.insert(id);
  }
  // A write to an archived record may be one that its archiving did not cover.
  if (row.state.field(kArchivedFieldId) != nullptr) touched.insert(kArchivedFieldId);
  for (const std::uint32_t field : touched) WAYSIDE_OK(keep_review_in_step(store, row, field, was_there, now_ms));
  return {};
}

}  // namespace

Result<void> keep_review_in_step(LedgerStore& store, const RecordRow& record, std::uint32_t field, bool was_there, std::int64_t now_ms) {
  if (waits_for_a_person(record.state, field)) {
    return store.database().run("INSERT OR IGNORE INTO reviews(id, record, field, since_ms) VALUES(?, ?, ?, ?)",
                                review_id(record.id, field), record.n, field, now_ms);
  }
  if (!was_there) return {};   // a new record has no review to take away
  return store.database().run("DELETE FROM reviews WHERE id = ?", review_id(record.id, field));
}

ReviewId review_id(const RecordId& record, std::uint32_t field) {
  const Bytes number = std::to_string(field);
  return *ReviewId::from(crypto::hash("wayside/review/1", {record.view(), number}).view().substr(0, 16));
}

Result<void> apply(LedgerStore& store, store::Transaction& transaction, const Verified& envelope,
                   const ChangeSet& change, std::int64_t now_ms) {
  std::uint32_t index = 0;
  std::set<RecordId> seen;
  for (const RecordWrites& writes : change.records) {
    // Two parts of one change-set may name the same record: then the second must find what the first wrote.
    const bool look_up = !envelope.first_in_ledger || !seen.insert(writes.record).second;
    WAYSIDE_OK(apply_to_record(store, transaction, envelope, writes, index, look_up, now_ms));
    index += static_cast<std::uint32_t>(writes.writes.size());
  }
  for (const Announcement& announced : change.announcements) {
    WAYSIDE_OK(store.database().run(
        "INSERT INTO announced(ledger, grants, kind, since_ms) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(ledger) DO UPDATE SET grants = excluded.grants",
        announced.ledger, announced.grants, static_cast<std::int64_t>(announced.kind), now_ms));
  }
  return {};
}

}  // namespace wayside::ledger
