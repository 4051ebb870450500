#include <catch2/catch_test_macros.hpp>

#include <set>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

std::string shown(const Home& home, const std::string& record, const std::string& field) {
  return home.ask({"get", record}).at("fields").at(field).at("shown").get<std::string>();
}
std::string digest(const Home& home) { return home.ask({"digest"}).at("digest"); }

/// Amina administers, Ben is an advocate; a case with a person and, sealed apart, what is known of the one who harms her.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr;
  std::string of_case, person, perpetrator;

  Town() {
    stage.found();
    REQUIRE(stage.office({"shares", "--recovery", stage.recovery_page().string(), "--out", shares().string()}).code == 0);
    fs::remove(stage.recovery_page());
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    of_case = first_id(amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", of_case, "--set", "forename=Zoe", "--set", "phone=0"}));
    perpetrator = first_id(amina->ask({"put", "perpetrator", "--case", of_case, "--set", "forename=Him"}));
    (void)amina->sync();
    (void)ben->sync();
    (void)ben->ask({"edit", person, "--set", "surname=Known"});
    (void)ben->sync();
    (void)amina->sync();
  }
  [[nodiscard]] fs::path shares() const { return stage.root() / "shares"; }
  [[nodiscard]] std::string share(int number) const { return shares() / ("share-" + std::to_string(number) + ".txt"); }

  /// With the office stopped meanwhile, as `admit` asks.
  Home& admit(const std::string& name) {
    stage.stop_office();
    const Outcome admitted = stage.office({"admit", "--data", stage.office_data().string(), "--share", share(3), "--share", share(1), "--admin", name});
    INFO(admitted.err);
    REQUIRE(admitted.code == 0);
    write_file(stage.ticket(name), admitted.out);
    stage.serve();
    return stage.join(name, stage.ticket(name));
  }
};

}  // namespace

TEST_CASE("every device is lost; two of three pages found access again, for a new administrator and whom she invites") {
  Town town;
  const std::string before = digest(*town.amina);
  fs::remove_all(town.amina->path());
  fs::remove_all(town.ben->path());

  const Home& dora = town.admit("dora");
  // Joined, and handed everything; but the pages open it.
  const json locked_out = dora.sync();
  CHECK(locked_out.at("applied_change_sets") == 0);
  CHECK(dora.run({"get", town.person}).code == 1);
  CHECK(dora.run({"recovery", "cases", "--share", town.share(1)}).code == 2);
  CHECK(dora.run({"recovery", "cases", "--share", town.share(1), "--share", town.share(1)}).code == 6);

  const json opened = dora.ask({"recovery", "cases", "--share", town.share(2), "--share", town.share(3)});
  CHECK(opened.at("opened_change_sets") >= 4);
  CHECK(opened.at("granted_ledgers") >= 2);
  CHECK(opened.at("waiting") == 0);
  CHECK(shown(dora, town.person, "surname") == "Known");
  CHECK(shown(dora, town.perpetrator, "forename") == "Him");
  CHECK(digest(dora) == before);
  CHECK(dora.ask({"verify"}).at("faults").empty());
  // Names open too, those of colleagues who are gone among them.
  const json devices = dora.ask({"devices", "list"}).at("devices");
  CHECK(devices.size() == 3);
  std::set<std::string> names;
  for (const json& each : devices) names.insert(each.at("user").get<std::string>());
  CHECK(names == std::set<std::string>{"Administrator", "ben", "dora"});

  // Nothing is left to do a second time.
  const json again = dora.ask({"recovery", "cases", "--share", town.share(2), "--share", town.share(3)});
  CHECK(again.at("opened_change_sets") == 0);
  CHECK(again.at("granted_ledgers") == 0);

  // She works, and a colleague who joins now reads what is from before and from after, without any page.
  (void)dora.ask({"edit", town.person, "--set", "email=after"});
  (void)dora.sync();
  const Home& eve = town.stage.invite_and_join(dora, "eve", "advocate");
  (void)eve.sync();
  // Compartments are granted to newcomers by a colleague's reconcile: one tells of her, and the next grants.
  (void)dora.sync();
  (void)dora.sync();
  (void)eve.sync();
  CHECK(shown(eve, town.person, "surname") == "Known");
  CHECK(shown(eve, town.person, "email") == "after");
  CHECK(shown(eve, town.perpetrator, "forename") == "Him");
  CHECK(digest(eve) == digest(dora));

  // Everybody can see what was done.
  for (const Home* home : {&dora, &eve}) {
    CHECK(home->ask({"recovery", "status"}).at("root_entries").size() == 2);
    CHECK(home->run({"digest"}).err.contains("recovery pages were used"));
  }
  CHECK(dora.ask({"recovery", "status"}).at("pages").size() == 2);
}

TEST_CASE("only the administrator is lost; a colleague who is left works on, and sees what was done") {
  Town town;
  (void)town.ben->ask({"edit", town.person, "--set", "phone=1"});   // not sent yet
  const Home& dora = town.admit("dora");
  (void)dora.ask({"recovery", "cases", "--share", town.share(1), "--share", town.share(2)});
  const json synced = town.ben->sync();
  CHECK(synced.at("quarantined") == 0);
  CHECK(town.ben->run({"digest"}).err.contains("recovery pages were used"));
  (void)town.ben->ask({"edit", town.person, "--set", "email=from Ben"});
  (void)town.ben->sync();
  (void)dora.sync();
  CHECK(shown(dora, town.person, "phone") == "1");
  CHECK(shown(dora, town.person, "email") == "from Ben");
  CHECK(digest(dora) == digest(*town.ben));
  // The lost device is removed like any other.
  const json listed = dora.ask({"devices", "list"}).at("devices");
  for (const json& each : listed) {
    if (each.at("name") == "amina's laptop") CHECK(dora.run({"devices", "remove", each.at("id"), "--reason", "lost"}).code == 0);
  }
  CHECK(town.amina->run({"sync"}).code == 1);
}

TEST_CASE("pages of another organisation, and an office that serves, admit nobody") {
  Town town;
  Stage other(Cli::cheap);
  other.found();
  const Outcome busy = town.stage.office({"admit", "--data", town.stage.office_data().string(), "--share", town.share(1), "--share", town.share(2)});
  CHECK(busy.code == 1);
  CHECK(busy.err.contains("Another program is using that folder"));
  town.stage.stop_office();
  const Outcome foreign = town.stage.office({"admit", "--data", town.stage.office_data().string(), "--recovery", other.recovery_page().string()});
  CHECK(foreign.code == 1);
  CHECK(foreign.err.contains("of another organisation"));
  CHECK(foreign.out.empty());
  town.stage.serve();
  const Outcome elsewhere = town.amina->run({"recovery", "cases", "--recovery", other.recovery_page().string()});
  CHECK(elsewhere.code == 6);
  CHECK(elsewhere.err.contains("of another organisation"));
  CHECK(town.amina->ask({"recovery", "status"}).at("root_entries").empty());
}

TEST_CASE("a case that one worker left to herself alone opens by the recovery pages when her device is lost, and to nobody else") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben;
  const std::string id = first_id(ben.ask({"put", "case", "--restrict-to", "ben", "--set", "reference=R-1", "--set", "status=open"}));
  const std::string person = first_id(ben.ask({"put", "person", "--case", id, "--set", "forename=Quillonbury"}));
  const std::string perpetrator = first_id(ben.ask({"put", "perpetrator", "--case", id, "--set", "forename=Him too"}));
  CHECK(ben.ask({"get", id}).at("restricted_to") == json{"ben"});
  (void)ben.sync();
  fs::remove_all(ben.path());

  const Home& dora = town.admit("dora");
  (void)dora.sync();
  (void)amina.sync();
  for (const Home* home : {&dora, &amina}) CHECK(home->run({"get", id}).code == 1);

  const json opened = dora.ask({"recovery", "cases", "--share", town.share(1), "--share", town.share(2)});
  CHECK(opened.at("waiting") == 0);
  CHECK(shown(dora, person, "forename") == "Quillonbury");
  CHECK(shown(dora, perpetrator, "forename") == "Him too");
  CHECK(dora.ask({"get", id}).at("restricted_to") == json{"ben"});
  // That the pages were used gives the case to nobody else.
  for (const Home* home : {&dora, &amina, &dora, &amina}) (void)home->sync();
  CHECK(amina.run({"get", id}).code == 1);
  CHECK(dora.ask({"verify"}).at("faults").empty());

  // Until she who opened it says whose it is.
  (void)dora.ask({"restrict", id, "--lift", "--reason", "ben is gone"});
  for (const Home* home : {&dora, &amina}) (void)home->sync();
  CHECK(shown(amina, person, "forename") == "Quillonbury");
  CHECK(shown(amina, perpetrator, "forename") == "Him too");
  for (const Home* home : {&dora, &amina}) CHECK(home->ask({"verify"}).at("faults").empty());
}
