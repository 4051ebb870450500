#include "sync/reconcile/one_run.h"

#include <set>

#include "core/vault/lease.h"
#include "core/vault/twin.h"
#include "core/vault/unconfirmed.h"
#include "sync/spool/cursors.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

Result<void> set_number(vault::Vault& vault, std::string_view name, std::int64_t value) {
  WAYSIDE_TRY(const std::int64_t now, vault.store().meta_number(name));
  if (now == value) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), name, value));
  return std::move(writing).commit();
}

Result<std::vector<EnvelopeId>> taken_by_office(vault::Vault& vault, const spool::Outbox& outbox) {
  WAYSIDE_TRY(const auto cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  std::vector<EnvelopeId> out = outbox.answered(cursor.pushed_up_to);
  std::erase_if(out, [&cursor](const EnvelopeId& id) { return cursor.trouble.contains(id); });
  return out;
}

}  // namespace

Result<Run> run_courier(vault::Vault& vault, const Options& options, How how, spool::Outbox& outbox) {
  Run run;
  WAYSIDE_TRY(const std::uint64_t waiting, vault.store().outgoing_count());
  wire::pb::CourierJob job;
  job.mutable_sync()->set_stop_after_pages(options.stop_after_pages);
  if (how.begun) job.mutable_sync()->set_snapshots(wire::pb::SyncJob::no_history);
  job.mutable_sync()->set_sending_anew(how.sending_anew);
  if (how.over) *job.mutable_sync()->mutable_stick() = *how.over;
  WAYSIDE_OK(tell_covered(vault, *job.mutable_sync()));
  const std::int64_t began_ms = vault.env().clock.monotonic_ms();
  WAYSIDE_TRY(run.done, carry(vault.home(), std::move(job), options));
  // Also after an error: what was taken before the line was cut is folded now.
  WAYSIDE_TRY(run.folding, fold_pages(vault, options));
  WAYSIDE_TRY(run.taken, taken_by_office(vault, outbox));
  WAYSIDE_OK(take_answers(vault, outbox));
  WAYSIDE_OK(take_parts_sent(vault));
  WAYSIDE_OK(settle_receipts(vault, run.folding));
  WAYSIDE_TRY(const std::uint64_t waiting_still, vault.store().outgoing_count());
  run.sent_by_copy = run.done.sent_elsewhere() && waiting_still < waiting;
  if (run.folding.heads) {
    const bool just_now = run.done.error() == 0 && !run.folding.stopped_early && !how.over;
    const auto heard = just_now ? vault::Heard::now : vault::Heard::earlier;
    WAYSIDE_OK(vault::renew_lease(vault, run.folding.heads->time_ms, heard, vault.env().clock.monotonic_ms() - began_ms));
  }
  if (run.done.error() != 0) run.error = Error{static_cast<Errc>(run.done.error()), run.done.detail()};
  const bool contradicted = run.error && (run.error->code == Errc::fork || run.error->code == Errc::corrupt);
  WAYSIDE_OK(after_courier(vault, contradicted));
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
  out.pages += done.pages();
  out.handshakes += done.handshakes();
  out.wire_bytes_up += done.bytes_up();
  out.wire_bytes_down += done.bytes_down();
  out.parts_sent.envelopes += done.parts_sent();
  out.parts_sent.bytes += done.parts_sent_bytes();
  out.parts_waiting = done.parts_waiting();
  out.parts_no_room = done.parts_no_room();
}

namespace {

std::string count(std::uint64_t number, std::string_view one, std::string_view several) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : several);
}

/// What a person is told once, when all that the office holds has been looked at.
Error tell(const Lost& lost, bool restored) {
  std::string what;
  if (lost.envelopes > 0) what = count(lost.envelopes, "change", "changes");
  if (lost.entries > 0) what += (what.empty() ? "" : " and ") + count(lost.entries, "entry", "entries") + " of the membership log";
  if (restored) {
    return {Errc::office_restored, what.empty() ? "It had lost nothing of what is on this device"
                                                : "This device gives back " + what + " that it had lost"};
  }
  if (what.empty()) return {Errc::fork, "the office contradicted itself; all was fetched again, and nothing is missing"};
  return {Errc::fork, "the office had lost " + what + " that it had taken; all was kept here and goes to it again"};
}

Result<void> doubt_office(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(note_doubt(vault, writing));
  return std::move(writing).commit();
}

/// Whether something waits here that the office holds, though all its pages are folded: it was named once, to a store in whose
/// place an older one was put that had as many envelopes, so that nothing told the two apart. Who left a ledger is told nothing of it.
Result<bool> forgot_what_it_was_told(vault::Vault& vault, const Run& run) {
  if (run.taken.empty()) return false;
  const std::set<EnvelopeId> taken(run.taken.begin(), run.taken.end());
  std::set<std::int64_t> ledgers;
  WAYSIDE_OK(vault.store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
    if (taken.contains(row.id)) ledgers.insert(row.ledger);
    return {};
  }));
  for (const std::int64_t each : ledgers) {
    WAYSIDE_TRY(const auto ledger, vault.store().ledger(each));
    WAYSIDE_TRY(const bool read_here, ledger ? vault::is_read_here(vault, *ledger) : Result<bool>(false));
    if (read_here) return true;
  }
  return false;
}

}  // namespace

Result<bool> is_well(vault::Vault& vault, const Run& run, bool put_back) {
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (run.error || doubt != Doubt::none || put_back) {
    if (doubt == Doubt::none) WAYSIDE_OK(doubt_office(vault));
    return false;
  }
  WAYSIDE_TRY(const bool forgot, forgot_what_it_was_told(vault, run));
  if (forgot) WAYSIDE_OK(set_number(vault, vault::kStorePutBack, 1));
  WAYSIDE_TRY(const bool went_back, office_went_back(vault));
  if (went_back || forgot) WAYSIDE_OK(doubt_office(vault));
  return !went_back && !forgot;
}

Result<void> note_well(vault::Vault& vault) {
  WAYSIDE_OK(set_number(vault, kEntriesToSend, 0));
  return set_number(vault, kRefused, 0);
}

Result<std::optional<Lost>> give_back(vault::Vault& vault, bool put_back, std::optional<Error>& told) {
  WAYSIDE_TRY(const bool restored, was_restored(vault));
  WAYSIDE_TRY(const auto lost, end_doubt(vault));
  if (!lost) return std::optional<Lost>{};
  WAYSIDE_OK(list_parts(vault));
  if (put_back) WAYSIDE_OK(set_number(vault, vault::kStorePutBack, 0));
  // That a store was put back is told by another sentence.
  if (restored || !put_back || lost->envelopes + lost->entries > 0) told = tell(*lost, restored);
  return lost;
}

Result<void> note_refused(vault::Vault& vault) { return set_number(vault, kRefused, 1); }

Error left_before() {
  return {Errc::fork, "the office answers as it did before it was set up again from a backup: whoever runs it has to serve the newer one, "
                      "or to set it up again with `wayside-office restore`"};
}

}  // namespace wayside::reconcile
