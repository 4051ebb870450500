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

pb::Snapshot case_with_a_file() {
  pb::Snapshot s = sample_case();
  auto& tab = *s.mutable_case_()->add_tabs();
  tab.set_type("attachment");
  tab.set_shows(pb::CaseTab::files);
  s.mutable_case_()->mutable_files()->add_rows()->set_file_id("door............");
  return s;
}

struct AtWork {
  ListeningLink link;
  Shell shell{link};
  explicit AtWork(const pb::Snapshot& snapshot, Screen screen) {
    link.show(snapshot);
    shell.take_news(0);
    shell.show(screen, 0);
    link.heard.clear();
  }
  void with_the_file_open() {
    models::Commands out;
    auto& pages = shell.pages();
    pages.one_case.show_files(out);
    pages.files.open("door............", out);
    pb::Snapshot news = case_with_a_file();
    news.mutable_case_()->mutable_files()->mutable_opened()->set_file_id("door............");
    news.mutable_case_()->mutable_files()->mutable_opened()->set_rgba("pixels of the door");
    link.show(news);
    shell.take_news(0);
    REQUIRE(pages.files.shown().opened().rgba() == "pixels of the door");
  }
};

}  // namespace

TEST_CASE("a file that is dropped on an open case stands in the box that adds it, and nothing is added yet") {
  AtWork at(case_with_a_file(), Screen::one_case);
  at.shell.dropped("/home/amina/door.jpg", 1, 0);
  CHECK(at.shell.pages().one_case.pane() == models::CaseModel::Pane::files);
  CHECK(at.shell.pages().files.path().text() == "/home/amina/door.jpg");
  for (const auto& command : at.link.heard) CHECK_FALSE(command.has_add_file());
}

TEST_CASE("a file that is dropped elsewhere is not looked at, and the person is told where to drop it") {
  AtWork at(sample_open(), Screen::cases);
  at.shell.dropped("/home/amina/door.jpg", 1, 0);
  CHECK(at.shell.pages().notice.text().starts_with("Open the case that the file belongs to"));
  CHECK(at.shell.pages().files.path().empty());
  CHECK(at.link.heard.empty());
}

TEST_CASE("the neutral page and the lock screen know nothing of files") {
  for (const Screen screen : {Screen::neutral, Screen::unlock}) {
    AtWork at(sample_locked(), screen);
    at.shell.dropped("/home/amina/door.jpg", 1, 0);
    CHECK(at.shell.pages().files.path().empty());
    CHECK(at.shell.pages().notice.text().empty());
    CHECK(at.shell.screen() == screen);
  }
}

TEST_CASE("a picture is gone from the window with the quick exit, and when its case is left") {
  AtWork at(case_with_a_file(), Screen::one_case);
  at.with_the_file_open();
  SECTION("quick exit") {
    at.shell.leave(true, 0);
    CHECK(at.link.heard.back().lock().quick_exit());
  }
  SECTION("another screen") {
    at.shell.show(Screen::settings, 0);
    bool closed = false;
    for (const auto& command : at.link.heard)
      closed = closed || (command.has_open_file() && command.open_file().file_id().empty());
    CHECK(closed);
  }
  CHECK_FALSE(at.shell.pages().files.shown().has_opened());
  at.shell.take_news(0);  // old news brings nothing back
  CHECK_FALSE(at.shell.pages().files.shown().has_opened());
}

TEST_CASE("what a screen needs is asked for when it comes to the front, and given up when it goes") {
  AtWork at(sample_case(), Screen::one_case);
  const std::string priya = at.shell.pages().one_case.shown().case_id();
  at.shell.show(Screen::today, 0);
  CHECK(at.link.heard.back().show_today().shown());
  at.shell.show(Screen::places, 0);
  REQUIRE(at.link.heard.size() >= 2);
  CHECK(at.link.heard[at.link.heard.size() - 2].has_show_today());
  CHECK_FALSE(at.link.heard[at.link.heard.size() - 2].show_today().shown());
  CHECK(at.link.heard.back().show_places().case_id() == priya);
  CHECK(at.shell.pages().places.has_case());
  at.shell.show(Screen::settings, 0);
  CHECK(at.link.heard.back().show_places().case_id().empty());
}

TEST_CASE("where things stand is asked for again when its case is on the screen again") {
  pb::Snapshot s = sample_case();
  s.mutable_case_()->add_tabs()->set_shows(pb::CaseTab::standing);
  AtWork at(s, Screen::one_case);
  models::Commands out;
  at.shell.pages().one_case.choose_tab(s.case_().tabs_size() - 1, out);
  at.shell.show(Screen::settings, 0);
  CHECK_FALSE(at.link.heard.back().show_standing().shown());
  at.shell.show(Screen::one_case, 0);
  CHECK(at.link.heard.back().show_standing().shown());
}

TEST_CASE("a bar that is due after a second of work wakes the window by itself") {
  AtWork at(case_with_a_file(), Screen::one_case);
  at.shell.touched(0);
  pb::Snapshot busy = case_with_a_file();
  busy.mutable_case_()->mutable_files()->mutable_work()->set_kind(pb::FileWork::adding);
  at.link.show(busy);
  at.shell.take_news(500);
  CHECK(at.shell.next_due_ms(600) == 1500);
}
