#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/opened.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr std::int64_t kDay_ms = std::int64_t{24} * 3'600'000;

/// As if the office had last been heard so much longer ago.
void stay_away(const Stage& stage, const Home& home, std::int64_t ms) {
  Opened vault(stage, home);
  Bytes bytes = vault->store().meta("lease").value().value();
  REQUIRE(bytes.size() == 24);
  std::uint64_t since = 0;
  for (std::size_t i = 0; i < 8; ++i) since |= std::uint64_t{static_cast<unsigned char>(bytes[8 + i])} << (8 * i);
  since -= static_cast<std::uint64_t>(ms);
  for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(since >> (8 * i));
  auto writing = vault->begin().value();
  REQUIRE(vault->store().set_meta(writing.transaction(), "lease", bytes));
  REQUIRE(std::move(writing).commit());
}

}  // namespace

TEST_CASE("a device that stayed away for a week shows no case until it has reconciled; it goes on saving") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const std::string of_case = first_id(amina.ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}));
  const std::string person = first_id(amina.ask({"put", "person", "--case", of_case, "--set", "forename=Quillonbury"}));
  for (const Home* home : {&amina, &ben, &amina}) (void)home->sync();
  REQUIRE(ben.run({"get", person}).code == 0);

  stay_away(stage, ben, 5 * kDay_ms + kDay_ms / 2);
  const Outcome soon = ben.run({"get", person});
  CHECK(soon.code == 0);
  CHECK(soon.err.contains("It shows cases for 2 days more"));

  stay_away(stage, ben, 3 * kDay_ms);
  for (const Words& verb : {Words{"get", person}, Words{"history", person}, Words{"list", "person"}, Words{"find", "Quillon"},
                            Words{"household", of_case}, Words{"due"}, Words{"export", "--out", (stage.root() / "out").string()}, Words{"audit", "list"}}) {
    INFO(verb.front());
    const Outcome shut = ben.run(verb);
    CHECK(shut.code == 3);
    CHECK_FALSE(shut.out.contains("Quillonbury"));
    CHECK(shut.err.contains("Nothing is lost"));
  }
  CHECK_FALSE(fs::exists(stage.root() / "out"));
  CHECK(ben.run({"edit", person, "--set", "surname=Rhys"}).code == 0);
  CHECK(ben.run({"verify"}).code == 0);

  // Without a line it stays so; what a courier fetched while it was locked opens it, and so does a reconcile.
  stage.stop_office();
  CHECK(ben.run({"sync"}).code == 5);
  CHECK(ben.run({"get", person}).code == 3);
  stage.serve();
  CHECK(ben.run({"sync", "--locked"}).code == 0);
  CHECK(ben.ask({"get", person}).at("fields").at("surname").at("shown") == "Rhys");

  stay_away(stage, ben, 8 * kDay_ms);
  CHECK(ben.run({"get", person}).code == 3);
  (void)ben.sync();
  const Outcome open = ben.run({"get", person});
  CHECK(open.code == 0);
  CHECK_FALSE(open.err.contains("reconciled"));
  (void)amina.sync();
  CHECK(amina.ask({"get", person}).at("fields").at("surname").at("shown") == "Rhys");
}
