#include <algorithm>

#include "core/ledger/envelope.h"
#include "sync/office/ledger_store.h"

// Snapshots: envelopes of a team's own ledger that name parts. Nobody here can read one; that a team's ledger names parts
// for nothing else tells them from attachments.

namespace wayside::office {

using store::Query;

Result<std::vector<std::int64_t>> LedgerStore::team_ledgers() {
  std::vector<std::int64_t> out;
  for (const auto& [id, team] : log_.teams()) {
    Query row = database_->query("SELECT number FROM ledgers WHERE ledger = ?", team.entry.ledger);
    WAYSIDE_TRY(const bool found, row.next());
    if (found) out.push_back(row.integer(0));
  }
  return out;
}

/// Newest first, those of which parts may still come among them.
Result<std::vector<LedgerStore::NamedParts>> LedgerStore::snapshots_of(std::int64_t ledger) {
  std::vector<NamedParts> out;
  std::set<Digest> named;
  {
    Query rows = database_->query("SELECT address FROM parts WHERE ledger = ?", ledger);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      named.insert(rows.id<Digest>(0));
    }
  }
  if (named.empty()) return out;
  // From the newest back, until every part that the table still knows was met: what was let go of is not looked for.
  Query rows = database_->query("SELECT position, envelope FROM log WHERE ledger = ? ORDER BY lsn DESC", ledger);
  while (!named.empty()) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) break;
    const auto envelope = ledger::parse_envelope(rows.blob(1));
    if (!envelope || envelope->header.blobs.empty()) continue;
    NamedParts& each = out.emplace_back(NamedParts{rows.integer(0), envelope->header.blobs, log_.number_of(envelope->header.membership_head).value_or(0)});
    std::size_t known = 0;
    for (const Digest& address : each.addresses) known += named.erase(address);
    if (known == 0) out.pop_back();
  }
  return out;
}

Result<bool> LedgerStore::is_whole(const NamedParts& snapshot) {
  for (const Digest& each : snapshot.addresses) {
    WAYSIDE_TRY(const bool held, holds_part(each));
    if (!held) return false;
  }
  return true;
}

Result<std::vector<Digest>> LedgerStore::let_go_of_snapshots(bool all) {
  std::vector<Digest> out;
  WAYSIDE_TRY(const auto ledgers, team_ledgers());
  for (const std::int64_t ledger : ledgers) {
    WAYSIDE_TRY(const auto snapshots, snapshots_of(ledger));
    bool newer_is_whole = all;
    for (const NamedParts& each : snapshots) {
      if (!newer_is_whole) {
        WAYSIDE_TRY(newer_is_whole, is_whole(each));
        continue;
      }
      for (const Digest& address : each.addresses) {
        WAYSIDE_OK(database_->run("DELETE FROM part_files WHERE address = ?", address));
        WAYSIDE_OK(database_->run("DELETE FROM parts WHERE ledger = ? AND address = ?", ledger, address));
        out.push_back(address);
      }
    }
  }
  return out;
}

Result<wire::pb::FindSnapshotsAnswer> LedgerStore::find_snapshots(const DeviceId& device) {
  wire::pb::FindSnapshotsAnswer answer;
  answer.set_generation(generation_.str());
  // Whoever made one without having heard that a case is left to others may have put it in.
  std::uint64_t restricted = 0;
  for (const auto& [ledger, all] : log_.restrictions()) restricted = std::max(restricted, log_.restricted_at(ledger));
  WAYSIDE_TRY(const auto ledgers, team_ledgers());
  for (const std::int64_t ledger : ledgers) {
    WAYSIDE_TRY(const bool reads, database_->query("SELECT 1 FROM subscriptions WHERE device = ? AND ledger = ?", device, ledger).next());
    if (!reads) continue;
    std::int64_t newest = 0;
    WAYSIDE_TRY(const auto snapshots, snapshots_of(ledger));
    for (const NamedParts& each : snapshots) {
      WAYSIDE_TRY(const bool whole, is_whole(each));
      if (!whole || each.head < restricted) continue;
      newest = each.position;
      break;
    }
    if (newest == 0) continue;
    Query rows = database_->query("SELECT grants, envelope FROM log WHERE ledger = ?1 AND (position = ?2 OR grants != x'') ORDER BY lsn", ledger, newest);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      wire::pb::Parcel& parcel = *answer.add_parcels();
      parcel.set_envelope(Bytes(rows.blob(1)));
      for (BytesView hashes = rows.blob(0); !hashes.empty(); hashes.remove_prefix(GrantHash::size_bytes)) {
        Query grant = database_->query("SELECT bytes FROM grants WHERE hash = ?", hashes.substr(0, GrantHash::size_bytes));
        WAYSIDE_TRY(const bool there, grant.next());
        if (there) parcel.add_grants(Bytes(grant.blob(0)));
      }
    }
  }
  return answer;
}

}  // namespace wayside::office
