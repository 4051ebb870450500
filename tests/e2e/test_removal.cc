#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

std::string shown(const Home& home, const std::string& record, const std::string& field) {
  return home.ask({"get", record}).at("fields").at(field).at("shown").get<std::string>();
}

std::string digest(const Home& home) { return home.ask({"digest"}).at("digest"); }


/// Amina administers; Ben has been away for a week when he is removed; Cara works on.
struct Colleagues {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *cara = nullptr;
  std::string of_case, person, late_case, late_person;

  Colleagues() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    cara = &stage.invite_and_join(*amina, "cara", "advocate");
    of_case = first_id(amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", of_case, "--set", "forename=Zoe", "--set", "phone=0"}));
    sync({amina, ben, cara, ben});
    (void)ben->ask({"edit", person, "--set", "surname=Known"});
    sync({ben, amina, cara});
  }
  static void sync(const std::vector<const Home*>& homes) {
    for (const Home* home : homes) (void)home->sync();
  }
  /// Five saves that nobody hears of.
  void a_week_of_bens() {
    (void)ben->ask({"edit", person, "--set", "phone=1"});
    (void)ben->ask({"edit", person, "--set", "address=9 Orchard Way"});
    late_case = first_id(ben->ask({"put", "case", "--set", "reference=W-late", "--set", "status=open"}));
    late_person = first_id(ben->ask({"put", "person", "--case", late_case, "--set", "forename=Una"}));
    (void)ben->ask({"edit", late_person, "--set", "phone=2"});
  }
  [[nodiscard]] std::string device_of(const std::string& name) const {
    const json listed = amina->ask({"devices", "list"});
    for (const json& each : listed.at("devices")) {
      if (each.at("name") == name + "'s laptop") return each.at("id");
    }
    return {};
  }
};

}  // namespace

TEST_CASE("a removed colleague's week waits for a decision, which counts everywhere; she reads nothing new") {
  const bool accept = GENERATE(true, false);
  Colleagues town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  town.a_week_of_bens();

  CHECK(cara.run({"devices", "remove", town.device_of("ben"), "--reason", "left"}).code == 1);
  const json removed = amina.ask({"devices", "remove", town.device_of("ben"), "--reason", "left"});
  CHECK(removed.at("renewed_teams") == json{"main"});
  CHECK(removed.at("pinned_ledgers") > 0);
  Colleagues::sync({&cara});
  (void)cara.ask({"edit", town.person, "--set", "email=after Ben"});
  Colleagues::sync({&cara, &amina});
  CHECK(shown(amina, town.person, "surname") == "Known");

  // His courier may push, and nothing comes back.
  CHECK(ben.run({"sync"}).code == 1);
  CHECK_FALSE(ben.ask({"get", town.person}).at("fields").contains("email"));

  for (const Home* home : {&amina, &cara}) {
    const json synced = home->sync();
    CHECK(synced.at("quarantined") >= 5);
    const json reviews = home->ask({"review", "list"}).at("reviews");
    for (const json& each : reviews) CHECK(each.at("why") == "removed");
    CHECK(shown(*home, town.person, "phone") == "0");
    CHECK(home->run({"get", town.late_case}).code == 1);
  }
  CHECK(digest(amina) == digest(cara));

  const std::string one = amina.ask({"review", "list"}).at("reviews").at(0).at("id");
  CHECK(cara.run({"review", "resolve", one, "--accept", "--reason", "x"}).code == 1);
  town.stage.stop_office();
  CHECK(amina.run({"review", "resolve", one, "--accept", "--reason", "x"}).code == 5);
  town.stage.serve();
  const json decided = amina.ask({"review", "resolve", one, accept ? "--accept" : "--decline", "--all", "--reason", "spoke to Ben"});
  CHECK(decided.at("envelopes") >= 5);
  for (const Home* home : {&amina, &cara}) {
    (void)home->sync();
    CHECK(home->sync().at("quarantined") == 0);
    CHECK(home->ask({"review", "list"}).at("count") == 0);
    CHECK(shown(*home, town.person, "phone") == (accept ? "1" : "0"));
    CHECK(shown(*home, town.person, "email") == "after Ben");
    CHECK(home->run({"get", town.late_person}).code == (accept ? 0 : 1));
    if (accept) CHECK(shown(*home, town.late_person, "phone") == "2");
    CHECK(home->ask({"verify"}).at("faults").empty());
  }
  CHECK(digest(amina) == digest(cara));
  CHECK(ben.run({"sync"}).code == 1);
  CHECK_FALSE(ben.ask({"get", town.person}).at("fields").contains("email"));

  // Somebody who joins now reads what is from before and from after.
  const Home& dan = town.stage.invite_and_join(amina, "dan", "advocate");
  (void)dan.sync();
  CHECK(digest(dan) == digest(amina));
}

TEST_CASE("roles change and teams are left through the command line, with the last administrator kept") {
  Colleagues town;
  const Home &amina = *town.amina, &cara = *town.cara;
  CHECK(amina.run({"users", "role", "cara", "nobody"}).code == 2);
  (void)amina.ask({"users", "role", "cara", "desk"});
  Colleagues::sync({&cara});
  const json seen = cara.ask({"devices", "list"});
  for (const json& each : seen.at("devices")) {
    if (each.at("user") == "cara") CHECK(each.at("role") == "desk");
  }
  (void)amina.ask({"users", "role", "cara", "advocate"});
  (void)amina.ask({"put", "organisation", "--set", "name=Mill Lane Refuge", "--set", "kind=council"});   // a ledger of nobody's team
  Colleagues::sync({&amina, town.ben});
  (void)amina.ask({"users", "leave", "ben", "main"});
  const json listed = amina.ask({"devices", "list"});
  for (const json& each : listed.at("devices")) {
    if (each.at("user") == "ben") CHECK(each.at("teams").empty());
    if (each.at("role") == "admin") CHECK(amina.run({"users", "role", each.at("user_id"), "advocate"}).code == 2);
    if (each.at("this")) CHECK(amina.run({"devices", "remove", each.at("id"), "--reason", "x"}).code == 2);
  }
  (void)amina.ask({"edit", town.person, "--set", "email=not for Ben"});
  Colleagues::sync({&amina, town.ben, &cara});
  CHECK_FALSE(town.ben->ask({"get", town.person}).at("fields").contains("email"));
  CHECK(shown(cara, town.person, "email") == "not for Ben");
  (void)amina.ask({"devices", "remove", "--user", "ben", "--reason", "left"});
  CHECK(town.ben->run({"sync"}).code == 1);
}

TEST_CASE("who joins reads what is known of a perpetrator once somebody who knows it has reconciled") {
  Colleagues town;
  const Home& amina = *town.amina;
  const std::string perpetrator =
      first_id(amina.ask({"put", "perpetrator", "--case", town.of_case, "--set", "forename=Dan"}));
  (void)amina.ask({"edit", town.person, "--set", "address=9 Orchard Way"});
  Colleagues::sync({&amina});
  Home& dora = town.stage.invite_and_join(amina, "dora", "advocate");
  Colleagues::sync({&dora});
  CHECK(shown(dora, town.person, "address") == "9 Orchard Way");
  CHECK(dora.run({"get", perpetrator}).code != 0);
  Colleagues::sync({&amina, &dora});
  CHECK(shown(dora, perpetrator, "forename") == "Dan");
}
