#include "sync/reconcile/reconcile.h"

#include "core/casework/casebook.h"
#include "core/crypto/crypto.h"
#include "core/vault/erasure.h"
#include "core/vault/ingest.h"
#include "sync/courier/courier_child.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/forget.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

wire::pb::Parcel to_parcel(BytesView sealed, std::vector<Bytes> grants) {
  wire::pb::Parcel out;
  out.set_envelope(Bytes(sealed));
  for (Bytes& grant : grants) *out.add_grants() = std::move(grant);
  return out;
}

Progress::Phase phase_of(std::uint32_t of_courier) {
  switch (of_courier) {
    case 1: return Progress::Phase::sending;
    case 3: return Progress::Phase::sending_files;
    case 4: return Progress::Phase::fetching_files;
    default: return Progress::Phase::fetching;
  }
}

Result<void> note_time(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kReconciledMs, vault.env().clock.wall_ms()));
  return std::move(writing).commit();
}

}  // namespace

Result<wire::pb::CourierDone> carry(vault::Vault& vault, wire::pb::CourierJob job, const Options& options) {
  job.set_address(options.office_address);
  job.set_spool(spool_folder(vault.home()).string());
  job.set_home(vault.home().string());
  if (options.carry) return options.carry(job);
  WAYSIDE_TRY(auto child, courier::CourierChild::start(options.courier_program, job));
  return child.finish(
      [&options](const wire::pb::CourierProgress& at) { options.progress({phase_of(at.phase()), at.done(), at.total()}); },
      options.stop_asked);
}

platform::Path spool_folder(const platform::Path& home) { return home / "spool"; }

Result<void> write_courier_files(vault::Vault& vault) {
  WAYSIDE_TRY(const auto place, vault.office());
  if (!place) return fail(Errc::not_found, "this vault has no office");
  platform::Files& files = vault.env().files;
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_OK(files.make_folders(layout.root));
  const spool::Office office{place->address, place->tls_pin, vault.identity().organisation, vault.identity().device,
                             crypto::sign_public(vault.keys().courier_seed)};
  WAYSIDE_OK(spool::write_office(files, layout, office));
  return spool::write_courier_key(files, layout, vault.keys().courier_seed);
}

namespace {
/// Meta number: 1 since the office did not admit this device any more. What it keeps apart then is not sent again and again.
constexpr std::string_view kRefused = "refused_by_office";

Result<void> set_number(vault::Vault& vault, std::string_view name, std::int64_t value) {
  WAYSIDE_TRY(const std::int64_t now, vault.store().meta_number(name));
  if (now == value) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), name, value));
  return std::move(writing).commit();
}

/// What the office lost of the membership log: its envelopes are judged by it, so it goes first.
Result<void> add_lost_entries(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const std::int64_t first, vault.store().meta_number(kEntriesToSend));
  if (first == 0) return {};
  store::Query entries = vault.store().database().query("SELECT number, entry FROM membership WHERE number >= ? ORDER BY number", first);
  for (;;) {
    WAYSIDE_TRY(const bool row, entries.next());
    if (!row) return {};
    WAYSIDE_TRY(const auto entry, membership::parse_entry(entries.blob(1)));
    WAYSIDE_OK(outbox.append_entry(entry.hash, entry.bytes));
  }
}
}  // namespace

/// Sent once more is whatever was answered and is not held by the office for all that is known here: it was taken, and the
/// line was cut before its ledger came; it came too early, behind a frame that a power cut took, and was not permitted yet;
/// or it was kept apart, since an office that went back had lost the membership entry it names.
Result<void> fill_outbox(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(const spool::Folded folded, spool::read_folded(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(const std::int64_t refused, vault.store().meta_number(kRefused));
  for (const EnvelopeId& id : outbox.answered(cursor.pushed_up_to)) {
    const auto trouble = cursor.trouble.find(id);
    const auto status = trouble == cursor.trouble.end() ? wire::pb::Taken::stored : static_cast<wire::pb::Taken::Status>(trouble->second.status);
    const bool kept_apart = status == wire::pb::Taken::quarantined && refused == 0;
    const bool taken = status == wire::pb::Taken::stored && folded.number >= cursor.inbox_number;   // else a page may name it yet
    if (kept_apart || taken || status == wire::pb::Taken::not_permitted) outbox.forget(id);
  }
  WAYSIDE_OK(add_lost_entries(vault, outbox));
  return vault.store().each_outgoing([&vault, &outbox](const ledger::EnvelopeRow& waiting) -> Result<void> {
    if (outbox.contains(waiting.id)) return {};
    WAYSIDE_TRY(auto grants, vault.store().grants_of_envelope(waiting.n));
    WAYSIDE_OK(outbox.append(waiting.id, to_parcel(waiting.sealed, std::move(grants))));
    return {};
  });
}

namespace {
Result<bool> is_own(vault::Vault& vault, const EnvelopeId& id) {
  WAYSIDE_TRY(const auto row, vault.store().envelope(id));
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE n = ? AND own", row ? row->n : 0).next();
}
}  // namespace

Result<void> take_answers(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const EnvelopeId& id : outbox.answered(cursor.pushed_up_to)) {
    // Of one's own, what was taken is held once a page of its ledger names it, and what was refused is visible as waiting:
    // nothing is forgotten. What a colleague wrote, and went there once more, is hers.
    WAYSIDE_TRY(const bool own, is_own(vault, id));
    if (!own) WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));
  }
  WAYSIDE_OK(std::move(writing).commit());
  return outbox.drop_answered();
}

Result<std::uint64_t> fold_inbox(vault::Vault& vault, const Options& options) {
  WAYSIDE_TRY(const Folding folded, fold_pages(vault, options));
  // What a courier sent while the vault was locked was named by a page, which is folded now: its frames may go.
  const spool::Layout layout(spool_folder(vault.home()));
  if (vault.env().files.exists(layout.outbox())) {
    WAYSIDE_TRY(auto outbox, spool::Outbox::open(vault.env().files, layout));
    WAYSIDE_OK(take_answers(vault, outbox));
  }
  WAYSIDE_OK(let_go_of_erased(vault, options.drafts));
  return folded.totals.applied;
}

Result<void> hand_over(vault::Vault& vault) {
  WAYSIDE_TRY(const auto place, vault.office());
  if (!place) return {};
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (doubt != Doubt::none) return {};   // nothing is sent until the office has shown what it holds
  if (!vault.env().files.exists(layout.office())) WAYSIDE_OK(write_courier_files(vault));
  WAYSIDE_TRY(auto outbox, spool::Outbox::open(vault.env().files, layout));
  WAYSIDE_OK(fill_outbox(vault, outbox));
  return list_parts(vault);
}

Result<void> let_go_of_erased(vault::Vault& vault, vault::Drafts* drafts) {
  WAYSIDE_OK(vault::finish_erasures(vault, drafts));
  WAYSIDE_TRY(const std::int64_t to_clear, vault.store().meta_number(vault::kSpoolToClear));
  if (to_clear == 0) return {};
  WAYSIDE_TRY(const auto ledgers, vault::erased_ledgers(vault));
  const auto cleared = spool::forget_ledgers(vault.env().files, spool::Layout(spool_folder(vault.home())), ledgers);
  if (!cleared && cleared.error().code == Errc::busy) return {};
  WAYSIDE_OK(cleared);
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), vault::kSpoolToClear, 0));
  return std::move(writing).commit();
}

namespace {

/// One run of a courier, with what it brought.
struct Run { wire::pb::CourierDone done; Folding folding; std::optional<Error> error; };

Result<Run> run_courier(vault::Vault& vault, const Options& options, spool::Outbox& outbox) {
  Run run;
  wire::pb::CourierJob job;
  job.mutable_sync()->set_stop_after_pages(options.stop_after_pages);
  job.mutable_sync()->set_bytes_per_s(options.bytes_per_s);
  WAYSIDE_TRY(run.done, carry(vault, std::move(job), options));
  // Also after an error: what was taken before the line was cut is folded now.
  WAYSIDE_TRY(run.folding, fold_pages(vault, options));
  WAYSIDE_OK(take_answers(vault, outbox));
  WAYSIDE_OK(take_parts_sent(vault));
  if (run.done.error() != 0) run.error = Error{static_cast<Errc>(run.done.error()), run.done.detail()};
  return run;
}

void add(const Run& run, Outcome& out) {
  const wire::pb::CourierDone& done = run.done;
  out.stopped_early = done.stopped_early() || run.folding.stopped_early;
  out.pushed.envelopes += done.pushed_envelopes();
  out.pushed.bytes += done.pushed_bytes();
  out.pulled.envelopes += done.pulled_envelopes();
  out.pulled.bytes += done.pulled_bytes();
  out.applied_change_sets += run.folding.totals.applied;
  out.round_trips += done.round_trips();
  out.handshakes += done.handshakes();
  out.wire_bytes_up += done.bytes_up();
  out.wire_bytes_down += done.bytes_down();
  out.parts_sent.envelopes += done.parts_sent();
  out.parts_sent.bytes += done.parts_sent_bytes();
  out.parts_waiting = done.parts_waiting();
  out.parts_no_room = done.parts_no_room();
}

/// What a person is told once, when all that the office holds has been looked at.
Error tell(const Lost& lost) {
  if (lost.envelopes + lost.entries == 0)
    return {Errc::fork, "the office contradicted itself; all was fetched again, and nothing is missing"};
  return {Errc::fork, "the office had lost " + std::to_string(lost.envelopes) + " changes and " + std::to_string(lost.entries) +
                          " entries of the membership log that it had taken; they were kept here and go to it again"};
}

Result<void> doubt_office(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(note_doubt(vault, writing));
  return std::move(writing).commit();
}

/// All is well with one courier. One more asks for everything when something is wrong, and a third sends what was lost.
constexpr int kMostRuns = 3;

/// Returns what is to be told in the end, though all was done that could be.
Result<std::optional<Error>> run_couriers(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  for (int runs = 1;; ++runs) {
    WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
    if (doubt == Doubt::none) WAYSIDE_OK(fill_outbox(vault, outbox));
    else if (doubt == Doubt::noted) WAYSIDE_OK(ask_for_all(vault, outbox));
    WAYSIDE_TRY(const Run run, run_courier(vault, options, outbox));
    add(run, out);
    if (run.error && run.error->code == Errc::refused) WAYSIDE_OK(set_number(vault, kRefused, 1));
    if (run.error && doubt != Doubt::none && run.error->code == Errc::fork) WAYSIDE_OK(ask_again(vault));
    if (run.error && (doubt != Doubt::none || run.error->code != Errc::fork)) return told ? told : run.error;
    if (out.stopped_early) return told;
    if (doubt != Doubt::none) {
      WAYSIDE_TRY(const auto lost, end_doubt(vault));
      if (!lost) return told;
      told = tell(*lost);
      if (lost->envelopes + lost->entries == 0) return told;
    } else {
      WAYSIDE_TRY(const Doubt now, doubt_of(vault));
      bool wrong = run.error.has_value() || now != Doubt::none;
      if (!wrong) {
        WAYSIDE_TRY(wrong, office_went_back(vault));
      }
      if (!wrong) {
        WAYSIDE_OK(set_number(vault, kEntriesToSend, 0));
        WAYSIDE_OK(set_number(vault, kRefused, 0));
        return told;
      }
      if (now == Doubt::none) WAYSIDE_OK(doubt_office(vault));
    }
    if (runs >= kMostRuns) return told ? told : run.error;
  }
}

}  // namespace

Result<Outcome> reconcile(vault::Vault& vault, const Options& options) {
  Outcome out;
  const std::int64_t started_ms = vault.env().clock.monotonic_ms();
  options.progress({});
  WAYSIDE_OK(write_courier_files(vault));
  // What an earlier courier left is folded first: announcements and deps then build on it.
  WAYSIDE_TRY(const Folding before, fold_pages(vault, options));
  out.applied_change_sets = before.totals.applied;
  out.stopped_early = before.stopped_early;
  if (out.stopped_early) return out;
  WAYSIDE_OK(announce(vault));
  std::optional<spool::Outbox> outbox;
  WAYSIDE_TRY(outbox, spool::Outbox::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_OK(take_parts_sent(vault));
  WAYSIDE_OK(list_parts(vault));
  WAYSIDE_TRY(const auto told, run_couriers(vault, options, *outbox, out));
  outbox.reset();   // what is erased may go out of its files
  WAYSIDE_OK(let_go_of_erased(vault, options.drafts));
  if (told) return std::unexpected(*told);
  if (!out.stopped_early) WAYSIDE_OK(note_time(vault));
  WAYSIDE_OK(vault.anchor());

  WAYSIDE_TRY(out.open_reviews, casework::open_reviews(vault));
  WAYSIDE_TRY(out.quarantined, vault::undecided(vault));
  WAYSIDE_TRY(out.waiting, vault.store().outgoing_count());
  WAYSIDE_TRY(out.missing_ledgers, missing_ledgers(vault));
  out.elapsed_ms = vault.env().clock.monotonic_ms() - started_ms;
  return out;
}

}  // namespace wayside::reconcile
