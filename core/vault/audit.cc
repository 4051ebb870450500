#include "core/vault/audit.h"

#include <algorithm>
#include <array>

#include "core/vault/audit_waiting.h"
#include "core/vault/lease.h"
#include "platform/atomic_file.h"

namespace wayside::vault {
namespace {

using audit_waiting::Tip;

constexpr std::string_view kChainDomain = "wayside/audit-chain/1";
constexpr std::string_view kTable = "CREATE TABLE IF NOT EXISTS audit_waiting(n INTEGER PRIMARY KEY, entry BLOB NOT NULL);";

/// So many entries at most wait for a reconcile or an hour's end: a batch of them is a few kilobytes.
constexpr std::uint64_t kMostWaiting = 256;

// ---- Tries that were refused ----

/// In the vault's folder: u8 version = 1 ‖ u32le count. No secret, and no more than a hint: whoever has the folder can take it away.
constexpr std::string_view kRefusedFile = "refused";
constexpr std::size_t kRefusedBytes = 5;

std::uint32_t refused_tries(platform::Files& files, const platform::Path& home) {
  if (!files.exists(home / kRefusedFile)) return 0;
  const auto bytes = platform::read_all(files, home / kRefusedFile, kRefusedBytes);
  if (!bytes || bytes->size() != kRefusedBytes || bytes->front() != 1) return 0;
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < 4; ++i) count |= std::uint32_t{static_cast<unsigned char>((*bytes)[i + 1])} << (8 * i);
  return count;
}

// ---- An entry ----

Result<void> put(Vault& vault, Vault::Writing& writing, const AuditEntry& entry) {
  const Bytes encoded = audit_waiting::encode(entry, vault.clock().tick()).SerializeAsString();
  WAYSIDE_TRY(const Tip before, audit_waiting::tip(vault, audit_waiting::kNoted));
  const Tip now = audit_waiting::next(before, encoded);
  WAYSIDE_OK(vault.store().database().run("INSERT INTO audit_waiting(n, entry) VALUES(?, ?)", now.number, encoded));
  return audit_waiting::set_tip(vault, writing, audit_waiting::kNoted, now);
}

Result<void> put_all(Vault& vault, const AuditEntry& entry, std::uint32_t refused) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().database().run_script(kTable));
  if (!vault.session().unlock_noted) {
    if (refused > 0) WAYSIDE_OK(put(vault, writing, {.what = AuditWhat::refused, .count = refused}));
    if (entry.what != AuditWhat::unlocked) WAYSIDE_OK(put(vault, writing, {.what = AuditWhat::unlocked}));
  }
  WAYSIDE_OK(put(vault, writing, entry));
  WAYSIDE_OK(count_open_time(vault, writing));
  WAYSIDE_OK(std::move(writing).commit());
  note_open_time(vault);
  return {};
}

bool shows_something(AuditWhat what) {
  switch (what) {
    case AuditWhat::listed:
    case AuditWhat::opened:
    case AuditWhat::file_shown:
    case AuditWhat::file_copied:
    case AuditWhat::exported:
    case AuditWhat::log_read: return true;
    default: return false;
  }
}

std::string why(Errc code) {
  switch (code) {
    case Errc::disk_full: return "the disk is full";
    case Errc::read_only: return "the vault's folder may not be written";
    case Errc::io: return "reading or writing failed";
    default: return std::string(wayside::name_of(code));
  }
}

}  // namespace

Result<void> note(Vault& vault, const AuditEntry& entry) {
  if (shows_something(entry.what)) WAYSIDE_OK(check_lease(vault));
  const bool first = !vault.session().unlock_noted;
  const std::uint32_t refused = first ? refused_tries(vault.env().files, vault.home()) : 0;
  if (const auto done = put_all(vault, entry, refused); !done) return fail(Errc::not_recorded, why(done.error().code));
  vault.session().unlock_noted = true;
  if (refused > 0) (void)vault.env().files.remove(vault.home() / kRefusedFile);   // told twice rather than never
  const auto waiting = audit_waiting::count(vault);
  if (waiting && *waiting >= kMostWaiting) (void)seal_audit(vault, Sealing::now);   // they are durable: the next reconcile seals them too
  return {};
}

Result<void> note_opened(Vault& vault, const std::optional<RecordId>& case_id, const RecordId& record) {
  const RecordId shown = case_id.value_or(record);
  WAYSIDE_OK(check_lease(vault));   // of the case in front too: it may be spent by now
  if (vault.session().shown_case == shown) return {};
  WAYSIDE_OK(note(vault, {.what = AuditWhat::opened, .case_id = case_id, .record = case_id == record ? std::nullopt : std::optional(record)}));
  vault.session().shown_case = shown;
  return {};
}

Result<void> note_listed(Vault& vault, std::uint32_t type, std::uint64_t count) {
  WAYSIDE_OK(check_lease(vault));
  if (vault.session().listed.contains(type)) return {};
  AuditEntry entry{.what = AuditWhat::listed, .count = count};
  if (type != 0) entry.types.push_back(type);
  WAYSIDE_OK(note(vault, entry));
  vault.session().listed.insert(type);
  return {};
}

void note_refused(platform::Env& env, const platform::Path& home) {
  const std::uint32_t before = refused_tries(env.files, home);
  const std::uint32_t count = before == UINT32_MAX ? before : before + 1;
  Bytes bytes(1, '\1');
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(count >> shift));
  (void)platform::write_atomically(env.files, home / kRefusedFile, bytes);   // a full disk keeps nobody out
}

std::string_view name_of(AuditWhat what) {
  constexpr std::array<std::string_view, 13> kNames = {
      "unknown",  "unlocked",           "refused",  "listed",     "opened",  "file_shown", "file_copied",
      "exported", "snapshot_published", "kit_used", "pages_used", "dropped", "log_read"};
  const auto number = static_cast<std::size_t>(what);
  return kNames[number < kNames.size() ? number : 0];
}

namespace audit_waiting {

Result<Tip> tip(Vault& vault, std::string_view name) {
  WAYSIDE_TRY(const auto bytes, vault.store().meta(name));
  if (!bytes) return Tip{};
  if (bytes->size() != 8 + Digest::size_bytes) return fail(Errc::corrupt, "store: the log of reads");
  Tip out;
  for (std::size_t i = 0; i < 8; ++i) out.number |= std::uint64_t{static_cast<unsigned char>((*bytes)[i])} << (8 * i);
  out.chain = *Digest::from(BytesView(*bytes).substr(8));
  return out;
}

Result<void> set_tip(Vault& vault, Vault::Writing& writing, std::string_view name, const Tip& tip) {
  Bytes bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(tip.number >> shift));
  return vault.store().set_meta(writing.transaction(), name, bytes.append(tip.chain.view()));
}

Tip next(const Tip& before, BytesView entry) {
  const std::uint64_t number = before.number + 1;
  return {number, crypto::hash(kChainDomain, {before.chain.view(), std::to_string(number), entry})};
}

Result<bool> has_table(Vault& vault) {
  return vault.store().database().query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit_waiting'").next();
}

Result<std::vector<Row>> rows(Vault& vault) {
  std::vector<Row> out;
  WAYSIDE_TRY(const bool any, has_table(vault));
  if (!any) return out;
  store::Query all = vault.store().database().query("SELECT n, entry FROM audit_waiting ORDER BY n");
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) return out;
    out.push_back({static_cast<std::uint64_t>(all.integer(0)), Bytes(all.blob(1))});
  }
}

Result<std::uint64_t> count(Vault& vault) {
  WAYSIDE_TRY(const Tip noted, tip(vault, kNoted));
  WAYSIDE_TRY(const Tip sealed, tip(vault, kSealed));
  return noted.number < sealed.number ? 0 : noted.number - sealed.number;
}

pb::AuditEntry encode(const AuditEntry& entry, HybridTime time) {
  pb::AuditEntry out;
  out.set_what(static_cast<std::uint32_t>(entry.what));
  out.set_time(time);
  if (entry.case_id) out.set_case_id(entry.case_id->str());
  if (entry.record) out.set_record(entry.record->str());
  out.set_count(entry.count);
  for (const std::uint32_t type : entry.types) out.add_types(type);
  for (const std::uint32_t field : entry.fields) out.add_fields(field);
  if (entry.to) out.set_to(entry.to->str());
  return out;
}

AuditEntry decode(const pb::AuditEntry& in) {
  AuditEntry out{static_cast<AuditWhat>(in.what()), RecordId::from(in.case_id()), RecordId::from(in.record()), in.count()};
  out.types.assign(in.types().begin(), in.types().end());
  out.fields.assign(in.fields().begin(), in.fields().end());
  out.to = RecordId::from(in.to());
  return out;
}

Result<std::vector<LedgerId>> own_ledgers(Vault& vault) {
  WAYSIDE_TRY(const auto bytes, vault.store().meta(kLedgers));
  std::vector<LedgerId> out;
  if (!bytes) return out;
  for (BytesView rest = *bytes; rest.size() >= LedgerId::size_bytes; rest.remove_prefix(LedgerId::size_bytes)) {
    out.push_back(*LedgerId::from(rest.substr(0, LedgerId::size_bytes)));
  }
  return out;
}

}  // namespace audit_waiting

}  // namespace wayside::vault
