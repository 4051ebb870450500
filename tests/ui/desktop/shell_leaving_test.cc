#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <vector>

#include "tests/support/sample_snapshots.h"
#include "tests/ui/desktop/listening_link.h"
#include "ui/desktop/shell.h"

using namespace wayside;
using namespace wayside::support;
using desktop::Shell;
using models::Screen;
namespace pb = wayside::app::pb;

namespace {

struct AtWork {
  ListeningLink link;
  Shell shell{link};

  explicit AtWork(const pb::Snapshot& snapshot = sample_case(), Screen screen = Screen::one_case) {
    link.show(snapshot);
    shell.take_news(0);
    shell.show(screen, 0);
  }
  void type() {
    auto& form = shell.pages().form;
    form.fields()[0].items[0].insert("nka");
    form.edited(form.fields()[0], 0);
  }
};

void three_shifts(Shell& shell) {
  for (int i = 0; i < 3; ++i) shell.raw_key({.name = "shift"}, 10 * i);
}

}  // namespace

TEST_CASE("the program begins on the neutral page, even when the vault is open") {
  ListeningLink link;
  Shell shell(link);
  CHECK(shell.screen() == Screen::neutral);
  link.show(sample_open());
  shell.take_news(0);
  CHECK(shell.screen() == Screen::neutral);
}

TEST_CASE("quick exit sends the last keystrokes, then the lock, and drops every text at once") {
  AtWork at;
  at.type();
  three_shifts(at.shell);
  CHECK(at.shell.screen() == Screen::neutral);
  REQUIRE(at.link.heard.size() == 2);
  REQUIRE(at.link.heard[0].has_keep_draft());
  CHECK(at.link.heard[0].keep_draft().fields(0).items(0) == "Priyanka");
  REQUIRE(at.link.heard[1].has_lock());
  CHECK(at.link.heard[1].lock().quick_exit());
  CHECK_FALSE(at.shell.pages().form.open());
  CHECK(at.shell.pages().caseload.row_count() == 0);
  CHECK_FALSE(at.shell.pages().one_case.open());
  CHECK(at.shell.take_clipboard_wish());
}

TEST_CASE("quick exit sends what stands undecided in a review before the lock") {
  AtWork at(sample_review(), Screen::review);
  auto& review = at.shell.pages().review;
  review.reason().insert("Her sister");
  review.typed(0);
  three_shifts(at.shell);
  REQUIRE(at.link.heard.size() == 2);
  CHECK(at.link.heard[0].keep_decision().reason() == "Her sister");
  CHECK(at.link.heard[1].has_lock());
  CHECK_FALSE(at.shell.pages().review.has_detail());
}

TEST_CASE("quick exit sends why protection is lowered, with the form's other words") {
  AtWork at;
  at.type();
  at.shell.pages().form.reason().insert("He has moved");
  at.shell.pages().form.reason_edited(0);
  three_shifts(at.shell);
  REQUIRE(at.link.heard.size() == 2);
  CHECK(at.link.heard[0].keep_draft().reason() == "He has moved");
}

TEST_CASE("what is typed in a review is due by the clock of the shell") {
  AtWork at(sample_review(), Screen::review);
  at.shell.touched(0);
  at.shell.pages().review.reason().insert("Her sister");
  at.shell.pages().review.typed(0);
  CHECK(at.shell.next_due_ms(0) == 300);
  at.shell.tick(300, {});
  REQUIRE(at.link.heard.size() == 1);
  CHECK(at.link.heard[0].has_keep_decision());
}

TEST_CASE("when another question comes to the front, the words under the last one are sent first") {
  AtWork at(sample_review(), Screen::review);
  at.shell.pages().review.reason().insert("Her sister");
  at.shell.pages().review.typed(0);
  pb::Snapshot other = sample_review();
  other.mutable_reviews()->mutable_detail()->set_review_id("another question");
  at.link.show(other);
  at.shell.take_news(10);
  REQUIRE(at.link.heard.size() == 1);
  CHECK(at.link.heard[0].keep_decision().reason() == "Her sister");
  CHECK(at.link.heard[0].keep_decision().review_id() != "another question");
  CHECK(at.shell.pages().review.reason().empty());
}

TEST_CASE("a snapshot of the open vault that was under way brings nothing back") {
  AtWork at;
  three_shifts(at.shell);
  at.link.show(sample_case());
  at.shell.take_news(100);
  CHECK(at.shell.screen() == Screen::neutral);
  CHECK_FALSE(at.shell.pages().one_case.open());
  at.shell.show(Screen::unlock, 200);
  at.link.show(sample_open());
  at.shell.take_news(300);
  CHECK(at.shell.screen() == Screen::unlock);
  CHECK(at.shell.pages().caseload.row_count() == 0);
  at.link.show(sample_locked());
  at.shell.take_news(400);
  at.link.show(sample_open());  // she has unlocked again
  at.shell.take_news(500);
  CHECK(at.shell.screen() == Screen::cases);
}

TEST_CASE("a key between the Shifts, or Shifts on the neutral page, do nothing") {
  AtWork at;
  at.shell.raw_key({.name = "shift"}, 0);
  at.shell.raw_key({.name = "shift"}, 10);
  at.shell.raw_key({.name = "x"}, 20);
  CHECK_FALSE(at.shell.raw_key({.name = "shift"}, 30));
  CHECK(at.shell.screen() == Screen::one_case);
  three_shifts(at.shell);
  at.link.heard.clear();
  three_shifts(at.shell);
  CHECK(at.link.heard.empty());
}

TEST_CASE("a chord of her own leaves like three Shifts do; the keys of others do not") {
  ListeningLink link;
  Shell shell(link);
  pb::Snapshot open = sample_case();
  open.mutable_settings()->set_text_percent(150);
  open.mutable_settings()->set_exit_chord("ctrl+shift+q");
  link.show(open);
  shell.take_news(0);
  CHECK(shell.settings().text_percent == 150);
  shell.show(Screen::one_case, 0);
  CHECK_FALSE(shell.raw_key({.name = "q", .ctrl = true}, 10));
  CHECK(shell.screen() == Screen::one_case);
  CHECK(shell.raw_key({.name = "q", .ctrl = true, .shift = true}, 20));
  CHECK(shell.screen() == Screen::neutral);
  REQUIRE_FALSE(link.heard.empty());
  CHECK(link.heard.back().lock().quick_exit());
}

TEST_CASE("a changed setting is sent once, and what comes back late does not undo it") {
  ListeningLink link;
  Shell shell(link);
  pb::Snapshot open = sample_open();
  open.mutable_settings()->set_text_percent(150);
  link.show(open);
  shell.take_news(0);
  shell.tick(0, {});
  CHECK(link.heard.empty());
  shell.change_settings([](desktop::Settings& settings) { settings.text_percent = 175; });
  shell.tick(10, {});
  shell.tick(20, {});
  REQUIRE(link.heard.size() == 1);
  CHECK(link.heard[0].keep_settings().settings().text_percent() == 175);
  link.show(open);
  shell.take_news(30);
  CHECK(shell.settings().text_percent == 175);
}

TEST_CASE("a vault that nobody touches locks itself, drafts first") {
  AtWork at;
  at.type();
  at.shell.touched(1000);
  const std::int64_t wait_ms = 10 * 60'000;
  at.shell.tick(1000 + wait_ms - 1, {});
  CHECK(at.shell.screen() == Screen::one_case);
  at.link.heard.clear();
  CHECK(at.shell.tick(1000 + wait_ms, {}));
  CHECK(at.shell.screen() == Screen::neutral);
  REQUIRE(at.link.heard.size() == 1);
  CHECK_FALSE(at.link.heard[0].lock().quick_exit());
}

TEST_CASE("a draft is due by the clock of the shell, and then nothing is") {
  AtWork at(sample_case());
  at.shell.touched(0);
  at.type();
  CHECK(at.shell.next_due_ms(0) == 300);
  at.shell.tick(300, {});
  CHECK(at.link.heard.size() == 1);
  CHECK(at.shell.next_due_ms(300) == 10 * 60'000);  // only locking by itself
}

TEST_CASE("a machine may sleep when the worker has said that the vault is locked, not when it was asked to") {
  AtWork at;
  CHECK_FALSE(at.shell.at_rest());
  at.shell.leave(true, 0);
  CHECK_FALSE(at.shell.at_rest());
  at.link.show(sample_open());  // under way since before
  at.shell.take_news(10);
  CHECK_FALSE(at.shell.at_rest());
  at.link.show(sample_locked());
  at.shell.take_news(20);
  CHECK(at.shell.at_rest());
  at.shell.leave(true, 30);  // nothing is open: nothing to wait for
  CHECK(at.shell.at_rest());
}

TEST_CASE("what must be known stands until the worker takes it back") {
  pb::Snapshot put_back = sample_open();
  put_back.add_standing()->set_text("An older copy was put in its place.");
  AtWork at(put_back, Screen::cases);
  REQUIRE(at.shell.pages().standing.size() == 1);
  at.link.show(sample_open());
  at.shell.take_news(10);
  CHECK(at.shell.pages().standing.empty());
}

TEST_CASE("closing the window sends the draft and the lock") {
  AtWork at;
  at.type();
  at.shell.close(50);
  REQUIRE(at.link.heard.size() == 2);
  CHECK(at.link.heard[0].has_keep_draft());
  CHECK(at.link.heard[1].has_lock());
}

TEST_CASE("a worker that locks the vault takes every case from the screen") {
  AtWork at(sample_open(), Screen::cases);
  at.link.show(sample_locked());
  at.shell.take_news(0);
  CHECK(at.shell.screen() == Screen::unlock);
  CHECK(at.shell.pages().caseload.row_count() == 0);
}

TEST_CASE("while a case is being opened no other case stands under its name") {
  AtWork at;  // Priya Shah is open
  models::Commands commands;
  at.shell.show(Screen::cases, 0);
  at.shell.pages().caseload.open(0, commands);
  at.shell.send(commands, 100);
  CHECK_FALSE(at.shell.pages().one_case.open());
  at.link.show(sample_case());  // an old snapshot, still under way
  at.shell.take_news(200);
  CHECK_FALSE(at.shell.pages().one_case.open());
  pb::Snapshot right = sample_case();
  right.mutable_case_()->set_case_id(at.link.heard.back().open_case().case_id());
  at.link.show(right);
  at.shell.take_news(300);
  CHECK(at.shell.pages().one_case.open());
}

TEST_CASE("a snapshot that cannot be read changes nothing") {
  class BrokenLink : public ListeningLink {
   public:
    std::shared_ptr<const Bytes> latest() override { return broken_; }

   private:
    std::shared_ptr<const Bytes> broken_ = std::make_shared<const Bytes>("\xFF\xFF\xFF");
  } link;
  Shell shell(link);
  CHECK_FALSE(shell.take_news(0));
}
