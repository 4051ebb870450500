#pragma once

#include <memory>
#include <optional>
#include <unordered_set>

#include "core/vault/drafts.h"
#include "core/vault/weekly_check.h"
#include "platform/paths.h"
#include "sync/reconcile/attachments.h"
#include "sync/reconcile/reconcile.h"
#include "sync/spool/last_run.h"
#include "ui/app/case_list.h"
#include "ui/app/messages.pb.h"
#include "ui/app/night_schedule.h"
#include "ui/app/open_form.h"
#include "ui/app/review_page.h"
#include "ui/app/settings_file.h"

namespace wayside::app {

using ReconcileFunction = std::function<Result<reconcile::Outcome>(vault::Vault&, const reconcile::Options&)>;

/// A run of a courier while the vault is locked. How it ended stands in the spool.
using LockedFunction = std::function<void(const platform::Path& home, const reconcile::Options&)>;
void carry_unwatched(const platform::Path& home, const reconcile::Options& options);

using FetchFunction =
    std::function<Result<reconcile::Fetched>(vault::Vault&, const std::vector<Digest>&, const reconcile::Options&)>;

/// Where a worker works.
struct Setup {
  platform::Path home;
  platform::Path user_home;        ///< what `~/` means in a path that a person types; empty: nothing
  platform::Path courier_program;  ///< wayside-cli
  std::string office_address;      ///< empty: where membership says
  ReconcileFunction reconcile = reconcile::reconcile;
  FetchFunction fetch = reconcile::fetch_parts;
  LockedFunction carry_locked = carry_unwatched;
  platform::Environment environment{};   ///< of the login whose timer starts the nights; empty: none does
};

/// Owns the vault, answers commands, and makes the snapshots that a window draws. No thread of its own: whoever drives
/// it calls from one thread at a time (ui/app/worker.h, or a test).
class Clerk {
 public:
  /// How long work lets others know, and lets go.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void news() = 0;   ///< a snapshot taken now differs from the last one
    virtual bool go_on() = 0;  ///< asked often during long work; false stops it. May call keep_typed
    /// The same between two steps, when nothing is half done: others have their turn, so it may call handle too.
    virtual bool let_others() = 0;
  };

  Clerk(platform::Env env, Setup setup, Watcher& watcher);
  ~Clerk();

  /// Tries the passphrase, unless the wait after a wrong one is not over.
  void unlock(SecretString passphrase);
  void handle(const pb::Command& command);
  /// One slice of work that can wait: the inbox, the search index. False when there was none.
  bool idle_slice();

  /// Reconciles by itself when a night has come and nobody did yet; asked every few minutes (tuning.h). False when it was not
  /// time, or nothing changed that a window shows.
  bool night_slice();

  /// Also in the middle of long work: a draft of a form or of a review; any other command is none.
  void keep_typed(const pb::Command& command);

  /// Numbered, rising. Wipe it when it has been encoded.
  pb::Snapshot snapshot();
  [[nodiscard]] bool is_open() const { return vault_ != nullptr; }

 private:
  Result<void> run(const pb::Command& command);
  void look_at_home();
  void unlock_failed(const Error& error);
  Result<void> opened();
  bool check_slice();
  void lock();
  void say(pb::Notice::Tone tone, std::string text);
  void say_until_solved(std::string text);

  // Cases (clerk_cases.cc)
  Result<void> look_at_lease();
  Result<void> show_caseload();
  Result<void> show_case();
  Result<void> show_reviews();
  Result<void> open_case(const RecordId& case_id);
  Result<void> changed(const std::optional<RecordId>& case_id);
  [[nodiscard]] std::unordered_set<RecordId> drafted_cases() const;

  // Forms (clerk_forms.cc)
  Result<void> open_first_form();
  Result<void> open_record(const RecordId& record);
  Result<void> new_record(const RecordId& case_id, const std::string& type);
  Result<void> new_case();
  Result<void> open_draft(const vault::Draft& draft);
  void keep_draft(const pb::KeepDraft& command);
  Result<void> discard_draft(const pb::DiscardDraft& command);
  Result<void> save(const pb::Save& command);
  Result<void> after_save();
  void put_behind();
  [[nodiscard]] OpenForm* find_form(const vault::FormId& id);
  [[nodiscard]] OpenForm::Defaults defaults() const;
  [[nodiscard]] const vault::Draft* draft_of_new(const std::optional<RecordId>& case_id, std::string_view type) const;

  // Files (clerk_files.cc)
  void forget_case();
  Result<void> show_files();
  void close_file();
  Result<void> open_file(const std::string& id);
  Result<void> add_file(const pb::AddFile& command);
  Result<void> export_file(const pb::ExportFile& command);
  Result<void> fetch_file(const RecordId& id);
  void work_on(pb::FileWork::Kind kind, std::string name);
  [[nodiscard]] std::string file_name(const RecordId& id) const;

  // Where things stand, places, today (clerk_pages.cc)
  Result<void> show_pages();
  Result<void> show_standing(bool shown);
  Result<void> show_places(const std::string& case_id);
  Result<void> show_today(bool shown);
  Result<void> open_service(const std::string& id);
  Result<void> new_referral(const RecordId& case_id, const RecordId& service);

  // Reviews and reconciling (clerk_office.cc)
  Result<void> open_review(const std::string& id);
  void keep_decision(const pb::Decide& undecided);
  Result<void> end_decided_drafts();
  Result<void> decide(const pb::Decide& command);
  Result<void> open_history(const pb::OpenHistory& command);
  Result<void> note_shown(const RecordId& record);
  void reconcile();
  void keep_settings(const pb::Settings& wanted);
  void fold_inbox();
  Result<void> show_reconcile();
  std::optional<spool::LastRun> last_run() const;
  Result<void> tell_of_the_night();
  Result<void> after_news();
  Result<void> leave_erased();
  Result<std::size_t> count_gone();
  Result<void> tell_withdrawals();
  void show_progress(const reconcile::Progress& progress);
  Result<void> reconcile_ended(const reconcile::Outcome& outcome);
  [[nodiscard]] std::int64_t now_ms() const { return env_.clock.wall_ms(); }

  mutable platform::Env env_;
  Setup setup_;
  Watcher& watcher_;

  std::uint64_t number_ = 0;
  pb::Snapshot::VaultState state_ = pb::Snapshot::absent;
  std::string device_label_;
  SettingsFile settings_;
  NightSchedule night_;
  pb::Notice notice_;
  std::vector<pb::Notice> standing_;  ///< about the open vault, until it is closed
  int wrong_tries_ = 0;
  std::int64_t retry_at_ms_ = 0;

  std::unique_ptr<vault::Vault> vault_;
  std::optional<vault::Drafts> drafts_;  ///< of the open vault; ends before it
  std::unique_ptr<vault::WeeklyCheck> check_;   ///< of the open vault; ends before it
  CaseList cases_;
  std::size_t gone_ = 0;      ///< cases erased or withdrawn that the screen has followed
  pb::Search asked_;
  pb::Caseload caseload_;
  std::optional<RecordId> open_case_;
  pb::Case case_;
  pb::Files files_;           ///< of the open case; the picture in it only while one is open
  std::optional<OpenForm> form_;
  std::vector<OpenForm> behind_;  ///< forms left a moment ago: their last words may still come
  pb::Reviews reviews_;
  std::optional<OpenReview> review_;
  pb::History history_;
  pb::Standing standing_page_;
  pb::Places places_;
  pb::Today today_;
  std::optional<RecordId> places_of_;
  bool shows_standing_ = false, shows_today_ = false;
  pb::ReconcileState reconcile_;
  bool has_office_ = false;
  std::int64_t last_reconciled_ms_ = 0;
  bool inbox_waits_ = false;
  bool index_waits_ = false;
  bool shut_ = false;         ///< the lease is spent: nothing of any case is shown until the device has reconciled
  bool lists_types_ = false;  ///< the window shows what can be added to the case
};

}  // namespace wayside::app
