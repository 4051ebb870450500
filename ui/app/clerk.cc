#include "ui/app/clerk.h"

#include <algorithm>

#include "core/search/search.h"
#include "core/vault/audit.h"
#include "core/vault/erasure.h"
#include "core/vault/lease.h"
#include "ui/app/case_page.h"
#include "ui/app/codec.h"
#include "ui/app/recovery_notices.h"
#include "ui/app/sentences.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::string_view kPutBack =
    "The file beside this casebook that tells whether it is the newest was written by something else, so an older copy may "
    "stand in its place. Tell your administrator before you go on.";

}  // namespace

Clerk::Clerk(platform::Env env, Setup setup, Watcher& watcher)
    : env_(env), setup_(std::move(setup)), watcher_(watcher), settings_(env, setup_.home) {
  settings_.load();
  look_at_home();
}

Clerk::~Clerk() { lock(); }

void Clerk::say(pb::Notice::Tone tone, std::string text) {
  notice_.set_tone(tone);
  notice_.set_text(std::move(text));
}

void Clerk::say_until_solved(std::string text) {
  pb::Notice& notice = standing_.emplace_back();
  notice.set_tone(pb::Notice::attention);
  notice.set_text(std::move(text));
}

/// What can be told of a vault that is not open.
void Clerk::look_at_home() {
  const auto header = vault::read_header(env_, setup_.home);
  if (header) {
    state_ = pb::Snapshot::locked;
    device_label_ = header->label;
    return;
  }
  const bool missing = !env_.files.exists(setup_.home / "header");
  state_ = missing ? pb::Snapshot::absent : pb::Snapshot::broken;
  if (!missing) say(pb::Notice::danger, sentence(header.error()));
}

void Clerk::unlock(SecretString passphrase) {
  if (vault_ != nullptr || passphrase.empty() || env_.clock.monotonic_ms() < retry_at_ms_) return;
  notice_.Clear();
  if (state_ == pb::Snapshot::absent || state_ == pb::Snapshot::broken) look_at_home();
  if (state_ == pb::Snapshot::absent || state_ == pb::Snapshot::broken) return;
  state_ = pb::Snapshot::unlocking;
  watcher_.news();
  auto vault = vault::Vault::open(env_, setup_.home, passphrase);
  passphrase.clear();
  if (!vault) return unlock_failed(vault.error());
  vault_ = *std::move(vault);
  wrong_tries_ = 0;
  retry_at_ms_ = 0;
  if (const auto done = opened(); !done) {
    lock();
    if (watcher_.go_on()) say(pb::Notice::danger, sentence(done.error()));
  }
}

void Clerk::unlock_failed(const Error& error) {
  switch (error.code) {
    case Errc::wrong_passphrase:
      state_ = pb::Snapshot::locked;
      retry_at_ms_ = env_.clock.monotonic_ms() + std::min(kLongestWait_ms, kFirstWait_ms << std::min(wrong_tries_, 16));
      ++wrong_tries_;
      return say(pb::Notice::attention, "That passphrase did not match. Nothing has changed.");
    case Errc::busy:
      state_ = pb::Snapshot::open_elsewhere;
      return say(pb::Notice::attention, sentence({error.code, {}}));
    case Errc::out_of_memory:
    case Errc::io:
    case Errc::disk_full:
    case Errc::read_only:
      state_ = pb::Snapshot::locked;  // another try may succeed
      return say(pb::Notice::attention, sentence(error));
    default: state_ = pb::Snapshot::broken; return say(pb::Notice::danger, sentence(error));
  }
}

Result<void> Clerk::opened() {
  WAYSIDE_TRY(auto drafts, vault::Drafts::open(*vault_));
  drafts_.emplace(std::move(drafts));
  WAYSIDE_OK(vault::finish_erasures(*vault_, &*drafts_));   // what a crash left of them
  WAYSIDE_TRY(gone_, count_gone());
  WAYSIDE_OK(cases_.load(*vault_, [this] { return watcher_.go_on(); }));
  WAYSIDE_TRY(const auto office, vault_->office());
  has_office_ = office.has_value();
  inbox_waits_ = has_office_;
  index_waits_ = true;
  WAYSIDE_OK(look_at_lease());
  state_ = pb::Snapshot::open;
  if (drafts_->unreadable() > 0) {
    say_until_solved(counted(drafts_->unreadable(), "draft", "drafts") +
                     " could not be read. They are kept as they are. Tell your administrator.");
  }
  if (!vault_->check_anchor()) say_until_solved(std::string(kPutBack));
  for (std::string& each : recovery_notices(*vault_)) say_until_solved(std::move(each));
  WAYSIDE_OK(show_caseload());
  WAYSIDE_OK(show_reviews());
  return show_reconcile();
}

void Clerk::lock() {
  form_.reset();
  behind_.clear();
  review_.reset();
  open_case_.reset();
  drafts_.reset();
  cases_ = CaseList();
  for (google::protobuf::Message* message : std::initializer_list<google::protobuf::Message*>{
           &asked_, &caseload_, &case_, &files_, &standing_page_, &places_, &today_, &reviews_, &history_, &reconcile_, &notice_}) {
    wipe(*message);
  }
  standing_.clear();
  inbox_waits_ = index_waits_ = has_office_ = lists_types_ = shows_standing_ = shows_today_ = shut_ = false;
  places_of_.reset();
  if (vault_ == nullptr) return;
  if (check_) (void)check_->keep();   // else it goes on from a little earlier
  check_.reset();
  const auto sealed = vault::seal_audit(*vault_, vault::Sealing::if_due);
  if (sealed && *sealed > 0) (void)reconcile::hand_over(*vault_);   // for the night; the next reconcile does it too
  vault_.reset();
  state_ = pb::Snapshot::locked;
}

void Clerk::handle(const pb::Command& command) {
  if (command.has_lock()) return lock();
  if (command.has_keep_settings()) return keep_settings(command.keep_settings().settings());
  if (vault_ == nullptr) return;
  (void)vault::count_open_time(*vault_, false);   // tried again with the next command
  if (command.has_keep_draft() || command.has_keep_decision()) return keep_typed(command);
  notice_.Clear();
  if (const auto done = run(command); !done) say(pb::Notice::attention, sentence(done.error()));
}

void Clerk::keep_typed(const pb::Command& command) {
  if (vault_ == nullptr) return;
  if (command.has_keep_draft()) keep_draft(command.keep_draft());
  if (command.has_keep_decision()) keep_decision(command.keep_decision());
}

Result<void> Clerk::run(const pb::Command& command) {
  switch (command.of_case()) {
    case pb::Command::kSearch: asked_ = command.search(); return show_caseload();
    case pb::Command::kListTypes: lists_types_ = true; return {};
    case pb::Command::kOpenCase: {
      history_.Clear();
      lists_types_ = false;
      const auto id = RecordId::from(command.open_case().case_id());
      if (id) return open_case(*id);
      put_behind();
      open_case_.reset();
      vault_->session().shown_case.reset();   // whoever opens it again opens it again
      forget_case();
      return show_caseload();
    }
    case pb::Command::kNewCase: lists_types_ = false; return new_case();
    case pb::Command::kOpenRecord:
      lists_types_ = false;
      return open_record(*RecordId::from(command.open_record().record_id()));
    case pb::Command::kNewRecord:
      lists_types_ = false;
      return new_record(*RecordId::from(command.new_record().case_id()), command.new_record().type());
    case pb::Command::kCloseForm: put_behind(); return {};
    case pb::Command::kDiscardDraft: return discard_draft(command.discard_draft());
    case pb::Command::kSave: return save(command.save());
    case pb::Command::kReconcile: reconcile(); return {};
    case pb::Command::kOpenReview: return open_review(command.open_review().review_id());
    case pb::Command::kDecide: return decide(command.decide());
    case pb::Command::kOpenHistory: return open_history(command.open_history());
    case pb::Command::kAddFile: return add_file(command.add_file());
    case pb::Command::kOpenFile: return open_file(command.open_file().file_id());
    case pb::Command::kExportFile: return export_file(command.export_file());
    case pb::Command::kShowStanding: return show_standing(command.show_standing().shown());
    case pb::Command::kShowPlaces: return show_places(command.show_places().case_id());
    case pb::Command::kOpenService: return open_service(command.open_service().service_id());
    case pb::Command::kNewReferral:
      lists_types_ = false;
      return new_referral(*RecordId::from(command.new_referral().case_id()), *RecordId::from(command.new_referral().service_id()));
    case pb::Command::kShowToday: return show_today(command.show_today().shown());
    case pb::Command::kFetchFile: return fetch_file(*RecordId::from(command.fetch_file().file_id()));
    default: return {};  // unlock goes beside; a stop finds nothing to stop here
  }
}

bool Clerk::idle_slice() {
  if (vault_ == nullptr) return false;
  if (inbox_waits_) {
    inbox_waits_ = false;
    fold_inbox();
    watcher_.news();
    return true;
  }
  if (!index_waits_) return check_slice();
  const auto done = search::catch_up(*vault_, kIndexSlice);
  // A search catches up itself, and says so when it cannot.
  index_waits_ = done && *done > 0;
  if (!index_waits_ && has_office_) (void)reconcile::hand_over(*vault_);   // a reconcile does it too
  return index_waits_ || check_slice();
}

/// A moment of the weekly check, when nobody waits for anything. What it finds is told at once.
bool Clerk::check_slice() {
  if (!check_) {
    auto opened = vault::WeeklyCheck::open(*vault_);
    if (!opened) return false;
    check_ = *std::move(opened);
  }
  if (!check_->due()) return false;
  const auto more = check_->step(kCheckSlice_ms);
  if (!more || *more) return more.value_or(false);
  const auto standing = vault::check_standing(*vault_);
  if (standing && !standing->faults.empty()) {
    for (std::string& each : recovery_notices(*vault_)) {
      const bool told = std::ranges::any_of(standing_, [&](const pb::Notice& notice) { return notice.text() == each; });
      if (!told) say_until_solved(std::move(each));
    }
    watcher_.news();
  }
  return false;
}

pb::Snapshot Clerk::snapshot() {
  pb::Snapshot out;
  out.set_number(++number_);
  out.set_vault(state_);
  out.set_device_label(device_label_);
  *out.mutable_notice() = notice_;
  out.set_retry_at_ms(retry_at_ms_);
  out.set_now_ms(now_ms());
  *out.mutable_settings() = settings_.now();
  if (!settings_.trouble().empty()) {
    out.add_standing()->set_tone(pb::Notice::attention);
    out.mutable_standing(0)->set_text(settings_.trouble());
  }
  if (vault_ == nullptr || state_ != pb::Snapshot::open) return out;
  out.set_user_name(vault_->user_name(vault_->identity().user));
  out.set_office(has_office_);
  for (const pb::Notice& notice : standing_) *out.add_standing() = notice;
  *out.mutable_caseload() = caseload_;
  if (open_case_ || form_) *out.mutable_case_() = case_;
  if (open_case_) *out.mutable_case_()->mutable_files() = files_;
  if (open_case_ && shows_standing_) *out.mutable_case_()->mutable_standing() = standing_page_;
  if (open_case_ && lists_types_) add_types(*out.mutable_case_());
  if (form_) *out.mutable_case_()->mutable_form() = form_->message(*vault_, now_ms());
  *out.mutable_reviews() = reviews_;
  if (review_) *out.mutable_reviews()->mutable_detail() = review_->page;
  *out.mutable_reconcile() = reconcile_;
  if (places_of_) *out.mutable_places() = places_;
  if (shows_today_) *out.mutable_today() = today_;
  if (history_.values_size() > 0) *out.mutable_history() = history_;
  return out;
}

}  // namespace wayside::app
