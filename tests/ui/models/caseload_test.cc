#include "ui/models/caseload.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::CaseloadModel;
using wayside::models::Commands;
namespace pb = wayside::app::pb;
using namespace wayside::support;

namespace {

CaseloadModel showing(const pb::Snapshot& snapshot) {
  CaseloadModel model;
  model.take(snapshot.caseload());
  return model;
}

}  // namespace

TEST_CASE("a search goes with the first letter, and the next when the first is answered") {
  CaseloadModel model = showing(sample_open());
  Commands out;
  model.query().insert("s");
  model.search(0, out);
  CHECK(out.take().at(0).search().text() == "s");
  model.query().insert("h");
  model.search(10, out);
  CHECK(out.take().empty());
  CHECK(model.search_due_ms() == CaseloadModel::kUnanswered_ms);
  pb::Caseload answer;
  answer.set_text("s");
  model.take(answer);
  model.search(20, out);
  CHECK(out.take().at(0).search().text() == "sh");
}

TEST_CASE("a worker that does not answer is asked again after a while") {
  CaseloadModel model = showing(sample_open());
  Commands out;
  model.query().insert("s");
  model.search(0, out);
  model.query().insert("h");
  (void)out.take();
  model.search(999, out);
  CHECK(out.take().empty());
  model.search(1000, out);
  CHECK(out.take().size() == 1);
}

TEST_CASE("nothing is asked while nothing has changed") {
  CaseloadModel model = showing(sample_open());
  Commands out;
  model.search(0, out);
  model.search(5000, out);
  CHECK(out.take().empty());
}

TEST_CASE("a search says how much matches") {
  CHECK(showing(sample_search()).count_sentence() == "3 cases and 2 notes match “sha”");
  pb::Caseload one;
  one.set_text("begum");
  one.set_matching(1);
  one.add_rows();
  CaseloadModel model;
  model.take(one);
  CHECK(model.count_sentence() == "1 case matches “begum”");
  one.set_matching(900);
  model.take(one);
  CHECK(model.count_sentence() == "900 cases match “begum”. The first 1 are shown.");
}

TEST_CASE("an empty list says what is so, and nothing before there is news") {
  CHECK(CaseloadModel().empty_sentence().empty());
  CHECK(showing(sample_open()).empty_sentence().empty());
  CHECK(showing(sample_no_cases()).empty_sentence() == "There are no cases on this device yet.");
  CHECK(showing(sample_search_nothing()).empty_sentence() == "No case and no note on this device matches “zuleika”.");
}

TEST_CASE("the arrows stay inside the list and walk from cases into notes") {
  CaseloadModel model = showing(sample_search());
  model.move(1, 0);
  CHECK(model.selected() == 0);
  model.move(-1, 0);
  CHECK(model.selected() == 0);
  model.move(3, 0);
  CHECK(model.is_note(*model.selected()));
  model.move(100, 0);
  CHECK(model.selected() == 4);
  model.select_edge(false, 0);
  CHECK(model.selected() == 0);
}

TEST_CASE("the selection follows its case when rows change") {
  CaseloadModel model = showing(sample_open());
  model.select(1, 0);
  pb::Caseload moved = sample_open().caseload();
  moved.mutable_rows()->SwapElements(1, 5);
  model.take(moved);
  CHECK(model.selected() == 5);
  model.take(sample_search_nothing().caseload());
  CHECK_FALSE(model.selected().has_value());
}

TEST_CASE("opening a note opens its case and then the note") {
  CaseloadModel model = showing(sample_search());
  Commands out;
  model.open(3, out);
  const auto sent = out.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].open_case().case_id() == model.note_at(3).case_id());
  CHECK(sent[1].open_record().record_id() == model.note_at(3).record_id());
}

TEST_CASE("a preview waits until a row has stood chosen, and asks once") {
  CaseloadModel model = showing(sample_open());
  Commands out;
  model.select(1, 1000);
  model.preview(1199, "", out);
  CHECK(out.take().empty());
  model.preview(1200, "", out);
  CHECK(out.take().at(0).open_case().case_id() == model.case_at(1).case_id());
  model.preview(1300, "", out);
  CHECK(out.take().empty());
}

TEST_CASE("a filter is asked for with the search that stands") {
  CaseloadModel model = showing(sample_open());
  Commands out;
  model.query().insert("sha");
  model.choose_filter("high", 0, out);
  const auto sent = out.take();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].search().text() == "sha");
  CHECK(sent[0].search().filter() == "high");
}

TEST_CASE("dropping leaves no word of a case behind") {
  CaseloadModel model = showing(sample_search());
  model.query().insert("sha");
  model.drop();
  CHECK(model.row_count() == 0);
  CHECK(model.query().empty());
}
