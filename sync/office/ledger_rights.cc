#include <algorithm>

#include "core/ledger/envelope.h"
#include "sync/office/ledger_store.h"

// Who may do what with a ledger, by the table that every device asks too (core/membership/rights.h), as far as the office can see: it
// reads no envelope, so it takes a ledger for one of the teams of whoever opened it, and every team that it was granted to for one
// that it is shared with. A device may have more to say against an envelope; none that the office refuses would count anywhere.

namespace wayside::office {

using membership::LedgerPlace;
using membership::ReaderKind;
using membership::Realm;
using membership::Role;
using store::Query;

Result<LedgerPlace> LedgerStore::place_of(const membership::Log& log, std::int64_t number, const LedgerId& ledger) {
  if (auto named = membership::named_place(log, ledger)) return *std::move(named);
  LedgerPlace out{ledger, Realm::of_case, {}, {}};
  Query first = database_->query("SELECT a.device, l.envelope FROM log l JOIN authors a ON a.number = l.author WHERE l.ledger = ? AND l.lsn = 1", number);
  WAYSIDE_TRY(const bool opened, first.next());
  const membership::DeviceInfo* device = opened ? log.device(first.id<DeviceId>(0)) : nullptr;
  const auto envelope = opened ? ledger::parse_envelope(first.blob(1)) : fail(Errc::not_found);
  const auto head = envelope ? log.number_of(envelope->header.membership_head) : std::nullopt;
  if (device != nullptr && head) out.own = log.teams_at(device->entry.user, *head);
  return out;
}

Result<void> LedgerStore::add_shared(const membership::Log& log, std::int64_t number, LedgerPlace& place) {
  if (place.realm != Realm::of_case) return {};
  for (const auto& [team, info] : log.teams()) {
    if (std::ranges::find(place.own, team) != place.own.end()) continue;
    Query granted = database_->query("SELECT max(head) FROM grants WHERE reader_kind = ? AND reader = ? AND ledger = ?",
                                     static_cast<int>(ReaderKind::team_epoch), team, number);
    WAYSIDE_TRY(const bool row, granted.next());
    if (row && !granted.is_null(0)) place.shared.push_back({team, static_cast<std::uint64_t>(granted.integer(0))});
  }
  return {};
}

Result<bool> LedgerStore::may(const membership::Log& log, membership::Right right, LedgerPlace& place, std::int64_t number, const UserId& user,
                              std::uint64_t head) {
  if (membership::may(log, right, place, user, head)) return true;
  // Hardly ever is somebody of another team, so only now it is looked with whom it is shared.
  if (!place.shared.empty()) return false;
  WAYSIDE_OK(add_shared(log, number, place));
  return membership::may(log, right, place, user, head);
}

namespace {

/// The newest entry by which that user left one of these teams; 0: never.
std::uint64_t left_at(const membership::Log& log, const UserId& user, const std::vector<TeamId>& teams) {
  const auto found = log.users().find(user);
  std::uint64_t out = 0;
  if (found == log.users().end()) return out;
  for (const membership::UserInfo::Move& each : found->second.moves) {
    if (each.leaves && std::ranges::find(teams, each.team) != teams.end()) out = std::max(out, each.number);
  }
  return out;
}

}  // namespace

/// A key is no right: who has left the team is given nothing more of what she was granted before. But a grant to somebody who never was in it,
/// or by one who knew that she had left, was meant so: the log of reads goes to whoever oversees (docs/KEYS.md).
Result<bool> LedgerStore::reads_by_own_grant(const membership::Log& log, LedgerPlace& place, std::int64_t number, const UserId& user, std::uint64_t head) {
  WAYSIDE_TRY(const bool right, may(log, membership::Right::read, place, number, user, log.size()));
  // Nobody oversees what is left to others.
  if (!right && !membership::circle_at(log, place, log.size()).empty()) return false;
  return right || (place.realm == Realm::of_case && log.role_at(user, log.size()) >= Role::manager && head >= left_at(log, user, place.own));
}

/// The log knows no case: that a manager is one of its own team only the office can tell before everybody takes the entry.
Result<void> LedgerStore::may_restrict(const membership::SignedEntry& entry) {
  const auto* restrict = std::get_if<membership::Restrict>(&entry.entry.kind);
  const auto signer = entry.entry.signer_kind == membership::SignerKind::device ? DeviceId::from(entry.entry.signer) : std::nullopt;
  const membership::DeviceInfo* device = restrict != nullptr && signer ? log_.device(*signer) : nullptr;
  if (device == nullptr || membership::administers(log_.role_at(device->entry.user, log_.size()))) return {};
  for (const LedgerId& ledger : restrict->ledgers) {
    std::int64_t number = 0;
    {
      Query row = database_->query("SELECT number FROM ledgers WHERE ledger = ?", ledger);
      WAYSIDE_TRY(const bool found, row.next());
      if (!found) return fail(Errc::not_permitted, "a case that the office does not hold yet");
      number = row.integer(0);
    }
    WAYSIDE_TRY(const LedgerPlace place, place_of(log_, number, ledger));
    if (!membership::may(log_, membership::Right::restrict_, place, device->entry.user, log_.size())) return fail(Errc::not_permitted, "only a manager of the case's own team");
  }
  return {};
}

/// Those that a grant to this one device gives it, and that it may not read: its worker has left their team.
Result<void> LedgerStore::unsubscribe_where_it_left(const membership::Log& log, const membership::DeviceInfo& device) {
  struct Granted { std::int64_t number; LedgerId ledger; std::uint64_t head; };
  std::vector<Granted> granted;
  {
    Query rows = database_->query("SELECT l.number, l.ledger, max(g.head) FROM grants g JOIN ledgers l ON l.number = g.ledger WHERE g.reader_kind = ? AND g.reader = ? GROUP BY l.number",
                                  static_cast<int>(ReaderKind::device), device.entry.device);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      granted.push_back({rows.integer(0), rows.id<LedgerId>(1), static_cast<std::uint64_t>(rows.integer(2))});
    }
  }
  for (const Granted& each : granted) {
    WAYSIDE_TRY(LedgerPlace place, place_of(log, each.number, each.ledger));
    WAYSIDE_TRY(const bool reads, reads_by_own_grant(log, place, each.number, device.entry.user, each.head));
    if (!reads) WAYSIDE_OK(database_->run("DELETE FROM subscriptions WHERE device = ? AND ledger = ?", device.entry.device, each.number));
  }
  return {};
}

}  // namespace wayside::office
