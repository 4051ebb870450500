#include <sstream>

#include "tests/support/caseload.h"
#include "tests/support/read_file.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
using support::read_file;

namespace {

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

constexpr std::uint32_t kCases = 5;

std::string standard_cases() { return support::make_caseload({kCases, 3}).cases; }

}  // namespace

TEST_CASE("the standard workload comes in whole, and a second time changes nothing") {
  Home home;
  home.solo();
  const auto file = home.write("cases.ndjson", standard_cases());
  const json imported = home.ask({"import", file, "--map", "standard"});
  CHECK(imported.at("cases") == kCases);
  CHECK(imported.at("records") == kCases * 14);  // 13 rows, and the case itself
  CHECK(imported.at("ids").size() == kCases * 14);
  const json digest = home.ask({"digest"});
  CHECK(digest.at("ledgers") == kCases);

  const json again = home.ask({"import", file, "--map", "standard"});
  CHECK(again.at("records") == 0);
  CHECK(again.at("skipped") == kCases * 14);
  CHECK(home.ask({"digest"}) == digest);
}

TEST_CASE("every bad line is named by line and field, and nothing is imported") {
  Home home;
  home.solo();
  std::istringstream lines(standard_cases());
  std::string spoiled;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    json one = json::parse(line);
    if (number == 2) one["person"]["dob"] = "1999-02-30";
    if (number == 4) one["risk"]["level"] = "purple";
    spoiled += one.dump() + "\n";
  }
  const auto refused = home.run({"import", home.write("cases.ndjson", spoiled), "--map", "standard", "--json"});
  CHECK(refused.code == 6);
  CHECK(refused.out.empty());
  INFO(refused.err);
  CHECK(refused.err.contains("line 2, field person.dob: "));
  CHECK(refused.err.contains("line 4, field risk.level: "));
  CHECK(refused.err.contains("Nothing was imported"));
  CHECK(home.ask({"digest"}).at("records") == 0);
}

TEST_CASE("an id that exists and differs refuses the file") {
  Home home;
  home.solo();
  const std::string cases = standard_cases();
  const json first = json::parse(cases.substr(0, cases.find('\n')));
  home.ask({"import", home.write("one.ndjson", first.dump() + "\n"), "--map", "standard"});
  const std::string person = first.at("person").at("id");
  home.ask({"edit", person, "--set", "town=Elsewhere"});
  const json before = home.ask({"digest"});
  const auto refused = home.run({"import", home.write("cases.ndjson", cases), "--map", "standard"});
  CHECK(refused.code == 6);
  CHECK(refused.err.contains("line 1"));
  CHECK(refused.err.contains("differs"));
  CHECK(home.ask({"digest"}) == before);
}

TEST_CASE("Leicester's services come in as they stand") {
  Home home;
  home.solo();
  const json imported = home.ask({"import", WAYSIDE_TEST_DATA "/leicester_services.csv", "--map", "leicester"});
  CHECK(imported.at("records") == 10);
  CHECK(imported.at("cases") == 0);
  CHECK(home.ask({"list", "service"}).at("count") == 10);
}

TEST_CASE("a table is read by its type, its file's name or a map of its columns") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const std::string csv = "case,forename,surname\n" + case_id + ",Priya,Shah\n";
  CHECK(home.ask({"import", home.write("person.csv", csv)}).at("records") == 1);
  CHECK(home.ask({"import", home.write("people.csv", csv), "--type", "person"}).at("records") == 1);
  const auto map = home.write("map.toml", "[columns]\n\"First name\" = \"forename\"\nShoe = \"\"\n");
  const auto other = home.write("other.csv", "case,First name,Shoe\n" + case_id + ",Jo,38\n");
  CHECK(home.ask({"import", other, "--type", "person", "--map", map}).at("records") == 1);

  CHECK(home.run({"import", home.path("people.csv").string()}).code == 2);  // what are they?
  CHECK(home.run({"import", other, "--type", "person"}).code == 6);         // "First name" is no field
  CHECK(home.run({"import", other, "--type", "person", "--map", home.write("bad.toml", "columns = 1")}).code == 6);
  CHECK(home.run({"import", other, "--map", "atlantis"}).code == 2);
  CHECK(home.run({"import", home.path("none.csv").string(), "--type", "person"}).code == 1);
}

TEST_CASE("records of a case that is not on this device are refused, and their line is named") {
  Home home;
  home.solo();
  const std::string case_id = "0197a1b2-0000-7000-8000-0000000000ff";
  const auto refused = home.run({"import", home.write("person.csv", "case,forename\n" + case_id + ",Priya\n")});
  CHECK(refused.code == 6);
  CHECK(refused.err.contains("line 2"));
  CHECK(refused.err.contains("not on this device"));
  CHECK(home.ask({"digest"}).at("records") == 0);
}

TEST_CASE("an export leaves out what could put somebody in danger, and says so; by name it is included") {
  Home home;
  home.solo();
  home.put("person", home.new_case(), {"forename=Priya", "address=4 Priory Close", "phone=0116 496 0000"});

  const auto plain = home.run({"export", "--out", home.path("plain").string(), "--json"});
  REQUIRE(plain.code == 0);
  CHECK(plain.err.contains("not encrypted"));
  CHECK(plain.err.contains("person.address"));
  const std::string person = read_file(home.path("plain") / "person.ndjson");
  CHECK(person.contains("Priya"));
  CHECK_FALSE(person.contains("Priory"));
  CHECK_FALSE(person.contains("0116"));

  home.ask({"export", "--out", home.path("some").string(), "--fields", "person.address"});
  CHECK(read_file(home.path("some") / "person.ndjson").contains("4 Priory Close"));
  CHECK_FALSE(read_file(home.path("some") / "person.ndjson").contains("0116"));
  CHECK(home.run({"export", "--out", home.path("bad").string(), "--fields", "shoe"}).code == 6);
  CHECK(home.run({"export", "--out", home.path("some").string()}).code == 1);  // it is not empty
  const auto mode = std::filesystem::status(home.path("some") / "person.ndjson").permissions();
  CHECK((mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
        std::filesystem::perms::none);
}

TEST_CASE("what was exported whole comes in again, and is exported alike") {
  Home home;
  home.solo();
  home.ask({"import", home.write("cases.ndjson", standard_cases()), "--map", "standard"});
  const auto out = home.path("out");
  const json exported = home.ask({"export", "--out", out.string(), "--fields", "all"});
  CHECK(exported.at("records") == kCases * 14);
  CHECK(exported.at("left_out").empty());
  const std::string people = read_file(out / "person.ndjson");
  CHECK(lines_in(people) == kCases);
  CHECK(json::parse(people.substr(0, people.find('\n'))).dump() == people.substr(0, people.find('\n')));  // keys sorted

  Home other;
  other.solo();
  for (const auto* type : {"case", "person", "note", "risk_assessment", "support_plan"}) {
    other.ask({"import", (out / (std::string(type) + ".ndjson")).string()});
  }
  other.ask({"export", "--out", other.path("out").string(), "--fields", "all"});
  for (const auto& file : std::filesystem::directory_iterator(out)) {
    INFO(file.path());
    CHECK(read_file(file.path()) == read_file(other.path("out") / file.path().filename()));
  }
}

TEST_CASE("values beside the one that is shown are exported too") {
  Home home;
  home.solo();
  const std::string id =
      home.put("note", home.new_case(), {"at=2026-06-10T16:20:00Z", "kind=home visit", "text=Seen at home."});
  home.ask({"edit", id, "--set", "text=Seen at the library."});
  home.ask({"archive", home.put("person", home.new_case("C-2"), {"forename=Jo"}), "--reason", "entered twice"});
  home.ask({"export", "--out", home.path("out").string()});
  CHECK(read_file(home.path("out") / "note.ndjson").contains("library"));
  const json other = json::parse(read_file(home.path("out") / "others.ndjson"));
  CHECK(other.at("value") == "Seen at home.");
  CHECK(other.at("standing") == "earlier");
  CHECK(read_file(home.path("out") / "person.archived.ndjson").contains("Jo"));
  CHECK_FALSE(std::filesystem::exists(home.path("out") / "person.ndjson"));
}

TEST_CASE("one case is exported alone") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  home.put("person", case_id, {"forename=Priya"});
  home.put("person", home.new_case("C-2"), {"forename=Jo"});
  CHECK(home.ask({"export", "--out", home.path("out").string(), "--case", case_id}).at("records") == 2);
  CHECK_FALSE(read_file(home.path("out") / "person.ndjson").contains("Jo"));
}

TEST_CASE("what is counted is told in words that fit one, and that fit several") {
  Home home;
  home.solo();
  const std::string of_case = home.new_case();
  CHECK(home.run({"export", "--out", home.path("one").string()}).out.contains("1 record written"));
  CHECK(home.run({"attach", "check"}).out.contains("0 attachments, 0 parts."));
  const std::string letter = home.write("letter.txt", "a letter");
  (void)home.ask({"attach", "add", of_case, letter, "--kind", "letter"});
  CHECK(home.run({"attach", "check"}).out.contains("1 attachment, 1 part."));
  CHECK(home.run({"export", "--out", home.path("two").string()}).out.contains("2 records written"));
  const Outcome nothing = home.run({"erase", of_case});   // without a reason it only says
  CHECK(nothing.out.contains("2 records with their whole history"));
  CHECK(nothing.out.contains("1 attachment, every draft"));
}
