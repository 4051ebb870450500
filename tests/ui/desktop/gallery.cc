// Pictures of the screens with invented people, for looking at and for docs/pictures.
//   wayside-gallery OUT.png SCREEN WIDTHxHEIGHT light|dark|contrast TEXT_PERCENT [ACTION…]
// SCREEN is a name of kScenes. Needs a display (xvfb-run does).

#include <backends/imgui_impl_opengl3_loader.h>
#include <imgui.h>
#include <png.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/files_posix.h"
#include "tests/support/sample_snapshots.h"
#include "tests/ui/desktop/gallery_cases.h"
#include "ui/desktop/host.h"

namespace {

using namespace wayside;
using desktop::FormUi;
using desktop::Shell;
using models::Screen;
namespace pb = wayside::app::pb;

/// A worker that shows one snapshot, whatever it is told.
class StillLink : public app::WorkerLink {
 public:
  void send(Bytes) override {}
  void unlock(SecretString) override {}
  std::shared_ptr<const Bytes> latest() override { return latest_; }
  void set_wakeup(std::function<void()>) override {}
  void show(const pb::Snapshot& snapshot) { latest_ = std::make_shared<const Bytes>(snapshot.SerializeAsString()); }

 private:
  std::shared_ptr<const Bytes> latest_;
};

/// Thursday 12 June 2025, a quarter to nine; stands still.
class StillClock : public platform::Clock {
 public:
  std::int64_t wall_ms() override { return 1'749'717'900'000; }
  std::int64_t monotonic_ms() override { return 1'000'000; }
};

support::pb::Snapshot review_with_a_draft() {
  support::pb::Snapshot s = support::sample_review();
  auto& detail = *s.mutable_reviews()->mutable_detail();
  detail.mutable_draft()->set_choice(support::pb::Decide::write_another);
  detail.mutable_draft()->set_text("12 Castle Street, Leicester");
  detail.mutable_draft()->set_reason("She moved on Monday; her sis");
  detail.set_draft_kept("08:47");
  return s;
}

support::pb::Snapshot put_back() {
  support::pb::Snapshot s = support::sample_open();
  auto& notice = *s.add_standing();
  notice.set_tone(support::pb::Notice::attention);
  notice.set_text(
      "This casebook is not the one that was closed here last: an older copy was put in its place, and what was "
      "written since may be missing, so tell your administrator before you go on.");
  return s;
}

void add_to_case(Shell& shell, const char* typed) {
  models::Commands commands;
  models::CaseModel& one_case = shell.pages().one_case;
  one_case.begin_adding(commands);
  one_case.adding().query().set_text(typed);
  one_case.adding().typed();
}

pb::Snapshot standard_case() { return desktop::gallery::case_with(false); }
pb::Snapshot case_of_twelve() { return desktop::gallery::case_with(true); }
pb::Snapshot case_adding() { return desktop::gallery::case_with(true, true); }

pb::Snapshot files_list() { return desktop::gallery::case_with_files(""); }
pb::Snapshot files_refused() { return desktop::gallery::case_with_files("", true); }
pb::Snapshot file_photo() { return desktop::gallery::case_with_files("photo"); }
pb::Snapshot file_letter() { return desktop::gallery::case_with_files("letter"); }
pb::Snapshot file_away() { return desktop::gallery::case_with_files("away"); }

/// The pane of the files, with the one open that the snapshot has open.
void show_files(Shell& shell) {
  models::Commands commands;
  auto& pages = shell.pages();
  pages.one_case.show_files(commands);
}

void open_named(Shell& shell, const pb::Snapshot& snapshot, std::string_view begins) {
  models::Commands commands;
  show_files(shell);
  auto& files = shell.pages().files;
  for (const auto& row : snapshot.case_().files().rows())
    if (row.name().starts_with(begins)) files.open(row.file_id(), commands);
  files.take(snapshot.case_().files(), 1'000'000);
}

void fetching(Shell& shell) {
  pb::Snapshot snapshot = file_away();
  auto& work = *snapshot.mutable_case_()->mutable_files()->mutable_work();
  work.set_kind(pb::FileWork::fetching);
  work.set_name("message from 9 June.png");
  work.set_done(3);
  work.set_total(8);
  open_named(shell, snapshot, "message");
  shell.pages().files.drop();
  models::Commands commands;
  for (const auto& row : snapshot.case_().files().rows())
    if (row.name().starts_with("message")) shell.pages().files.open(row.file_id(), commands);
  shell.pages().files.take(snapshot.case_().files(), 0);
}

void standing(Shell& shell) {
  models::Commands commands;
  shell.pages().one_case.choose_tab(1, commands);
}

struct Scene {
  std::function<pb::Snapshot()> snapshot;
  Screen screen;
  std::function<void(Shell&)> prepare = [](Shell&) {};
};

void type(models::TextEdit& edit, const char* text) { edit.set_text(text); }

const std::map<std::string, Scene>& scenes() {
  static const std::map<std::string, Scene> kScenes{
      {"neutral", {support::sample_locked, Screen::neutral}},
      {"neutral-search",
       {support::sample_locked, Screen::neutral, [](Shell& s) { type(s.neutral().search, "station"); }}},
      {"unlock",
       {support::sample_locked, Screen::unlock, [](Shell& s) { s.unlock_ui().passphrase.append("correct horse"); }}},
      {"unlock-wrong",
       {[] { return support::sample_wrong_passphrase(1'000'000, 4000); }, Screen::unlock,
        [](Shell& s) { s.unlock_ui().passphrase.append("correct horse"); }}},
      {"unlock-absent",
       {[] {
          pb::Snapshot s;
          return s;
        },
        Screen::unlock}},
      {"caseload", {support::sample_open, Screen::cases, [](Shell& s) { s.pages().caseload.select(1, 0); }}},
      {"caseload-preview", {support::sample_case, Screen::cases, [](Shell& s) { s.pages().caseload.select(1, 0); }}},
      {"caseload-search",
       {support::sample_search, Screen::cases,
        [](Shell& s) {
          type(s.pages().caseload.query(), "sha");
          s.pages().caseload.select(0, 0);
          s.pages().caseload_ui.focus_search = true;
        }}},
      {"caseload-nothing",
       {support::sample_search_nothing, Screen::cases, [](Shell& s) { type(s.pages().caseload.query(), "zuleika"); }}},
      {"caseload-empty", {support::sample_no_cases, Screen::cases}},
      {"case",
       {support::sample_case, Screen::one_case,
        [](Shell& s) {
          FormUi& ui = s.pages().form_ui;
          ui.form_id = "form-person";
          ui.focus_field = 4;
        }}},
      {"case-plain", {support::sample_case, Screen::one_case}},
      {"case-kinds", {support::sample_case_all_kinds, Screen::one_case}},
      {"case-kinds-low",
       {support::sample_case_all_kinds, Screen::one_case,
        [](Shell& s) {
          FormUi& ui = s.pages().form_ui;
          ui.form_id = "form-risk";
          ui.reveal_field = 11;
          ui.at_top = false;
        }}},
      {"case-note", {support::sample_case_notes, Screen::one_case}},
      {"case-records",
       {support::sample_case, Screen::one_case,
        [](Shell& s) {
          models::Commands c;
          s.pages().one_case.choose_tab(4, c);
        }}},
      {"case-new", {support::sample_new_case, Screen::one_case}},
      {"case-standard", {standard_case, Screen::one_case}},
      {"case-twelve", {case_of_twelve, Screen::one_case}},
      {"case-add", {case_adding, Screen::one_case, [](Shell& s) { add_to_case(s, ""); }}},
      {"case-add-search", {case_adding, Screen::one_case, [](Shell& s) { add_to_case(s, "plan"); }}},
      {"case-add-nothing", {case_adding, Screen::one_case, [](Shell& s) { add_to_case(s, "zebra"); }}},
      {"form-safety-plan", {[] { return desktop::gallery::new_record_of("safety_plan"); }, Screen::one_case}},
      {"form-referral", {[] { return desktop::gallery::new_record_of("referral"); }, Screen::one_case}},
      {"form-perpetrator", {[] { return desktop::gallery::new_record_of("perpetrator"); }, Screen::one_case}},
      {"review",
       {support::sample_review, Screen::review,
        [](Shell& s) {
          s.pages().review_ui.detail_in_front = true;
          s.pages().review.keep(s.pages().review.detail().values(0), 0);
        }}},
      {"review-pressed",
       {support::sample_review, Screen::review,
        [](Shell& s) {
          models::Commands c;
          s.pages().review_ui.detail_in_front = true;
          s.pages().review.keep(s.pages().review.detail().values(0), 0);
          s.pages().review.decide(c);
        }}},
      {"review-long",
       {support::sample_review_long, Screen::review,
        [](Shell& s) {
          s.pages().review_ui.detail_in_front = true;
          s.pages().review.write_another(0);
        }}},
      {"review-queue", {support::sample_review, Screen::review}},
      {"review-draft", {review_with_a_draft, Screen::review}},
      {"files", {files_list, Screen::one_case, show_files}},
      {"files-empty", {desktop::gallery::case_without_files, Screen::one_case, show_files}},
      {"files-add",
       {files_list, Screen::one_case,
        [](Shell& s) {
          show_files(s);
          s.pages().files.dropped("/home/amina/Pictures/IMG_2041.jpg", 3);
        }}},
      {"files-refused",
       {files_refused, Screen::one_case,
        [](Shell& s) {
          models::Commands c;
          show_files(s);
          auto& files = s.pages().files;
          const pb::Files shown = files.shown();
          files.begin_adding();
          type(files.path(), "/home/amina/photo.heic");
          files.choose_kind("photo_injury");
          files.add("", false, c);
          files.take(shown, 0);
        }}},
      {"file-photo", {file_photo, Screen::one_case, [](Shell& s) { open_named(s, file_photo(), "back"); }}},
      {"file-letter", {file_letter, Screen::one_case, [](Shell& s) { open_named(s, file_letter(), "letter"); }}},
      {"file-away", {file_away, Screen::one_case, [](Shell& s) { open_named(s, file_away(), "message"); }}},
      {"file-fetching", {file_away, Screen::one_case, fetching}},
      {"file-copy",
       {file_photo, Screen::one_case,
        [](Shell& s) {
          open_named(s, file_photo(), "back");
          s.pages().files.begin_copying();
          type(s.pages().files.copy_to(), "/media/stick/");
        }}},
      {"standing", {[] { return desktop::gallery::case_standing(true); }, Screen::one_case, standing}},
      {"standing-empty", {[] { return desktop::gallery::case_standing(false); }, Screen::one_case, standing}},
      {"places", {[] { return desktop::gallery::places(true); }, Screen::places}},
      {"places-narrowed", {[] { return desktop::gallery::places(true); }, Screen::places, [](Shell& s) { type(s.pages().places.query(), "juno"); }}},
      {"places-empty", {[] { return desktop::gallery::places(false); }, Screen::places}},
      {"places-no-case", {support::sample_open, Screen::places}},
      {"place",
       {[] { return desktop::gallery::places(true, true); }, Screen::places,
        [](Shell& s) {
          models::Commands c;
          s.pages().places.open(s.pages().places.shown().detail().service_id(), c);
        }}},
      {"today", {[] { return desktop::gallery::today(true); }, Screen::today}},
      {"today-empty", {[] { return desktop::gallery::today(false); }, Screen::today}},
      {"review-empty", {support::sample_no_cases, Screen::review}},
      {"history", {support::sample_history, Screen::review, [](Shell& s) { s.pages().history_dialog.open = true; }}},
      {"reconcile", {support::sample_reconcile_running, Screen::reconcile}},
      {"reconcile-idle", {support::sample_reconcile_idle, Screen::reconcile}},
      {"reconcile-failed", {support::sample_reconcile_failed, Screen::reconcile}},
      {"settings", {support::sample_open, Screen::settings}},
      {"caseload-notice", {put_back, Screen::cases}},
  };
  return kScenes;
}

bool write_png(const char* path, int width, int height) {
  std::vector<unsigned char> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  std::vector<unsigned char> rgb;
  rgb.reserve(pixels.size() / 4 * 3);
  for (int y = height - 1; y >= 0; --y)
    for (int x = 0; x < width; ++x) {
      const auto* p =
          &pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 4];
      rgb.insert(rgb.end(), p, p + 3);
    }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  return png_image_write_to_file(&image, path, 0, rgb.data(), 0, nullptr) != 0;
}

int fail_with(const std::string& words) {
  std::fprintf(stderr, "wayside-gallery: %s\n", words.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return fail_with("OUT.png SCREEN WIDTHxHEIGHT light|dark|contrast TEXT_PERCENT");
  setenv("TZ", "Europe/London", 1);
  const auto scene = scenes().find(argv[2]);
  if (scene == scenes().end()) return fail_with(std::string("no screen called ") + argv[2]);
  int width = 0, height = 0;
  if (std::sscanf(argv[3], "%dx%d", &width, &height) != 2) return fail_with("the size is written like 1024x600");
  desktop::Settings settings;
  settings.mode = std::strcmp(argv[4], "dark") == 0       ? desktop::Mode::dark
                  : std::strcmp(argv[4], "contrast") == 0 ? desktop::Mode::contrast
                                                          : desktop::Mode::light;
  settings.text_percent = std::atoi(argv[5]);

  auto window =
      platform::Window::open({.title = "Timetable", .wm_class = "timetable", .width = width, .height = height});
  if (!window) return fail_with("no window: " + window.error().detail);
  StillLink link;
  StillClock clock;
  platform::PosixFiles files;
  Shell shell(link, settings);
  auto host = desktop::Host::create(**window, clock, files, shell);
  if (!host) return fail_with("missing " + host.error().detail);
  shell.touched(clock.monotonic_ms());
  link.show(scene->second.snapshot());
  shell.take_news(clock.monotonic_ms());
  shell.tick(clock.monotonic_ms(), {4, 8 * 60 + 45});
  shell.show(scene->second.screen, clock.monotonic_ms());
  scene->second.prepare(shell);
  for (int i = 0; i < 8; ++i) {
    (*window)->poll();
    (*host)->draw_frame();
  }
  glFlush();
  return write_png(argv[1], (*window)->width(), (*window)->height()) ? 0
                                                                     : fail_with("the picture could not be written");
}
