#include "ui/models/add_list.h"

#include <catch2/catch_test_macros.hpp>

#include "ui/models/case_page.h"

using namespace wayside::models;

namespace {

pb::Case some_case() {
  pb::Case shown;
  shown.set_case_id("case");
  for (const auto& [type, label, group, help] :
       {std::tuple{"person", "Person", "People", "Whom we help."}, std::tuple{"child", "Child", "People", "A victim too."},
        std::tuple{"order", "Order", "Law and police", "What a court has ordered."},
        std::tuple{"hearing", "Hearing", "Law and police", "A day in court."}}) {
    auto& offer = *shown.add_types();
    offer.set_type(type);
    offer.set_label(label);
    offer.set_group(group);
    offer.set_help(help);
  }
  auto& person = *shown.add_tabs();
  person.set_type("person");
  person.set_record_id("priya");
  return shown;
}

}  // namespace

TEST_CASE("the list of what can be added has each group's heading once") {
  AddList list;
  list.take(some_case());
  REQUIRE(list.rows().size() == 4);
  CHECK(list.rows()[0].heading == "People");
  CHECK(list.rows()[1].heading.empty());
  CHECK(list.rows()[2].heading == "Law and police");
}

TEST_CASE("typing narrows the list; names come before what only mentions the word") {
  AddList list;
  list.take(some_case());
  list.query().set_text("ORDER");
  list.typed();
  REQUIRE(list.rows().size() == 1);
  CHECK(list.here()->type() == "order");
  list.query().set_text("court");
  list.typed();
  REQUIRE(list.rows().size() == 2);
  CHECK(list.rows()[0].heading == "What mentions it");
  list.query().set_text("zebra");
  list.typed();
  CHECK(list.here() == nullptr);
}

TEST_CASE("news without a list leaves the list and the keyboard's place as they are") {
  AddList list;
  list.take(some_case());
  list.move(2);
  list.take(pb::Case());
  list.take(some_case());
  CHECK(list.here()->type() == "order");
  list.move(9);
  CHECK(list.here()->type() == "hearing");
}

TEST_CASE("choosing a type adds one, or opens the one that is there") {
  CaseModel model;
  Commands out;
  model.take(some_case());
  model.begin_adding(out);
  CHECK(out.take().at(0).has_list_types());
  CHECK(model.pane() == CaseModel::Pane::adding);
  CHECK(model.chosen_tab() == -1);
  model.choose_type("order", out);
  CHECK(out.take().at(0).new_record().type() == "order");
  model.choose_type("person", out);
  CHECK(out.take().at(0).open_record().record_id() == "priya");
  CHECK(model.pane() != CaseModel::Pane::adding);
}
