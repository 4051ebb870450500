#include "core/vault/erasure.h"

#include <algorithm>

#include "core/attachments/blobs.h"
#include "core/attachments/named_parts.h"
#include "core/ledger/store_schema.h"
#include "core/vault/kept_copies.h"
#include "core/vault/snapshot.h"
#include "core/vault/unsent_parts.h"

namespace wayside::vault {
namespace {

using ledger::LedgerRow;

/// Meta names of what is left to do: "erasing-" ‖ ledger, or envelope that named the files, in hex.
constexpr std::string_view kLeftPrefix = "erasing-";

/// What lies outside of the store and goes with a ledger: drafts by the ids of records, files by their addresses.
struct Left {
  std::vector<RecordId> records;
  std::vector<Digest> parts;
};

/// u32le records ‖ records 16 each ‖ addresses 32 each
Bytes encode(const Left& left) {
  Bytes out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(left.records.size() >> shift));
  for (const RecordId& each : left.records) out.append(each.view());
  for (const Digest& each : left.parts) out.append(each.view());
  return out;
}

Left decode(BytesView bytes) {
  Left out;
  if (bytes.size() < 4) return out;
  std::size_t records = 0;
  for (int i = 0; i < 4; ++i) records |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(4);
  for (; records > 0 && bytes.size() >= RecordId::size_bytes; --records, bytes.remove_prefix(RecordId::size_bytes)) {
    out.records.push_back(*RecordId::from(bytes.substr(0, RecordId::size_bytes)));
  }
  for (; bytes.size() >= Digest::size_bytes; bytes.remove_prefix(Digest::size_bytes)) {
    out.parts.push_back(*Digest::from(bytes.substr(0, Digest::size_bytes)));
  }
  return out;
}

Result<Left> what_is_left(Vault& vault, const LedgerRow& row) {
  Left out;
  if (const auto subject = RecordId::from(row.subject)) out.records.push_back(*subject);
  WAYSIDE_TRY(const auto records, vault.store().records_in(row.n));
  for (const ledger::RecordRow& record : records) {
    out.records.push_back(record.id);
    const auto parts = attachments::parts_named(record.state);
    out.parts.insert(out.parts.end(), parts.begin(), parts.end());
  }
  return out;
}

/// The ids alone, so that their author sees that they were there.
Result<void> keep_ids_of_unsent(Vault& vault, const LedgerRow& row) {
  std::vector<EnvelopeId> unsent;
  WAYSIDE_OK(vault.store().each_outgoing([&](const ledger::EnvelopeRow& each) -> Result<void> {
    if (each.ledger == row.n) unsent.push_back(each.id);
    return {};
  }));
  for (const EnvelopeId& id : unsent) {
    WAYSIDE_OK(vault.store().database().run(
        "INSERT OR IGNORE INTO quarantine(id, why, since_ms, device, ledger, sealed, grants) VALUES(?, ?, ?, ?, ?, x'', x'')", id,
        static_cast<std::int64_t>(Errc::erased), vault.env().clock.wall_ms(), vault.identity().device, row.id));
  }
  return {};
}

/// What waited for something is not told apart by ledger, so each is looked at: there are few.
Result<void> drop_pending(Vault& vault, const LedgerId& ledger) {
  std::vector<Bytes> gone;
  {
    store::Query rows = vault.store().database().query("SELECT id, sealed FROM pending");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      const auto envelope = ledger::parse_envelope(rows.blob(1));
      if (envelope && envelope->header.ledger == ledger) gone.emplace_back(rows.blob(0));
    }
  }
  for (const Bytes& id : gone) WAYSIDE_OK(vault.store().database().run("DELETE FROM pending WHERE id = ?", id));
  return {};
}

std::string left_name(const LedgerId& ledger) { return std::string(kLeftPrefix) + to_hex(ledger.view()); }

Result<void> note_left(Vault& vault, store::Transaction& transaction, const LedgerRow& row) {
  WAYSIDE_TRY(const Left left, what_is_left(vault, row));
  WAYSIDE_OK(vault.store().set_meta(transaction, left_name(row.id), encode(left)));
  WAYSIDE_OK(forget_unchecked(vault, transaction, row.n));
  return vault.membership().office() ? vault.store().set_meta_number(transaction, kSpoolToClear, 1) : Result<void>{};
}

Result<void> erase_row(Vault& vault, store::Transaction& transaction, const LedgerRow& row) {
  WAYSIDE_OK(note_left(vault, transaction, row));
  WAYSIDE_OK(keep_ids_of_unsent(vault, row));
  WAYSIDE_OK(clear_unsent_parts(vault, transaction, row.id));
  return vault.store().erase(transaction, row.n);
}

Result<std::vector<std::pair<std::string, Left>>> all_left(Vault& vault) {
  store::Query rows = vault.store().database().query("SELECT name, value FROM meta WHERE name LIKE 'erasing-%'");
  std::vector<std::pair<std::string, Left>> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.emplace_back(rows.text(0), decode(rows.blob(1)));
  }
}

/// Compartments of that case in late work, which was never folded: nothing in the store names their case yet.
Result<void> name_late_compartments(Vault& vault, store::Transaction& transaction, const LedgerId& of_case) {
  std::vector<Bytes> late;
  {
    store::Query rows = vault.store().database().query("SELECT sealed FROM quarantine WHERE why = ? AND sealed != x''",
                                                       static_cast<std::int64_t>(Errc::removed));
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      late.emplace_back(rows.blob(0));
    }
  }
  for (const Bytes& sealed : late) {
    WAYSIDE_TRY(const auto envelope, ledger::parse_envelope(sealed));
    WAYSIDE_TRY(const auto row, vault.store().ledger(envelope.header.ledger));
    if (!row || row->erased) continue;
    WAYSIDE_TRY(const auto opening, opening_in(vault, row->n, envelope));
    if (opening && opening->parent == of_case) WAYSIDE_OK(vault.store().open_ledger(transaction, row->n, *opening));
  }
  return {};
}

}  // namespace

Result<std::optional<ledger::Opening>> opening_in(Vault& vault, std::int64_t ledger, const ledger::ParsedEnvelope& envelope) {
  if (envelope.header.prev) return std::optional<ledger::Opening>{};
  const auto key = vault.store().case_key(ledger, envelope.header.key_generation);
  if (!key && key.error().code != Errc::no_key) return std::unexpected(key.error());
  const auto plain = key ? ledger::open_envelope(envelope, key->view()) : Result<Bytes>(std::unexpected(key.error()));
  const auto change = plain ? ledger::decode_change_set(*plain, envelope.header.device)
                            : Result<ledger::ChangeSet>(std::unexpected(plain.error()));
  return change ? change->opening : std::optional<ledger::Opening>{};
}

Result<void> note_what_is_left(Vault& vault, store::Transaction& transaction, const LedgerRow& row) {
  WAYSIDE_OK(drop_pending(vault, row.id));
  WAYSIDE_OK(vault.store().database().run("DELETE FROM quarantine WHERE ledger = ?", row.id));
  return note_left(vault, transaction, row);
}

Result<void> note_files_left(Vault& vault, store::Transaction& transaction, const EnvelopeId& envelope, const std::vector<Digest>& parts) {
  return vault.store().set_meta(transaction, std::string(kLeftPrefix) + to_hex(envelope.view()), encode(Left{{}, parts}));
}

Result<void> erase_ledger(Vault& vault, store::Transaction& transaction, const LedgerId& id) {
  store::Database& database = vault.store().database();
  WAYSIDE_OK(drop_pending(vault, id));
  WAYSIDE_OK(database.run("UPDATE quarantine SET why = ?, sealed = x'', grants = x'' WHERE ledger = ?",
                            static_cast<std::int64_t>(Errc::erased), id));
  WAYSIDE_OK(database.run("DELETE FROM announced WHERE ledger = ?", id));
  WAYSIDE_OK(forget_copies(vault, transaction, id));
  WAYSIDE_TRY(const auto row, vault.store().ledger(id));
  if (row && !row->erased) WAYSIDE_OK(erase_row(vault, transaction, *row));
  WAYSIDE_OK(name_late_compartments(vault, transaction, id));
  WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(id));
  for (const LedgerRow& each : compartments) {
    if (!each.erased) WAYSIDE_OK(erase_ledger(vault, transaction, each.id));
  }
  return {};
}

Result<std::vector<LedgerId>> erasures_not_carried_out(Vault& vault) {
  std::vector<LedgerId> out;
  for (const auto& [id, certificate] : vault.membership().erasures()) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(id));
    if (row && !row->erased) out.push_back(id);
  }
  return out;
}

Result<std::set<LedgerId>> erased_ledgers(Vault& vault) {
  std::set<LedgerId> out;
  for (const auto& [id, certificate] : vault.membership().erasures()) out.insert(id);
  store::Query rows = vault.store().database().query("SELECT id FROM ledgers WHERE kind = ?", ledger::kErasedKind);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.insert(rows.id<LedgerId>(0));
  }
}

Result<std::vector<LedgerId>> uncertified_erasures(Vault& vault) {
  WAYSIDE_TRY(const auto all, erased_ledgers(vault));
  std::vector<LedgerId> out;
  std::ranges::copy_if(all, std::back_inserter(out), [&](const LedgerId& id) { return !vault.membership().erased(id); });
  return out;
}

Result<void> finish_erasures(Vault& vault, Drafts* drafts) {
  WAYSIDE_TRY(const auto all, all_left(vault));
  if (all.empty()) return {};
  std::optional<Drafts> opened;
  if (drafts == nullptr) {
    WAYSIDE_TRY(Drafts own, Drafts::open(vault));
    drafts = &opened.emplace(std::move(own));
  }
  std::set<RecordId> records;
  attachments::Blobs blobs(vault.env().files, vault.home());
  for (const auto& [name, left] : all) {
    records.insert(left.records.begin(), left.records.end());
    for (const Digest& part : left.parts) {
      if (!blobs.has(part)) continue;
      WAYSIDE_OK(blobs.remove(part));
      WAYSIDE_OK(vault.env().files.sync_folder(blobs.path_of(part).parent_path()));
    }
  }
  WAYSIDE_OK(drafts->forget(records));
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const auto& [name, left] : all) {
    WAYSIDE_OK(vault.store().database().run("DELETE FROM meta WHERE name = ?", store::SqlText{name}));
  }
  WAYSIDE_OK(std::move(writing).commit());
  // Older copies of the pages stand in the write-ahead log until it is written back and cut off.
  return vault.store().database().checkpoint();
}

}  // namespace wayside::vault
