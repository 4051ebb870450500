#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>

#include "core/membership/grant.h"
#include "core/vault/audit.h"
#include "core/vault/audit_waiting.h"
#include "core/vault/granting.h"
#include "core/vault/refold.h"
#include "core/vault/save.h"

// The log of reads in its sealed envelopes: how entries come there, and how they are read.

namespace wayside::vault {
namespace {

using audit_waiting::Row;
using audit_waiting::Tip;
using membership::Role;

constexpr std::string_view kGrantedAt = "audit_granted_at";   // meta number: entries of the membership log then
constexpr std::uint64_t kMany = 32;                           // entries worth an envelope of their own
constexpr std::int64_t kLong_ms = std::int64_t{60} * 60 * 1000;
constexpr std::size_t kMostInEnvelope = 1024;                 // about 60 bytes each, before they are compressed
/// What travels with one envelope has a bound; others are granted with the next.
constexpr std::size_t kMostReaders = 40;

// ---- Who may read it ----

bool in_a_team_of(const membership::Log& log, const UserId& user, const std::vector<TeamId>& teams) {
  const auto hers = log.teams_of(user);
  return std::ranges::any_of(hers, [&](const TeamId& team) { return std::ranges::find(teams, team) != teams.end(); });
}

/// Her own devices; administrators; and, over whoever is below them, the managers of her teams. This device first.
std::vector<DeviceId> readers(const Vault& vault) {
  const membership::Log& log = vault.membership();
  const Identity& me = vault.identity();
  const auto teams = log.teams_of(me.user);
  const bool below = vault.role() < Role::manager;
  std::vector<DeviceId> out{me.device};
  for (const auto& [id, device] : log.devices()) {
    if (device.removed || id == me.device) continue;
    const UserId& user = device.entry.user;
    const Role role = log.role_at(user, log.size());
    const bool above = role == Role::admin || (below && role == Role::manager && in_a_team_of(log, user, teams));
    if (user == me.user || above) out.push_back(id);
  }
  return out;
}

Result<std::set<Bytes>> granted_devices(Vault& vault, std::int64_t ledger) {
  std::set<Bytes> out;
  WAYSIDE_TRY(const auto grants, vault.store().grants_of_ledger(ledger));
  for (const Bytes& bytes : grants) {
    const auto grant = membership::parse_grant(bytes);
    if (grant && grant->reader_kind == membership::ReaderKind::device) out.insert(grant->reader);
  }
  return out;
}

/// The office takes a ledger for one of the teams of whoever opened it.
Result<bool> opened_in_a_team_of_now(Vault& vault, std::int64_t ledger) {
  const membership::Log& log = vault.membership();
  const UserId& me = vault.identity().user;
  store::Query first = vault.store().database().query("SELECT sealed FROM envelopes WHERE ledger = ? AND sealed != x'' ORDER BY n LIMIT 1", ledger);
  WAYSIDE_TRY(const bool row, first.next());
  const auto envelope = row ? ledger::parse_envelope(first.blob(0)) : fail(Errc::not_found);
  const auto head = envelope ? log.number_of(envelope->header.membership_head) : std::nullopt;
  return head && in_a_team_of(log, me, log.teams_at(me, *head));
}

/// The ledger that is written now. Another one begins when somebody reads the last one who may not any more: nothing of the new
/// one ever reaches her device, which would keep what it cannot open. And when its writer has left the team that she began it in.
Result<LedgerId> ledger_to_write(Vault& vault, Vault::Writing& writing, const std::vector<DeviceId>& readers) {
  WAYSIDE_TRY(auto own, audit_waiting::own_ledgers(vault));
  if (!own.empty()) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(own.back()));
    WAYSIDE_TRY(const auto granted, granted_devices(vault, row ? row->n : 0));
    const auto may = [&](const Bytes& device) { return std::ranges::any_of(readers, [&](const DeviceId& id) { return id.view() == device; }); };
    if (row && std::ranges::all_of(granted, may)) {
      WAYSIDE_TRY(const bool of_now, opened_in_a_team_of_now(vault, row->n));
      if (of_now) return own.back();
    }
  }
  own.push_back(LedgerId::random(vault.env().random));
  Bytes all;
  for (const LedgerId& id : own) all += id.view();
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), audit_waiting::kLedgers, all));
  return own.back();
}

/// Who came to read it since the last time reads what is older too. Once for each change of the membership.
Result<void> grant_earlier(Vault& vault, Vault::Writing& writing, const std::vector<DeviceId>& readers) {
  const auto members = static_cast<std::int64_t>(vault.membership().size());
  WAYSIDE_TRY(const std::int64_t seen, vault.store().meta_number(kGrantedAt));
  if (seen == members) return {};
  WAYSIDE_TRY(const auto own, audit_waiting::own_ledgers(vault));
  for (const LedgerId& id : own) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(id));
    if (!row || row->kind != ledger::LedgerKind::audit) continue;
    WAYSIDE_TRY(const std::size_t granted, grant_keys(vault, writing, *row, {{}, readers}, "grant"));
    (void)granted;
  }
  return vault.store().set_meta_number(writing.transaction(), kGrantedAt, members);
}

// ---- Sealing ----

Result<bool> is_due(Vault& vault, const std::vector<Row>& rows, Sealing when) {
  if (rows.empty() || !vault.admitted() || !vault.membership().found()) return false;
  if (vault.membership().teams_of(vault.identity().user).empty()) return false;   // who is in no team sends nothing that anybody takes
  if (when == Sealing::now || rows.size() >= kMany) return true;
  pb::AuditEntry oldest;
  if (!oldest.ParseFromString(rows.front().entry)) return fail(Errc::corrupt, "store: the log of reads");
  const std::int64_t waited_ms = vault.env().clock.wall_ms() - wall_ms(oldest.time());
  return waited_ms >= kLong_ms || waited_ms < -kLong_ms;   // a clock that was set back holds nothing up
}

Result<void> seal_some(Vault& vault, Vault::Writing& writing, std::span<const Row> rows, Save::Audit audit) {
  pb::AuditBatch batch;
  batch.set_first(rows.front().number);
  for (const Row& row : rows) {
    if (!batch.add_entries()->ParseFromString(row.entry)) return fail(Errc::corrupt, "store: the log of reads");
  }
  audit.batch = batch.SerializeAsString();
  Save what;
  what.form = "audit";
  what.audit = std::move(audit);
  WAYSIDE_OK(save(vault, writing, what));
  return vault.store().database().run("DELETE FROM audit_waiting WHERE n BETWEEN ? AND ?", rows.front().number, rows.back().number);
}

// ---- Reading ----

Result<std::vector<std::int64_t>> audit_ledgers(Vault& vault) {
  std::vector<std::int64_t> out;
  store::Query rows = vault.store().database().query("SELECT n FROM ledgers WHERE kind = ? ORDER BY n",
                                                     static_cast<std::int64_t>(ledger::LedgerKind::audit));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.integer(0));
  }
}

void add_lines(AuditLog& log, const pb::AuditBatch& batch, const UserId& user, const DeviceId& device, bool sealed) {
  std::uint64_t number = batch.first();
  for (const auto& each : batch.entries()) {
    log.lines.push_back({audit_waiting::decode(each), wall_ms(each.time()), user, device, number++, sealed});
  }
}

Result<void> add_ledger(Vault& vault, std::int64_t n, AuditLog& log) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(n));
  WAYSIDE_TRY(const auto apart, kept_apart(vault, row->id));
  return vault.store().each_envelope(n, [&](const ledger::EnvelopeRow& each) -> Result<void> {
    WAYSIDE_TRY(const OpenedEnvelope opened, open_stored(vault, each));
    // Kept apart is what somebody sealed after a right was taken from her: colleagues do not take her word for it.
    const bool own = opened.envelope.header.device == vault.identity().device;
    if (!own && apart.contains(each.id)) return {};
    pb::AuditBatch batch;
    if (opened.change.audit.empty()) return {};
    if (!batch.ParseFromString(opened.change.audit)) return fail(Errc::corrupt, "a batch of the log of reads");
    add_lines(log, batch, opened.change.author, opened.envelope.header.device, true);
    return {};
  });
}

/// Numbers run from 1 on each device; where it lives twice one number may stand for two entries.
std::vector<AuditGap> gaps_in(const std::vector<AuditLine>& lines) {
  std::map<DeviceId, std::set<std::uint64_t>> numbers;
  for (const AuditLine& line : lines) numbers[line.device].insert(line.number);
  std::vector<AuditGap> out;
  for (const auto& [device, held] : numbers) {
    std::uint64_t expected = 1;
    for (const std::uint64_t number : held) {
      if (number > expected) out.push_back({device, expected, number - 1});
      expected = number + 1;
    }
  }
  return out;
}

}  // namespace

Result<std::size_t> seal_audit(Vault& vault, Sealing when) {
  WAYSIDE_TRY(const auto rows, audit_waiting::rows(vault));
  WAYSIDE_TRY(const bool due, is_due(vault, rows, when));
  if (!due) return std::size_t{0};
  const std::vector<DeviceId> all = readers(vault);
  std::vector<DeviceId> with_envelope(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMostReaders)));
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const LedgerId ledger, ledger_to_write(vault, writing, all));
  for (std::size_t at = 0; at < rows.size(); at += kMostInEnvelope) {
    const auto some = std::span(rows).subspan(at, std::min(kMostInEnvelope, rows.size() - at));
    WAYSIDE_OK(seal_some(vault, writing, some, {ledger, {{}, with_envelope}, {}}));
  }
  WAYSIDE_OK(grant_earlier(vault, writing, all));
  WAYSIDE_TRY(const Tip noted, audit_waiting::tip(vault, audit_waiting::kNoted));
  WAYSIDE_OK(audit_waiting::set_tip(vault, writing, audit_waiting::kSealed, noted));
  WAYSIDE_OK(std::move(writing).commit());
  return rows.size();
}

Result<AuditLog> read_audit(Vault& vault) {
  AuditLog out;
  WAYSIDE_TRY(const auto ledgers, audit_ledgers(vault));
  for (const std::int64_t n : ledgers) WAYSIDE_OK(add_ledger(vault, n, out));
  WAYSIDE_TRY(const auto waiting, audit_waiting::rows(vault));
  for (const Row& row : waiting) {
    pb::AuditBatch one;
    one.set_first(row.number);
    if (!one.add_entries()->ParseFromString(row.entry)) return fail(Errc::corrupt, "store: the log of reads");
    add_lines(out, one, vault.identity().user, vault.identity().device, false);
  }
  std::ranges::stable_sort(out.lines, {}, [](const AuditLine& line) { return std::tuple(line.time_ms, line.device, line.number); });
  out.gaps = gaps_in(out.lines);
  return out;
}

Result<std::vector<std::string>> audit_faults(Vault& vault) {
  std::vector<std::string> out;
  WAYSIDE_TRY(Tip at, audit_waiting::tip(vault, audit_waiting::kSealed));
  WAYSIDE_TRY(const Tip noted, audit_waiting::tip(vault, audit_waiting::kNoted));
  WAYSIDE_TRY(const auto waiting, audit_waiting::rows(vault));
  const std::uint64_t sealed = at.number;
  bool fits = true;
  for (const Row& row : waiting) {
    fits = fits && row.number == at.number + 1;
    at = audit_waiting::next(at, row.entry);
  }
  if (!fits || at != noted) out.emplace_back("entries of this device's log of reads were taken out or altered before they were sealed");
  // What cannot be opened is told with its envelope; nothing more can be said here.
  const auto log = read_audit(vault);
  if (!log) return out;
  std::set<std::uint64_t> own;
  for (const AuditLine& line : log->lines) {
    if (line.device == vault.identity().device && line.sealed) own.insert(line.number);
  }
  own.erase(own.upper_bound(sealed), own.end());
  if (own.size() != sealed) out.emplace_back("sealed entries of this device's log of reads are missing");
  return out;
}

}  // namespace wayside::vault
