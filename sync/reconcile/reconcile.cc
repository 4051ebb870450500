#include "sync/reconcile/reconcile.h"

#include "core/casework/casebook.h"
#include "core/crypto/crypto.h"
#include "core/vault/erasure.h"
#include "core/vault/ingest.h"
#include "sync/courier/courier_child.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/forget.h"
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

/// A frame that a power cut took is written again behind later ones, and what builds on it then comes to the office too
/// early and is not permitted yet. So whatever was not permitted is sent once more.
Result<void> fill_outbox(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  for (const EnvelopeId& id : outbox.answered(cursor.pushed_up_to)) {
    const auto trouble = cursor.trouble.find(id);
    if (trouble != cursor.trouble.end() && trouble->second.status == wire::pb::Taken::not_permitted) outbox.forget(id);
  }
  return vault.store().each_outgoing([&vault, &outbox](const ledger::EnvelopeRow& waiting) -> Result<void> {
    if (outbox.contains(waiting.id)) return {};
    WAYSIDE_TRY(auto grants, vault.store().grants_of_envelope(waiting.n));
    WAYSIDE_OK(outbox.append(waiting.id, to_parcel(waiting.sealed, std::move(grants))));
    return {};
  });
}

Result<void> take_answers(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const EnvelopeId& id : outbox.answered(cursor.pushed_up_to)) {
    // What the office refused stays marked: it is visible as waiting, and nothing is forgotten.
    if (!cursor.trouble.contains(id)) WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));
  }
  WAYSIDE_OK(std::move(writing).commit());
  return outbox.drop_answered();
}

Result<std::uint64_t> fold_inbox(vault::Vault& vault, const Options& options) {
  WAYSIDE_TRY(const Folding folded, fold_pages(vault, options));
  // What a courier sent while the vault was locked waits no more.
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
  WAYSIDE_OK(fill_outbox(vault, *outbox));

  WAYSIDE_OK(take_parts_sent(vault));
  WAYSIDE_OK(list_parts(vault));

  wire::pb::CourierJob job;
  job.mutable_sync()->set_stop_after_pages(options.stop_after_pages);
  job.mutable_sync()->set_bytes_per_s(options.bytes_per_s);
  WAYSIDE_TRY(const wire::pb::CourierDone done, carry(vault, std::move(job), options));

  // Also after an error: what was taken before the line was cut is folded now.
  WAYSIDE_TRY(const Folding after, fold_pages(vault, options));
  WAYSIDE_OK(take_answers(vault, *outbox));
  WAYSIDE_OK(take_parts_sent(vault));
  outbox.reset();   // what is erased may go out of its files
  WAYSIDE_OK(let_go_of_erased(vault, options.drafts));
  if (done.error() != 0) return fail(static_cast<Errc>(done.error()), done.detail());
  out.stopped_early = done.stopped_early() || after.stopped_early;
  if (!out.stopped_early) WAYSIDE_OK(note_time(vault));
  WAYSIDE_OK(vault.anchor());

  out.pushed = {done.pushed_envelopes(), done.pushed_bytes()};
  out.pulled = {done.pulled_envelopes(), done.pulled_bytes()};
  out.applied_change_sets += after.totals.applied;
  WAYSIDE_TRY(out.open_reviews, casework::open_reviews(vault));
  WAYSIDE_TRY(out.quarantined, vault::undecided(vault));
  WAYSIDE_TRY(out.waiting, vault.store().outgoing_count());
  WAYSIDE_TRY(out.missing_ledgers, missing_ledgers(vault));
  out.parts_sent = {done.parts_sent(), done.parts_sent_bytes()};
  out.parts_waiting = done.parts_waiting();
  out.parts_no_room = done.parts_no_room();
  out.round_trips = done.round_trips();
  out.handshakes = done.handshakes();
  out.wire_bytes_up = done.bytes_up();
  out.wire_bytes_down = done.bytes_down();
  out.elapsed_ms = vault.env().clock.monotonic_ms() - started_ms;
  return out;
}

}  // namespace wayside::reconcile
