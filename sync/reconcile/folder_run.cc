#include <algorithm>

#include "core/attachments/blobs.h"
#include "core/vault/twin.h"
#include "sync/reconcile/one_run.h"
#include "sync/wire/tuning.h"

namespace wayside::reconcile {

void tell_stick(const wire::pb::CourierDone& done, Stick& out) {
  const wire::pb::StickDone& stick = done.stick();
  out.taken = out.taken || stick.taken();
  out.answered_ms = std::max(out.answered_ms, stick.answered_ms());
  out.wrote = stick.wrote();
  out.files = stick.files();
  out.bytes = stick.bytes();
  out.envelopes = stick.envelopes();
  out.envelopes_left = stick.envelopes_left();
  out.parts = stick.parts();
  out.parts_left = stick.parts_left();
  out.wanted = stick.wanted();
  out.parts_fetched += done.parts_fetched();
  out.parts_not_there += done.parts_not_there();
  out.full = stick.full();
  out.spoilt += stick.spoilt();
  out.put_aside += stick.put_aside();
}

namespace {

/// What has become of the answers, as the loop of run_couriers judges it. Nothing is asked in vain: what that loop would ask at once
/// goes with the letter. False: nothing is to be written now, and `told` says why.
Result<bool> judge_taken(vault::Vault& vault, const Run& run, spool::Outbox& outbox, std::optional<Error>& told) {
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (run.error && run.error->code == Errc::refused) {
    told = run.error;
    WAYSIDE_OK(note_refused(vault));
    if (doubt != Doubt::none) WAYSIDE_OK(end_doubt_unseen(vault));
    return true;   // what it brings may be accepted all the same
  }
  WAYSIDE_TRY(const Met met, meet_generation(vault, run.done.generation()));
  if (met == Met::left_before) told = left_before();
  if (met != Met::same) return met == Met::fresh;
  const bool contradicted = run.error && run.error->code == Errc::fork;
  if (run.error && !contradicted) {
    told = run.error;
    return false;
  }
  if (contradicted && doubt != Doubt::none) {
    WAYSIDE_OK(ask_again(vault));
    told = run.error;
    return true;
  }
  if (run.done.stopped_early()) return true;
  WAYSIDE_TRY(const std::int64_t put_back, vault.store().meta_number(vault::kStorePutBack));
  WAYSIDE_OK(settle_copy(vault, outbox, run.sent_by_copy));
  if (doubt != Doubt::none) {
    WAYSIDE_OK(give_back(vault, put_back != 0, told));
    return true;
  }
  WAYSIDE_TRY(const bool well, is_well(vault, run, put_back != 0));
  if (!well) return true;
  WAYSIDE_OK(note_well(vault));
  WAYSIDE_TRY(const bool to_accept, has_to_accept(vault));
  if (to_accept) WAYSIDE_OK(accept_generation(vault));
  return true;
}

Result<void> fill_letter(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (doubt == Doubt::noted) return ask_for_all(vault, outbox);
  if (doubt != Doubt::none) return {};
  WAYSIDE_OK(grant_to_others(vault));
  WAYSIDE_OK(list_parts(vault));
  return fill_outbox(vault, outbox);
}

}  // namespace

Result<std::optional<Error>> run_over_folder(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  Stick& stick = out.stick.emplace();
  How how;
  how.over.emplace();
  how.over->set_folder(options.folder.string());
  how.over->set_part(wire::pb::StickJob::take);
  WAYSIDE_TRY(const Run taken, run_courier(vault, options, how, outbox));
  add(taken, out);
  tell_stick(taken.done, stick);
  stick.whole = stick.taken && !taken.error && !taken.done.stopped_early();
  if (taken.folding.stopped_early) return taken.error;
  WAYSIDE_TRY(const bool may_write, judge_taken(vault, taken, outbox, told));
  out.stopped_early = !stick.whole;
  if (!may_write) return told;

  WAYSIDE_OK(fill_letter(vault, outbox));
  how.over->set_part(wire::pb::StickJob::write);
  attachments::Blobs blobs(vault.env().files, vault.home());
  if (options.wanted) {
    WAYSIDE_TRY(const auto wanted, options.wanted());
    for (const Digest& each : wanted) {
      if (!blobs.has(each) && how.over->wanted_size() < static_cast<int>(wire::kMaxPartsToSend)) how.over->add_wanted(each.str());
    }
  }
  const std::uint64_t waiting = out.parts_waiting, no_room = out.parts_no_room;
  WAYSIDE_TRY(const Run wrote, run_courier(vault, options, how, outbox));
  add(wrote, out);
  tell_stick(wrote.done, stick);
  out.parts_waiting = waiting;
  out.parts_no_room = no_room;
  out.stopped_early = !stick.whole;
  return told ? told : wrote.error;
}

}  // namespace wayside::reconcile
