#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "platform/env.h"
#include "ui/app/worker_link.h"
#include "ui/desktop/fonts.h"
#include "ui/desktop/page.h"
#include "ui/desktop/settings.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/views/case_view.h"
#include "ui/desktop/views/caseload_view.h"
#include "ui/desktop/views/neutral_view.h"
#include "ui/desktop/views/places_view.h"
#include "ui/desktop/views/review_view.h"
#include "ui/desktop/views/unlock_view.h"
#include "ui/desktop/widgets/dialog.h"
#include "ui/models/reconcile.h"
#include "ui/models/today.h"
#include "ui/safe_mode/exit_chord.h"
#include "ui/safe_mode/quick_exit.h"

namespace wayside::desktop {

/// Local time, for the timetable only.
struct LocalTime {
  int weekday = 1;  ///< 0 is Sunday
  int minutes_of_day = 0;
};

/// Everything a screen with an open vault shows or was typed into. Dropped as one when the vault is left.
struct Pages {
  models::CaseloadModel caseload;
  models::CaseModel one_case;
  models::FormModel form;
  models::FilesModel files;
  models::PlacesModel places;
  models::TodayModel today;
  models::ReviewModel review;
  models::ReconcileModel reconcile;
  models::pb::History history;
  models::pb::Notice notice;                  ///< what the last command came to, when no screen says it in its place
  std::vector<models::pb::Notice> standing;   ///< stays until it is solved
  CaseloadUi caseload_ui;
  FormUi form_ui;
  FilesUi files_ui;
  PlacesUi places_ui;
  ReviewUi review_ui;
  DialogState history_dialog;
};

/// The window's content: which screen, what was asked of the worker, how to leave at once.
/// One thread. Between frames it takes news, does what is due and sends; while drawing it does neither.
class Shell {
 public:
  /// Begins on the neutral page, whatever was there before.
  /// `settings` hold until the worker tells what it keeps.
  explicit Shell(app::WorkerLink& worker, Settings settings = {});

  // Raw input, before ImGui sees it. True: this was the quick exit, or an answer of ours; nobody else may see the event.
  bool raw_key(const safe_mode::KeyPress& key, std::int64_t now_ms);
  bool raw_pointer(float x, float y, std::int64_t now_ms);
  /// Files were dropped on the window: the first is put into the box that adds one to the open case. Without a case that is
  /// open they are not looked at.
  void dropped(std::string_view first, std::size_t count, std::int64_t now_ms);
  void touched(std::int64_t now_ms) { last_touch_ms_ = now_ms; }  ///< any input: the wait for locking begins anew

  /// Takes the newest snapshot. True when there was one.
  bool take_news(std::int64_t now_ms);
  /// Does what is due (drafts, searches, locking by itself). True when the screen has changed.
  bool tick(std::int64_t now_ms, LocalTime local);
  /// When tick is next due; nothing: only an event brings news.
  [[nodiscard]] std::optional<std::int64_t> next_due_ms(std::int64_t now_ms) const;

  /// Draws one frame of `width` × `height` pixels.
  void draw(const Fonts& fonts, float width, float height, float display_scale, std::int64_t now_ms);
  [[nodiscard]] Colour ground() const;  ///< to clear the window with

  void leave(bool quick, std::int64_t now_ms);  ///< quick exit, or locking by itself
  void close(std::int64_t now_ms);              ///< the window goes: drafts first, then the lock
  [[nodiscard]] bool at_rest() const;           ///< the worker holds no open vault, and has said so
  [[nodiscard]] bool take_clipboard_wish() { return std::exchange(clear_clipboard_, false); }
  /// Overwrites the picture that was on the screen when it was left. Needs the window's context: when the next frame stands.
  void wipe_left_picture() { left_picture_.drop(); }

  /// Hands commands to the worker. What they make old is taken from the screen at once.
  void send(models::Commands& commands, std::int64_t now_ms);

  [[nodiscard]] models::Screen screen() const { return screen_; }
  void show(models::Screen screen, std::int64_t now_ms);
  [[nodiscard]] const Settings& settings() const { return settings_; }
  template <class Change>
  void change_settings(Change change) {
    change(settings_);
  }
  [[nodiscard]] Pages& pages() { return *pages_; }
  [[nodiscard]] UnlockUi& unlock_ui() { return unlock_ui_; }
  [[nodiscard]] NeutralUi& neutral() { return neutral_; }

 private:
  void apply(const models::pb::Snapshot& snapshot, std::int64_t now_ms);
  void do_asked(Asked& asked, std::int64_t now_ms);
  void keep_settings(models::Commands& out);
  void leave_screen(models::Screen next, std::int64_t now_ms, models::Commands& out);
  void take_case(const models::pb::Case& news, std::int64_t now_ms);
  void take_reviews(const models::pb::Reviews& news, std::int64_t now_ms);
  void lock(bool quick, models::Screen then, std::int64_t now_ms);
  void draw_screen(const Ui& ui, const Rect& screen, Asked& asked);
  void draw_open(const Ui& ui, const Rect& screen, Asked& asked);
  void draw_notices(const Ui& ui, Page& page) const;
  void draw_history(const Ui& ui);
  void draw_keys(const Ui& ui);
  void shortcuts(std::int64_t now_ms, Asked& asked);
  [[nodiscard]] bool previews() const { return screen_ == models::Screen::cases && width_ == models::Width::wide; }
  [[nodiscard]] bool vault_open() const { return vault_ == models::pb::Snapshot::open; }

  app::WorkerLink& worker_;
  Settings settings_;
  std::optional<Settings> kept_settings_;  ///< as the worker knows them; nothing before its first news
  safe_mode::ChordQuestion chord_question_;
  models::Screen screen_ = models::Screen::neutral;
  std::unique_ptr<Pages> pages_ = std::make_unique<Pages>();
  models::UnlockModel unlock_;
  UnlockUi unlock_ui_;
  NeutralUi neutral_;
  DialogState keys_dialog_;
  Panes panes_;
  safe_mode::QuickExitKeys exit_keys_;
  models::Width width_ = models::Width::medium;  ///< of the last frame
  Rect exit_{};                                  ///< where the button was drawn last; empty on the neutral page
  std::shared_ptr<const Bytes> seen_;
  models::pb::Snapshot::VaultState vault_ = models::pb::Snapshot::absent;
  bool awaiting_lock_ = false;  ///< a lock was sent: what still shows an open vault is old
  /// The case that was asked for ("" for a new one): until it comes, no other case stands under its name.
  std::optional<std::string> expected_case_;
  std::int64_t expected_until_ms_ = 0;
  bool clear_clipboard_ = false;
  bool bar_shown_ = false;  ///< of long work on a file, in the last frame
  Picture left_picture_;
  bool page_fresh_ = true;  ///< the neutral page opens with today's table
  std::int64_t last_touch_ms_ = 0;
  std::string neutral_said_;
};

}  // namespace wayside::desktop
