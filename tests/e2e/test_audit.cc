#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/opened.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

/// Amina founded the organisation, Ben and Cara are advocates of her team.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *cara = nullptr;
  std::string of_case, person;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    cara = &stage.invite_and_join(*amina, "cara", "advocate");
    of_case = first_id(amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", of_case, "--set", "forename=Quillonbury"}));
    sync();
  }
  void sync() const {
    for (const Home* home : {amina, ben, cara}) (void)home->sync();
    for (const Home* home : {amina, ben, cara}) (void)home->sync();
  }
};

std::vector<std::string> whats(const json& answer) {
  std::vector<std::string> out;
  for (const json& each : answer.at("entries")) out.push_back(each.at("what"));
  return out;
}

std::uint64_t number(const Stage& stage, const Home& home, std::string_view sql) {
  Opened vault(stage, home);
  store::Query row = vault->store().database().query(sql);
  REQUIRE(row.next().value());
  return static_cast<std::uint64_t>(row.integer(0));
}

void do_by_hand(const Stage& stage, const Home& home, std::string_view sql) {
  Opened vault(stage, home);
  REQUIRE(vault->store().database().run(sql));
}

using Whats = std::vector<std::string>;

}  // namespace

TEST_CASE("an administrator sees who opened a case; a colleague does not, and holds nothing of it that she could open") {
  Town town;
  (void)town.ben->ask({"get", town.person});
  (void)town.ben->ask({"household", town.of_case});
  (void)town.cara->ask({"find", "Quillon"});
  town.sync();

  const json seen = town.amina->ask({"audit", "list", "--by", "ben"});
  CHECK(whats(seen) == Whats{"unlocked", "opened", "unlocked", "opened"});
  CHECK(seen.at("entries").at(1).at("case") == town.of_case);
  CHECK(seen.at("entries").at(1).at("record") == town.person);
  CHECK(seen.at("entries").at(1).at("user") == "ben");
  CHECK(seen.at("entries").at(1).at("sealed") == true);
  CHECK(seen.at("missing").empty());
  CHECK(whats(town.amina->ask({"audit", "list", "--by", "cara"})) == Whats{"unlocked", "listed"});
  CHECK(town.amina->ask({"audit", "list", "--case", town.of_case, "--by", "ben"}).at("count") == 2);
  CHECK(town.amina->run({"audit", "list", "--by", "ben"}).out.contains("opened case W-1"));

  // To Cara it is as if nobody had looked.
  CHECK(whats(town.cara->ask({"audit", "list"})) == Whats{"unlocked", "listed", "unlocked", "log_read"});
  CHECK(number(town.stage, *town.cara, "SELECT count(*) FROM ledgers WHERE kind = 4") == 1);   // her own
  CHECK(number(town.stage, *town.cara, "SELECT count(*) FROM pending") == 0);

  // Reading the log is told too, by her who read it.
  CHECK(whats(town.amina->ask({"audit", "list"})).back() == "log_read");
  for (const Home* home : {town.amina, town.ben, town.cara}) CHECK(home->ask({"verify"}).at("ok") == true);
  CHECK(town.amina->ask({"digest"}).at("digest") == town.cara->ask({"digest"}).at("digest"));
}

TEST_CASE("a night with entries costs one small envelope, and one without them nothing") {
  Town town;
  for (int i = 0; i < 4; ++i) (void)town.ben->ask({"get", town.person});
  const json told = town.ben->sync();
  CHECK(told.at("pushed").at("envelopes") == 1);
  CHECK(told.at("pushed").at("bytes").get<int>() < 2'500);   // with the grants of a log's first batch
  town.sync();
  for (const Home* home : {town.amina, town.ben, town.cara}) {
    const json idle = home->sync();
    CHECK(idle.at("round_trips") == 1);
    CHECK(idle.at("pushed").at("envelopes") == 0);
  }
  (void)town.ben->ask({"get", town.person});
  CHECK(town.ben->sync().at("pushed").at("bytes").get<int>() < 1'200);
}

TEST_CASE("entries that somebody deletes in her own store are noticed by verify") {
  Town town;
  (void)town.ben->ask({"get", town.person});
  SECTION("before they are sealed") {
    do_by_hand(town.stage, *town.ben, "DELETE FROM audit_waiting WHERE n = 2");
  }
  SECTION("afterwards") {
    town.sync();
    do_by_hand(town.stage, *town.ben, "DELETE FROM seen_heads WHERE ledger IN (SELECT n FROM ledgers WHERE kind = 4)");
    do_by_hand(town.stage, *town.ben, "DELETE FROM envelopes WHERE ledger IN (SELECT n FROM ledgers WHERE kind = 4)");
    CHECK(whats(town.amina->ask({"audit", "list", "--by", "ben"})) == Whats{"unlocked", "opened"});   // colleagues keep it
  }
  const Outcome verified = town.ben->run({"verify"});
  CHECK(verified.code == 1);
  CHECK((verified.out + verified.err).contains("log of reads"));
}

TEST_CASE("an administrator who joins later reads what came before, once the others have reconciled") {
  Town town;
  (void)town.ben->ask({"get", town.person});
  town.sync();
  const Home& dora = town.stage.invite_and_join(*town.amina, "dora", "admin");
  (void)dora.sync();
  CHECK(dora.ask({"audit", "list", "--by", "ben"}).at("count") == 0);
  (void)town.ben->sync();                          // hears of her
  (void)town.ben->ask({"get", town.person});
  (void)town.ben->sync();
  (void)dora.sync();
  CHECK(dora.ask({"audit", "list", "--by", "ben"}).at("count") == 4);
  CHECK(dora.ask({"verify"}).at("ok") == true);
}

TEST_CASE("an administrator of another team reads the log too, and its writer goes on with it in the team that she moves to") {
  Town town;
  const Home& dora = town.stage.invite_and_join(*town.amina, "dora", "admin");   // of the team main
  (void)town.amina->ask({"invite", "--role", "advocate", "--team", "north", "--user", "noor", "--out", town.stage.ticket("noor").string()});
  const Home& noor = town.stage.join("noor", town.stage.ticket("noor"));
  const std::string there = first_id(noor.ask({"put", "case", "--set", "reference=N-1", "--set", "status=open"}));
  (void)noor.sync();
  (void)noor.ask({"get", there});
  (void)noor.sync();
  (void)dora.sync();
  CHECK(dora.run({"get", there}).code == 1);   // the case is none of hers
  CHECK(whats(dora.ask({"audit", "list", "--by", "noor"})) == Whats{"unlocked", "opened"});

  // One more device of hers, which takes her into the other team.
  (void)town.amina->ask({"invite", "--role", "advocate", "--team", "south", "--user", "noor", "--out", town.stage.ticket("noor2").string()});
  const Home& tablet = town.stage.join("noor2", town.stage.ticket("noor2"));
  (void)tablet.sync();
  (void)town.amina->ask({"users", "leave", "noor", "north"});
  (void)noor.sync();
  const std::string elsewhere = first_id(noor.ask({"put", "case", "--set", "reference=S-1", "--set", "status=open"}));
  (void)noor.ask({"get", elsewhere});
  const json moved = noor.sync();
  CHECK(moved.at("uncovered").at("only_here") == 0);
  (void)dora.sync();
  CHECK(dora.ask({"audit", "list", "--by", "noor"}).at("missing").empty());
  CHECK(dora.ask({"audit", "list", "--by", "noor"}).at("count").get<int>() >= 4);
  for (const Home* home : {&dora, &noor}) CHECK(home->ask({"verify"}).at("ok") == true);
}
