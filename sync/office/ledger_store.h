#pragma once

#include <memory>
#include <vector>

#include "core/attachments/blobs.h"
#include "core/ledger/receipt.h"
#include "core/membership/rights.h"
#include "core/store/database.h"
#include "sync/office/admission.h"
#include "sync/office/tuning.h"
#include "sync/wire/heads.h"
#include "sync/wire/wire.pb.h"

namespace wayside::office {

/// What a generation that began from a backup waits for, before membership may go on.
struct Restoration {
  std::int64_t at_ms = 0;          ///< when it began
  std::int64_t backup_ms = 0;      ///< the backup was made no earlier
  std::vector<DeviceId> devices;   ///< administrators', which have not said yet that they gave back what was lost
  /// Unused as far as is known here, and valid when the backup was made or later: one may have been used in what was lost.
  std::vector<TicketId> tickets;

  friend bool operator==(const Restoration&, const Restoration&) = default;
};

/// What `status` tells. Counts say how much there is, never what.
struct Figures {
  GenerationId generation;
  std::uint64_t ledgers = 0;
  std::uint64_t envelopes = 0;
  std::uint64_t envelope_bytes = 0;
  std::uint64_t devices = 0;  ///< admitted and not removed
  std::uint64_t quarantined = 0;
  std::uint64_t membership_entries = 0;
  std::uint64_t attachment_parts = 0;   ///< sealed chunks
  std::uint64_t attachment_bytes = 0;
  std::optional<Restoration> restoration;

  friend bool operator==(const Figures&, const Figures&) = default;
};

/// The ledgers of one organisation as sealed envelopes that nobody here can open, and its membership log.
///
/// Every envelope gets a dense lsn in its ledger (1, 2, 3 …) and a dense position in the organisation, both in the
/// transaction that stores it. One connection, one thread; an answer is given only after the commit is durable.
/// Tables: ledger_schema.h. Errors of any call: io, disk_full, read_only, corrupt; nothing was changed then.
class LedgerStore {
 public:
  /// `entries` founds the organisation and must hold at least its first entry.
  static Result<std::unique_ptr<LedgerStore>> create(platform::Env& env, const platform::Path& file,
                                                     const GenerationId& generation,
                                                     const std::vector<membership::SignedEntry>& entries);
  /// Verifies the whole membership log. Also: not_found, newer_format.
  static Result<std::unique_ptr<LedgerStore>> open(platform::Env& env, const platform::Path& file);

  [[nodiscard]] const membership::Log& log() const { return log_; }
  [[nodiscard]] const GenerationId& generation() const { return generation_; }
  Result<Figures> figures();
  Result<std::uint64_t> newest_position();   ///< 0 before the first envelope
  /// All of it as it stands, into a new file, without the pages of what was deleted. Durable when it returns; on an error no
  /// such file is left. Nobody else is served meanwhile.
  Result<void> copy_to(const platform::Path& file);

  /// One transaction for the whole batch; answers are in its order. A parcel that cannot be stored has its own answer
  /// and never blocks the rest. Same id again: `known`, with the same lsn. `caller` is a device, removed or not.
  Result<std::vector<wire::pb::Taken>> push(const Caller& caller, const wire::pb::PushRequest& request,
                                            std::int64_t now_ms);

  /// Entries of the membership log that this store lost when it went back, from a device that still holds them, oldest
  /// first. Each counts as if it were appended now, or, after a restore, then (may_give_back); what does not go on where
  /// the log ends is left out.
  Result<void> take_lost_entries(const Caller& caller, const wire::pb::PushRequest& request, std::int64_t now_ms);

  /// Which ledgers a device does not carry from now on (ledger_subscriptions.cc): it may read and write them as before, and nothing of
  /// them is sent to it or counts in its frontier. What it carries again it is told of with the next pull. Errc::bad_input.
  Result<void> take_carry_list(const Caller& caller, const wire::pb::CarryList& list);

  /// Whether a device may send: it knows what was kept when it last did, so no copy of its vault has sent since (ledger_sending.cc).
  /// Then the new token is kept, durably, before anything that it sends.
  Result<bool> take_sending(const Caller& caller, const wire::pb::SendingToken& token);

  struct Page {
    wire::pb::PullAnswer answer;       ///< without heads
    std::optional<wire::Heads> heads;  ///< for the last page: to be signed
  };
  /// Membership entries first, then wants by lsn, then what lies after the position, in its order; at least one
  /// thing a page. What the asking device wrote itself goes as its id alone, unless it is wanted.
  /// `heads.changed`: what changed or was shared with the device since its position; all, when frontiers differ and
  /// nothing else in the answer could explain it.
  Result<Page> pull(const DeviceId& device, const wire::pb::PullRequest& request);

  /// Membership entries after the first `have`, as far as they fit into `bytes` (at least one); whether more follow.
  Result<bool> add_membership(std::uint64_t have, std::size_t bytes, wire::pb::PullAnswer& answer);

  /// How many bytes of envelopes and grants each device may have stored here, in all and on one day (ledger_shares.cc). What
  /// would be more is answered with `no_room`, and so is what else comes of that device on that day: nothing may overtake.
  void set_envelope_share(std::uint64_t bytes, std::uint64_t day_bytes) { envelope_share_ = {bytes, day_bytes}; }

  // ---- Receipts (ledger_receipts.cc): what devices say that they have seen ----

  /// Keeps those that the caller has signed, for this generation, of ledgers that it reads, later than what it said before.
  /// Anything else is left: a courier carries what it was given.
  Result<void> take_receipts(const Caller& caller, BytesView receipts);
  /// Colleagues' receipts of ledgers that the device reads, later than number `seen`, as far as they fit. Other ledgers are
  /// covered in them.
  Result<void> add_receipts(const DeviceId& device, std::uint64_t seen, wire::pb::PullAnswer& answer);

  // ---- Parts of attachments (ledger_parts.cc): files in the folder `blobs` beside the store ----

  /// What of these is here and what is wanted. A device hears of a part only when a ledger that it may write names it, or
  /// an envelope of its own does; all else is unknown.
  Result<wire::pb::AskPartsAnswer> ask_parts(const Caller& caller, const wire::pb::AskPartsRequest& request);
  /// Each is held against its address, its size, the caller's rights (as above) and share. Durable when it returns.
  Result<wire::pb::PutPartsAnswer> put_parts(const Caller& caller, const wire::pb::PutPartsRequest& request);
  /// One that no ledger which the device reads names, or that is not here, comes without a chunk. What the disk has
  /// spoilt is let go, so that whoever has it may put it once more.
  Result<wire::pb::GetPartsAnswer> get_parts(const DeviceId& device, const wire::pb::GetPartsRequest& request);
  /// How many bytes of parts each device may put here.
  void set_part_share(std::uint64_t bytes) { part_share_bytes_ = bytes; }

  // ---- Snapshots (ledger_snapshots.cc): parts that a team's own ledger names ----

  /// Of each team's ledger that the device reads: the envelopes that bring grants, and the newest that names parts of which
  /// every one is here. Older ones are let go once a newer is whole; all of them with an erasure.
  Result<wire::pb::FindSnapshotsAnswer> find_snapshots(const DeviceId& device);

  /// Compare-and-swap: Errc::stale_head when another entry came first. The same entry again is fine.
  /// A certificate of erasure takes wraps and envelopes of its ledger with it; the ids stay, so that heads and positions
  /// go on to fit. Errors: those of membership::Log::append and of may_append; office_waits (below).
  Result<void> append(const Caller& caller, const membership::SignedEntry& entry, std::int64_t now_ms);

  // ---- After a restore (restoration.cc) ----

  /// Begins a new generation with what a backup held: from now on `append` waits.
  Result<void> begin_generation(const GenerationId& generation, std::int64_t now_ms, std::int64_t backup_ms);
  /// What it waits for; nothing when membership may go on.
  [[nodiscard]] Result<std::optional<Restoration>> restoration();
  /// This device has given back what it holds and this generation had lost. Ends the wait with the last of them.
  Result<void> take_acceptance(const Caller& caller);
  /// The operator's word in place of theirs.
  Result<void> end_wait();
  /// Membership's newest entry's own time, ms since 1970.
  Result<std::int64_t> newest_entry_ms();

 private:
  struct Restored { std::int64_t at_ms = 0, backup_ms = 0; };
  struct Subscribed {
    wire::LedgerHead head;
    std::uint64_t newest;
    std::uint64_t since;
  };
  class Pusher;
  class Shares;
  class PageWriter;

  LedgerStore(std::unique_ptr<store::Database> database, platform::Files& files, const platform::Path& folder)
      : database_(std::move(database)), files_(files), blobs_(files, folder) {}
  Result<void> load();
  Result<std::vector<Subscribed>> subscribed(const DeviceId& device);
  Result<void> add_entry(const membership::SignedEntry& entry);
  Result<void> store_entry(const membership::SignedEntry& entry);
  /// Addresses of the parts that nothing names any more: their files go once this is committed.
  Result<std::vector<Digest>> erase(const LedgerId& ledger);
  Result<std::vector<Digest>> erase_parts(std::int64_t ledger);
  void remove_part_files(const std::vector<Digest>& addresses);
  struct NamedParts { std::int64_t position = 0; std::vector<Digest> addresses; std::uint64_t head = 0; };
  Result<std::vector<NamedParts>> snapshots_of(std::int64_t ledger);
  Result<bool> is_whole(const NamedParts& snapshot);
  Result<std::vector<std::int64_t>> team_ledgers();
  /// Of every team's ledger; `all`: also the newest. Addresses whose files go once this is committed.
  Result<std::vector<Digest>> let_go_of_snapshots(bool all);
  Result<void> sweep_parts();
  Result<bool> may_put(const Caller& caller, BytesView address);
  Result<bool> may_get(const DeviceId& device, BytesView address);
  Result<bool> holds_part(const Digest& address);
  Result<std::uint64_t> part_room(const Caller& caller);
  Result<std::optional<Bytes>> read_part(const Digest& address);
  struct Receipted { std::int64_t number = 0; bool carried = true; };   ///< carried: the device is shown what others say of it
  Result<std::optional<Receipted>> receipted_ledger(const DeviceId& device, const LedgerId& ledger);
  Result<void> take_receipt(const ledger::Receipt& receipt);
  Result<bool> cover_unread(const DeviceId& device, std::int64_t number, ledger::Receipt& receipt);
  Result<void> resubscribe(const membership::Log& log, const membership::SignedEntry& entry);
  Result<void> resubscribe_device(const membership::Log& log, const membership::DeviceInfo& device);
  Result<void> subscribe_readers(const membership::Log& log, const LedgerId& ledger);
  Result<void> unsubscribe(const membership::Log& log, const LedgerId& ledger);
  Result<bool> reads(const membership::Log& log, const membership::DeviceInfo& device, std::int64_t number, const LedgerId& ledger);
  Result<void> subscribe(const DeviceId& device, std::int64_t ledger, std::uint64_t since);
  // ledger_rights.cc
  Result<membership::LedgerPlace> place_of(const membership::Log& log, std::int64_t number, const LedgerId& ledger);
  Result<void> add_shared(const membership::Log& log, std::int64_t number, membership::LedgerPlace& place);
  Result<bool> may(const membership::Log& log, membership::Right right, membership::LedgerPlace& place, std::int64_t number, const UserId& user,
                   std::uint64_t head);
  Result<bool> reads_by_own_grant(const membership::Log& log, membership::LedgerPlace& place, std::int64_t number, const UserId& user,
                                  std::uint64_t head);
  Result<void> may_restrict(const membership::SignedEntry& entry);
  Result<void> unsubscribe_where_it_left(const membership::Log& log, const membership::DeviceInfo& device);
  Result<void> mark_carried(const DeviceId& device);
  Result<bool> knows_carry_list(const DeviceId& device, BytesView digest);

  std::unique_ptr<store::Database> database_;
  platform::Files& files_;
  attachments::Blobs blobs_;
  std::uint64_t part_share_bytes_ = kPartShareBytes;
  struct EnvelopeShare { std::uint64_t bytes = kEnvelopeShareBytes, day_bytes = kEnvelopeDayShareBytes; } envelope_share_;
  membership::Log log_;
  GenerationId generation_;
  std::optional<Restored> restored_;   ///< while it waits
};

}  // namespace wayside::office
