#include <algorithm>

#include "core/vault/audit.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

std::vector<std::string> whats(const json& answer) {
  std::vector<std::string> out;
  for (const json& each : answer.at("entries")) out.push_back(each.at("what"));
  return out;
}

std::size_t count_of(const json& answer, std::string_view what) {
  const auto all = whats(answer);
  return static_cast<std::size_t>(std::ranges::count(all, what));
}

struct Desk {
  Home home;
  std::string case_id, person;
  Desk() {
    home.solo();
    case_id = home.new_case("R-1");
    person = home.put("person", case_id, {"forename=Quillonbury", "address=Larkmeadow Rise"});
  }
  json log(Words more = {}) {
    more.insert(more.begin(), {"audit", "list"});
    return home.ask(more);
  }
};

}  // namespace

TEST_CASE("every verb that shows a case makes one entry; saving makes none") {
  Desk desk;
  CHECK(whats(desk.log()) == std::vector<std::string>{"unlocked", "log_read"});
  (void)desk.home.ask({"edit", desk.person, "--set", "surname=Rhys"});
  CHECK(count_of(desk.log(), "opened") == 0);
  std::size_t expected = 0;
  for (const Words& verb : {Words{"get", desk.person}, Words{"history", desk.person}, Words{"household", desk.case_id}, Words{"risk", desk.case_id},
                            Words{"journey", desk.case_id}, Words{"counts", desk.case_id}, Words{"contact", desk.case_id},
                            Words{"consent", "who", desk.case_id}, Words{"attach", "list", desk.case_id}}) {
    INFO(verb.front());
    (void)desk.home.run(verb);
    CHECK(count_of(desk.log({"--case", desk.case_id}), "opened") == ++expected);
  }
  const json last = desk.log({"--case", desk.case_id}).at("entries").at(0);
  CHECK(last.at("record") == desk.person);
  CHECK(last.at("case") == desk.case_id);
}

TEST_CASE("in a batch a case that stays in front is opened once, and a list of one type is one entry") {
  Desk desk;
  const std::string other = desk.home.new_case("R-2");
  const std::string lines = "get " + desk.person + "\nget " + desk.case_id + "\nget " + other + "\nget " + desk.person +
                            "\nlist person\nlist person\nlist case\nfind Quill\n";
  CHECK(desk.home.run({"batch", "-"}, lines).code == 0);
  const json log = desk.log();
  CHECK(count_of(log, "opened") == 3);
  CHECK(count_of(log, "listed") == 3);
  CHECK(count_of(log, "unlocked") == 2);   // the batch, and the program that reads the log
}

TEST_CASE("an export says how much, which safety-critical fields and for whom, by ids alone") {
  Desk desk;
  const std::string refuge = desk.home.ask({"put", "organisation", "--set", "name=Mill Refuge", "--set", "kind=domestic_abuse"}).at("ids").at(0);
  CHECK(desk.home.run({"export", "--out", desk.home.path("plain").string(), "--case", desk.case_id}).code == 0);
  CHECK(desk.home.run({"export", "--out", desk.home.path("with").string(), "--fields", "person.address", "--recipient", refuge}).code == 0);
  const json log = desk.log();
  REQUIRE(count_of(log, "exported") == 2);
  std::vector<json> exports;
  for (const json& each : log.at("entries")) {
    if (each.at("what") == "exported") exports.push_back(each);
  }
  CHECK(exports[0].at("case") == desk.case_id);
  CHECK(exports[0].at("count") == 2);
  CHECK(exports[0].at("fields").empty());
  CHECK(exports[1].at("fields") == json{"person.address"});
  CHECK(exports[0].at("to").is_null());
  CHECK(exports[1].at("to") == refuge);
  CHECK_FALSE(log.dump().contains("Larkmeadow"));
  CHECK_FALSE(log.dump().contains("Mill"));
  CHECK_FALSE(log.dump().contains("plain"));
}

TEST_CASE("a search is not kept by its words") {
  Desk desk;
  (void)desk.home.ask({"find", "Quillonbury"});
  CHECK(count_of(desk.log(), "listed") == 1);
  CHECK_FALSE(desk.log().dump().contains("Quill"));
  (void)desk.home.ask({"find", "nobodyofthatname"});
  CHECK(count_of(desk.log(), "listed") == 1);   // nothing was shown
}

TEST_CASE("the log in words, and what is asked of it wrongly") {
  Desk desk;
  (void)desk.home.run({"get", desk.person});
  const auto words = desk.home.run({"audit", "list"});
  CHECK(words.code == 0);
  CHECK(words.out.contains("opened case R-1 (" + desk.case_id + ")"));
  CHECK(words.out.contains("read the log of reads"));
  CHECK(desk.home.run({"audit"}).code == 2);
  CHECK(desk.home.run({"audit", "list", "--by", "Nobody"}).code == 2);
  CHECK(desk.home.run({"audit", "list", "--since", "yesterday"}).code == 2);
  CHECK(desk.home.run({"audit", "list", "--case", "R-1"}).code == 2);
  CHECK(desk.log({"--since", "2199-01-01"}).at("count") == 0);
  CHECK(desk.log({"--case", "0192f0c0-0000-7000-8000-000000000000"}).at("count") == 1);   // this very reading
}

TEST_CASE("wrong passphrases stand in the log of the next unlock") {
  Desk desk;
  const std::string wrong = desk.home.write("wrong", "quite another sentence\n");
  for (int i = 0; i < 2; ++i) {
    CHECK(desk.home.run_bare({"get", desk.person, "--home", desk.home.home().string(), "--passphrase-file", wrong}).code == 3);
  }
  const json log = desk.log();
  REQUIRE(count_of(log, "refused") == 1);
  CHECK(log.at("entries").at(0).at("count") == 2);
}

TEST_CASE("what left the log of reads is a fault of the store") {
  Desk desk;
  (void)desk.home.run({"get", desk.person});
  {
    const auto vault = desk.home.open();
    REQUIRE(vault->store().database().run("DELETE FROM audit_waiting WHERE n = 1"));
  }
  const auto verified = desk.home.run({"verify"});
  CHECK(verified.code == 1);
  CHECK((verified.out + verified.err).contains("log of reads"));
}
