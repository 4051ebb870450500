#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "tests/e2e/stage.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr std::uint32_t kCases = 20;
constexpr std::uint64_t kRecordsOfACase = 14;  // the workload's 13, and the case itself

std::vector<json> lines_of(const std::string& ndjson) { return json_lines(ndjson); }

/// What a field holds, sorted.
std::multiset<std::string> values_of(const json& record, const std::string& field) {
  std::multiset<std::string> all;
  for (const auto& entry : record.at("fields").at(field).at("values")) {
    const json& value = entry.at("value");
    all.insert(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return all;
}

/// Every write of a field that its history tells, in any order.
std::multiset<std::string> writes_of(const json& history, const std::string& field) {
  std::multiset<std::string> all;
  for (const auto& entry : history.at("entries")) {
    if (entry.at("field") == field && !entry.at("value").is_null()) all.insert(entry.at("value").get<std::string>());
  }
  return all;
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

/// One organisation with three devices, of which the first has imported and all have reconciled.
struct Office {
  Stage stage{Cli::cheap};
  support::Caseload caseload = support::make_caseload({kCases, 3});
  std::vector<json> cases = lines_of(caseload.cases);
  fs::path cases_file = stage.root() / "cases.ndjson";
  Home* amina = nullptr;
  Home* ben = nullptr;
  Home* desk = nullptr;

  Office() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    desk = &stage.invite_and_join(*amina, "desk", "desk");
    write_file(cases_file, caseload.cases);
  }
  [[nodiscard]] std::vector<const Home*> all() const { return {amina, ben, desk}; }
  void reconcile_all() const {
    for (int round = 0; round < 2; ++round) {
      for (const Home* home : all()) (void)home->sync();
    }
  }
  [[nodiscard]] std::string id(std::size_t number, const char* part) const {
    return cases.at(number).at(part).at("id");
  }
};

}  // namespace

TEST_CASE("three devices write apart through the command line alone, and nothing is lost when they reconcile") {
  const Office office;
  const auto& [amina, ben, desk] = std::tie(*office.amina, *office.ben, *office.desk);

  // Tickets work once, and their files are gone.
  CHECK_FALSE(fs::exists(office.stage.ticket("first")));
  CHECK_FALSE(fs::exists(office.stage.ticket("ben")));
  CHECK(ben.ask({"devices", "list"}).at("devices").size() == 2);  // the desk joined after it last heard of anybody

  // An import, and the same again.
  const json imported = amina.ask({"import", office.cases_file, "--map", "standard"});
  CHECK(imported.at("cases") == kCases);
  CHECK(imported.at("records") == kCases * kRecordsOfACase);
  CHECK(imported.at("skipped") == 0);
  CHECK(imported.at("ids").size() == kCases * kRecordsOfACase);
  const json again = amina.ask({"import", office.cases_file, "--map", "standard"});
  CHECK(again.at("records") == 0);
  CHECK(again.at("skipped") == kCases * kRecordsOfACase);
  CHECK(again.at("ids").empty());
  const json services = desk.ask({"import", WAYSIDE_TEST_DATA "/leicester_services.csv", "--map", "leicester"});
  CHECK(services.at("records") == 10);

  // Everybody has everything.
  const json first = amina.sync();
  CHECK(keys_of(first) == std::set<std::string>{"pushed", "pulled", "applied_change_sets", "open_reviews",
                                                "quarantined", "round_trips", "elapsed_ms", "uncovered"});
  CHECK(first.at("pushed").at("envelopes").get<std::uint64_t>() >= kCases);
  CHECK(first.at("pushed").at("bytes").get<std::uint64_t>() > 0);
  (void)desk.sync();
  CHECK(ben.sync().at("applied_change_sets").get<std::uint64_t>() >= kCases);
  (void)amina.sync();
  CHECK(amina.ask({"digest"}) == ben.ask({"digest"}));
  CHECK(ben.ask({"digest"}).at("records") == kCases * kRecordsOfACase + 10);

  // A case of Ben's own, with a note, by --set and from JSON.
  const std::string made = ben.ask({"put", "case", "--set", "reference=R-77", "--set", "status=open"}).at("ids").at(0);
  const fs::path notes_file = office.stage.root() / "notes.json";
  write_file(notes_file, R"([{"at": "2026-05-04T09:30:00Z", "kind": "phone call", "text": "She called from work."},
                             {"at": "2026-05-05T10:00:00Z", "kind": "office", "text": "She came with her sister."}])");
  const json notes = ben.ask({"put", "note", "--case", made, "--from-json", notes_file});
  REQUIRE(notes.at("ids").size() == 2);

  // Three devices, the same fields, no line to the office.
  const std::string person = office.id(0, "person");
  const std::string plan = office.id(1, "plan");
  const std::string risk = office.id(2, "risk");
  const std::string note = office.cases.at(3).at("notes").at(0).at("id");
  const std::multiset<std::string> addresses{"Flat 2, 14 Mill Lane", "9 Orchard Way", "81 Abbey Road"};
  const std::multiset<std::string> goals{"Stay, with new locks.", "Move near her sister.", "Wait for the hearing."};
  auto address = addresses.begin();
  auto goal = goals.begin();
  int number = 0;
  for (const Home* home : office.all()) {
    ++number;
    const auto saved = home->batch(
        {"edit " + person + " --set 'address=" + *address++ + "'", "edit " + plan + " --set 'goal=" + *goal++ + "'",
         "edit " + note + " --set 'text=Correction " + std::to_string(number) + ".'",
         "edit " + person + " --add language=" +
             (number == 1   ? "Welsh"
              : number == 2 ? "Urdu"
                            : "Polish"),
         "edit " + risk + " --set level=" + (number == 3 ? "HIGH" : "MEDIUM") + " --reason 'Told on the phone'",
         "edit " + office.id(4 + static_cast<std::size_t>(number), "person") + " --set phone=0770090000" +
             std::to_string(number)});
    CHECK(saved.front().at("id") == person);
  }
  office.reconcile_all();

  // All concurrent values, everywhere, with who wrote them and when.
  for (const Home* home : office.all()) {
    INFO(home->name());
    const json shown = home->ask({"get", person});
    CHECK(shown.at("type") == "person");
    CHECK(shown.at("fields").at("address").at("policy") == "review");
    CHECK(values_of(shown, "address") == addresses);
    std::set<std::string> dots;
    std::set<std::string> authors;
    for (const auto& entry : shown.at("fields").at("address").at("values")) {
      dots.insert(entry.at("dot").get<std::string>());
      authors.insert(entry.at("author").get<std::string>());
      CHECK(entry.at("time").get<std::string>().ends_with("Z"));
      CHECK_FALSE(entry.at("device").get<std::string>().empty());
    }
    CHECK(dots.size() == 3);
    CHECK(authors.size() == 3);
    const auto languages = values_of(shown, "language");
    for (const char* added : {"Welsh", "Urdu", "Polish"}) CHECK(languages.contains(added));
    CHECK(values_of(home->ask({"get", plan}), "goal") == goals);
    CHECK(home->ask({"get", note}).at("fields").at("text").at("values").size() == 4);
    CHECK(home->ask({"get", risk}).at("fields").at("level").at("shown") == "HIGH");  // the most protective, at once
    CHECK(home->ask({"get", office.id(6, "person")}).at("fields").at("phone").at("shown") == "07700900002");
    CHECK(home->ask({"get", made}).at("fields").at("reference").at("shown") == "R-77");
    CHECK(home->ask({"find", "sister"}).at("count").get<int>() >= 2);
  }

  // Reviews: the same ones everywhere; a person decides two, each on another device.
  const Outcome listed = amina.run({"review", "list", "--json"});
  CHECK(listed.code == 4);
  const json reviews = listed.answer();
  const auto ids_of = [](const json& all) {
    std::set<std::string> ids;
    for (const auto& review : all.at("reviews")) ids.insert(review.at("id").get<std::string>());
    return ids;
  };
  CHECK(ids_of(reviews).size() == 3);
  for (const Home* home : office.all()) CHECK(ids_of(home->ask({"review", "list"})) == ids_of(reviews));
  const auto review_of = [&](const std::string& record, const std::string& field) -> std::string {
    for (const auto& review : reviews.at("reviews")) {
      if (review.at("record") == record && review.at("field") == field) return review.at("id");
    }
    FAIL("no review of " << field);
    return {};
  };
  const json shown_review = amina.ask({"review", "show", review_of(person, "address")});
  REQUIRE(shown_review.at("values").size() == 3);
  const json& kept = shown_review.at("values").at(1);
  CHECK(
      amina.ask({"review", "resolve", review_of(person, "address"), "--keep", kept.at("dot"), "--reason", "Asked her."})
          .at("resolved") == true);
  CHECK(ben.ask({"review", "resolve", review_of(plan, "goal"), "--set", "Stay until June.", "--reason", "Agreed."})
            .at("resolved") == true);
  office.reconcile_all();

  json digest;
  for (const Home* home : office.all()) {
    INFO(home->name());
    CHECK(values_of(home->ask({"get", person}), "address") == std::multiset<std::string>{kept.at("value")});
    CHECK(values_of(home->ask({"get", plan}), "goal") == std::multiset<std::string>{"Stay until June."});
    // The other values stand in the history, and so does what was imported.
    auto expected = addresses;
    expected.insert(kept.at("value"));
    expected.insert(office.cases.at(0).at("person").at("address"));
    CHECK(writes_of(home->ask({"history", person, "--field", "address"}), "address") == expected);
    const json verified = home->ask({"verify"});
    CHECK(verified.at("ok") == true);
    CHECK(verified.at("pending") == 0);
    CHECK(verified.at("quarantined") == 0);
    const json now = home->ask({"digest"});
    CHECK(now.at("open_reviews") == reviews.at("count").get<int>() - 2);
    if (digest.is_null()) digest = now;
    CHECK(now == digest);
  }

  // That all of it was looked at goes into the log of reads, and those who may read it hear of it.
  for (int round = 0; round < 2; ++round) {
    for (const Home* home : office.all()) CHECK(home->sync().at("pushed").at("envelopes").get<int>() <= 1);
  }

  // Another reconcile has nothing to do.
  for (int round = 0; round < 2; ++round) {
    for (const Home* home : office.all()) {
      const json idle = home->sync();
      CHECK(idle.at("pushed").at("envelopes") == 0);
      CHECK(idle.at("pulled").at("envelopes") == 0);
      CHECK(idle.at("applied_change_sets") == 0);
      CHECK(idle.at("round_trips").get<int>() <= 2);
    }
  }

  // What is exported is the same bytes on every device.
  const std::array exported{office.stage.root() / "export-amina", office.stage.root() / "export-desk"};
  (void)amina.ask({"export", "--out", exported[0]});
  (void)desk.ask({"export", "--out", exported[1]});
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(exported[0])) {
    ++files;
    CHECK(read_file(file.path()) == read_file(exported[1] / file.path().filename()));
  }
  CHECK(files >= 6);
}
