#include "sync/office/ledger_store.h"

#include "sync/office/ledger_schema.h"

namespace wayside::office {

using store::Database;
using store::Query;
using store::Transaction;

Result<std::unique_ptr<LedgerStore>> LedgerStore::create(platform::Env& env, const platform::Path& file,
                                                         const GenerationId& generation,
                                                         const std::vector<membership::SignedEntry>& entries) {
  WAYSIDE_TRY(auto database, Database::open_plain(env, file, Database::Mode::create_new));
  std::unique_ptr<LedgerStore> made(new LedgerStore(std::move(database), env.files, file.parent_path()));
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*made->database_));
  WAYSIDE_OK(made->database_->run_script(kSchema));
  WAYSIDE_OK(made->database_->run_script(kPartsSchema));
  WAYSIDE_OK(made->database_->run_script(kRestorationSchema));
  WAYSIDE_OK(made->database_->run_script(kReceiptsSchema));
  WAYSIDE_OK(made->database_->run_script(kSharesSchema));
  WAYSIDE_OK(made->database_->run_script(kSharingSchema));
  WAYSIDE_OK(made->database_->run_script(kSendingSchema));
  WAYSIDE_OK(made->database_->run_script(kCarrySchema));
  WAYSIDE_OK(made->database_->run("INSERT INTO office(version, generation) VALUES(?, ?)", kStoreVersion, generation));
  for (const membership::SignedEntry& entry : entries) {
    WAYSIDE_OK(made->log_.append(entry));
    WAYSIDE_OK(made->store_entry(entry));
  }
  WAYSIDE_OK(std::move(transaction).commit());
  made->generation_ = generation;
  return made;
}

Result<std::unique_ptr<LedgerStore>> LedgerStore::open(platform::Env& env, const platform::Path& file) {
  WAYSIDE_TRY(auto database, Database::open_plain(env, file, Database::Mode::existing));
  std::unique_ptr<LedgerStore> opened(new LedgerStore(std::move(database), env.files, file.parent_path()));
  WAYSIDE_OK(opened->load());
  // A crash between an erasure and its checkpoint leaves older copies of pages in the write-ahead log.
  if (!opened->log_.erasures().empty()) WAYSIDE_OK(opened->database_->checkpoint());
  WAYSIDE_OK(opened->sweep_parts());
  return opened;
}

namespace {

/// Envelopes of before version 2 name no parts: nothing wrote them.
Result<void> bring_up_to_date(Database& database, std::int64_t version) {
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(database));
  if (version < 2) WAYSIDE_OK(database.run_script(kPartsSchema));
  if (version < 3) WAYSIDE_OK(database.run_script(kRestorationSchema));
  if (version < 4) WAYSIDE_OK(database.run_script(kReceiptsSchema));
  if (version < 4) WAYSIDE_OK(database.run_script(kSharesSchema));
  if (version < 5) WAYSIDE_OK(database.run_script(kSharingSchema));
  if (version < 6) WAYSIDE_OK(database.run_script(kSendingSchema));
  WAYSIDE_OK(database.run_script(kCarrySchema));
  WAYSIDE_OK(database.run("UPDATE office SET version = ?", kStoreVersion));
  return std::move(transaction).commit();
}

}  // namespace

Result<void> LedgerStore::load() {
  std::int64_t version = 0;
  {
    Query office = database_->query("SELECT version, generation FROM office");
    WAYSIDE_TRY(const bool found, office.next());
    if (!found) return fail(Errc::corrupt, "the office's store has no generation");
    version = office.integer(0);
    if (version > kStoreVersion) return fail(Errc::newer_format, "the office's store");
    generation_ = office.id<GenerationId>(1);
  }
  if (version < kStoreVersion) WAYSIDE_OK(bring_up_to_date(*database_, version));
  {
    Query restored = database_->query("SELECT at_ms, backup_ms FROM restored");
    WAYSIDE_TRY(const bool waits, restored.next());
    if (waits) restored_ = Restored{restored.integer(0), restored.integer(1)};
  }
  Query entries = database_->query("SELECT entry FROM membership ORDER BY number");
  for (;;) {
    WAYSIDE_TRY(const bool row, entries.next());
    if (!row) break;
    WAYSIDE_TRY(const membership::SignedEntry entry, membership::parse_entry(entries.blob(0)));
    WAYSIDE_OK(log_.append(entry));
  }
  return log_.found() ? Result<void>{} : fail(Errc::corrupt, "the office's store has no organisation");
}

Result<Figures> LedgerStore::figures() {
  Figures figures;
  figures.generation = generation_;
  figures.membership_entries = log_.size();
  for (const auto& [id, device] : log_.devices()) figures.devices += device.removed ? 0 : 1;
  {
    Query ledgers = database_->query("SELECT count(*), coalesce(sum(bytes), 0) FROM ledgers");
    WAYSIDE_OK(ledgers.next());
    figures.ledgers = static_cast<std::uint64_t>(ledgers.integer(0));
    figures.envelope_bytes = static_cast<std::uint64_t>(ledgers.integer(1));
  }
  WAYSIDE_TRY(figures.envelopes, newest_position());  // positions are dense
  {
    Query parts = database_->query("SELECT count(*), coalesce(sum(bytes), 0) FROM part_files");
    WAYSIDE_OK(parts.next());
    figures.attachment_parts = static_cast<std::uint64_t>(parts.integer(0));
    figures.attachment_bytes = static_cast<std::uint64_t>(parts.integer(1));
  }
  Query quarantine = database_->query("SELECT count(*) FROM quarantine");
  WAYSIDE_OK(quarantine.next());
  figures.quarantined = static_cast<std::uint64_t>(quarantine.integer(0));
  WAYSIDE_TRY(figures.restoration, restoration());
  return figures;
}

Result<std::uint64_t> LedgerStore::newest_position() {
  Query newest = database_->query("SELECT coalesce(max(position), 0) FROM log");
  WAYSIDE_OK(newest.next());
  return static_cast<std::uint64_t>(newest.integer(0));
}

Result<void> LedgerStore::copy_to(const platform::Path& file) {
  const auto copy = [&]() -> Result<void> {
    WAYSIDE_OK(database_->run("VACUUM INTO ?", store::SqlText{file.native()}));
    WAYSIDE_TRY(const auto written, files_.open(file, platform::OpenMode::read_write));
    WAYSIDE_OK(written->sync());
    return files_.sync_folder(file.parent_path());
  };
  if (files_.exists(file)) return fail(Errc::already_exists, file.string());
  const auto copied = copy();
  if (!copied) (void)files_.remove(file);
  return copied;
}

Result<bool> LedgerStore::add_membership(std::uint64_t have, std::size_t bytes, wire::pb::PullAnswer& answer) {
  Query entries = database_->query("SELECT entry FROM membership WHERE number >= ? ORDER BY number", have);
  std::size_t used = 0;
  for (;;) {
    WAYSIDE_TRY(const bool row, entries.next());
    if (!row) return false;
    const BytesView entry = entries.blob(0);
    if (used > 0 && used + entry.size() > bytes) return true;
    used += entry.size();
    answer.add_membership(entry.data(), entry.size());
  }
}

Result<void> LedgerStore::store_entry(const membership::SignedEntry& entry) {
  return database_->run("INSERT INTO membership(number, entry) VALUES(?, ?)", entry.entry.number, entry.bytes);
}

Result<void> LedgerStore::append(const Caller& caller, const membership::SignedEntry& entry, std::int64_t now_ms) {
  if (log_.number_of(entry.hash)) return {};  // the answer to the first time was lost on its way
  if (restored_) return fail(Errc::office_waits, "membership");
  WAYSIDE_OK(may_append(log_, caller, entry, now_ms));
  WAYSIDE_OK(may_restrict(entry));
  return add_entry(entry);
}

Result<void> LedgerStore::add_entry(const membership::SignedEntry& entry) {
  membership::Log next = log_;
  WAYSIDE_OK(next.append(entry));
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  WAYSIDE_OK(store_entry(entry));
  WAYSIDE_OK(resubscribe(next, entry));
  const auto* erasure = std::get_if<membership::Erase>(&entry.entry.kind);
  std::vector<Digest> parts;
  const auto* restriction = std::get_if<membership::Restrict>(&entry.entry.kind);
  if (erasure != nullptr) {
    WAYSIDE_TRY(parts, erase(erasure->ledger));
  }
  if (erasure != nullptr || (restriction != nullptr && !restriction->users.empty())) {
    // The case may be in any of them.
    WAYSIDE_TRY(const auto snapshots, let_go_of_snapshots(true));
    parts.insert(parts.end(), snapshots.begin(), snapshots.end());
  }
  WAYSIDE_OK(std::move(transaction).commit());
  log_ = std::move(next);
  remove_part_files(parts);
  // Older copies of its pages stand in the write-ahead log until that is cut off. The entry is taken all the same.
  if (erasure != nullptr) (void)database_->checkpoint();
  return {};
}

Result<void> LedgerStore::take_lost_entries(const Caller& caller, const wire::pb::PushRequest& request, std::int64_t now_ms) {
  if (caller.standing != Standing::device) return {};
  for (const Bytes& bytes : request.membership()) {
    const auto entry = membership::parse_entry(bytes);
    if (!entry || log_.number_of(entry->hash)) continue;
    auto taken = restored_ ? may_give_back(log_, *entry, restored_->backup_ms) : may_append(log_, caller, *entry, now_ms);
    if (taken) taken = add_entry(*entry);
    if (!taken && !speaks_of_the_entry(taken.error().code)) return taken;
  }
  return {};
}

}  // namespace wayside::office
