#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

TEST_CASE("a batch runs a verb a line after one unlock, and answers each with one document") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const auto done = home.run({"batch", "-", "--json"}, "# a day\n\nput person --case " + case_id +
                                                           " --set forename=Priya 'address=4 Priory Close'\n" +
                                                           "list person --json\n"  // --json may stand there too
                                                           "find \"priory close\"\ndigest\n");
  INFO(done.err);
  CHECK(done.code == 0);
  const auto answers = done.answers();
  REQUIRE(answers.size() == 4);
  CHECK(answers[0].contains("ids"));
  CHECK(answers[1].at("count") == 1);
  CHECK(answers[2].at("count") == 1);
  CHECK(answers[3].contains("digest"));
}

TEST_CASE(
    "a batch stops at the first failure, unless it is to keep going; either way the first failure is its exit code") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const auto put = [&](const std::string& name) {
    return "put person --case " + case_id + " --set forename=" + name + "\n";
  };
  const std::string script =
      put("Priya") + "put person --case " + case_id + " --set dob=tomorrow\n" + put("Jo") + "frobnicate\n";
  const auto file = home.write("script", script);

  const auto stopped = home.run({"batch", file, "--json"});
  CHECK(stopped.code == 6);
  CHECK(stopped.err.contains("line 2: "));
  CHECK(stopped.err.contains("dob"));
  REQUIRE(stopped.answers().size() == 2);
  CHECK(stopped.answers()[1].at("error").at("line") == 2);
  CHECK(stopped.answers()[1].at("error").at("code") == "bad_input");
  CHECK(home.ask({"list", "person"}).at("count") == 1);

  const auto all = home.run({"batch", file, "--json", "--keep-going"});
  CHECK(all.code == 6);
  CHECK(all.answers().size() == 4);
  CHECK(all.err.contains("line 4: "));
  CHECK(home.ask({"list", "person"}).at("count") == 3);
}

TEST_CASE("some verbs stand alone, and a batch is none of its own lines") {
  Home home;
  home.solo();
  for (const char* line :
       {"solo --device-name X", "batch -", "passphrase change", "courier", "join x --device-name y"}) {
    const auto refused = home.run({"batch", "-"}, std::string(line) + "\n");
    INFO(line);
    CHECK(refused.code == 2);
  }
  CHECK(home.run({"batch", "-"}, "put person --set 'forename=Priya\n").code == 2);
  // Standard input holds the lines; no line may take it.
  CHECK(home.run({"batch", "-"}, "put case --from-json -\n{}\n").code == 2);
}
