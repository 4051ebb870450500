#pragma once

#include <functional>
#include <set>

#include "core/vault/ingest.h"
#include "sync/reconcile/attachments.h"
#include "sync/reconcile/reconcile.h"
#include "sync/spool/outbox.h"
#include "sync/wire/heads.h"
#include "sync/wire/wire.pb.h"

/// The steps of one reconciliation; reconcile.cc puts them in order.
namespace wayside::reconcile {

// ---- A courier of its own process (carry.cc) ----
/// Hands a job of the spool of the vault in `home` to a courier, and waits for it.
Result<wire::pb::CourierDone> carry(const platform::Path& home, wire::pb::CourierJob job, const Options& options);

// ---- What is sent (outgoing.cc) ----
/// Meta number: 1 since the office did not admit this device any more. What it keeps apart then is not sent again and again.
inline constexpr std::string_view kRefused = "refused_by_office";
/// Puts every envelope that the office has not answered into the outbox, in the order of the ledger.
Result<void> fill_outbox(vault::Vault& vault, spool::Outbox& outbox);
/// Lets go of what the office has answered of others' envelopes, and of outbox frames.
Result<void> take_answers(vault::Vault& vault, spool::Outbox& outbox);

// ---- What colleagues must hear of (announce.cc) ----
/// Tells each team which ledgers were made for it since the last time: one change-set a team (several when they are very
/// many). Nothing to tell: nothing is written. Returns how many ledgers were announced.
Result<std::size_t> announce(vault::Vault& vault);

/// Grants what others lack of the keys that this device holds: compartments to who joined their team, restricted cases to who is
/// named, shared ones to the teams that share them. Each kind is looked for only when something has come that may call for it.
/// Whether anybody was granted anything.
Result<bool> grant_to_others(vault::Vault& vault);

/// How many announced ledgers this device was never given.
Result<std::uint64_t> missing_ledgers(vault::Vault& vault);

// ---- Doubt (doubt.cc) ----
// When the office contradicts itself, or either of the two seems to have been put back, everything that the office holds is
// fetched again. What it does not show though it had it, it has lost, and gets from here.

enum class Doubt : std::int64_t { none = 0, noted = 1, asking = 2 };
Result<Doubt> doubt_of(vault::Vault& vault);
/// Meta number: entries of the membership log from this one on are sent to the office, which lost them. 0: none.
inline constexpr std::string_view kEntriesToSend = "entries_to_send";
/// From now on nothing counts as held by the office until it shows it.
Result<void> note_doubt(vault::Vault& vault, vault::Vault::Writing& writing);
/// Nothing is sent, and all is asked for, until `end_doubt`.
Result<void> ask_for_all(vault::Vault& vault, spool::Outbox& outbox);

/// The office contradicted itself even then: the next reconcile begins with it once more.
Result<void> ask_again(vault::Vault& vault);

struct Lost { std::uint64_t envelopes = 0, entries = 0; };
/// To be called when the office has shown all it has, and it is folded: what is missing stands ready to be sent. Nothing
/// when a courier has yet to bring the rest.
Result<std::optional<Lost>> end_doubt(vault::Vault& vault);

/// The office shows this device nothing any more, so that nothing can be compared: all that was written here goes to it again.
Result<void> end_doubt_unseen(vault::Vault& vault);

/// Whether the office, at the end of a reconcile, holds fewer entries of the membership log than this vault, or knows
/// nothing of a ledger that it once took envelopes of.
Result<bool> office_went_back(vault::Vault& vault);

// ---- Generations of the office (generations.cc) ----
// An office that is set up again from a backup begins a new generation. A device compares all it holds with that, gives back
// what was lost, and then accepts it. By accepting one it leaves those before for good.

enum class Met { same, fresh, left_before };
/// What a courier's run says of the office's generation: `named` is another than the cursor's, or empty. A fresh one is in
/// force from then on, and everything in doubt; so it is when the office takes a generation back that nobody accepted.
Result<Met> meet_generation(vault::Vault& vault, BytesView named);
/// Nothing before the first contact.
Result<std::optional<GenerationId>> generation_in_force(vault::Vault& vault);
/// Whether the generation in force is one that this vault has yet to accept.
Result<bool> has_to_accept(vault::Vault& vault);
/// Whether that one came after another: the office was restored.
Result<bool> was_restored(vault::Vault& vault);
/// Copies for the office (core/vault/kept_copies.h) that were kept long enough go, unless one that was set up again is yet to get them.
Result<void> let_go_of_copies(vault::Vault& vault);
/// All that it had lost of what is here was given back. The next courier tells the office.
Result<void> accept_generation(vault::Vault& vault);

// ---- The couriers of one reconciliation, one after the other (courier_runs.cc) ----
/// Sends and fetches, and once more when the office is in doubt. What it moved is added to `out`. Returns what is to be told
/// in the end, though all was done that could be.
Result<std::optional<Error>> run_couriers(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out);
/// The same over a folder (folder_run.cc): what the office answered is taken and folded first, then a letter says what is still to be said. What a
/// line would settle with one more courier the next journey settles.
Result<std::optional<Error>> run_over_folder(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out);
/// Added to `out`: what one courier did over a folder.
void tell_stick(const wire::pb::CourierDone& done, Stick& out);

// ---- What came (inbox_fold.cc) ----
/// When this vault lives twice (core/vault/twin.h), as what the office sent shows: a new incarnation begins, and the outbox
/// is filled anew. Whether it did. Not while pages wait to be folded: they may hold what seems unsent. `shown`: in another way.
Result<bool> settle_copy(vault::Vault& vault, spool::Outbox& outbox, bool shown = false);
/// Tells couriers in which incarnation the vault writes.
Result<void> tell_incarnation(vault::Vault& vault);

/// Folds the pages of the inbox, one transaction each, to the end or until `stop_asked`.
struct Folding {
  vault::Ingested totals;
  bool stopped_early = false;
  std::optional<wire::Heads> heads;   ///< the newest that the office's key has signed
};
Result<Folding> fold_pages(vault::Vault& vault, const Options& options);

// ---- Receipts (receipts.cc) ----
/// An envelope as a page delivers it.
struct Delivered { LedgerId ledger; std::uint64_t lsn = 0; EnvelopeId id; };
/// Within the transaction that folds the page: where the office has put what, and what colleagues say.
Result<void> note_places(vault::Vault& vault, vault::Vault::Writing& writing, const wire::pb::PullAnswer& page,
                         const std::vector<Delivered>& delivered);
/// When all that the office has signed is folded: looks whether colleagues have seen more, and lays ready for the next courier
/// what this device has seen. Nothing is written when nothing is new.
Result<void> settle_receipts(vault::Vault& vault, const Folding& folding);
// ---- What a newcomer begins with (snapshot.cc) ----
/// As `fetch_parts` (attachments.h), for parts that are read and removed at once: no sync of the disk is waited for.
Result<Fetched> fetch_parts_for_now(vault::Vault& vault, const std::vector<Digest>& addresses, const Options& options);
/// Where nothing was ever fetched: looks for a colleague's snapshot, fetches and loads it. True when it did. That there is
/// none, or that it is not what it says, is no error: then every envelope comes as always.
Result<bool> begin_with_snapshot(vault::Vault& vault, const Options& options, Outcome& out);
/// What the courier is to take as held.
Result<void> tell_covered(vault::Vault& vault, wire::pb::SyncJob& job);
/// Where this device has invited somebody to a team with many cases (core/vault/newcomers.h): seals a snapshot for her first
/// reconcile, which a courier carries now. How many ledgers it holds; 0: there is none. What is in its way today is no error,
/// and it is tried again with the next reconcile.
Result<std::uint64_t> publish_for_newcomers(vault::Vault& vault);
/// After a courier: compares what has come of it, and lets go of what turned out false. `contradicted`: the office holds
/// another history than it says.
Result<void> after_courier(vault::Vault& vault, bool contradicted);

// ---- Which cases are on this device (carried.cc) ----
/// Names for couriers what this device carries. Whether it is something else than before.
Result<bool> tell_carried(vault::Vault& vault);
/// Once every page that came is folded: withdrawn cases go, so do those that are not hers where assigned ones are carried, and cases
/// that were taken up and are all here are as they were. As `tell_carried`. `drafts`: see Options.
Result<bool> settle_cases(vault::Vault& vault, const vault::Drafts* drafts);
/// Of which a spool keeps nothing: erased, put down, withdrawn.
Result<std::set<LedgerId>> not_kept_here(vault::Vault& vault);

// ---- Files (attachments.cc) ----
/// Lists for the courier which parts of attachments the office is not known to hold (spool/parts_list.h). Of a file of
/// which a part is gone from this device none is listed.
Result<void> list_parts(vault::Vault& vault);
/// Forgets what was listed and is all at the office, by the courier's cursor.
Result<void> take_parts_sent(vault::Vault& vault);

}  // namespace wayside::reconcile
