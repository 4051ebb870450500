#include "ui/models/case_page.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::CaseModel;
using wayside::models::Commands;
using Pane = CaseModel::Pane;
using namespace wayside::support;

TEST_CASE("a case opens with the tab of the form in front") {
  CaseModel model;
  model.take(sample_case().case_());
  CHECK(model.chosen_tab() == 0);
  CHECK(model.pane() == Pane::form);
  model.take(sample_case_notes().case_());
  CHECK(model.tab()->type() == "note");
}

TEST_CASE("a tab with one record opens it, a tab with several lists them") {
  CaseModel model;
  Commands out;
  model.take(sample_case().case_());
  model.choose_tab(3, out);
  CHECK(out.take().at(0).open_record().record_id() == sample_case().case_().tabs(3).record_id());
  model.choose_tab(4, out);
  CHECK(out.take().empty());
  CHECK(model.pane() == Pane::records);
  CHECK(model.chosen_tab() == 4);
}

TEST_CASE("a list of records stays in front while news of the same form comes") {
  CaseModel model;
  Commands out;
  model.take(sample_case().case_());
  model.choose_tab(4, out);
  model.take(sample_case().case_());
  CHECK(model.pane() == Pane::records);
  CHECK(model.chosen_tab() == 4);
}

TEST_CASE("the record whose form is open comes to the front without asking") {
  CaseModel model;
  Commands out;
  model.take(sample_case().case_());
  model.choose_tab(4, out);
  model.choose_tab(0, out);
  CHECK(out.take().empty());
  CHECK(model.pane() == Pane::form);
  CHECK(model.chosen_tab() == 0);
}

TEST_CASE("the timeline is one more tab on a narrow screen only") {
  CaseModel model;
  Commands out;
  model.take(sample_case().case_());
  model.choose_tab(5, out);
  CHECK(model.pane() == Pane::timeline);
  CHECK(model.chosen_tab() == 5);
  model.timeline_is_beside();
  CHECK(model.pane() == Pane::form);
}

TEST_CASE("a new case has a form and no id") {
  CaseModel model;
  CHECK_FALSE(model.open());
  model.take(sample_new_case().case_());
  CHECK(model.is_new());
  CHECK(model.open());
}
