#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

// One office, twice: the same keys, the same generation, and two histories since its folder was copied. Which of the two a
// colleague reaches she cannot tell; but what her device signs for one comes to light at the other.

using namespace wayside;
using namespace wayside::e2e;

namespace {

struct Village {
  Stage stage{Cli::cheap};
  const Home* amina = nullptr;
  const Home* ben = nullptr;
  const Home* cara = nullptr;
  std::string case_id;

  Village() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    cara = &stage.invite_and_join(*amina, "cara", "advocate");
    case_id = amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}).at("ids").at(0);
    for (int round = 0; round < 3; ++round) {
      for (const Home* each : {amina, ben, cara}) (void)each->sync();
    }
    stage.stop_office();
    fs::copy(stage.office_data(), other(), fs::copy_options::recursive);
    stage.serve();
  }
  [[nodiscard]] fs::path other() const { return stage.root() / "other-office"; }
  /// Whoever asks from now on is answered by the other one.
  void swap_offices() {
    stage.stop_office();
    const fs::path aside = stage.root() / "aside";
    fs::rename(stage.office_data(), aside);
    fs::rename(other(), stage.office_data());
    fs::rename(aside, other());
    stage.serve();
  }
  void add(const Home& home, const std::string& text) const {
    (void)home.ask({"put", "note", "--case", case_id, "--set", "at=2026-03-01T10:00:00Z", "--set", "kind=phone call", "--set", "text=" + text});
  }
  void all_agree() const {
    for (int round = 0; round < 3; ++round) {
      for (const Home* each : {amina, ben, cara}) (void)each->run({"sync"});
    }
    for (const Home* each : {amina, ben, cara}) {
      INFO(each->name());
      CHECK(each->ask({"digest"}) == amina->ask({"digest"}));
      CHECK(each->ask({"verify"}).at("ok") == true);
    }
  }
};

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("an office that shows Ben another history than Amina is found out by what his device has signed, once, and nothing is lost") {
  Village village;
  village.add(*village.amina, "of Amina, at the one");
  (void)village.amina->sync();
  village.swap_offices();
  village.add(*village.ben, "of Ben, at the other");
  (void)village.ben->sync();
  village.swap_offices();
  CHECK(village.ben->run({"sync"}).code == 1);   // he sees it himself, and his device's receipt comes to this office with that

  const Outcome told = village.amina->run({"--json", "sync"});
  INFO(told.err);
  CHECK(told.code == 1);
  CHECK(says(told.err, "The office shows two histories: the device ben"));
  CHECK(says(told.err, "Nothing here was changed or lost."));
  const json alarm = told.answer().at("contradictions").at(0);
  CHECK(alarm.at("kind") == "another_history");
  CHECK(alarm.at("their_entry") == alarm.at("our_entry"));
  CHECK(alarm.at("their_head") != alarm.at("our_head"));
  CHECK(says(told.err, alarm.at("their_head").get<std::string>().substr(0, 16)));
  CHECK(says(told.err, alarm.at("our_head").get<std::string>().substr(0, 16)));

  const Outcome again = village.amina->run({"--json", "sync"});
  CHECK(again.code == 0);
  CHECK_FALSE(again.answer().contains("contradictions"));
  village.all_agree();
  bool noted = false;
  const json verified = village.amina->ask({"verify"});
  for (const auto& note : verified.at("notes")) noted = noted || says(note, alarm.at("their_head"));
  CHECK(noted);
}

TEST_CASE("an office that keeps from Amina what Ben's device has signed is found out") {
  Village village;
  village.swap_offices();
  village.add(*village.ben, "of Ben, at the other");
  (void)village.ben->sync();
  village.swap_offices();
  (void)village.ben->run({"sync", "--locked"});   // carries what he has signed, and by itself gives nothing back

  const Outcome told = village.amina->run({"--json", "sync"});
  INFO(told.err);
  CHECK(told.code == 1);
  CHECK(says(told.err, "The office keeps changes from this device: the device ben"));
  const json alarm = told.answer().at("contradictions").at(0);
  CHECK(alarm.at("kind") == "withheld");
  CHECK(alarm.at("their_entry") > alarm.at("our_entry"));
  CHECK(village.amina->run({"sync"}).code == 0);
  village.all_agree();
}

TEST_CASE("a day at an honest office alarms nobody, and what was saved is told to be covered once two colleagues have synced") {
  Village village;
  village.add(*village.amina, "one");
  const json first = village.amina->sync();
  CHECK(first.at("uncovered").at("only_here") == 0);
  CHECK(first.at("uncovered").at("only_here_and_office") == 1);
  (void)village.ben->sync();
  (void)village.cara->sync();
  (void)village.ben->sync();    // each carries the receipt of what the one before brought
  CHECK(village.amina->sync().at("uncovered").at("only_here_and_office") == 1);
  (void)village.cara->sync();
  CHECK(village.amina->sync().at("uncovered").at("only_here_and_office") == 0);
  for (const Home* each : {village.amina, village.ben, village.cara}) {
    const Outcome quiet = each->run({"sync"});
    CHECK(quiet.code == 0);
    CHECK(quiet.err.empty());
    CHECK(each->ask({"verify"}).at("notes").empty());
  }
}

TEST_CASE("what a lost device held is listed from what it has signed, with what it wrote itself since") {
  Village village;
  std::string device;
  const json all = village.amina->ask({"devices", "list"});
  for (const auto& each : all.at("devices")) {
    if (each.at("user") == "ben") device = each.at("id");
  }
  const auto of_case = [&]() -> json {
    const json held = village.amina->ask({"devices", "held", device});
    CHECK(held.at("ever_reported") == true);
    for (const auto& each : held.at("ledgers")) {
      if (each.at("kind") == "case") return each;
    }
    return {};
  };
  const json before = of_case();
  CHECK(before.at("case") == village.case_id);
  CHECK(before.at("reference") == "W-1");
  CHECK(before.at("reported") == true);
  CHECK(before.at("up_to") == before.at("newest"));
  village.add(*village.amina, "after he was last heard of");
  village.add(*village.ben, "his own");
  (void)village.amina->sync();
  (void)village.ben->run({"sync"});
  (void)village.amina->sync();
  const json after = of_case();
  CHECK(after.at("up_to") == before.at("up_to"));
  CHECK(after.at("newest").get<int>() == before.at("newest").get<int>() + 2);
  CHECK(after.at("own_after") == 1);

  // A case that he was given the key of, and has not fetched.
  const std::string another = village.amina->ask({"put", "case", "--set", "reference=W-2", "--set", "status=open"}).at("ids").at(0);
  (void)village.amina->ask({"devices", "remove", device, "--reason", "lost on a bus"});
  const std::string third = village.amina->ask({"put", "case", "--set", "reference=W-3", "--set", "status=open"}).at("ids").at(0);
  (void)village.amina->sync();
  const json held = village.amina->ask({"devices", "held", device});
  CHECK(held.at("removed") == true);
  bool granted = false, made_later = false;
  for (const auto& each : held.at("ledgers")) {
    granted = granted || (each.at("case") == another && each.at("reported") == false);
    made_later = made_later || each.at("case") == third;
  }
  CHECK(granted);
  CHECK_FALSE(made_later);
  CHECK(village.amina->run({"devices", "held", third}).code == 1);
  CHECK(says(village.amina->run({"devices", "held", device}).out, "case W-2   may be on it"));
}

TEST_CASE("two administrators whose entries of the membership log have one number are told, and the recovery pages keep one of them") {
  Village village;
  Stage& stage = village.stage;
  // Amina gives Cara another role at the one. At the other, which knows nothing of it, a new administrator is admitted with the pages.
  REQUIRE(village.amina->run({"users", "role", "cara", "desk"}).code == 0);
  village.swap_offices();
  stage.stop_office();
  const Outcome admitted = stage.office({"admit", "--data", stage.office_data().string(), "--recovery", stage.recovery_page().string(), "--admin", "dora"});
  INFO(admitted.err);
  REQUIRE(admitted.code == 0);
  stage.serve();

  village.add(*village.amina, "written under her log");
  const Outcome told = village.amina->run({"--json", "sync"});
  INFO(told.err);
  CHECK(told.code == 1);
  CHECK(says(told.err, "There are two membership logs: entry "));
  CHECK(says(told.err, "somebody's role or team, signed by Administrator on this device"));
  const std::string verb = "wayside-office branch ";
  const std::size_t at = told.err.find(verb);
  REQUIRE(at != std::string::npos);
  const std::string rest = told.err.substr(at + verb.size(), told.err.find('`', at) - at - verb.size());
  Words words{"branch", "--data", stage.office_data().string(), "--recovery", stage.recovery_page().string()};
  for (std::size_t from = 0; from < rest.size();) {
    const std::size_t to = std::min(rest.find(' ', from), rest.size());
    words.push_back(rest.substr(from, to - from));
    from = to + 1;
  }
  CHECK_FALSE(says(village.amina->run({"sync"}).err, "There are two membership logs"));   // told once
  bool noted = false;
  const json verified = village.amina->ask({"verify"});
  for (const auto& note : verified.at("notes")) noted = noted || says(note, "There are two membership logs");
  CHECK(noted);
  CHECK(village.amina->run({"users", "leave", "cara", "main"}).code == 1);   // nobody's right is taken meanwhile

  stage.stop_office();
  const Outcome kept = stage.office(words);
  INFO(kept.err);
  CHECK(kept.code == 0);
  CHECK(stage.office(words).code == 0);   // said twice, it changes nothing
  stage.serve();
  village.all_agree();
  CHECK(says(village.ben->ask({"list", "note"}).dump(), "written under her log"));
  for (const auto& note : village.amina->ask({"verify"}).at("notes")) CHECK_FALSE(says(note, "There are two membership logs"));
}
