#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/e2e/stage.h"

// A casebook whose folder was copied to a second machine, with its keys, or put back from a backup; a real office, and a
// colleague who must read all that both have saved. Nobody tells the programs.

using namespace wayside;
using namespace wayside::e2e;

namespace {

struct Village {
  Stage stage{Cli::cheap};
  const Home* amina = nullptr;
  const Home* ben = nullptr;
  std::string case_id, person;

  Village() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    case_id = amina->ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}).at("ids").at(0);
    person = amina->ask({"put", "person", "--case", case_id, "--set", "forename=Zoe", "--set", "phone=0"}).at("ids").at(0);
    (void)amina->sync();
    (void)ben->sync();
  }
  const Home& copy_to(const std::string& name) {
    const Home& copy = stage.home(name);
    fs::remove_all(copy.path());
    fs::copy(amina->path(), copy.path(), fs::copy_options::recursive);
    return copy;
  }
  [[nodiscard]] std::string add(const Home& home, const std::string& text) const {
    return home.ask({"put", "note", "--case", case_id, "--set", "at=2026-03-01T10:00:00Z", "--set", "kind=phone call", "--set", "text=" + text})
        .at("ids")
        .at(0);
  }
  [[nodiscard]] static std::string shown(const Home& home, const std::string& id, const std::string& field) {
    return home.ask({"get", id}).at("fields").at(field).at("shown");
  }
  void all_agree(const std::vector<const Home*>& homes) const {
    for (const Home* each : homes) {
      INFO(each->name());
      CHECK(each->ask({"digest"}) == ben->ask({"digest"}));
      const json checked = each->ask({"verify"});
      CHECK(checked.at("ok") == true);
      CHECK(checked.at("quarantined").get<int>() + checked.at("pending").get<int>() == 0);
    }
  }
};

}  // namespace

TEST_CASE("a casebook copied to a second machine and used on both: whoever syncs first, a colleague reads all of both") {
  const bool copy_first = GENERATE(false, true);
  Village village;
  const Home& copy = village.copy_to("copied");
  const std::string here = village.add(*village.amina, "written here");
  (void)village.amina->ask({"edit", village.person, "--set", "phone=1"});
  const std::string there = village.add(copy, "written there");
  const std::string there_too = village.add(copy, "and there");
  const std::string other_case = copy.ask({"put", "case", "--set", "reference=W-2", "--set", "status=open"}).at("ids").at(0);

  const Home& first = copy_first ? copy : *village.amina;
  const Home& second = copy_first ? *village.amina : copy;
  CHECK_FALSE(first.sync().contains("copy"));
  const Outcome noticed = second.run({"--json", "sync"});
  CHECK(noticed.code == 0);
  CHECK(noticed.answer().at("copy").at("noticed") == "twin");
  CHECK(noticed.err.contains("A second copy of this casebook is in use"));
  // Nothing that the second had written went out under the common name.
  CHECK(first.sync().at("copy").at("noticed") == "elsewhere");
  for (int round = 0; round < 2; ++round) {
    for (const Home* each : {&first, &second, village.ben}) (void)each->sync();
  }
  for (const Home* each : {village.amina, &copy, village.ben}) {
    INFO(each->name());
    CHECK(Village::shown(*each, here, "text") == "written here");
    CHECK(Village::shown(*each, there, "text") == "written there");
    CHECK(Village::shown(*each, there_too, "text") == "and there");
    CHECK(Village::shown(*each, other_case, "reference") == "W-2");
    CHECK(Village::shown(*each, village.person, "phone") == "1");
  }
  village.all_agree({village.amina, &copy, village.ben});
  // An administrator sees it of the device, on her own screen.
  for (const json& device : village.ben->ask({"devices", "list"}).at("devices"))
    CHECK(device.at("copies") == (device.at("name") == "amina" ? 2 : 1));

  // Both go on for ever without another word about forks.
  (void)village.add(*village.amina, "later here");
  (void)village.add(copy, "later there");
  for (int round = 0; round < 2; ++round) {
    for (const Home* each : {&second, &first, village.ben}) CHECK(each->run({"sync"}).code == 0);
  }
  village.all_agree({village.amina, &copy, village.ben});
}

TEST_CASE("a casebook put back from an old backup takes back what the office has, and what is written in it from then on is kept") {
  Village village;
  const Home& backup = village.copy_to("backup");
  const std::string sent = village.add(*village.amina, "sent");
  (void)village.amina->sync();
  (void)village.ben->sync();
  const std::string unsent = village.add(*village.amina, "never sent");
  bool outbox_is_there = false;

  SECTION("all of its folder") {
    fs::remove_all(village.amina->path());
    fs::copy(backup.path(), village.amina->path(), fs::copy_options::recursive);
  }
  SECTION("its store alone") {
    outbox_is_there = true;
    for (const char* name : {"store.db", "store.db-wal"}) fs::remove(village.amina->path() / name);
    fs::copy(backup.path() / "store.db", village.amina->path() / "store.db");
    const Outcome told = village.amina->run({"digest"});
    CHECK(told.code == 0);
    CHECK(told.err.contains("an older copy was put in its place"));
  }
  const std::string after = village.add(*village.amina, "after the disk was changed");
  const Outcome synced = village.amina->run({"--json", "sync"});
  CHECK(synced.code == 0);
  CHECK(synced.answer().contains("copy"));
  (void)village.ben->sync();
  (void)village.amina->sync();
  // What was saved lies in the outbox too, as soon as a program has ended.
  CHECK((village.amina->run({"get", unsent}).code == 0) == outbox_is_there);
  for (const Home* each : {village.amina, village.ben}) {
    CHECK(Village::shown(*each, sent, "text") == "sent");
    CHECK(Village::shown(*each, after, "text") == "after the disk was changed");
  }
  village.all_agree({village.amina, village.ben});
  CHECK_FALSE(village.amina->sync().contains("copy"));
}
