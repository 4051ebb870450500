#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

TEST_CASE("a casebook that belongs to nobody else shares with nobody and drops nothing") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-1");
  const auto nobody = home.run({"share", case_id, "--with", "North"});
  CHECK(nobody.code == 2);
  CHECK(nobody.err.find("North") != std::string::npos);
  const auto alone = home.run({"carry", "drop", case_id});
  CHECK(alone.code == 2);
  CHECK(alone.err.find("no office") != std::string::npos);
  CHECK(home.run({"get", case_id}).code == 0);
  CHECK(home.ask({"carry", "list"}).at("here") == 1);
  CHECK(home.ask({"carry", "list"}).at("elsewhere").empty());
  CHECK(home.ask({"share", "--list"}).at("shares").empty());
  CHECK_FALSE(home.ask({"get", case_id}).contains("shared_with"));
}

TEST_CASE("words that do not go together are refused before anything is done") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-1");
  CHECK(home.run({"share", case_id}).code == 2);
  CHECK(home.run({"share", "--with", "North"}).code == 2);
  CHECK(home.run({"share", case_id, "--with", "a", "--withdraw", "b", "--reason", "x"}).code == 2);
  CHECK(home.run({"share", case_id, "--withdraw", "North"}).code == 2);
  CHECK(home.run({"share", case_id, "--with", "North", "--reason", "x"}).code == 2);
  CHECK(home.run({"carry"}).code == 2);
  CHECK(home.run({"carry", "add", case_id}).code == 1);
  CHECK(home.run({"carry", "add", "0192f0c0-0000-7000-8000-000000000000"}).code == 1);
}
