#include <algorithm>

#include "core/vault/audit.h"
#include "core/vault/carrying.h"
#include "core/vault/covered.h"
#include "core/vault/sharing.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"
#include "ui/app/contradiction_sentence.h"
#include "ui/app/form_save.h"
#include "ui/app/copy_sentence.h"
#include "ui/app/night_sentence.h"
#include "ui/app/review_draft.h"
#include "ui/app/sentences.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::string_view kLastReconcile = "last_reconcile";
constexpr std::string_view kNightTold = "night_told_ms";   ///< when the run ended that was told last

pb::ReconcileState::Phase phase_of(reconcile::Progress::Phase phase) {
  switch (phase) {
    case reconcile::Progress::Phase::preparing: return pb::ReconcileState::preparing;
    case reconcile::Progress::Phase::sending: return pb::ReconcileState::sending;
    case reconcile::Progress::Phase::fetching: return pb::ReconcileState::fetching;
    case reconcile::Progress::Phase::folding: return pb::ReconcileState::folding;
    case reconcile::Progress::Phase::sending_files: return pb::ReconcileState::sending_files;
    case reconcile::Progress::Phase::fetching_files: return pb::ReconcileState::fetching;
  }
  return pb::ReconcileState::preparing;
}

std::string changes(std::uint64_t count) { return counted(count, "change", "changes"); }

/// "Everything is with the office. 31 sent, 12 received. 1 thing needs you."
std::string end_sentence(const vault::Vault& vault, const reconcile::Outcome& outcome) {
  const bool files_wait = outcome.parts_waiting > 0;
  std::string out = outcome.waiting == 0
                        ? (files_wait ? "Every change is with the office." : "Everything is with the office.")
                        : changes(outcome.waiting) + (outcome.waiting == 1 ? " was" : " were") +
                              " not taken by the office and " + (outcome.waiting == 1 ? "is" : "are") + " kept here.";
  out += " " + std::to_string(outcome.pushed.envelopes) + " sent, " + std::to_string(outcome.applied_change_sets) +
         " received.";
  if (outcome.no_room > 0) {
    out += " The office takes no more from this device for now: its share there is full. Everything is kept here; if that stays so "
           "tomorrow, ask your administrator for a larger one.";
  }
  if (outcome.parts_no_room > 0) {
    out += " The office takes no more attachments from this device; they are kept here. Ask your administrator.";
  } else if (files_wait) {
    out += " Some attachments were not taken yet; they are kept here and go with the next one.";
  }
  if (outcome.missing_ledgers > 0) {
    out += " " +
           counted(outcome.missing_ledgers, "case that a colleague shared has", "cases that colleagues shared have") +
           " not come yet. Tell your administrator if that stays so.";
  }
  if (!outcome.contradictions.empty()) out += " " + contradiction_sentence(vault, outcome.contradictions.front());
  if (outcome.copied.how != vault::Copy::none) out += " " + copy_sentence(outcome.copied);
  if (outcome.open_reviews > 0) out += " " + counted(outcome.open_reviews, "thing needs you.", "things need you.");
  return out;
}

std::string failed_sentence(const Error& error, std::uint64_t waiting) {
  if (error.code != Errc::unreachable) return sentence(error);
  const std::string kept = waiting == 0 ? "Nothing waits to be sent."
                                        : "Your " + changes(waiting) + (waiting == 1 ? " is" : " are") + " kept here.";
  return "The office cannot be reached. " + kept + " Try again, or carry on.";
}

}  // namespace

// ---- Reviews ------------------------------------------------------------------------------------------------------

Result<void> Clerk::open_review(const std::string& id) {
  history_.Clear();
  auto review = read_review(*vault_, cases_, id, now_ms());
  if (!review && review.error().code == Errc::not_found) {
    review_.reset();
    say(pb::Notice::information, "That has been decided already.");
    return show_reviews();
  }
  if (!review) return std::unexpected(review.error());
  WAYSIDE_OK(note_shown(review->record));
  review_ = *std::move(review);
  const auto form = vault::FormId::from(id);
  if (const vault::Draft* kept = form ? drafts_->find(*form) : nullptr) restore(*kept, *review_);
  return {};
}

void Clerk::keep_decision(const pb::Decide& undecided) {
  const auto& rows = reviews_.rows();
  const bool waits = std::any_of(rows.begin(), rows.end(), [&](const pb::ReviewRow& row) {
    return row.review_id() == undecided.review_id();
  });
  OpenReview* open = review_ && review_->page.review_id() == undecided.review_id() ? &*review_ : nullptr;
  auto draft = review_draft(undecided, open != nullptr ? open->shown : std::set<ledger::Dot>(), now_ms());
  if (!draft || (!waits && open == nullptr)) return;  // decided meanwhile
  const vault::Draft* known = drafts_->find(draft->form);
  if (open == nullptr && known != nullptr) draft->shown = known->shown;
  const Result<void> done = is_blank(undecided) ? drafts_->discard(draft->form) : drafts_->keep(*draft);
  if (open == nullptr) return;
  open->page.set_draft_kept(done && !is_blank(undecided) ? clock_time(now_ms()) : std::string());
  if (done) return;
  open->page.mutable_notice()->set_tone(pb::Notice::attention);
  open->page.mutable_notice()->set_text(draft_lost_sentence(done.error()));
}

/// A question that is decided takes along what was typed about it: the same field may ask again another day.
Result<void> Clerk::end_decided_drafts() {
  std::vector<vault::FormId> drafted;
  for (const vault::Draft& draft : drafts_->all()) {
    if (is_review_draft(draft)) drafted.push_back(draft.form);
  }
  if (drafted.empty()) return {};
  WAYSIDE_TRY(const auto items, casework::reviews(*vault_));
  for (const vault::FormId& form : drafted) {
    const bool waits =
        std::ranges::any_of(items, [&](const casework::ReviewItem& item) { return item.id == form.str(); });
    if (!waits) (void)drafts_->discard(form);  // tried again with the next news
  }
  return {};
}

Result<void> Clerk::decide(const pb::Decide& command) {
  if (!review_ || review_->page.review_id() != command.review_id()) WAYSIDE_OK(open_review(command.review_id()));
  if (!review_) return {};
  const auto decision = app::decide(*vault_, *review_, command, now_ms());
  if (!decision) {
    auto& notice = *review_->page.mutable_notice();
    notice.set_tone(pb::Notice::attention);
    notice.set_text(sentence(decision.error()) + " Nothing was decided.");
    return {};
  }
  if (!decision->taken) {
    // What is on the screen may be old: it is shown as it is now, with the reason why nothing was decided.
    WAYSIDE_OK(open_review(command.review_id()));
    if (review_) *review_->page.mutable_notice() = decision->notice;
    return {};
  }
  const OpenReview decided = *std::move(review_);
  review_.reset();
  WAYSIDE_OK(
      changed(cases_.place_of(decided.record).in != nullptr ? RecordId::from(decided.page.case_id()) : std::nullopt));
  if (form_ && form_->record() == decided.record) WAYSIDE_OK(form_->decided(*vault_, decided.page.field().field()));
  if (reviews_.rows_size() == 0) {
    notice_ = decision->notice;
    return {};
  }
  WAYSIDE_OK(open_review(reviews_.rows(0).review_id()));
  if (review_) *review_->page.mutable_notice() = decision->notice;
  return {};
}

/// Of a record that may stand in another case than the open one.
Result<void> Clerk::note_shown(const RecordId& record) {
  WAYSIDE_TRY(const auto row, vault_->store().record(record));
  if (!row) return {};
  WAYSIDE_TRY(const auto case_id, casework::case_of(*vault_, *row));
  return case_id ? vault::note_opened(*vault_, case_id, record) : Result<void>{};
}

Result<void> Clerk::open_history(const pb::OpenHistory& command) {
  WAYSIDE_OK(note_shown(*RecordId::from(command.record_id())));
  WAYSIDE_TRY(history_, read_history(*vault_, *RecordId::from(command.record_id()), command.field(), now_ms()));
  return {};
}

// ---- Reconciling --------------------------------------------------------------------------------------------------

/// How the newest run ended that nobody watched.
std::optional<spool::LastRun> Clerk::last_run() const {
  if (!has_office_) return std::nullopt;
  return spool::read_last_run(env_.files, spool::Layout(reconcile::spool_folder(setup_.home)));
}

/// What waits and how the last one ended; the phase stays.
Result<void> Clerk::show_reconcile() {
  WAYSIDE_TRY(const vault::Uncovered uncovered, vault::uncovered(*vault_));
  const std::uint64_t waiting = uncovered.only_here;
  reconcile_.set_unreceipted(static_cast<std::uint32_t>(has_office_ ? uncovered.only_here_and_office : 0));
  reconcile_.set_waiting(static_cast<std::uint32_t>(has_office_ ? waiting : 0));
  WAYSIDE_TRY(const auto kept, vault_->store().meta(kLastReconcile));
  pb::LastReconcile last;
  if (kept && last.ParseFromString(*kept)) reconcile_.set_last_night(last.sentence());
  // The command line, or a timer, may have reconciled since.
  WAYSIDE_TRY(const std::int64_t reconciled_ms, vault_->store().meta_number(reconcile::kReconciledMs));
  if (reconciled_ms > last.when_ms()) reconcile_.set_last_night("Reconciled outside this window.");
  last_reconciled_ms_ = std::max(reconciled_ms, last.when_ms());
  const auto run = last_run();
  if (run && run->ended_ms > last_reconciled_ms_) reconcile_.set_last_night(night_sentence(*run, waiting, now_ms()));
  if (run) last_reconciled_ms_ = std::max(last_reconciled_ms_, run->reached_ms);
  reconcile_.set_last_when(how_long_ago(last_reconciled_ms_, now_ms()));
  reconcile_.clear_kept_apart();
  WAYSIDE_TRY(const auto items, casework::reviews(*vault_));
  for (const casework::ReviewItem& item : items) {
    if (item.kind != casework::ReviewKind::quarantined ||
        reconcile_.kept_apart_size() >= static_cast<int>(kKeptApartSentences))
      continue;
    const std::string author = item.device ? " from " + vault_->device_name(*item.device) : "";
    reconcile_.add_kept_apart("A change" + author +
                              " could not be checked. It is kept apart until the desk has looked.");
  }
  return {};
}

void Clerk::show_progress(const reconcile::Progress& progress) {
  reconcile_.set_phase(phase_of(progress.phase));
  reconcile_.set_done_units(progress.done);
  reconcile_.set_total_units(progress.total);
  watcher_.news();
}

/// A case that was erased leaves the screen, with the forms on it and what was typed there; others are read again.
Result<void> Clerk::leave_erased() {
  WAYSIDE_TRY(const std::size_t gone, count_gone());
  if (gone == gone_) return {};
  gone_ = gone;
  const auto is_here = [this](const RecordId& id) { return vault_->store().has_record(id).value_or(true); };
  if (form_ && ((form_->case_id() && !form_->is_new_case() && !is_here(*form_->case_id())) || (!form_->is_new() && !is_here(form_->record())))) {
    form_.reset();
  }
  behind_.clear();
  review_.reset();
  wipe(history_);
  if (open_case_ && !is_here(*open_case_)) {
    WAYSIDE_TRY(const auto elsewhere, vault_->store().ledger_anywhere(ledger::LedgerKind::case_ledger, open_case_->view()));
    open_case_.reset();
    forget_case();
    if (!elsewhere) say(pb::Notice::information, "This case was erased at the office. Nothing of it is kept here any more.");
  }
  cases_ = CaseList();
  return cases_.load(*vault_, [] { return true; });
}

/// Cases that another team shared and has taken back: once, and until the program is locked.
Result<void> Clerk::tell_withdrawals() {
  WAYSIDE_TRY(const auto lost, vault::untold_losses(*vault_));
  if (lost.empty()) return {};
  for (const vault::Lost& each : lost) say_until_solved(vault::sentence_of(*vault_, each));
  WAYSIDE_TRY(auto writing, vault_->begin());
  WAYSIDE_OK(vault::note_losses_told(*vault_, writing));
  return std::move(writing).commit();
}

Result<std::size_t> Clerk::count_gone() {
  WAYSIDE_TRY(const auto elsewhere, vault::cases_elsewhere(*vault_));
  return vault_->membership().erasures().size() + elsewhere.size();
}

/// Cases, reviews and the open form as they are after envelopes have come in.
Result<void> Clerk::after_news() {
  index_waits_ = true;
  WAYSIDE_OK(leave_erased());
  WAYSIDE_OK(tell_withdrawals());
  WAYSIDE_OK(cases_.refresh_changed(*vault_, [] { return true; }));
  WAYSIDE_OK(look_at_lease());
  WAYSIDE_OK(changed(std::nullopt));
  return form_ ? form_->look_again(*vault_) : Result<void>{};
}

Result<void> Clerk::reconcile_ended(const reconcile::Outcome& outcome) {
  if (outcome.stopped_early) {
    reconcile_.set_phase(pb::ReconcileState::stopped);
    return after_news();
  }
  reconcile_.set_phase(pb::ReconcileState::done);
  pb::LastReconcile last;
  last.set_when_ms(now_ms());
  last.set_sentence(end_sentence(*vault_, outcome));
  reconcile_.set_sentence(last.sentence());
  WAYSIDE_TRY(auto writing, vault_->begin());
  WAYSIDE_OK(vault_->store().set_meta(writing.transaction(), kLastReconcile, last.SerializeAsString()));
  WAYSIDE_OK(std::move(writing).commit());
  return after_news();
}

void Clerk::reconcile() {
  reconcile_.clear_sentence();
  if (!has_office_) return;
  reconcile_.set_started_ms(now_ms());
  reconcile::Options options;
  options.courier_program = setup_.courier_program;
  options.office_address = setup_.office_address;
  options.drafts = &*drafts_;
  options.progress = [this](const reconcile::Progress& progress) { show_progress(progress); };
  options.stop_asked = [this] { return !watcher_.let_others(); };
  const auto outcome = setup_.reconcile(*vault_, options);
  Result<void> shown;
  if (outcome) {
    shown = reconcile_ended(*outcome);
  } else {
    shown = after_news();  // what was taken before it failed
    reconcile_.set_phase(pb::ReconcileState::failed);
    reconcile_.set_sentence(failed_sentence(outcome.error(), reconcile_.waiting()));
  }
  reconcile_.clear_done_units();
  reconcile_.clear_total_units();
  if (!shown) say(pb::Notice::attention, sentence(shown.error()));
}

/// What a courier brought while the vault was locked.
void Clerk::fold_inbox() {
  reconcile::Options options;
  options.drafts = &*drafts_;
  options.progress = [this](const reconcile::Progress& progress) { show_progress(progress); };
  options.stop_asked = [this] { return !watcher_.let_others(); };
  const auto folded = reconcile::fold_inbox(*vault_, options);
  reconcile_.set_phase(pb::ReconcileState::idle);
  reconcile_.clear_done_units();
  reconcile_.clear_total_units();
  const Result<void> shown = after_news();
  if (!folded) return say(pb::Notice::attention, sentence(folded.error()));
  if (!shown) return say(pb::Notice::attention, sentence(shown.error()));
  if (const auto told = tell_of_the_night(); !told) say(pb::Notice::attention, sentence(told.error()));
}

/// How the run ended that nobody watched, once; and that it is long since this device has reconciled.
Result<void> Clerk::tell_of_the_night() {
  WAYSIDE_OK(show_reconcile());
  ledger::LedgerStore& store = vault_->store();
  const auto run = last_run();
  WAYSIDE_TRY(const std::int64_t told_ms, store.meta_number(kNightTold));
  const bool is_news = run && run->ended_ms > told_ms && run->ended_ms >= last_reconciled_ms_;
  const std::string overdue = has_office_ ? overdue_sentence(last_reconciled_ms_, reconcile_.waiting(), now_ms()) : std::string();
  if (!notice_.text().empty() || (!is_news && overdue.empty())) return {};
  std::string text = is_news ? night_sentence(*run, overdue.empty() ? reconcile_.waiting() : 0, now_ms()) : std::string();
  if (is_news && !overdue.empty()) text += " ";
  const bool is_well = overdue.empty() && !run->error;
  say(is_well ? pb::Notice::information : pb::Notice::attention, text + overdue);
  if (!is_news) return {};
  WAYSIDE_TRY(auto writing, vault_->begin());
  WAYSIDE_OK(store.set_meta_number(writing.transaction(), kNightTold, run->ended_ms));
  return std::move(writing).commit();
}

}  // namespace wayside::app
