#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/traces.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr const char* kName = "Quillonbury";
constexpr const char* kAddress = "Larkmeadow Rise";
constexpr const char* kPerpetrator = "Hollinsworth";

std::string shown(const Home& home, const std::string& record, const std::string& field) {
  return home.ask({"get", record}).at("fields").at(field).at("shown").get<std::string>();
}

NeedleSearch words() {
  NeedleSearch out;
  for (const char* each : {kName, kAddress, kPerpetrator}) out.add(each);
  return out;
}

/// The ids of a case's ledgers, and of its envelopes: what a device would hold that was sent anything of it.
NeedleSearch ids_of(const Stage& stage, const Home& home, const std::string& case_id) {
  NeedleSearch out;
  Opened vault(stage, home);
  const auto ledgers = vault->store().ledgers_of_case(*id_from_text<RecordId>(case_id)).value();
  REQUIRE(ledgers.size() >= 2);
  for (const auto& each : ledgers) {
    out.add("ledger", each.id.view());
    REQUIRE(vault->store().each_envelope(each.n, [&](const ledger::EnvelopeRow& row) -> Result<void> {
      out.add("envelope", row.id.view());
      return {};
    }));
  }
  out.add("case", id_from_text<RecordId>(case_id)->view());
  return out;
}

/// One team: Amina, who administers it, Ben, and Cara, from whom cases are kept.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *cara = nullptr;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    cara = &stage.invite_and_join(*amina, "cara", "advocate");
    sync({amina, ben, cara});
  }
  struct Case { std::string id, person, perpetrator; };
  Case fill(const Home& by, std::string id) const {
    Case out{std::move(id), {}, {}};
    out.person = first_id(by.ask({"put", "person", "--case", out.id, "--set", std::string("forename=") + kName, "--set", std::string("address=") + kAddress}));
    out.perpetrator = first_id(by.ask({"put", "perpetrator", "--case", out.id, "--set", std::string("forename=") + kPerpetrator}));
    const fs::path letter = stage.root() / "letter.txt";
    write_file(letter, std::string("A letter to ") + kName);
    (void)by.ask({"attach", "add", out.id, letter, "--kind", "letter"});
    fs::remove(letter);
    return out;
  }
  static void sync(const std::vector<const Home*>& homes) {
    for (const Home* home : homes) (void)home->sync();
  }
};

}  // namespace

TEST_CASE("a new case is left to two workers with no line, and nothing of it ever reaches a third") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  town.stage.stop_office();
  CHECK(ben.run({"put", "case", "--restrict-to", "nobody", "--set", "status=open"}).code == 1);
  CHECK(ben.run({"put", "service", "--restrict-to", "ben", "--set", "name=A refuge", "--set", "kind=support"}).code == 2);
  const auto it = town.fill(ben, first_id(ben.ask({"put", "case", "--restrict-to", "Administrator", "--set", "reference=R-1", "--set", "status=open"})));
  CHECK(ben.ask({"get", it.id}).at("restricted_to") == json{"Administrator", "ben"});
  CHECK(ben.run({"get", it.id}).out.contains("left to named workers alone: Administrator, ben"));
  CHECK(ben.ask({"household", it.id}).at("restricted_to").size() == 2);
  CHECK(ben.ask({"restrict"}).at("restricted").size() == 1);
  town.stage.serve();
  Town::sync({&ben, &amina, &ben});
  for (int night = 0; night < 2; ++night) {
    const Outcome quiet = cara.run({"sync"});
    CHECK(quiet.err.empty());   // nobody tells her of a case that does not come
  }
  CHECK(shown(amina, it.person, "address") == kAddress);
  CHECK(shown(amina, it.perpetrator, "forename") == kPerpetrator);
  CHECK_FALSE(traces(town.stage, amina, words()).empty());   // the search finds what is there
  CHECK(traces(town.stage, cara, words()).empty());
  const NeedleSearch ids = ids_of(town.stage, ben, it.id);
  CHECK_FALSE(traces(town.stage, amina, ids).empty());
  CHECK(traces(town.stage, cara, ids).empty());
  CHECK(cara.run({"get", it.id}).code == 1);
  CHECK(cara.ask({"find", "Quillon"}).at("count") == 0);
  CHECK(cara.ask({"restrict"}).at("left_to_others").empty());
  (void)amina.ask({"edit", it.person, "--set", "phone=07700 900001"});
  Town::sync({&amina, &ben, &cara});
  CHECK(shown(ben, it.person, "phone") == "07700 900001");
  CHECK(amina.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));

  // A device of Amina's that comes later is granted it by a colleague's reconcile.
  (void)amina.ask({"invite", "--role", "admin", "--user", "Administrator", "--out", town.stage.ticket("second").string()});
  const Home& second = town.stage.join("second", town.stage.ticket("second"));
  Town::sync({&second, &ben, &second, &cara});
  CHECK(shown(second, it.perpetrator, "forename") == kPerpetrator);
  CHECK(second.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  CHECK(traces(town.stage, cara, ids).empty());

  // One who is named names another, with no line; to leave somebody out is not hers.
  CHECK(ben.run({"restrict", it.id, "--to", "ben", "--reason", "alone"}).code == 1);
  town.stage.stop_office();
  (void)ben.ask({"restrict", it.id, "--to", "Administrator,ben", "--to", "cara", "--reason", "she stands in for ben"});
  town.stage.serve();
  Town::sync({&ben, &cara, &amina});
  CHECK(shown(cara, it.person, "address") == kAddress);
  CHECK(cara.ask({"get", it.id}).at("restricted_to").size() == 3);
  for (const Home* home : {&amina, &ben, &cara}) CHECK(home->ask({"verify"}).at("ok") == true);
}

TEST_CASE("a case is taken from a colleague who is away for a week: her work is kept apart, her device lets go, and it can be given back") {
  Town town;
  const Home &amina = *town.amina, &ben = *town.ben, &cara = *town.cara;
  const auto it = town.fill(ben, first_id(ben.ask({"put", "case", "--set", "reference=R-2", "--set", "status=open"})));
  Town::sync({&ben, &amina, &cara, &ben});
  (void)cara.ask({"sync", "--attachments"});
  CHECK_FALSE(traces(town.stage, cara, words()).empty());
  (void)cara.ask({"edit", it.person, "--set", "phone=07700 900001"});
  Town::sync({&cara, &amina, &ben});

  // A week of work with no signal.
  (void)cara.ask({"edit", it.person, "--set", "phone=07700 900002"});
  (void)cara.ask({"edit", it.perpetrator, "--set", "surname=Late"});

  CHECK(ben.run({"restrict", it.id, "--to", "ben", "--reason", "x"}).code == 1);
  CHECK(amina.run({"restrict", it.id, "--to", "ben"}).code == 2);
  CHECK(amina.run({"restrict", it.id, "--to", "ben", "--lift", "--reason", "x"}).code == 2);
  CHECK(amina.run({"restrict", it.id, "--lift", "--reason", "x"}).code == 2);   // it is the team's
  CHECK(amina.run({"restrict", it.id, "--to", "nobody", "--reason", "x"}).code == 1);
  CHECK(amina.ask({"restrict", it.id, "--to", "Administrator,ben", "--reason", "a sister of the team"}).at("restricted_to") == json{"Administrator", "ben"});
  (void)amina.ask({"edit", it.person, "--set", "surname=Afterwards"});
  (void)amina.ask({"edit", it.person, "--set", "address=9 Otherwhere Way"});
  CHECK(amina.run({"share", it.id, "--with", "main"}).code == 2);
  Town::sync({&amina, &ben});
  CHECK(shown(ben, it.person, "surname") == "Afterwards");
  CHECK(shown(ben, it.person, "address") == "9 Otherwhere Way");

  const NeedleSearch ids = ids_of(town.stage, ben, it.id);
  const Outcome told = cara.run({"sync"});
  CHECK(told.code == 0);
  CHECK(told.err.contains("left to named workers"));
  for (const char* more : {"Administrator", "ben", "sister"}) CHECK_FALSE(told.err.contains(more));
  CHECK_FALSE(cara.run({"sync"}).err.contains("left to named workers"));   // once
  const Outcome gone = cara.run({"get", it.id});
  CHECK(gone.code == 1);
  CHECK_FALSE(gone.err.contains("ben"));
  CHECK(cara.run({"get", it.person}).code == 1);
  CHECK(cara.run({"put", "person", "--case", it.id, "--set", "forename=Nobody"}).code == 1);
  CHECK(cara.run({"carry", "add", it.id}).code == 1);
  CHECK(cara.run({"restrict", it.id}).code == 1);
  CHECK(cara.ask({"restrict"}).at("left_to_others").size() == 1);
  CHECK(cara.ask({"find", "Quillon"}).at("count") == 0);
  CHECK(traces(town.stage, cara, words()).empty());
  NeedleSearch afterwards;
  for (const char* each : {"Afterwards", "Otherwhere"}) afterwards.add(each);
  CHECK(traces(town.stage, cara, afterwards).empty());
  CHECK(cara.ask({"verify"}).at("ok") == true);
  CHECK(cara.sync().at("round_trips") == 1);

  // Who joins now hears of nothing that is missing.
  const Home& dana = town.stage.invite_and_join(amina, "dana", "advocate");
  const Outcome first = dana.run({"sync"});
  CHECK(first.code == 0);
  CHECK_FALSE(first.err.contains("has not handed on"));
  CHECK(traces(town.stage, dana, words()).empty());

  // What she wrote without having heard waits for a decision, which counts for both.
  for (const Home* home : {&amina, &ben}) {
    CHECK(home->sync().at("quarantined") == 2);
    CHECK(shown(*home, it.person, "phone") == "07700 900001");
  }
  for (int i = 0; i < 2; ++i) {
    const std::string late = amina.ask({"review", "list"}).at("reviews").at(0).at("id");
    (void)amina.ask({"review", "resolve", late, "--accept", "--reason", "spoke to her"});
  }
  Town::sync({&amina, &ben});
  CHECK(shown(ben, it.person, "phone") == "07700 900002");
  CHECK(shown(ben, it.perpetrator, "surname") == "Late");
  CHECK(amina.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  for (const Home* home : {&amina, &ben}) CHECK(home->ask({"verify"}).at("ok") == true);

  // Given back it is all there again.
  (void)amina.ask({"restrict", it.id, "--lift", "--reason", "she has left the town"});
  Town::sync({&amina, &ben, &cara, &dana});
  CHECK(shown(cara, it.person, "surname") == "Afterwards");
  CHECK(shown(cara, it.perpetrator, "surname") == "Late");
  CHECK(shown(dana, it.person, "address") == "9 Otherwhere Way");
  (void)cara.ask({"edit", it.person, "--set", "phone=07700 900003"});
  Town::sync({&cara, &ben});
  CHECK(shown(ben, it.person, "phone") == "07700 900003");
  CHECK_FALSE(ben.ask({"get", it.id}).contains("restricted_to"));
  CHECK(ben.ask({"restrict", it.id}).at("restricted").at(0).at("entries").size() == 2);
  for (const Home* home : {&amina, &ben, &cara, &dana}) CHECK(home->ask({"verify"}).at("ok") == true);
}
