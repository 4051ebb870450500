#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/traces.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr const char* kName = "Quillonbury";
constexpr const char* kAddress = "Larkmeadow Rise";

std::string first_id(const json& answer) { return answer.at("ids").at(0); }

std::string shown(const Home& home, const std::string& record, const std::string& field) {
  return home.ask({"get", record}).at("fields").at(field).at("shown").get<std::string>();
}

NeedleSearch needles() {
  NeedleSearch out;
  for (const char* each : {kName, kAddress}) out.add(each);
  return out;
}

/// Amina and Ben are in `main`, Noor is in `North`, an agency beside it.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *noor = nullptr;
  std::string of_case, person, other;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    (void)amina->ask({"invite", "--role", "advocate", "--team", "North", "--user", "noor", "--out", stage.ticket("noor").string()});
    noor = &stage.join("noor", stage.ticket("noor"));
    of_case = first_id(amina->ask({"put", "case", "--team", "main", "--set", "reference=W-1", "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", of_case, "--set", std::string("forename=") + kName, "--set", std::string("address=") + kAddress}));
    other = first_id(amina->ask({"put", "case", "--team", "main", "--set", "reference=W-2", "--set", "status=open"}));
    sync({amina, ben, noor});
  }
  static void sync(const std::vector<const Home*>& homes) {
    for (const Home* home : homes) (void)home->sync();
  }
};

}  // namespace

TEST_CASE("a case is shared with another agency, worked on by both, and taken back") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &noor = *town.noor;
  const NeedleSearch words = needles();

  // Before: nothing.
  CHECK(noor.run({"get", town.of_case}).code == 1);
  CHECK(noor.ask({"find", "Quillon"}).at("count") == 0);
  CHECK(traces(town.stage, noor, words).empty());
  CHECK(noor.run({"share", town.of_case, "--with", "North"}).code == 1);
  CHECK(ben.run({"share", town.of_case, "--with", "Nowhere"}).code == 2);

  // Shared by an advocate of its team, offline; without the address.
  (void)ben.ask({"share", town.of_case, "--with", "North"});
  Town::sync({&ben, &noor, &amina});
  CHECK(shown(noor, town.person, "forename") == kName);
  CHECK(noor.ask({"get", town.of_case}).at("team") == "main");
  for (const Home* home : {&amina, &ben, &noor}) {
    INFO(home->name());
    CHECK(home->ask({"get", town.of_case}).at("shared_with") == json{"North"});
    CHECK(home->ask({"share", "--list"}).at("shares").size() == 1);
  }
  CHECK_FALSE(traces(town.stage, noor, words).empty());   // the search finds what is there
  {
    NeedleSearch address;
    address.add(kAddress);
    CHECK(traces(town.stage, noor, address).empty());
  }
  CHECK(noor.run({"get", town.other}).code == 1);
  const Outcome refused = noor.run({"edit", town.person, "--set", "address=9 Orchard Way"});
  CHECK(refused.code == 1);
  CHECK(refused.err.contains("main"));

  (void)noor.ask({"edit", town.person, "--set", "phone=07700 900001"});
  Town::sync({&noor, &ben, &amina});
  CHECK(shown(ben, town.person, "phone") == "07700 900001");
  CHECK(noor.sync().at("round_trips") == 1);

  // Taken back while she writes on with no signal.
  (void)noor.ask({"edit", town.person, "--set", "phone=07700 900002"});
  CHECK(ben.run({"share", town.of_case, "--withdraw", "North", "--reason", "moved away"}).code == 1);
  CHECK(amina.run({"share", town.of_case, "--withdraw", "North"}).code == 2);
  (void)amina.ask({"share", town.of_case, "--withdraw", "North", "--reason", "the move is done"});
  (void)amina.ask({"edit", town.person, "--set", "surname=Afterwards"});
  Town::sync({&amina, &ben});
  CHECK(amina.ask({"share", "--list"}).at("shares").empty());

  const Outcome told = noor.run({"sync"});
  CHECK(told.code == 0);
  CHECK(told.err.contains("the move is done"));
  CHECK_FALSE(noor.run({"sync"}).err.contains("the move is done"));   // once
  const Outcome gone = noor.run({"get", town.of_case});
  CHECK(gone.code == 1);
  CHECK(gone.err.contains("share --list"));
  CHECK(noor.run({"put", "person", "--case", town.of_case, "--set", "forename=Nobody"}).code == 1);
  CHECK(noor.ask({"share", "--list"}).at("withdrawn").at(0).at("reason") == "the move is done");
  CHECK(noor.ask({"find", "Quillon"}).at("count") == 0);
  CHECK(traces(town.stage, noor, words).empty());
  CHECK(noor.ask({"verify"}).at("ok") == true);
  CHECK(noor.sync().at("round_trips") == 1);

  // What she wrote without having heard of it waits for a decision, which counts for everybody.
  for (const Home* home : {&amina, &ben}) {
    CHECK(home->sync().at("quarantined") == 1);
    CHECK(shown(*home, town.person, "phone") == "07700 900001");
  }
  const std::string late = amina.ask({"review", "list"}).at("reviews").at(0).at("id");
  (void)amina.ask({"review", "resolve", late, "--accept", "--reason", "spoke to her"});
  Town::sync({&amina, &ben});
  CHECK(shown(ben, town.person, "phone") == "07700 900002");
  CHECK(amina.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  for (const Home* home : {&amina, &ben}) CHECK(home->ask({"verify"}).at("ok") == true);

  // Shared again it is all there again.
  (void)ben.ask({"share", town.of_case, "--with", "North"});
  Town::sync({&ben, &noor, &amina});
  CHECK(shown(noor, town.person, "surname") == "Afterwards");
  (void)noor.ask({"edit", town.person, "--set", "phone=07700 900003"});
  Town::sync({&noor, &ben});
  CHECK(shown(ben, town.person, "phone") == "07700 900003");
  CHECK(noor.ask({"share", "--list"}).at("withdrawn").empty());
  CHECK(noor.ask({"verify"}).at("ok") == true);
}

TEST_CASE("a device carries what it is told to, and what it dropped is nowhere on it") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben;
  const NeedleSearch words = needles();
  REQUIRE_FALSE(traces(town.stage, ben, words).empty());

  (void)ben.ask({"edit", town.person, "--set", "phone=07700 900001"});
  CHECK(ben.run({"carry", "drop", town.of_case}).code == 2);   // on this device alone so far
  (void)ben.sync();
  const Outcome not_covered = ben.run({"carry", "drop", town.of_case});
  CHECK(not_covered.code == 2);
  CHECK(not_covered.err.contains("holds what you wrote in it"));   // Amina has not said so
  Town::sync({&amina, &amina, &ben});
  (void)ben.ask({"carry", "drop", town.of_case});
  CHECK(traces(town.stage, ben, words).empty());
  CHECK(ben.ask({"verify"}).at("ok") == true);
  const json listed = ben.ask({"carry", "list"});
  CHECK(listed.at("here") == 1);
  CHECK(listed.at("elsewhere").at(0).at("case") == town.of_case);
  CHECK(listed.at("elsewhere").at(0).at("state") == "put_down");
  CHECK(ben.run({"get", town.of_case}).err.contains("carry add"));
  CHECK(ben.run({"put", "person", "--case", town.of_case, "--set", "forename=Nobody"}).code == 1);
  CHECK(ben.run({"carry", "drop", town.of_case}).code == 2);

  // The office is told once; then nothing of the case crosses the line.
  (void)ben.sync();
  CHECK(ben.sync().at("round_trips") == 1);
  (void)amina.sync();
  (void)amina.ask({"edit", town.person, "--set", "surname=Meanwhile"});
  (void)amina.sync();
  const json quiet = ben.sync();
  CHECK(quiet.at("round_trips") == 1);
  CHECK(quiet.at("pulled").at("envelopes") == 0);
  CHECK(ben.run({"sync", "--locked"}).code == 0);
  CHECK(ben.run({"get", town.of_case}).code == 1);
  CHECK(ben.ask({"digest"}).at("digest") != amina.ask({"digest"}).at("digest"));
  CHECK(ben.ask({"digest"}).at("records") == 1);

  // With no line it stays away, and comes later.
  town.stage.stop_office();
  CHECK(ben.run({"carry", "add", town.of_case}).code == 5);
  CHECK(ben.ask({"carry", "list"}).at("elsewhere").at(0).at("state") == "coming");
  CHECK(ben.run({"edit", town.person, "--set", "phone=1"}).code == 1);
  town.stage.serve();
  (void)ben.sync();
  CHECK(shown(ben, town.person, "surname") == "Meanwhile");
  CHECK(shown(ben, town.person, "phone") == "07700 900001");
  CHECK(shown(ben, town.person, "address") == kAddress);
  CHECK(ben.ask({"carry", "list"}).at("elsewhere").empty());
  CHECK(ben.ask({"digest"}).at("digest") == amina.ask({"digest"}).at("digest"));
  CHECK(ben.ask({"verify"}).at("ok") == true);
  (void)ben.ask({"edit", town.person, "--set", "phone=07700 900009"});
  Town::sync({&ben, &amina});
  CHECK(shown(amina, town.person, "phone") == "07700 900009");
  CHECK(ben.sync().at("round_trips") == 1);

  Town::sync({&amina, &ben});   // she says that she holds it
  for (const std::string& each : {town.of_case, town.other}) (void)ben.ask({"carry", "drop", each});
  CHECK(ben.ask({"carry", "list"}).at("here") == 0);
  // Wanted back at once: the office never heard that it was gone.
  CHECK(ben.ask({"carry", "add", town.other}).at("cases").at(0).at("on_this_device") == true);
  (void)ben.ask({"carry", "drop", town.other});
  (void)ben.sync();
  CHECK(ben.ask({"carry", "all"}).at("cases").size() == 2);
  CHECK(ben.ask({"digest"}).at("digest") == amina.ask({"digest"}).at("digest"));
}
