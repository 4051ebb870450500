#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

TEST_CASE("what was saved goes out by night from a locked vault, and is told of") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const json put = amina.ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"});
  const std::string id = put.at("ids").at(0);

  const json night = amina.ask({"sync", "--locked", "--unwatched"});
  CHECK(night.at("pushed").at("envelopes") >= 1);
  const json last = amina.ask({"night", "status"}).at("last");
  CHECK(last.at("error").is_null());
  CHECK(last.at("sent") == night.at("pushed").at("envelopes"));
  (void)ben.sync();
  CHECK(ben.ask({"get", id}).at("fields").at("reference").at("shown") == "W-1");

  // By day nothing is sent twice, and what Ben wrote meanwhile comes by night and is folded at the next unlock.
  CHECK(amina.sync().at("pushed").at("envelopes") <= 1);   // at most what announces the case
  (void)ben.ask({"put", "person", "--case", id, "--set", "forename=Zoe"});
  CHECK(ben.ask({"sync", "--locked", "--unwatched"}).at("pushed").at("envelopes") == 1);
  CHECK(amina.ask({"sync", "--locked", "--unwatched"}).at("pulled").at("envelopes") == 1);

  stage.stop_office();
  const json people = amina.ask({"list", "person"});
  REQUIRE(people.at("count") == 1);
  CHECK(people.at("records").at(0).at("fields").at("forename").at("shown") == "Zoe");
  CHECK(amina.run({"sync", "--locked", "--unwatched"}).code == 5);
  const json failed = amina.ask({"night", "status"}).at("last");
  CHECK(failed.at("error") == "unreachable");
  CHECK(failed.at("reached_ms") < failed.at("ended_ms"));
}

TEST_CASE("a reconcile takes in what came by night itself, and counts it") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const std::string id = first_id(amina.ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
  for (const Home* home : {&amina, &ben, &amina}) (void)home->sync();
  (void)ben.ask({"put", "person", "--case", id, "--set", "forename=Zoe"});
  (void)ben.ask({"sync", "--locked"});
  CHECK(amina.ask({"sync", "--locked"}).at("pulled").at("envelopes") == 1);
  CHECK(amina.sync().at("applied_change_sets") == 1);
}
