#include "ui/desktop/shell.h"

#include <algorithm>
#include <utility>

namespace wayside::desktop {

namespace pb = models::pb;
using models::Screen;

Shell::Shell(app::WorkerLink& worker, Settings settings) : worker_(worker), settings_(settings) {}

// ---- Leaving ----------------------------------------------------------------------------------------------------

bool Shell::raw_key(const safe_mode::KeyPress& key, std::int64_t now_ms) {
  touched(now_ms);
  using Key = safe_mode::QuickExitKeys::Key;
  const bool shifts = exit_keys_.pressed(key.is_shift() ? Key::shift : Key::other, now_ms);
  if (screen_ == Screen::neutral) return false;
  if (shifts || key == settings_.exit_chord) {
    leave(true, now_ms);
    return true;
  }
  if (!chord_question_.asking() || key.is_modifier()) return false;
  if (auto chord = chord_question_.pressed(key)) settings_.exit_chord = std::move(chord);
  return true;
}

bool Shell::raw_pointer(float x, float y, std::int64_t now_ms) {
  touched(now_ms);
  exit_keys_.pointer_pressed();
  if (screen_ == Screen::neutral || !exit_.holds(x, y)) return false;
  leave(true, now_ms);
  return true;
}

void Shell::dropped(std::string_view first, std::size_t count, std::int64_t now_ms) {
  touched(now_ms);
  if (!vault_open() || screen_ == Screen::neutral || screen_ == Screen::unlock) return;
  if (screen_ != Screen::one_case || !pages_->one_case.open() || pages_->one_case.is_new()) {
    pages_->notice.set_tone(pb::Notice::information);
    pages_->notice.set_text("Open the case that the file belongs to, then drop it again. Nothing was added.");
    return;
  }
  models::Commands commands;
  pages_->form.keep_draft(now_ms, true, commands);
  pages_->one_case.show_files(commands);
  pages_->files.dropped(first, count);
  send(commands, now_ms);
}

void Shell::leave(bool quick, std::int64_t now_ms) { lock(quick, Screen::neutral, now_ms); }

void Shell::lock(bool quick, Screen then, std::int64_t now_ms) {
  models::Commands commands;
  pages_->form.keep_draft(now_ms, true, commands);  // the last keystrokes go before the keys do
  pages_->review.keep_draft(now_ms, true, commands);
  if (vault_open() || vault_ == pb::Snapshot::unlocking) {
    commands.lock(quick);
    awaiting_lock_ = true;
  }
  send(commands, now_ms);
  screen_ = then;
  exit_ = {};
  page_fresh_ = true;
  vault_ = pb::Snapshot::locked;
  if (!pages_->files_ui.picture.empty()) left_picture_ = std::move(pages_->files_ui.picture);
  pages_ = std::make_unique<Pages>();  // the old texts are wiped as they go
  unlock_ui_ = UnlockUi();
  unlock_.drop();
  neutral_ = NeutralUi();
  expected_case_.reset();
  keys_dialog_ = DialogState();
  chord_question_.stop();
  clear_clipboard_ = true;
}

void Shell::close(std::int64_t now_ms) { leave(false, now_ms); }

bool Shell::at_rest() const { return !awaiting_lock_ && !vault_open() && vault_ != pb::Snapshot::unlocking; }

// ---- News and what is due ---------------------------------------------------------------------------------------

bool Shell::take_news(std::int64_t now_ms) {
  auto latest = worker_.latest();
  if (!latest || latest->empty() || latest == seen_) return false;
  seen_ = std::move(latest);
  pb::Snapshot snapshot;
  if (!snapshot.ParseFromArray(seen_->data(), static_cast<int>(seen_->size()))) return false;
  apply(snapshot, now_ms);
  return true;
}

void Shell::apply(const pb::Snapshot& snapshot, std::int64_t now_ms) {
  // Once: from then on what stands on the screen is newer than what comes back.
  if (!kept_settings_ && snapshot.has_settings()) settings_ = *(kept_settings_ = settings_from(snapshot.settings()));
  const bool shows_open = snapshot.vault() == pb::Snapshot::open || snapshot.vault() == pb::Snapshot::unlocking;
  if (awaiting_lock_ && shows_open) return;
  awaiting_lock_ = false;
  const bool was_open = vault_open();
  vault_ = snapshot.vault();
  unlock_.take(snapshot, now_ms);
  if (!vault_open()) {
    if (was_open) {
      left_picture_ = std::move(pages_->files_ui.picture);
      pages_ = std::make_unique<Pages>();
    }
  } else {
    Pages& pages = *pages_;
    pages.caseload.take(snapshot.caseload());
    take_case(snapshot.case_(), now_ms);
    take_reviews(snapshot.reviews(), now_ms);
    pages.reconcile.take(snapshot);
    pages.places.take(snapshot.places());
    pages.today.take(snapshot.today());
    pages.history = snapshot.history();
    pages.notice = snapshot.notice();
    pages.standing.assign(snapshot.standing().begin(), snapshot.standing().end());
  }
  const Screen next = models::after_news(screen_, vault_open());
  if (next != screen_) show(next, now_ms);
}

bool Shell::tick(std::int64_t now_ms, LocalTime local) {
  if (vault_open() && now_ms - last_touch_ms_ >= std::int64_t{settings_.lock_after_minutes} * 60'000) {
    leave(false, now_ms);
    return true;
  }
  models::Commands commands;
  keep_settings(commands);
  pages_->form.keep_draft(now_ms, false, commands);
  pages_->review.keep_draft(now_ms, false, commands);
  pages_->caseload.search(now_ms, commands);
  if (previews()) pages_->caseload.preview(now_ms, pages_->one_case.shown().case_id(), commands);
  send(commands, now_ms);
  const bool bar = screen_ == Screen::one_case && pages_->files.shows_bar(now_ms);
  if (std::exchange(bar_shown_, bar) != bar) return true;  // it comes after a second, without any news
  if (screen_ != Screen::neutral) return screen_ == Screen::unlock && unlock_.next_change_ms(now_ms).has_value();
  if (std::exchange(page_fresh_, false)) neutral_.timetable.open_at(local.weekday, local.minutes_of_day);
  else neutral_.timetable.set_clock(local.weekday, local.minutes_of_day);
  const std::string said = neutral_.timetable.next_sentence();
  return std::exchange(neutral_said_, said) != said || neutral_.gesture.due_ms().has_value();
}

std::optional<std::int64_t> Shell::next_due_ms(std::int64_t now_ms) const {
  std::optional<std::int64_t> due;
  const auto also = [&](std::optional<std::int64_t> at) {
    if (at && (!due || *at < *due)) due = at;
  };
  also(pages_->form.draft_due_ms());
  also(pages_->review.draft_due_ms());
  also(pages_->caseload.search_due_ms());
  also(pages_->files.bar_due_ms(now_ms));
  if (previews()) also(pages_->caseload.preview_due_ms());
  if (screen_ == Screen::unlock) also(unlock_.next_change_ms(now_ms));
  if (screen_ == Screen::neutral) {
    also(neutral_.gesture.due_ms());
    also(now_ms + 20'000);  // the next bus; a frame is drawn only when it is another one
  }
  if (vault_open()) also(last_touch_ms_ + std::int64_t{settings_.lock_after_minutes} * 60'000);
  return due;
}

void Shell::keep_settings(models::Commands& out) {
  if (!kept_settings_ || *kept_settings_ == settings_) return;
  kept_settings_ = settings_;
  pb::Command command;
  *command.mutable_keep_settings()->mutable_settings() = to_message(settings_);
  out.push(std::move(command));
}

/// What only the screen in front needs goes from the worker's memory too.
void Shell::leave_screen(Screen next, std::int64_t now_ms, models::Commands& out) {
  if (screen_ == Screen::today) out.show_today(false);
  if (screen_ == Screen::places) pages_->places.leave(out);
  if (screen_ != Screen::one_case) return;
  pages_->form.keep_draft(now_ms, true, out);
  pages_->one_case.leave_pane(out);
  pages_->files.leave();
  if (!pages_->files_ui.picture.empty()) left_picture_ = std::move(pages_->files_ui.picture);
  if (next == Screen::cases && width_ != models::Width::wide) out.open_case({});  // wide: it stays as the preview
}

void Shell::show(Screen screen, std::int64_t now_ms) {
  models::Commands commands;
  if (screen != screen_ && vault_open()) {
    leave_screen(screen, now_ms, commands);
    if (screen == Screen::today) commands.show_today(true);
    if (screen == Screen::places) pages_->places.show(pages_->one_case.shown().case_id(), commands);
    if (screen == Screen::one_case) pages_->one_case.come_back(commands);
  }
  send(commands, now_ms);
  if (screen == Screen::unlock) unlock_ui_ = UnlockUi();
  chord_question_.stop();
  screen_ = screen;
}

void Shell::send(models::Commands& commands, std::int64_t now_ms) {
  constexpr std::int64_t kPatience_ms = 3000;  // then whatever the worker shows is its answer
  for (const pb::Command& command : commands.take()) {
    if (command.has_open_history()) pages_->history_dialog.open = true;
    const bool other_case =
        command.has_open_case() && command.open_case().case_id() != pages_->one_case.shown().case_id();
    if (other_case || command.has_new_case()) {
      models::Commands draft;
      pages_->form.keep_draft(now_ms, true, draft);
      for (const pb::Command& kept : draft.take()) worker_.send(kept.SerializeAsString());
      pages_->form.drop();
      pages_->one_case.drop();
      pages_->files.drop();
      expected_case_ = command.open_case().case_id();
      expected_until_ms_ = now_ms + kPatience_ms;
    }
    worker_.send(command.SerializeAsString());
  }
}

void Shell::take_case(const pb::Case& news, std::int64_t now_ms) {
  if (expected_case_ && news.case_id() != *expected_case_ && now_ms < expected_until_ms_) return;
  expected_case_.reset();
  Pages& pages = *pages_;
  models::Commands commands;
  if (news.form().form_id() != pages.form.shown().form_id()) pages.form.keep_draft(now_ms, true, commands);
  pages.one_case.take(news);
  pages.files.take(news.files(), now_ms);
  if (news.has_form()) pages.form.take(news.form());
  else pages.form.drop();
  send(commands, now_ms);
}

/// Another question comes to the front, or none: what stood under the last one goes to the worker first.
void Shell::take_reviews(const pb::Reviews& news, std::int64_t now_ms) {
  models::ReviewModel& review = pages_->review;
  models::Commands commands;
  if (news.detail().review_id() != review.detail().review_id()) review.keep_draft(now_ms, true, commands);
  review.take(news);
  send(commands, now_ms);
}

void Shell::do_asked(Asked& asked, std::int64_t now_ms) {
  if (asked.passphrase) worker_.unlock(std::move(*asked.passphrase));
  if (asked.lock) return lock(false, Screen::unlock, now_ms);
  if (asked.go_to) show(*asked.go_to, now_ms);
  send(asked.commands, now_ms);
}

}  // namespace wayside::desktop
