#include <fstream>

#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

struct Closed : Home {
  std::string case_id, person;
  Closed() {
    solo();
    case_id = new_case("R-1");
    person = put("person", case_id, {"forename=Quillonbury"});
  }
};

}  // namespace

TEST_CASE("without a reason `erase` only says what would go, and why it may not yet") {
  Closed home;
  const json answer = home.ask({"erase", home.case_id});
  CHECK(answer.at("erased") == false);
  CHECK(answer.at("may_erase") == false);
  CHECK(answer.at("ground") == "early");
  CHECK(answer.at("goes").at("records") == 2);
  CHECK(answer.at("goes").at("ledgers").size() == 1);
  CHECK(home.run({"get", home.person}).code == 0);
  const auto words = home.run({"erase", home.case_id});
  CHECK(words.out.find("The case is open.") != std::string::npos);
  CHECK(words.out.find("Backups made before") != std::string::npos);
}

TEST_CASE("a case is kept while its time is not over, and while a hold stands, whatever is asked") {
  Closed home;
  const auto early = home.run({"erase", home.case_id, "--reason", "she asked"});
  CHECK(early.code == 1);
  CHECK(early.err.find("--before-retention") != std::string::npos);
  home.ask({"hold", home.case_id, "--reason", "domestic homicide review"});
  const auto held = home.run({"erase", home.case_id, "--reason", "she asked", "--before-retention"});
  CHECK(held.code == 1);
  CHECK(held.err.find("hold") != std::string::npos);
  CHECK(home.ask({"erase", home.case_id}).at("held") == true);
  CHECK(home.run({"get", home.person}).code == 0);
}

TEST_CASE("erasing says what goes, takes all of it, and leaves a certificate that says nothing of the case") {
  Closed home;
  const std::string other = home.new_case("R-2");
  const json before = home.ask({"digest"});
  home.ask({"hold", home.case_id, "--reason", "complaint"});
  home.ask({"hold", home.case_id, "--lift", "--reason", "settled"});
  const auto done = home.run({"erase", home.case_id, "--reason", "letter of 3 June", "--before-retention", "--json"});
  REQUIRE(done.code == 0);
  CHECK(done.err.find("Goes for ever: 3 records") != std::string::npos);
  CHECK(done.answer().at("erased") == true);

  CHECK(home.run({"get", home.person}).code == 1);
  CHECK(home.run({"get", home.case_id}).code == 1);
  CHECK(home.run({"put", "note", "--case", home.case_id, "--set", "text=more"}).code != 0);
  CHECK(home.run({"erase", home.case_id, "--reason", "again", "--before-retention"}).code != 0);
  CHECK(home.ask({"find", "Quillonbury"}).at("count") == 0);
  CHECK(home.ask({"list", "person"}).at("records").empty());
  CHECK(home.ask({"digest"}).at("records") == before.at("records").get<int>() - 2);
  const json verified = home.ask({"verify"});
  CHECK(verified.at("ok") == true);
  CHECK(verified.at("erased_ledgers") == 1);

  const json list = home.ask({"erase", "--list"});
  REQUIRE(list.at("count") == 1);
  const json& certificate = list.at("certificates")[0];
  CHECK(certificate.at("ground") == "early");
  CHECK(certificate.at("reason") == "letter of 3 June");
  CHECK(certificate.dump().find("R-1") == std::string::npos);
  CHECK(certificate.dump().find(home.case_id) == std::string::npos);
  CHECK(home.run({"get", other}).code == 0);
}

TEST_CASE("a case that is due, or whose person has asked, is erased on that ground") {
  Closed home;
  home.put("hold", home.case_id, {"legal_hold=no", "reason=erasure asked", "erasure_asked_on=2026-06-01"});
  CHECK(home.ask({"erase", home.case_id}).at("ground") == "asked");
  home.ask({"erase", home.case_id, "--reason", "Article 17", "--before-retention"});
  CHECK(home.ask({"erase", "--list"}).at("certificates")[0].at("ground") == "asked");
}

TEST_CASE("rubbish around `erase` is refused with a sentence, and nothing goes") {
  Closed home;
  CHECK(home.run({"erase"}).code == 2);
  CHECK(home.run({"erase", "not-an-id", "--reason", "x"}).code == 2);
  CHECK(home.run({"erase", home.person, "--reason", "x"}).code != 0);
  CHECK(home.run({"erase", home.case_id, "--before-retention", "--reason", std::string(500, 'x')}).code == 6);
  CHECK(home.run({"erase", home.case_id, "--before-retention", "--reason", "\xff\xfe"}).code != 0);
  CHECK(home.run({"get", home.person}).code == 0);
}
