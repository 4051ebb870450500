#include "sync/reconcile/parts.h"

namespace wayside::reconcile {
namespace {

Result<void> set_number(vault::Vault& vault, std::string_view name, std::int64_t value) {
  WAYSIDE_TRY(const std::int64_t now, vault.store().meta_number(name));
  if (now == value) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), name, value));
  return std::move(writing).commit();
}

/// One run of a courier, with what it brought.
struct Run { wire::pb::CourierDone done; Folding folding; std::optional<Error> error; };

Result<Run> run_courier(vault::Vault& vault, const Options& options, spool::Outbox& outbox) {
  Run run;
  wire::pb::CourierJob job;
  job.mutable_sync()->set_stop_after_pages(options.stop_after_pages);
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
/// As many again when a twin was found: what was written anew goes with the next.
constexpr int kMostRuns = 6;

}  // namespace

Result<std::optional<Error>> run_couriers(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  for (int runs = 1;; ++runs) {
    WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
    WAYSIDE_TRY(const std::int64_t put_back, vault.store().meta_number(vault::kStorePutBack));
    if (doubt == Doubt::none) WAYSIDE_OK(fill_outbox(vault, outbox));
    else if (doubt == Doubt::noted) WAYSIDE_OK(ask_for_all(vault, outbox));
    WAYSIDE_TRY(const Run run, run_courier(vault, options, outbox));
    add(run, out);
    if (run.error && run.error->code == Errc::refused) WAYSIDE_OK(set_number(vault, kRefused, 1));
    if (run.error && doubt != Doubt::none && run.error->code == Errc::fork) WAYSIDE_OK(ask_again(vault));
    if (run.error && (doubt != Doubt::none || run.error->code != Errc::fork)) return told ? told : run.error;
    if (out.stopped_early) return told;
    WAYSIDE_TRY(const bool written_anew, settle_copy(vault, outbox));
    if (doubt != Doubt::none) {
      WAYSIDE_TRY(const auto lost, end_doubt(vault));
      if (!lost) return told;
      const bool nothing_lost = lost->envelopes + lost->entries == 0;
      if (put_back != 0) WAYSIDE_OK(set_number(vault, vault::kStorePutBack, 0));
      if (put_back == 0 || !nothing_lost) told = tell(*lost);   // that a store was put back is told by another sentence
      if (nothing_lost && !written_anew && put_back == 0) return told;   // otherwise there may be something to send
    } else {
      WAYSIDE_TRY(const Doubt now, doubt_of(vault));
      // The office has what the outbox still held; now it shows what the older store lacks.
      bool wrong = run.error.has_value() || now != Doubt::none || put_back != 0;
      if (!wrong) {
        WAYSIDE_TRY(wrong, office_went_back(vault));
      }
      if (!wrong && written_anew) continue;
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

}  // namespace wayside::reconcile
