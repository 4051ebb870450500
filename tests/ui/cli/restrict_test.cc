#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

TEST_CASE("a casebook that belongs to nobody else takes a case from nobody") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-1");
  CHECK(home.ask({"restrict"}).at("restricted").empty());
  CHECK(home.ask({"restrict"}).at("left_to_others").empty());
  CHECK(home.ask({"restrict", case_id}).at("restricted").at(0).at("restricted_to").empty());
  const auto nobody = home.run({"restrict", case_id, "--to", "Ben", "--reason", "x"});
  CHECK(nobody.code == 1);
  CHECK(nobody.err.find("Ben") != std::string::npos);
  CHECK(home.run({"restrict", case_id, "--lift", "--reason", "x"}).code == 1);
  CHECK_FALSE(home.ask({"get", case_id}).contains("restricted_to"));
}

TEST_CASE("words of a restriction that do not go together are refused before anything is done") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-1");
  CHECK(home.run({"restrict", case_id, "--to", "a"}).code == 2);
  CHECK(home.run({"restrict", case_id, "--reason", "x"}).code == 2);
  CHECK(home.run({"restrict", "--to", "a", "--reason", "x"}).code == 2);
  CHECK(home.run({"restrict", "--lift", "--reason", "x"}).code == 2);
  CHECK(home.run({"restrict", case_id, "--to", "a", "--lift", "--reason", "x"}).code == 2);
  CHECK(home.run({"restrict", "0192f0c0-0000-7000-8000-000000000000"}).code == 1);
  CHECK(home.run({"put", "service", "--restrict-to", "a", "--set", "name=x", "--set", "kind=support"}).code == 2);
  CHECK(home.run({"put", "case", "--restrict-to", "nobody", "--set", "reference=R-2", "--set", "status=open"}).code == 1);
}
