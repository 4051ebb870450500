#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/traces.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr const char* kHers = "Quillonbury";
constexpr const char* kOthers = "Zanzibarheron";
constexpr const char* kAbuser = "Thornfield";

NeedleSearch needles(std::initializer_list<const char*> words) {
  NeedleSearch out;
  for (const char* each : words) out.add(each);
  return out;
}

/// Amina administers and carries everything, and so does Ben until he says otherwise. Cara's device was set to carry assigned
/// cases alone before anything came to it.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *cara = nullptr;
  std::string hers, others, person;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    (void)amina->ask({"invite", "--role", "advocate", "--user", "cara", "--out", stage.ticket("cara").string()});
    cara = &stage.home("cara");
    (void)cara->ask({"join", stage.ticket("cara").string(), "--device-name", "cara's tablet", "--carry", "assigned"});
    others = make_case("W-2", kOthers, "2 Larkmeadow Rise");
    hers = make_case("W-1", kHers, "1 Larkmeadow Rise");
    // What stands in a compartment comes with its case, and stays away with it.
    (void)amina->ask({"put", "perpetrator", "--case", hers, "--set", "surname=Blackmarsh"});
    (void)amina->ask({"put", "perpetrator", "--case", others, "--set", std::string("surname=") + kAbuser});
    sync({amina, ben, amina});
  }
  /// `person` is hers then.
  std::string make_case(const std::string& reference, const std::string& name, const std::string& address) {
    const std::string id = first_id(amina->ask({"put", "case", "--set", "reference=" + reference, "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", id, "--set", "forename=" + name, "--set", "address=" + address}));
    return id;
  }
  static void sync(const std::vector<const Home*>& homes) {
    for (const Home* home : homes) (void)home->sync();
  }
};

std::string shown(const Home& home, const std::string& record, const std::string& field) {
  return home.ask({"get", record}).at("fields").at(field).at("shown").get<std::string>();
}

}  // namespace

TEST_CASE("a device that carries assigned cases gets those alone, whole, and nothing of any other ever lies on it") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  const NeedleSearch others = needles({kOthers, kAbuser});

  (void)cara.sync();
  CHECK(cara.ask({"carry", "list"}).at("here") == 0);
  CHECK(cara.ask({"carry", "mode"}).at("mode") == "assigned");
  CHECK(traces(town.stage, cara, needles({kHers, kOthers, kAbuser})).empty());
  CHECK(cara.sync().at("round_trips") == 1);

  CHECK(amina.ask({"assign", town.hers, "--to", "cara", "--reason", "she knows her language"}).at("changed") == true);
  CHECK(amina.ask({"assign", town.hers, "--to", "cara"}).at("changed") == false);
  (void)amina.sync();
  (void)cara.sync();
  CHECK(cara.ask({"carry", "list"}).at("here") == 1);
  CHECK(shown(cara, town.person, "forename") == kHers);
  CHECK(shown(cara, town.person, "address") == "1 Larkmeadow Rise");
  CHECK(cara.ask({"list", "perpetrator"}).at("count") == 1);
  CHECK(cara.run({"get", town.others}).code == 1);
  CHECK(traces(town.stage, cara, others).empty());
  CHECK(cara.ask({"verify"}).at("ok") == true);
  CHECK(cara.ask({"assign"}).at("assignments").at(0).at("workers").at(0) == "cara");

  // She works on it, and on what she makes herself; the others have it as always.
  (void)cara.ask({"edit", town.hers, "--set", "reference=W-1 cara"});
  const std::string made = first_id(cara.ask({"put", "case", "--set", "reference=W-3", "--set", "status=open"}));
  Town::sync({&cara, &amina, &ben, &amina, &cara});
  CHECK(shown(amina, made, "reference") == "W-3");
  CHECK(shown(ben, town.hers, "reference") == "W-1 cara");
  CHECK(cara.ask({"carry", "list"}).at("here") == 2);
  CHECK(cara.sync().at("round_trips") == 1);

  // Nobody else's new case, nor a change of one, crosses her line.
  (void)town.make_case("W-4", "Yellowhammer", "4 Larkmeadow Rise");
  (void)amina.sync();
  (void)cara.sync();
  CHECK(traces(town.stage, cara, needles({"Yellowhammer"})).empty());
  CHECK(cara.ask({"carry", "list"}).at("here") == 2);
  CHECK(cara.ask({"verify"}).at("ok") == true);
}

TEST_CASE("what is not hers any more leaves the device once others hold her work; on demand a case comes, and goes again") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  (void)amina.ask({"assign", town.hers, "--to", "cara"});
  Town::sync({&amina, &cara});
  (void)cara.ask({"edit", town.hers, "--set", "reference=W-1 cara"});
  (void)amina.ask({"assign", town.hers, "--from", "cara", "--reason", "Ben is nearer"});
  (void)amina.ask({"assign", town.hers, "--to", "ben"});
  (void)amina.sync();
  (void)cara.sync();
  CHECK(cara.ask({"carry", "list"}).at("here") == 1);   // her change is at the office alone yet
  Town::sync({&amina, &ben, &amina, &ben, &cara});
  CHECK(cara.ask({"carry", "list"}).at("here") == 0);
  CHECK(traces(town.stage, cara, needles({kHers})).empty());
  CHECK(shown(amina, town.hers, "reference") == "W-1 cara");

  // Somebody calls while Ben is away: with a line she has it at once, by the id that `assign` shows, or by no id that is none.
  const json added = cara.ask({"carry", "add", town.hers});
  CHECK(added.at("cases").at(0).at("on_this_device") == true);
  CHECK(shown(cara, town.person, "address") == "1 Larkmeadow Rise");
  const Outcome unknown = cara.run({"carry", "add", "01890000-0000-7000-8000-000000000000"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.contains("assign"));
  (void)cara.sync();
  CHECK(cara.ask({"carry", "list"}).at("here") == 1);   // what she chose stays
  (void)cara.ask({"carry", "drop", town.hers});
  (void)cara.sync();
  CHECK(cara.ask({"carry", "list"}).at("here") == 0);

  // A case assigned to somebody else comes by its id too, though nothing of it was ever here.
  (void)amina.ask({"assign", town.others, "--to", "ben"});
  Town::sync({&amina, &cara});
  CHECK(cara.ask({"carry", "add", town.others}).at("cases").at(0).at("on_this_device") == true);
  CHECK(cara.ask({"verify"}).at("ok") == true);
}

TEST_CASE("a device changes between carrying all and carrying what is assigned") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  CHECK(amina.run({"carry", "mode", "assigned"}).code == 1);   // who oversees others carries everything
  (void)amina.ask({"assign", town.others, "--to", "ben"});
  Town::sync({&amina, &ben, &amina, &ben});
  CHECK(ben.ask({"carry", "list"}).at("here") == 2);
  CHECK(ben.ask({"carry", "mode", "assigned"}).at("here") == 1);
  CHECK(traces(town.stage, ben, needles({kHers})).empty());
  CHECK(shown(ben, town.others, "reference") == "W-2");
  CHECK(ben.ask({"verify"}).at("ok") == true);

  // Without a line it is remembered, and done with the next `sync`.
  town.stage.stop_office();
  const Outcome offline = ben.run({"carry", "mode", "all"});
  CHECK(offline.code == 5);
  town.stage.serve();
  Town::sync({&ben, &cara});
  CHECK(ben.ask({"carry", "list"}).at("here") == 2);
  CHECK(ben.ask({"digest"}).at("digest") == amina.ask({"digest"}).at("digest"));
  CHECK(cara.ask({"carry", "mode", "all"}).at("here") == 2);
  CHECK(cara.ask({"digest"}).at("digest") == amina.ask({"digest"}).at("digest"));
  CHECK(cara.ask({"verify"}).at("ok") == true);
  CHECK(ben.run({"carry", "mode", "some"}).code == 2);
}
