#include "core/vault/pack_records.h"

#include <algorithm>

#include "core/ledger/apply.h"
#include "core/ledger/view.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kLookedAt = "packs_looked_at";

/// "lad 2\nrefuge 1\n"
Bytes names_in_force(const Vault& vault) {
  Bytes out;
  for (const packs::Listed& each : vault.packs()) {
    if (each.state == packs::Listed::State::in_force) out += each.pack.name + " " + std::to_string(each.pack.version) + "\n";
  }
  return out;
}

std::vector<const schema::Field*> pack_fields(const schema::RecordType& type) {
  std::vector<const schema::Field*> fields;
  for (const schema::Field& field : type.fields) {
    if (!field.pack.empty()) fields.push_back(&field);
  }
  return fields;
}

Result<std::vector<std::int64_t>> records_of(Vault& vault, schema::TypeId type) {
  std::vector<std::int64_t> out;
  WAYSIDE_OK(vault.store().unfold_all());
  store::Query rows = vault.store().database().query("SELECT n FROM records WHERE type = ?", type);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.integer(0));
  }
}

Result<void> look_at(Vault& vault, store::Transaction& transaction, std::int64_t n,
                     const std::vector<const schema::Field*>& fields) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto record, store.record(n));
  if (!record) return {};
  bool holds_any = false;
  for (const schema::Field* field : fields) {
    const ledger::FieldState* const state = record->state.field(field->id);
    if (state == nullptr) continue;
    holds_any = true;
    const ledger::ReviewId review = ledger::review_id(record->id, field->id);
    if (ledger::needs_review(field, *state)) {
      WAYSIDE_OK(store.database().run("INSERT OR IGNORE INTO reviews(id, record, field, since_ms) VALUES(?, ?, ?, ?)", review, n,
                                      field->id, vault.env().clock.wall_ms()));
    } else {
      WAYSIDE_OK(store.database().run("DELETE FROM reviews WHERE id = ?", review));
    }
  }
  return holds_any ? store.queue_for_search(transaction, n) : Result<void>{};
}

}  // namespace

Result<void> look_again_at_pack_records(Vault& vault, store::Transaction& transaction) {
  for (const schema::RecordType& type : schema::current().types()) {
    const auto fields = pack_fields(type);
    if (fields.empty()) continue;
    WAYSIDE_TRY(const auto records, records_of(vault, type.id));
    for (const std::int64_t n : records) WAYSIDE_OK(look_at(vault, transaction, n, fields));
  }
  return vault.store().set_meta(transaction, kLookedAt, names_in_force(vault));
}

Result<bool> looked_at_pack_records(Vault& vault) {
  WAYSIDE_TRY(const auto names, vault.store().meta(kLookedAt));
  return names.value_or(Bytes{}) == names_in_force(vault);
}

}  // namespace wayside::vault
