#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/vault/drafts.h"
#include "core/vault/receipts.h"
#include "core/vault/twin.h"
#include "core/vault/vault.h"
#include "platform/env.h"

namespace wayside::wire::pb {
class CourierJob;
class CourierDone;
}  // namespace wayside::wire::pb

/// One reconciliation of an open vault with its office, from one end to the other: fill the outbox, let a courier of its
/// own process carry, fold what it brought. Files of attachments written here go last. Everything is durable step by step;
/// a cut at any place is resumed by the next.
namespace wayside::reconcile {

struct Progress {
  enum class Phase { preparing = 1, sending = 2, fetching = 3, folding = 4, sending_files = 5, fetching_files = 6 };
  Phase phase = Phase::preparing;
  std::uint64_t done = 0, total = 0;     ///< total 0: not known
};

struct Options {
  platform::Path courier_program;        ///< wayside-cli: its hidden verb `courier`
  /// Carries in place of a child of that program: for whoever has no other process, as the simulator.
  std::function<Result<wire::pb::CourierDone>(const wire::pb::CourierJob&)> carry;
  std::string office_address;            ///< HOST:PORT; empty: where membership or the ticket says
  /// In place of a line: the letters lie in this folder (docs/SYNC_PROTOCOL.md, "Over a stick"). Empty: over a line.
  platform::Path folder;
  /// Over a folder: parts of attachments that the office is asked for as well, once what it answered is taken in.
  std::function<Result<std::vector<Digest>>()> wanted;
  std::uint64_t stop_after_pages = 0;    ///< 0: to the end
  std::uint64_t bytes_per_s = 0;         ///< each way at most; 0: as fast as the line is
  bool no_snapshot = false;              ///< a newcomer folds every envelope, though a colleague has published a snapshot
  /// This vault's drafts when somebody has them open: those of an erased case go. nullptr: nobody has.
  vault::Drafts* drafts = nullptr;
  /// Called between steps, with no transaction open: what a person saves meanwhile may be written from inside it.
  std::function<void(const Progress&)> progress = [](const Progress&) {};
  /// Asked as often, between two pages too: what is not folded then stays in the inbox.
  std::function<bool()> stop_asked = [] { return false; };
};

struct Moved { std::uint64_t envelopes = 0, bytes = 0; };

/// What a run over a folder did. What was sent is known to be taken only when its answer comes back.
struct Stick {
  bool taken = false;                    ///< answers of the office were on it
  bool whole = false;                    ///< and they brought all that it held when it answered
  std::int64_t answered_ms = 0;          ///< the newest answer that was ever taken, by the office's clock; 0: none was
  bool wrote = false;                    ///< a letter; else the one that lies there still says it all
  std::uint64_t files = 0, bytes = 0;    ///< that lie there for the office
  std::uint64_t envelopes = 0, envelopes_left = 0;   ///< in them; and those that did not fit
  std::uint64_t parts = 0, parts_left = 0;           ///< of attachments, the same
  std::uint64_t wanted = 0;              ///< parts that it is asked for
  std::uint64_t parts_fetched = 0, parts_not_there = 0;
  bool full = false;
  std::uint64_t spoilt = 0;              ///< files for this device that could not be read to their end
  std::uint64_t put_aside = 0;           ///< answers to nothing that is asked any more
};

struct Outcome {
  Moved pushed, pulled;
  std::uint64_t applied_change_sets = 0; ///< of others
  std::uint64_t open_reviews = 0;
  std::uint64_t quarantined = 0;         ///< kept apart here, in all
  std::uint64_t waiting = 0;             ///< written here and not yet answered by the office
  std::uint64_t no_room = 0;             ///< of `waiting`: this device has filled its share there, of the day or in all
  std::uint64_t unreceipted = 0;         ///< written here, at the office, and not yet with as many colleagues as it takes
  std::uint64_t missing_ledgers = 0;     ///< announced by colleagues and not delivered
  Moved parts_sent;                      ///< of attachments
  std::uint64_t parts_waiting = 0;       ///< listed to be sent, and not taken by the office yet
  std::uint64_t parts_no_room = 0;       ///< of these: this device has filled its share there
  vault::Copied copied;                  ///< a copy of this vault was noticed, and nobody was told yet: now is the time
  std::vector<vault::Contradiction> contradictions;  ///< with colleagues' receipts, of which nobody was told yet: now is the time
  std::uint64_t round_trips = 0, handshakes = 0;
  std::uint64_t pages = 0;               ///< of these round trips: answers that brought what is new, the last one too
  std::uint64_t wire_bytes_up = 0, wire_bytes_down = 0;
  std::uint64_t published = 0;           ///< ledgers in a snapshot that this run has published for somebody invited here
  std::uint64_t from_snapshot = 0;       ///< ledgers that a colleague's snapshot brought in this run
  std::uint64_t unverified = 0;          ///< ledgers that are still shown as it says
  std::optional<Stick> stick;            ///< over a folder
  std::int64_t elapsed_ms = 0;
  bool stopped_early = false;            ///< over a folder: also when not all that the office holds was on it
};

/// Meta number of the vault: when its last whole reconcile ended, whatever started it (ms since 1970).
inline constexpr std::string_view kReconciledMs = "reconciled_ms";

/// Errors: unreachable (what was taken is folded, the rest waits in the outbox), wrong_office, refused, later, busy,
/// not_found (this vault has no office), and those of the store. Over a folder also stick.
Result<Outcome> reconcile(vault::Vault& vault, const Options& options);

struct PublishedSnapshot { std::uint64_t ledgers = 0, records = 0, bytes = 0; };
/// Makes a snapshot of that team's cases, as they stood at the end of the last reconcile, for newcomers to begin with; it
/// goes to the office with the next one. Errors: busy (reconcile first: something is not at the office yet, or not folded),
/// not_found (no office, or no reconcile yet), not_a_member, and those of vault::make_snapshot.
Result<PublishedSnapshot> publish_snapshot(vault::Vault& vault, const TeamId& team);

/// Whether an earlier courier brought pages that are not folded yet. Reads two small files; false for a vault without an office.
Result<bool> inbox_waits(vault::Vault& vault);

/// Folds what an earlier courier brought, without any network: after unlocking. Of the options it needs `progress` and
/// `stop_asked`. How many change-sets were applied.
Result<std::uint64_t> fold_inbox(vault::Vault& vault, const Options& options);

/// Puts what was saved since into the outbox, and lists the files that go with it, for a courier that comes while the vault
/// is locked. Nothing is lost without it: the next reconcile does the same. Costs no fsync but for files, the first
/// time, and when entries of the log of reads are due to be sealed. Fine for a vault without an office.
Result<void> hand_over(vault::Vault& vault);

/// What is left outside of the store of cases that were erased, or put down: the spool's copies, and what couriers know of them. At
/// every reconcile and fold_inbox; by itself after an erasure was signed here or a case put down. What a courier at work prevents
/// is done the next time.
Result<void> let_go_of_erased(vault::Vault& vault, vault::Drafts* drafts);

/// Awaits a case that was put down (core/vault/carrying.h), from its beginning: the next reconcile fetches it. Errors: those of
/// vault::take_up; busy, while a courier still holds what it knew of the case.
Result<void> take_up(vault::Vault& vault, BytesView id);

/// The spool of a vault's folder.
platform::Path spool_folder(const platform::Path& home);

/// Writes what a courier needs to know beside the spool: where the office is, whom it must prove to be, this device's
/// transport key. After joining, and whenever membership names a new place.
Result<void> write_courier_files(vault::Vault& vault);

}  // namespace wayside::reconcile
