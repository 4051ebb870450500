#include "ui/models/files.h"

#include <catch2/catch_test_macros.hpp>

#include "ui/models/case_page.h"

using wayside::models::CaseModel;
using wayside::models::Commands;
using wayside::models::FilesModel;
namespace pb = wayside::models::pb;

namespace {

pb::Files two_files() {
  pb::Files files;
  for (const char* id : {"door", "order"}) files.add_rows()->set_file_id(id);
  return files;
}

pb::Files with_picture(const char* id) {
  pb::Files files = two_files();
  files.mutable_opened()->set_file_id(id);
  files.mutable_opened()->set_rgba("pixels");
  return files;
}

}  // namespace

TEST_CASE("a picture that was closed does not come back with news that are older") {
  FilesModel model;
  Commands out;
  model.take(two_files(), 0);
  model.open("door", out);
  CHECK(out.take().at(0).open_file().file_id() == "door");
  model.take(with_picture("door"), 0);
  CHECK(model.shown().opened().rgba() == "pixels");
  model.close(out);
  CHECK(out.take().at(0).open_file().file_id().empty());
  CHECK_FALSE(model.shown().has_opened());
  model.take(with_picture("door"), 0);
  CHECK_FALSE(model.shown().has_opened());
  CHECK(model.opened() == nullptr);
}

TEST_CASE("a file that is gone from the case is not open any more") {
  FilesModel model;
  Commands out;
  model.take(two_files(), 0);
  model.open("door", out);
  pb::Files without;
  model.take(without, 0);
  CHECK(model.opened() == nullptr);
}

TEST_CASE("boxes are empty again once a file was added, and kept when it was refused") {
  FilesModel model;
  Commands out;
  model.take(two_files(), 0);
  model.begin_adding();
  model.path().set_text("/home/amina/door.jpg");
  model.choose_kind("photo");
  model.add("case", false, out);
  const auto sent = out.take().at(0).add_file();
  CHECK(sent.path() == "/home/amina/door.jpg");
  CHECK(sent.kind() == "photo");
  pb::Files refused = two_files();
  refused.mutable_notice()->set_text("No.");
  refused.set_may_keep_as_is(true);
  model.take(refused, 0);
  CHECK(model.panel() == FilesModel::Panel::adding);
  CHECK(model.may_keep_as_is());
  model.path().set_text("/home/amina/other.jpg");
  CHECK_FALSE(model.may_keep_as_is());
  pb::Files added = two_files();
  added.set_added_count(1);
  model.take(added, 0);
  CHECK(model.panel() == FilesModel::Panel::none);
  CHECK(model.path().empty());
  CHECK(model.kind().empty());
}

TEST_CASE("a bar is shown after a second of work, and its moment is known") {
  FilesModel model;
  pb::Files working = two_files();
  working.mutable_work()->set_kind(pb::FileWork::fetching);
  working.mutable_work()->set_name("order.pdf");
  model.take(working, 500);
  CHECK_FALSE(model.shows_bar(1499));
  CHECK(model.bar_due_ms(600) == 1500);
  working.mutable_work()->set_done(1);
  working.mutable_work()->set_total(4);
  model.take(working, 1200);  // the same work goes on
  CHECK(model.shows_bar(1500));
  CHECK_FALSE(model.bar_due_ms(1500));
  CHECK(model.work_share() == 0.25f);
  CHECK(model.work_words() == "Fetching order.pdf from the office");
  CHECK(model.may_stop());
  model.take(two_files(), 1600);
  CHECK_FALSE(model.working());
}

TEST_CASE("of several files that are dropped the first is taken, and the person is told") {
  FilesModel model;
  model.dropped("/home/amina/a.jpg", 3);
  CHECK(model.panel() == FilesModel::Panel::adding);
  CHECK(model.path().text() == "/home/amina/a.jpg");
  CHECK(model.dropped_sentence() == "One file at a time: this is the first of 3.");
  model.dropped("/home/amina/b.jpg", 1);
  CHECK(model.dropped_sentence().empty());
}

TEST_CASE("leaving the files or where things stand tells the worker, whatever comes to the front") {
  pb::Case shown;
  shown.set_case_id("case");
  for (const auto shows : {pb::CaseTab::of_type, pb::CaseTab::standing, pb::CaseTab::files})
    shown.add_tabs()->set_shows(shows);
  shown.mutable_tabs(0)->set_type("person");
  shown.mutable_tabs(0)->set_record_id("priya");
  shown.mutable_tabs(2)->set_type("attachment");
  shown.mutable_form()->set_form_id("f");
  shown.mutable_form()->set_type("person");
  shown.mutable_form()->set_record_id("priya");
  CaseModel model;
  Commands out;
  model.take(shown);
  CHECK(model.chosen_tab() == 0);
  model.choose_tab(1, out);
  CHECK(model.pane() == CaseModel::Pane::standing);
  CHECK(out.take().at(0).show_standing().shown());
  model.take(shown);
  CHECK(model.chosen_tab() == 1);
  model.choose_tab(2, out);
  CHECK_FALSE(out.take().at(0).show_standing().shown());
  CHECK(model.pane() == CaseModel::Pane::files);
  model.add("note", out);
  const auto commands = out.take();
  CHECK(commands.at(0).open_file().file_id().empty());
  CHECK(commands.at(1).new_record().type() == "note");
  model.choose_tab(0, out);
  CHECK(model.pane() == CaseModel::Pane::form);
  (void)out.take();
  model.add("attachment", out);
  CHECK(model.pane() == CaseModel::Pane::files);
  CHECK(out.take().empty());
}
