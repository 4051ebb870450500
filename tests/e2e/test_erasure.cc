#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

std::uint64_t at_office(Stage& stage, const char* what) {
  const Outcome status = stage.office({"status", "--data", stage.office_data().string(), "--json"});
  REQUIRE(status.code == 0);
  return status.answer().at(what);
}

std::size_t files_below(const fs::path& folder) {
  std::size_t count = 0;
  if (fs::exists(folder)) {
    for (const auto& each : fs::recursive_directory_iterator(folder)) count += each.is_regular_file() ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("an erased case goes from every device and the office, with its file and with what a colleague still wrote") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const std::string stays = first_id(amina.ask({"put", "case", "--set", "reference=W-stays", "--set", "status=open"}));
  const std::string goes = first_id(amina.ask({"put", "case", "--set", "reference=W-goes", "--set", "status=open"}));
  const std::string person = first_id(amina.ask({"put", "person", "--case", goes, "--set", "forename=Quillonbury"}));
  write_file(stage.root() / "letter.txt", std::string(100'000, 'x'));
  (void)amina.ask({"attach", "add", goes, (stage.root() / "letter.txt").string(), "--kind", "letter"});
  (void)amina.sync();
  (void)ben.sync();
  (void)ben.ask({"sync", "--attachments"});
  REQUIRE(ben.ask({"find", "Quillon"}).at("count") == 1);
  REQUIRE(files_below(ben.path() / "blobs") > 0);
  REQUIRE(files_below(stage.office_data() / "blobs") > 0);

  // Ben writes on with no signal, while an administrator erases.
  (void)ben.ask({"edit", person, "--set", "surname=Late"});
  CHECK(ben.run({"erase", goes, "--reason", "she asked", "--before-retention"}).code == 1);
  const json erased = amina.ask({"erase", goes, "--reason", "letter of 3 June", "--before-retention"});
  CHECK(erased.at("erased") == true);
  CHECK(amina.run({"get", person}).code == 1);

  (void)ben.sync();
  (void)amina.sync();
  (void)ben.sync();
  for (const Home* home : {&amina, &ben}) {
    INFO(home->name());
    CHECK(home->run({"get", person}).code == 1);
    CHECK(home->run({"get", goes}).code == 1);
    CHECK(home->ask({"get", stays}).at("id") == stays);
    CHECK(home->ask({"find", "Quillon"}).at("count") == 0);
    CHECK(files_below(home->path() / "blobs") == 0);
    CHECK(home->ask({"erase", "--list"}).at("count") >= 1);
    const json checked = home->ask({"verify"});
    CHECK(checked.at("ok") == true);
    CHECK(checked.at("erased_ledgers") >= 1);
  }
  CHECK(amina.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  CHECK(files_below(stage.office_data() / "blobs") == 0);

  // Whoever joins later never hears of it.
  const Home& cara = stage.invite_and_join(amina, "cara", "advocate");
  (void)cara.sync();
  CHECK(cara.run({"get", person}).code == 1);
  CHECK(cara.ask({"get", stays}).at("id") == stays);
  stage.stop_office();   // its figures are of now
  CHECK(at_office(stage, "attachment_parts") == 0);
}
