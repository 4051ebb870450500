#include "core/vault/twin.h"
#include "sync/reconcile/one_run.h"

namespace wayside::reconcile {
namespace {

Error takes_nothing() {
  return {Errc::fork, "the office takes nothing from this device since a copy of this casebook has sent changes, as it says, and shows none"};
}

Error changes_its_mind() { return {Errc::fork, "the office names one generation of its ledgers, and then another"}; }

/// All is well with one courier. One more asks for everything when something is wrong, and a third sends what was lost. Met
/// with a new generation the count begins again, once; and one courier more tells the office that it is accepted. As many
/// again when a copy of this vault was found: what was written anew goes with the next.
constexpr int kMostRuns = 6;

}  // namespace

Result<std::optional<Error>> run_couriers(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  WAYSIDE_TRY(const bool begun, begin_with_snapshot(vault, options, out));
  if (out.stopped_early) return told;
  bool fresh = false;      // a new generation was met
  bool unseen = false;     // in doubt, and shown nothing any more
  How how{.begun = begun};
  for (int runs = 1;; ++runs) {
    WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
    WAYSIDE_TRY(const std::int64_t put_back, vault.store().meta_number(vault::kStorePutBack));
    if (doubt == Doubt::none) WAYSIDE_OK(fill_outbox(vault, outbox));
    else if (doubt == Doubt::noted) WAYSIDE_OK(ask_for_all(vault, outbox));
    WAYSIDE_TRY(const Run run, run_courier(vault, options, how, outbox));
    add(run, out);
    if (run.error && run.error->code == Errc::refused) WAYSIDE_OK(note_refused(vault));
    if (run.folding.stopped_early) return told ? told : run.error;
    WAYSIDE_TRY(const Met met, meet_generation(vault, run.done.generation()));
    if (met == Met::left_before) return left_before();
    if (met == Met::fresh && fresh) return told ? told : changes_its_mind();
    if (met == Met::fresh) {
      fresh = true;
      runs = 1;
      continue;
    }
    if (run.error && doubt != Doubt::none && run.error->code == Errc::refused && !unseen) {
      WAYSIDE_OK(end_doubt_unseen(vault));
      unseen = true;
      continue;
    }
    if (run.error && doubt != Doubt::none && run.error->code == Errc::fork) WAYSIDE_OK(ask_again(vault));
    if (run.error && (doubt != Doubt::none || run.error->code != Errc::fork)) return told ? told : run.error;
    if (out.stopped_early) return told;
    WAYSIDE_TRY(const bool written_anew, settle_copy(vault, outbox, run.sent_by_copy));
    if (run.done.sent_elsewhere() && !written_anew && !run.error && doubt == Doubt::none) {
      if (how.sending_anew) return told ? told : takes_nothing();
      how.sending_anew = true;   // no copy has sent: a request that came late, or an office that says what is not so
      continue;
    }
    WAYSIDE_TRY(const bool to_accept, has_to_accept(vault));
    if (doubt != Doubt::none) {
      WAYSIDE_TRY(const auto lost, give_back(vault, put_back != 0, told));
      if (!lost) return told;
      const bool nothing_to_send = lost->envelopes + lost->entries == 0 && !written_anew && put_back == 0;
      if (nothing_to_send && !to_accept) return told;
    } else {
      WAYSIDE_TRY(const bool well, is_well(vault, run, put_back != 0));
      if (well && written_anew) continue;
      if (well) {
        WAYSIDE_OK(note_well(vault));
        if (!to_accept) return told;
        WAYSIDE_OK(accept_generation(vault));
        continue;
      }
    }
    if (runs >= kMostRuns) return told ? told : run.error;
  }
}

}  // namespace wayside::reconcile
