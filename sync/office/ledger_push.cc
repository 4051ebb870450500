#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "core/crypto/crypto.h"
#include "sync/office/judgement.h"
#include "sync/office/ledger_shares.h"
#include "sync/office/ledger_store.h"
#include "sync/office/tuning.h"
#include "sync/wire/codec.h"
#include "sync/wire/frontier.h"

namespace wayside::office {

using membership::ReaderKind;
using store::Database;
using store::Query;
using store::Transaction;
using wire::pb::Taken;

/// One push request inside its transaction. Keeps what it read of ledgers and authors until the end, since a batch
/// mostly stays with few of them, or visits each once.
class LedgerStore::Pusher {
 public:
  Pusher(LedgerStore& store, const Caller& caller, std::int64_t now_ms, std::uint64_t newest_position)
      : store_(store), database_(*store.database_), log_(store.log_), caller_(caller), now_ms_(now_ms), position_(newest_position),
        shares_(store, now_ms) {}

  Result<Taken> place(const wire::pb::Parcel& parcel);
  Result<void> finish();

 private:
  struct Ledger {
    std::int64_t number = 0;  ///< 0: not stored yet
    std::uint64_t lsn = 0;
    Digest head;
    std::uint64_t newest = 0;
    std::uint64_t bytes = 0;
    bool permitted = false;
    bool named = false;  ///< membership says whose it is
    bool changed = false;
    std::optional<membership::LedgerPlace> place{};  ///< to whoever judges, once it holds something
  };

  enum class Keep { bytes, count_only };
  Result<Taken> quarantine(const wire::pb::Parcel& parcel, Errc reason, Taken::Status status = Taken::quarantined,
                           Keep keep = Keep::bytes);
  Result<std::optional<Taken>> known(const EnvelopeId& id);
  Result<Ledger*> ledger(const LedgerId& id);
  [[nodiscard]] bool is_named(const LedgerId& id) const;
  Result<bool> is_permitted(const LedgerId& id, std::int64_t number);
  Result<bool> was_permitted(const ledger::Header& header, const Ledger& ledger);
  Result<bool> has_right(const ReadParcel& parcel, Ledger& ledger);
  Result<std::int64_t> author(const ledger::Header& header);
  Result<std::optional<EnvelopeId>> holder_of(std::int64_t author, std::int64_t ledger, std::uint64_t seq);
  Result<bool> is_of_refused_branch(const ledger::Header& header, std::int64_t author, std::int64_t ledger);
  Result<std::set<EnvelopeId>*> refused_forks();
  Result<Taken> refuse_fork(const wire::pb::Parcel& parcel, const ReadParcel& read, const std::optional<EnvelopeId>& other);
  Result<Taken> insert(const wire::pb::Parcel& parcel, const ReadParcel& read, Ledger& ledger, std::int64_t author);
  Result<void> add_grant(const HeldGrant& held, Ledger& of, std::uint64_t head);
  Result<void> add_parts(const ledger::Header& header, std::int64_t ledger);
  const std::vector<DeviceId>& devices_of(const TeamId& team);

  LedgerStore& store_;
  Database& database_;
  const membership::Log& log_;
  const Caller& caller_;
  std::int64_t now_ms_;
  std::uint64_t position_;
  std::unordered_map<LedgerId, Ledger> ledgers_;
  std::map<std::pair<DeviceId, IncarnationId>, std::int64_t> authors_;
  std::map<TeamId, std::vector<DeviceId>> teams_;
  Shares shares_;
  std::optional<std::set<EnvelopeId>> refused_forks_;   ///< once something had a place before it that nobody holds
};

namespace {

Taken answer(Taken::Status status, std::uint64_t lsn = 0) {
  Taken taken;
  taken.set_status(status);
  taken.set_lsn(lsn);
  return taken;
}

}  // namespace

Result<std::vector<Taken>> LedgerStore::push(const Caller& caller, const wire::pb::PushRequest& request,
                                             std::int64_t now_ms) {
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  WAYSIDE_TRY(const std::uint64_t newest, newest_position());
  Pusher pusher(*this, caller, now_ms, newest);
  std::vector<Taken> answers;
  answers.reserve(static_cast<std::size_t>(request.parcels_size()));
  for (const wire::pb::Parcel& parcel : request.parcels()) {
    WAYSIDE_TRY(Taken taken, pusher.place(parcel));
    answers.push_back(std::move(taken));
  }
  WAYSIDE_OK(pusher.finish());
  WAYSIDE_OK(std::move(transaction).commit());
  return answers;
}

Result<Taken> LedgerStore::Pusher::place(const wire::pb::Parcel& parcel) {
  const Result<ReadParcel> read = read_parcel(parcel);
  if (!read) {
    const bool keep = read.error().code == Errc::newer_format;
    return keep ? quarantine(parcel, Errc::newer_format) : Result<Taken>(answer(Taken::malformed));
  }
  WAYSIDE_TRY(const auto already, known(read->envelope.id));
  if (already) return *already;
  if (log_.erased(read->envelope.header.ledger)) return quarantine(parcel, Errc::erased);
  const bool late = is_late(*read, log_);
  if (caller_.standing != Standing::device && !late) return quarantine(parcel, Errc::not_a_member);
  if (const auto verified = verify_parcel(*read, log_); !verified) return quarantine(parcel, verified.error().code);

  const ledger::Header& header = read->envelope.header;
  WAYSIDE_TRY(Ledger * place, ledger(header.ledger));
  const bool opens_ledger = place->lsn == 0 && !place->named && !read->grants.empty();
  bool permitted = place->permitted || opens_ledger;
  if (!permitted && late) {
    WAYSIDE_TRY(permitted, was_permitted(header, *place));
  }
  if (permitted) {
    WAYSIDE_TRY(permitted, has_right(*read, *place));
  }
  if (!permitted) return answer(Taken::not_permitted);
  WAYSIDE_TRY(const std::int64_t by, author(header));
  WAYSIDE_TRY(const auto other, holder_of(by, place->number, header.seq));
  if (other) return refuse_fork(parcel, *read, other);
  WAYSIDE_TRY(const bool of_branch, is_of_refused_branch(header, by, place->number));
  if (of_branch) return refuse_fork(parcel, *read, std::nullopt);
  WAYSIDE_TRY(const bool has_room, shares_.take(header.device, parcel.ByteSizeLong()));
  if (!has_room) return answer(Taken::no_room);
  if (!late) return insert(parcel, *read, *place, by);
  // It lies in its ledger, and counts against its pusher's share of quarantine.
  WAYSIDE_TRY(const Taken apart, quarantine(parcel, Errc::removed, Taken::quarantined, Keep::count_only));
  if (apart.status() == Taken::quarantined) WAYSIDE_OK(insert(parcel, *read, *place, by));
  return apart;
}

Result<void> LedgerStore::Pusher::finish() {
  for (const auto& [id, each] : ledgers_) {
    if (!each.changed) continue;
    WAYSIDE_OK(database_.run("UPDATE ledgers SET lsn = ?, head = ?, newest = ?, bytes = ? WHERE number = ?", each.lsn,
                             each.head, each.newest, each.bytes, each.number));
  }
  return shares_.write();
}

/// Kept apart for a person to look at, unless this device has filled its share already. Of an erased case only the fact.
Result<Taken> LedgerStore::Pusher::quarantine(const wire::pb::Parcel& parcel, Errc reason, Taken::Status status,
                                              Keep keep) {
  const Bytes bytes = wire::encode_plain(parcel);
  const std::size_t counted = reason == Errc::erased ? 0 : bytes.size();
  const BytesView kept = counted > 0 && keep == Keep::bytes ? BytesView(bytes) : BytesView();
  const Digest digest = crypto::hash("wayside/quarantine/1", {bytes});
  {
    Query there = database_.query("SELECT 1 FROM quarantine WHERE digest = ?", digest);
    WAYSIDE_TRY(const bool row, there.next());
    if (row) return answer(status);
  }
  {
    Query share =
        database_.query("SELECT count(*), coalesce(sum(bytes), 0) FROM quarantine WHERE pushed_by = ?", caller_.device);
    WAYSIDE_OK(share.next());
    if (share.integer(0) >= kMaxQuarantined ||
        share.integer(1) + static_cast<std::int64_t>(counted) > kMaxQuarantineBytes) {
      return answer(Taken::not_permitted);
    }
  }
  WAYSIDE_OK(database_.run(
      "INSERT INTO quarantine(digest, pushed_by, reason, received_ms, bytes, parcel) VALUES(?, ?, ?, ?, ?, ?)", digest,
      caller_.device, static_cast<int>(reason), now_ms_, counted, kept));
  return answer(status);
}

Result<std::optional<Taken>> LedgerStore::Pusher::known(const EnvelopeId& id) {
  Query found = database_.query("SELECT lsn FROM log WHERE id = ?", id);
  WAYSIDE_TRY(const bool row, found.next());
  if (!row) return std::nullopt;
  return answer(Taken::known, static_cast<std::uint64_t>(found.integer(0)));
}

Result<LedgerStore::Pusher::Ledger*> LedgerStore::Pusher::ledger(const LedgerId& id) {
  if (const auto found = ledgers_.find(id); found != ledgers_.end()) return &found->second;
  Ledger ledger;
  {
    Query stored = database_.query("SELECT number, lsn, head, newest, bytes FROM ledgers WHERE ledger = ?", id);
    WAYSIDE_TRY(const bool row, stored.next());
    if (row) {
      ledger.number = stored.integer(0);
      ledger.lsn = static_cast<std::uint64_t>(stored.integer(1));
      ledger.head = stored.id<Digest>(2);
      ledger.newest = static_cast<std::uint64_t>(stored.integer(3));
      ledger.bytes = static_cast<std::uint64_t>(stored.integer(4));
    }
  }
  ledger.named = is_named(id);
  WAYSIDE_TRY(ledger.permitted, is_permitted(id, ledger.number));
  return &ledgers_.emplace(id, ledger).first->second;
}

bool LedgerStore::Pusher::is_named(const LedgerId& id) const {
  if (id == log_.found()->organisation_ledger) return true;
  for (const auto& [team, info] : log_.teams()) {
    if (info.entry.ledger == id) return true;
  }
  return false;
}

/// A ledger may be written by whose grants let them read it; those that membership names, by whom they are for.
Result<bool> LedgerStore::Pusher::is_permitted(const LedgerId& id, std::int64_t number) {
  const membership::DeviceInfo* device = log_.device(caller_.device);
  if (device == nullptr) return false;
  const std::vector<TeamId> teams = reading_teams(log_, device->entry.user);
  if (id == log_.found()->organisation_ledger) return !teams.empty();
  for (const TeamId& team : teams) {
    const auto info = log_.teams().find(team);
    if (info != log_.teams().end() && info->second.entry.ledger == id) return true;
  }
  if (number == 0) return false;
  Query subscribed =
      database_.query("SELECT 1 FROM subscriptions WHERE device = ? AND ledger = ?", caller_.device, number);
  return subscribed.next();
}

/// As membership stood at the head that the envelope names.
Result<bool> LedgerStore::Pusher::was_permitted(const ledger::Header& header, const Ledger& ledger) {
  const membership::DeviceInfo* author = log_.device(header.device);
  const auto head = log_.number_of(header.membership_head);
  if (author == nullptr || !head) return false;
  const std::vector<TeamId> teams = log_.teams_at(author->entry.user, *head);
  if (header.ledger == log_.found()->organisation_ledger) return !teams.empty();
  for (const TeamId& team : teams) {
    const auto info = log_.teams().find(team);
    if (info != log_.teams().end() && info->second.entry.ledger == header.ledger) return true;
    Query granted = database_.query("SELECT 1 FROM grants WHERE reader_kind = ? AND reader = ? AND ledger = ?",
                                    static_cast<int>(ReaderKind::team_epoch), team, ledger.number);
    WAYSIDE_TRY(const bool row, granted.next());
    if (row) return true;
  }
  Query granted = database_.query("SELECT 1 FROM grants WHERE reader_kind = ? AND reader = ? AND ledger = ?",
                                  static_cast<int>(ReaderKind::device), header.device, ledger.number);
  return granted.next();
}

/// By the table that devices judge by, at the head that the envelope names, whoever brings it: its author may write there; and when it
/// brings a grant to a team that does not read the ledger yet, she may share it.
Result<bool> LedgerStore::Pusher::has_right(const ReadParcel& parcel, Ledger& ledger) {
  const ledger::Header& header = parcel.envelope.header;
  const UserId& user = log_.device(header.device)->entry.user;
  const std::uint64_t head = *log_.number_of(header.membership_head);
  if (!ledger.place && ledger.lsn == 0 && !ledger.named) {
    // Which of her teams it is for stands in it, sealed.
    ledger.place = membership::LedgerPlace{header.ledger, membership::Realm::of_case, log_.teams_at(user, head), {}};
  }
  if (!ledger.place) {
    WAYSIDE_TRY(ledger.place, store_.place_of(log_, ledger.number, header.ledger));
  }
  WAYSIDE_TRY(const bool writes, store_.may(log_, membership::Right::write, *ledger.place, ledger.number, user, head));
  if (!writes || ledger.named) return writes;
  for (const HeldGrant& held : parcel.grants) {
    const auto team = TeamId::from(held.grant.reader);
    if (held.grant.reader_kind != ReaderKind::team_epoch || !team) continue;
    membership::LedgerPlace& place = *ledger.place;
    if (std::ranges::find(place.own, *team) != place.own.end()) continue;
    if (place.shared.empty()) WAYSIDE_OK(store_.add_shared(log_, ledger.number, place));
    if (membership::may(log_, membership::Right::share, place, user, head)) place.shared.push_back({*team, head});
    else if (!membership::shared_at(log_, place, *team, head)) return false;
  }
  return true;
}

Result<std::int64_t> LedgerStore::Pusher::author(const ledger::Header& header) {
  const auto key = std::make_pair(header.device, header.incarnation);
  if (const auto found = authors_.find(key); found != authors_.end()) return found->second;
  WAYSIDE_OK(database_.run("INSERT OR IGNORE INTO authors(device, incarnation) VALUES(?, ?)", header.device,
                           header.incarnation));
  Query number = database_.query("SELECT number FROM authors WHERE device = ? AND incarnation = ?", header.device,
                                 header.incarnation);
  WAYSIDE_OK(number.next());
  return authors_[key] = number.integer(0);
}

Result<std::optional<EnvelopeId>> LedgerStore::Pusher::holder_of(std::int64_t author, std::int64_t ledger,
                                                                 std::uint64_t seq) {
  Query holder = database_.query("SELECT id FROM log WHERE author = ? AND ledger = ? AND seq = ?", author, ledger, seq);
  WAYSIDE_TRY(const bool row, holder.next());
  if (!row) return std::nullopt;
  return holder.id<EnvelopeId>(0);
}

/// Whoever lives twice writes two branches of one sequence. The one that came later is refused as a whole: of its later
/// envelopes nobody could ever take in any, since what they build on is not there.
Result<bool> LedgerStore::Pusher::is_of_refused_branch(const ledger::Header& header, std::int64_t author, std::int64_t ledger) {
  if (!header.prev) return false;
  WAYSIDE_TRY(const auto before, holder_of(author, ledger, header.seq - 1));
  if (before) return *before != *header.prev;
  WAYSIDE_TRY(const auto* refused, refused_forks());
  return refused->contains(*header.prev);
}

/// What this device sent and was refused since its place was taken, in this request or an earlier one.
Result<std::set<EnvelopeId>*> LedgerStore::Pusher::refused_forks() {
  if (refused_forks_) return &*refused_forks_;
  refused_forks_.emplace();
  Query rows = database_.query("SELECT parcel FROM quarantine WHERE pushed_by = ? AND reason = ?", caller_.device,
                               static_cast<int>(Errc::fork));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return &*refused_forks_;
    const auto parcel = wire::decode_plain<wire::pb::Parcel>(rows.blob(0));
    const auto envelope = parcel ? ledger::parse_envelope(parcel->envelope()) : fail(Errc::bad_input);
    if (envelope) refused_forks_->insert(envelope->id);
  }
}

Result<Taken> LedgerStore::Pusher::refuse_fork(const wire::pb::Parcel& parcel, const ReadParcel& read,
                                               const std::optional<EnvelopeId>& other) {
  WAYSIDE_TRY(auto* refused, refused_forks());
  refused->insert(read.envelope.id);
  WAYSIDE_TRY(Taken fork, quarantine(parcel, Errc::fork, Taken::fork));
  if (fork.status() == Taken::fork && other) fork.set_other(other->str());
  return fork;
}

Result<Taken> LedgerStore::Pusher::insert(const wire::pb::Parcel& parcel, const ReadParcel& read, Ledger& ledger,
                                          std::int64_t author) {
  if (ledger.number == 0) {
    WAYSIDE_OK(database_.run("INSERT INTO ledgers(ledger, lsn, head, newest, bytes) VALUES(?, 0, ?, 0, 0)",
                             read.envelope.header.ledger, Digest{}));
    ledger.number = database_.last_row();
  }
  Bytes hashes;
  const std::uint64_t head = log_.number_of(read.envelope.header.membership_head).value_or(0);
  for (const HeldGrant& held : read.grants) {
    hashes += held.hash.view();
    WAYSIDE_OK(add_grant(held, ledger, head));
  }
  ++position_;
  ledger.lsn += 1;
  ledger.head = ledger::next_head(ledger.head, read.envelope.id);
  ledger.newest = position_;
  ledger.bytes += parcel.envelope().size();
  ledger.changed = true;
  if (!ledger.permitted && !read.grants.empty()) {
    WAYSIDE_TRY(ledger.permitted, is_permitted(read.envelope.header.ledger, ledger.number));
  }
  WAYSIDE_OK(database_.run(
      "INSERT INTO log(position, ledger, lsn, id, author, seq, grants, envelope) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
      position_, ledger.number, ledger.lsn, read.envelope.id, author, read.envelope.header.seq, hashes,
      parcel.envelope()));
  WAYSIDE_OK(add_parts(read.envelope.header, ledger.number));
  return answer(Taken::stored, ledger.lsn);
}

/// Which parts of attachments belong to the ledger. A header holds at most 64 KiB, so they are bounded.
Result<void> LedgerStore::Pusher::add_parts(const ledger::Header& header, std::int64_t ledger) {
  for (const Digest& address : header.blobs) {
    WAYSIDE_OK(database_.run("INSERT OR IGNORE INTO parts(address, ledger, author) VALUES(?, ?, ?)", address, ledger,
                             header.device));
  }
  return {};
}

Result<void> LedgerStore::Pusher::add_grant(const HeldGrant& held, Ledger& of, std::uint64_t head) {
  const std::int64_t ledger = of.number;
  const membership::Grant& grant = held.grant;
  WAYSIDE_OK(
      database_.run("INSERT OR IGNORE INTO grants(hash, ledger, reader_kind, reader, bytes, head) VALUES(?, ?, ?, ?, ?, ?)",
                    held.hash, ledger, static_cast<int>(grant.reader_kind), grant.reader, held.bytes, head));
  if (!log_.counts(grant, head)) return {};   // the case was withdrawn since from whom it is for
  if (grant.reader_kind == ReaderKind::device) {
    const auto reader = DeviceId::from(grant.reader);
    const membership::DeviceInfo* device = reader ? log_.device(*reader) : nullptr;
    if (device == nullptr || device->removed) return {};
    WAYSIDE_TRY(const bool reads, store_.reads_by_own_grant(log_, *of.place, ledger, device->entry.user, head));
    if (reads) WAYSIDE_OK(store_.subscribe(*reader, ledger, position_));
  }
  if (grant.reader_kind == ReaderKind::team_epoch) {
    const bool left_to_some = !membership::circle_at(log_, *of.place, log_.size()).empty();
    for (const DeviceId& device : devices_of(*TeamId::from(grant.reader))) {
      const UserId& user = log_.device(device)->entry.user;
      if (!left_to_some || membership::may(log_, membership::Right::read, *of.place, user, log_.size())) {
        WAYSIDE_OK(store_.subscribe(device, ledger, position_));
      }
    }
  }
  return {};
}

const std::vector<DeviceId>& LedgerStore::Pusher::devices_of(const TeamId& team) {
  const auto [place, is_new] = teams_.try_emplace(team);
  if (!is_new) return place->second;
  for (const auto& [id, device] : log_.devices()) {
    if (device.removed) continue;
    for (const TeamId& each : reading_teams(log_, device.entry.user)) {
      if (each == team) place->second.push_back(id);
    }
  }
  return place->second;
}

}  // namespace wayside::office
