#include <algorithm>
#include <set>

#include "core/attachments/blobs.h"
#include "core/vault/lease.h"
#include "core/vault/unconfirmed.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/wire/tuning.h"
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

/// One run of a courier, with what it brought. `taken`: what the office says it holds now, of what it was sent.
/// `sent_by_copy`: the office took nothing, and names what waited here: only a copy of this vault can have sent that.
struct Run { wire::pb::CourierDone done; Folding folding; std::vector<EnvelopeId> taken; std::optional<Error> error; bool sent_by_copy = false; };

Result<std::vector<EnvelopeId>> taken_by_office(vault::Vault& vault, const spool::Outbox& outbox) {
  WAYSIDE_TRY(const auto cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  std::vector<EnvelopeId> out = outbox.answered(cursor.pushed_up_to);
  std::erase_if(out, [&cursor](const EnvelopeId& id) { return cursor.trouble.contains(id); });
  return out;
}

struct How {
  bool begun = false, sending_anew = false, unseen = false;
  std::optional<wire::pb::StickJob> over{};   ///< a folder, in place of a line
};

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

}  // namespace

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

Error left_before() {
  return {Errc::fork, "the office answers as it did before it was set up again from a backup: whoever runs it has to serve the newer one, "
                      "or to set it up again with `wayside-office restore`"};
}

Error takes_nothing() {
  return {Errc::fork, "the office takes nothing from this device since a copy of this casebook has sent changes, as it says, and shows none"};
}

Error changes_its_mind() { return {Errc::fork, "the office names one generation of its ledgers, and then another"}; }

Result<void> doubt_office(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(note_doubt(vault, writing));
  return std::move(writing).commit();
}

/// All is well with one courier. One more asks for everything when something is wrong, and a third sends what was lost. Met
/// with a new generation the count begins again, once; and one courier more tells the office that it is accepted. As many
/// again when a copy of this vault was found: what was written anew goes with the next.
constexpr int kMostRuns = 6;

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

/// Something may be wrong although the courier ended well, or with a contradiction.
/// When an older store was put back, the office has what the outbox still held, and now shows what the store lacks.
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

/// The office has shown all it holds: what it lost stands ready to be sent. Nothing when a courier has yet to bring the rest.
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

}  // namespace

Result<std::optional<Error>> run_couriers(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  WAYSIDE_TRY(const bool begun, begin_with_snapshot(vault, options, out));
  if (out.stopped_early) return told;
  bool fresh = false;      // a new generation was met
  How how{begun};
  for (int runs = 1;; ++runs) {
    WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
    WAYSIDE_TRY(const std::int64_t put_back, vault.store().meta_number(vault::kStorePutBack));
    if (doubt == Doubt::none) WAYSIDE_OK(fill_outbox(vault, outbox));
    else if (doubt == Doubt::noted) WAYSIDE_OK(ask_for_all(vault, outbox));
    WAYSIDE_TRY(const Run run, run_courier(vault, options, how, outbox));
    add(run, out);
    if (run.error && run.error->code == Errc::refused) WAYSIDE_OK(set_number(vault, kRefused, 1));
    if (run.folding.stopped_early) return told ? told : run.error;
    WAYSIDE_TRY(const Met met, meet_generation(vault, run.done.generation()));
    if (met == Met::left_before) return left_before();
    if (met == Met::fresh && fresh) return told ? told : changes_its_mind();
    if (met == Met::fresh) {
      fresh = true;
      runs = 1;
      continue;
    }
    if (run.error && doubt != Doubt::none && run.error->code == Errc::refused && !how.unseen) {
      WAYSIDE_OK(end_doubt_unseen(vault));
      how.unseen = true;
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
        WAYSIDE_OK(set_number(vault, kEntriesToSend, 0));
        WAYSIDE_OK(set_number(vault, kRefused, 0));
        if (!to_accept) return told;
        WAYSIDE_OK(accept_generation(vault));
        continue;
      }
    }
    if (runs >= kMostRuns) return told ? told : run.error;
  }
}

namespace {

/// What has become of the answers, as the loop of run_couriers judges it. Nothing is asked in vain: what that loop would ask at once
/// goes with the letter. False: nothing is to be written now, and `told` says why.
Result<bool> judge_taken(vault::Vault& vault, const Run& run, spool::Outbox& outbox, std::optional<Error>& told) {
  if (run.error && run.error->code == Errc::refused) {
    told = run.error;
    WAYSIDE_OK(set_number(vault, kRefused, 1));
    return true;   // what it brings may be accepted all the same
  }
  WAYSIDE_TRY(const Met met, meet_generation(vault, run.done.generation()));
  if (met == Met::left_before) told = left_before();
  if (met != Met::same) return met == Met::fresh;
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  const bool contradicted = run.error && run.error->code == Errc::fork;
  if (run.error && !contradicted) {
    told = run.error;
    return false;
  }
  if (contradicted && doubt != Doubt::none) WAYSIDE_OK(ask_again(vault));
  if (contradicted && doubt != Doubt::none) {
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
  WAYSIDE_OK(set_number(vault, kEntriesToSend, 0));
  WAYSIDE_OK(set_number(vault, kRefused, 0));
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
