#include <set>

#include "core/base/value.h"
#include "core/ledger/dot.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

json field(Home& home, const std::string& id, const std::string& name) {
  return home.ask({"get", id}).at("fields").at(name);
}

}  // namespace

TEST_CASE("solo makes a vault, says where the device's secret lies, and holds every role") {
  Home home;
  const auto made = home.run({"solo", "--device-name", "Laptop", "--user", "Amina", "--json"});
  REQUIRE(made.code == 0);
  CHECK(made.err.contains(home.keys().string()));
  CHECK(made.answer().at("user") == "Amina");
  const json devices = home.ask({"devices", "list"}).at("devices");
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].at("role") == "admin");
  CHECK(devices[0].at("teams") == json{"main"});
  CHECK(devices[0].at("this") == true);
}

TEST_CASE("get prints each field with its policy, what is shown, and every value with dot, author, device and time") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const std::string id =
      home.put("person", case_id,
               {"forename=Priya", "dob=1991-03-14", "safe_contact=NEVER", "language=English", "language=French"});
  const json record = home.ask({"get", id});
  CHECK(keys_of(record) == std::set<std::string>{"id", "type", "case", "archived", "fields"});
  CHECK(record.at("id") == id);
  CHECK(record.at("type") == "person");
  CHECK(record.at("case") == case_id);

  const json forename = record.at("fields").at("forename");
  CHECK(keys_of(forename) == std::set<std::string>{"policy", "shown", "values"});
  CHECK(forename.at("policy") == "review");
  CHECK(forename.at("shown") == "Priya");
  REQUIRE(forename.at("values").size() == 1);
  const json value = forename.at("values").at(0);
  CHECK(keys_of(value) == std::set<std::string>{"value", "dot", "author", "device", "time"});
  CHECK(value.at("value") == "Priya");
  CHECK(value.at("author") == "Amina");
  CHECK(ledger::dot_from_text(value.at("dot").get<std::string>()).has_value());
  CHECK(parse_iso_time(value.at("time").get<std::string>()).has_value());

  CHECK(record.at("fields").at("dob").at("shown") == "1991-03-14");
  CHECK(record.at("fields").at("safe_contact").at("policy") == "protective");
  CHECK(record.at("fields").at("language").at("policy") == "union");
  CHECK(record.at("fields").at("language").at("shown").size() == 2);

  // The case is a record too; it stands in itself.
  CHECK(home.ask({"get", case_id}).at("case") == case_id);
}

TEST_CASE("edit supersedes what is shown, and the history keeps all of it") {
  Home home;
  home.solo();
  const std::string id = home.put("person", home.new_case(), {"address=4 Priory Close"});
  CHECK(home.ask({"edit", id, "--set", "address=9 Orchard Way", "--reason", "moved"}).at("id") == id);
  const json address = field(home, id, "address");
  CHECK(address.at("shown") == "9 Orchard Way");
  CHECK(address.at("values").size() == 1);

  const json history = home.ask({"history", id, "--field", "address"});
  REQUIRE(history.at("entries").size() == 2);
  CHECK(history.at("entries")[0].at("value") == "4 Priory Close");
  CHECK(history.at("entries")[1].at("reason") == "moved");
  CHECK(history.at("entries")[1].at("supersedes") == json{history.at("entries")[0].at("dot")});

  home.ask({"edit", id, "--set", "address="});
  CHECK_FALSE(home.ask({"get", id}).at("fields").contains("address"));
  CHECK(home.ask({"history", id}).at("entries").back().at("value").is_null());
}

TEST_CASE("items are added to and removed from a union, and --set replaces what it shows") {
  Home home;
  home.solo();
  const std::string id = home.put("person", home.new_case(), {"forename=Priya", "language=English"});
  home.ask({"edit", id, "--add", "language=French", "language=Hindi", "--remove", "language=English"});
  CHECK(field(home, id, "language").at("shown").size() == 2);
  home.ask({"edit", id, "--set", "language=Urdu"});
  CHECK(field(home, id, "language").at("shown").size() == 1);
  CHECK(home.run({"edit", id, "--add", "forename=Prue"}).code == 6);
}

TEST_CASE("a corrected note shows the correction, and keeps the old entry beside it") {
  Home home;
  home.solo();
  const std::string id =
      home.put("note", home.new_case(), {"at=2026-06-10T16:20:00Z", "kind=home visit", "text=Seen at home."});
  home.ask({"edit", id, "--set", "text=Seen at the library."});
  const json text = field(home, id, "text");
  CHECK(text.at("shown") == "Seen at the library.");
  REQUIRE(text.at("values").size() == 2);
  CHECK(text.at("values")[1].at("corrects") == text.at("values")[0].at("dot"));
}

TEST_CASE("lowering protection needs a reason") {
  Home home;
  home.solo();
  const std::string id = home.put("person", home.new_case(), {"safe_contact=NEVER"});
  const auto refused = home.run({"edit", id, "--set", "safe_contact=OK"});
  CHECK(refused.code == 6);
  CHECK(refused.err.contains("reason"));
  CHECK(field(home, id, "safe_contact").at("shown") == "NEVER");
  CHECK(home.run({"edit", id, "--set", "safe_contact=OK", "--reason", "she has a new phone"}).code == 0);
}

TEST_CASE("archived records leave the list and come back; editing them needs that first") {
  Home home;
  home.solo();
  const std::string id = home.put("person", home.new_case(), {"forename=Priya"});
  CHECK(home.run({"archive", id}).code == 2);
  home.ask({"archive", id, "--reason", "entered twice"});
  CHECK(home.ask({"list", "person"}).at("count") == 0);
  CHECK(home.ask({"list", "person", "--archived"}).at("count") == 1);
  CHECK(home.ask({"get", id}).at("archived") == true);
  const auto edited = home.run({"edit", id, "--set", "forename=Prue"});
  CHECK(edited.code == 1);
  CHECK(edited.err.contains("--undo"));
  home.ask({"archive", id, "--undo", "--reason", "it was not"});
  CHECK(home.ask({"list", "person"}).at("count") == 1);
}

TEST_CASE("list takes conditions, find takes beginnings of words, names and notes alike") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const std::string priya = home.put("person", case_id, {"forename=Priya", "town=Leicester"});
  const std::string jo = home.put("person", case_id, {"forename=Jo"});
  const std::string note =
      home.put("note", case_id, {"at=2026-06-10T16:20:00Z", "kind=home visit", "text=Priya asked for a library card."});

  CHECK(home.ask({"list", "person"}).at("count") == 2);
  const json in_leicester = home.ask({"list", "person", "--where", "town=Leicester"});
  REQUIRE(in_leicester.at("records").size() == 1);
  CHECK(in_leicester.at("records")[0].at("id") == priya);
  CHECK(home.ask({"list", "person", "--where", "town="}).at("records")[0].at("id") == jo);

  const json hits = home.ask({"find", "pri"});
  REQUIRE(hits.at("count") == 2);
  CHECK(hits.at("hits")[0].at("id") == priya);  // names come first
  CHECK(hits.at("hits")[1].at("id") == note);
  CHECK(hits.at("hits")[0].at("title") == "Priya");
  CHECK(home.ask({"find", "library", "card"}).at("count") == 1);
  CHECK(home.ask({"find", "pri", "--type", "note"}).at("count") == 1);
  CHECK(home.ask({"find", "nobody"}).at("count") == 0);
}

TEST_CASE("records come from JSON too, one or several in one save") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const json one = {{"forename", "Priya"}, {"language", {"English", "Urdu"}}, {"dob", "1991-03-14"}};
  const json ids = home.ask({"put", "person", "--case", case_id, "--from-json", "-"}, one.dump()).at("ids");
  REQUIRE(ids.size() == 1);
  CHECK(field(home, ids[0], "language").at("shown").size() == 2);

  const auto file = home.write("people.json", json::array({{{"forename", "Jo"}}, {{"forename", "Sam"}}}).dump());
  CHECK(home.ask({"put", "person", "--case", case_id, "--from-json", file}).at("ids").size() == 2);
  // All or nothing: they are one save.
  const auto bad = home.write("bad.json", json::array({{{"forename", "Kim"}}, {{"forename", 7}}}).dump());
  CHECK(home.run({"put", "person", "--case", case_id, "--from-json", bad}).code == 6);
  CHECK(home.ask({"list", "person"}).at("count") == 3);

  const auto cases = home.write(
      "cases.json",
      json::array({{{"reference", "C-2"}, {"status", "open"}}, {{"reference", "C-3"}, {"status", "open"}}}).dump());
  CHECK(home.ask({"put", "case", "--from-json", cases}).at("ids").size() == 2);
  CHECK(home.ask({"digest"}).at("ledgers") == 3);
}

TEST_CASE("services belong to the organisation and stand in no case") {
  Home home;
  home.solo();
  const std::string id = home.ask({"put", "service", "--set", "name=Rosewood", "kind=accommodation"}).at("ids").at(0);
  CHECK(home.ask({"get", id}).at("case").is_null());
  CHECK(home.run({"put", "service", "--case", home.new_case(), "--set", "name=Elm", "kind=accommodation"}).code == 2);
}

TEST_CASE("types lists fields, policies and codes") {
  Home home;  // no vault is needed
  const json all = home.ask({"types"});
  CHECK(all.at("types").size() >= 6);
  const json person = home.ask({"types", "person"});
  REQUIRE(person.at("types").size() == 1);
  CHECK(person.at("types")[0].at("name") == "person");
  CHECK(person.at("code_lists").contains("safe_contact_rule"));
}

TEST_CASE("digest and verify tell how the casebook stands") {
  Home home;
  home.solo();
  const json empty = home.ask({"digest"});
  CHECK(keys_of(empty) == std::set<std::string>{"digest", "ledgers", "records", "open_reviews"});
  CHECK(empty.at("records") == 0);
  home.put("person", home.new_case(), {"forename=Priya"});
  const json digest = home.ask({"digest"});
  CHECK(digest.at("records") == 2);
  CHECK(digest.at("ledgers") == 1);
  CHECK(digest.at("digest") != empty.at("digest"));
  CHECK(digest.at("digest") == home.ask({"digest"}).at("digest"));
  const json verified = home.ask({"verify"});
  CHECK(verified.at("ok") == true);
  CHECK(verified.at("records") == 2);
}

TEST_CASE("without --json the same verbs speak to a person") {
  Home home;
  home.solo();
  const std::string id = home.put("person", home.new_case(), {"forename=Priya", "dob=1991-03-14"});
  CHECK(home.run({"get", id}).out.contains("Date of birth: 14 March 1991"));
  CHECK(home.run({"list", "person"}).out.contains("Priya"));
  CHECK(home.run({"find", "nobody"}).out.contains("Nothing matches"));
  CHECK(home.run({"history", id}).out.contains("Priya"));
  CHECK(home.run({"drafts", "list"}).out.contains("no drafts"));
  CHECK(home.run({"--help"}).code == 0);
  CHECK(home.run({"put", "--help"}).out.contains("--from-json"));
}
