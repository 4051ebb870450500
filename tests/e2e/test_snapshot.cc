#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

std::size_t files_below(const fs::path& folder) {
  std::size_t count = 0;
  if (fs::exists(folder)) {
    for (const auto& each : fs::recursive_directory_iterator(folder)) count += each.is_regular_file() ? 1 : 0;
  }
  return count;
}

/// Amina has cases, has published a snapshot of them, and has worked on.
struct Town {
  Stage stage{Cli::cheap};
  const Home* amina = nullptr;
  std::string first, second, person;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    first = first_id(amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
    second = first_id(amina->ask({"put", "case", "--set", "reference=W-2", "--set", "status=open"}));
    person = first_id(amina->ask({"put", "person", "--case", first, "--set", "forename=Quillonbury"}));
    (void)amina->ask({"put", "perpetrator", "--case", first, "--set", "forename=Dan"});
    (void)amina->sync();
    const json made = amina->ask({"snapshot", "publish"});
    CHECK(made.at("ledgers").get<int>() >= 2);
    CHECK(made.at("records").get<int>() >= 3);
    (void)amina->sync();
    (void)amina->ask({"edit", person, "--set", "surname=Later"});
    (void)amina->sync();
  }
};

}  // namespace

TEST_CASE("a newcomer begins with a colleague's snapshot, works at once, and is told when all of it is verified") {
  Town town;
  CHECK(files_below(town.amina->path() / "blobs") == 0);   // what was sent is kept by the office alone
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  const json began = ben.sync();
  CHECK(began.at("snapshot").at("ledgers").get<int>() >= 2);
  CHECK(began.at("snapshot").at("unverified_ledgers").get<int>() >= 2);
  const json shown = ben.ask({"get", town.person}).at("fields");
  CHECK(shown.at("forename").at("shown") == "Quillonbury");
  CHECK(shown.at("surname").at("shown") == "Later");   // what came after the snapshot
  CHECK(ben.ask({"find", "Quillon"}).at("count") == 1);
  CHECK(ben.ask({"snapshot", "status"}).at("state") == "unverified");
  const json checked = ben.ask({"verify"});
  CHECK(checked.at("ok") == true);
  CHECK(checked.at("unverified_ledgers").get<int>() >= 2);
  CHECK(files_below(ben.path() / "blobs") == 0);

  (void)ben.ask({"edit", town.person, "--set", "forename=Quilla"});
  CHECK(ben.sync().contains("snapshot") == false);
  CHECK(ben.ask({"snapshot", "status"}).at("state") == "verified");
  const json verified = ben.ask({"verify"});
  CHECK(verified.at("ok") == true);
  CHECK_FALSE(verified.contains("unverified_ledgers"));
  (void)town.amina->sync();
  (void)town.amina->sync();   // now that she knows of him she grants him what is known of the perpetrator
  (void)ben.sync();
  CHECK(town.amina->ask({"get", town.person}).at("fields").at("forename").at("shown") == "Quilla");
  CHECK(town.amina->ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  CHECK(town.amina->ask({"verify"}).at("ok") == true);
  const json idle = ben.sync();
  CHECK(idle.at("round_trips").get<int>() <= 2);
}

TEST_CASE("a newcomer drops a case before it is verified: it does not come with the rest, and comes whole when she wants it") {
  Town town;
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  REQUIRE(ben.sync().contains("snapshot"));
  (void)ben.ask({"carry", "drop", town.first});
  CHECK(ben.run({"get", town.person}).code == 1);
  CHECK(ben.ask({"find", "Quillon"}).at("count") == 0);
  CHECK(ben.ask({"verify"}).at("ok") == true);
  for (int i = 0; i < 2; ++i) (void)ben.sync();
  CHECK(ben.ask({"snapshot", "status"}).at("state") == "verified");
  CHECK(ben.run({"get", town.person}).code == 1);
  CHECK(ben.ask({"get", town.second}).at("fields").at("reference").at("shown") == "W-2");
  CHECK(ben.ask({"carry", "list"}).at("here") == 1);
  CHECK(ben.ask({"verify"}).at("ok") == true);
  (void)ben.sync();   // that he looked at a case: the log of reads
  CHECK(ben.sync().at("round_trips") == 1);

  (void)ben.ask({"carry", "add", town.first});
  CHECK(ben.ask({"get", town.person}).at("fields").at("surname").at("shown") == "Later");
  for (int i = 0; i < 2; ++i) {
    (void)town.amina->sync();
    (void)ben.sync();
  }
  CHECK(town.amina->ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  CHECK(ben.ask({"verify"}).at("ok") == true);
}

TEST_CASE("a newcomer's first sync may be cut after each page, and goes on") {
  Town town;
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  for (int i = 0; i < 12; ++i) (void)ben.ask({"sync", "--pages", "1"});
  for (int i = 0; i < 2; ++i) (void)town.amina->sync();
  (void)ben.sync();
  CHECK(ben.ask({"snapshot", "status"}).at("state") == "verified");
  CHECK(ben.ask({"verify"}).at("ok") == true);
  CHECK(town.amina->ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
}

TEST_CASE("who wants every change itself gets it, and an erasure takes the snapshot away from the office") {
  Town town;
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  CHECK_FALSE(ben.ask({"sync", "--no-snapshot"}).contains("snapshot"));
  CHECK(ben.ask({"snapshot", "status"}).at("state").is_null());
  CHECK(ben.ask({"get", town.person}).at("fields").at("surname").at("shown") == "Later");

  REQUIRE(files_below(town.stage.office_data() / "blobs") > 0);
  (void)town.amina->ask({"erase", town.second, "--reason", "letter of 3 June", "--before-retention"});
  CHECK(files_below(town.stage.office_data() / "blobs") == 0);
  const Home& cleo = town.stage.invite_and_join(*town.amina, "cleo", "advocate");
  CHECK_FALSE(cleo.sync().contains("snapshot"));
  CHECK(cleo.run({"get", town.second}).code == 1);
  CHECK(cleo.ask({"get", town.person}).at("fields").at("forename").at("shown") == "Quillonbury");
  // And there may be a new one.
  (void)town.amina->sync();
  (void)town.amina->ask({"snapshot", "publish"});
  (void)town.amina->sync();
  const Home& dan = town.stage.invite_and_join(*town.amina, "dan", "advocate");
  CHECK(dan.sync().contains("snapshot"));
  CHECK(dan.run({"get", town.second}).code == 1);
  (void)dan.sync();
  CHECK(dan.ask({"snapshot", "status"}).at("state") == "verified");
}

TEST_CASE("an office that is set up again while a newcomer's cases are not verified: nothing is lost and nobody is blamed") {
  Town town;
  town.stage.back_up_office();
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  REQUIRE(ben.sync().contains("snapshot"));
  const std::string written = first_id(ben.ask({"put", "person", "--case", town.second, "--set", "forename=Noor"}));
  (void)town.amina->sync();   // she knows of him
  town.stage.restore_office();
  town.stage.serve();
  std::string told;
  for (int i = 0; i < 3; ++i) {
    for (const Home* each : {town.amina, &ben}) told += each->name() + ": " + each->run({"sync"}).err + "\n";
  }
  INFO(told);
  CHECK(ben.ask({"snapshot", "status"}).at("state") == "let_go");
  CHECK(ben.ask({"snapshot", "status"}).at("unverified_ledgers") == 0);
  CHECK(ben.ask({"verify"}).at("ok") == true);
  CHECK(town.amina->ask({"get", written}).at("fields").at("forename").at("shown") == "Noor");
  CHECK(town.amina->ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
}

TEST_CASE("a newcomer's casebook copied before it is verified, and used on both machines: all of both is kept") {
  Town town;
  const Home& ben = town.stage.invite_and_join(*town.amina, "ben", "advocate");
  REQUIRE(ben.sync().contains("snapshot"));
  const Home& copy = town.stage.home("copied");
  fs::remove_all(copy.path());
  fs::copy(ben.path(), copy.path(), fs::copy_options::recursive);
  const std::string here = first_id(ben.ask({"put", "person", "--case", town.first, "--set", "forename=Here"}));
  const std::string there = first_id(copy.ask({"put", "person", "--case", town.first, "--set", "forename=There"}));
  for (int i = 0; i < 3; ++i) {
    for (const Home* each : {&ben, &copy, town.amina}) (void)each->sync();
  }
  for (const Home* each : {&ben, &copy, town.amina}) {
    INFO(each->name());
    CHECK(each->ask({"get", here}).at("fields").at("forename").at("shown") == "Here");
    CHECK(each->ask({"get", there}).at("fields").at("forename").at("shown") == "There");
    CHECK(each->ask({"digest"}).at("digest") == town.amina->ask({"digest"}).at("digest"));
    CHECK(each->ask({"verify"}).at("ok") == true);
  }
  for (const Home* each : {&ben, &copy}) CHECK(each->ask({"snapshot", "status"}).at("state") == "verified");
}

TEST_CASE("whoever invites somebody to a team with many cases publishes a snapshot with her next sync, and not for a few cases") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const auto put_cases = [&](int from, int to) {
    std::vector<std::string> lines;
    for (int i = from; i < to; ++i) lines.push_back("put case --set reference=W-" + std::to_string(i) + " --set status=open");
    (void)amina.batch(lines);
  };
  put_cases(0, 3);
  (void)amina.sync();
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  CHECK_FALSE(amina.sync().contains("published"));
  CHECK_FALSE(ben.sync().contains("snapshot"));

  put_cases(3, 205);
  const fs::path ticket = stage.ticket("cleo");
  (void)amina.ask({"invite", "--role", "advocate", "--out", ticket.string(), "--user", "cleo"});
  CHECK(amina.sync().at("published").at("ledgers").get<int>() >= 205);
  CHECK(files_below(stage.office_data() / "blobs") > 0);
  const Home& cleo = stage.join("cleo", ticket);
  CHECK(cleo.sync().at("snapshot").at("ledgers").get<int>() >= 205);
  CHECK_FALSE(amina.sync().contains("published"));   // once for each time that she invites
  (void)cleo.sync();
  CHECK(cleo.ask({"snapshot", "status"}).at("state") == "verified");
  CHECK(files_below(amina.path() / "blobs") == 0);

  (void)amina.ask({"invite", "--role", "advocate", "--out", stage.ticket("dan").string(), "--user", "dan"});
  CHECK_FALSE(amina.sync().contains("published"));   // this week's serves him too
  CHECK(stage.join("dan", stage.ticket("dan")).sync().contains("snapshot"));
}
