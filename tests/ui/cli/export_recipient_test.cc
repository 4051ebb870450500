#include <fstream>
#include <iterator>
#include <random>

#include "core/schema/csv.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Office : Home {
  Office() {
    solo();
    homes = organisation({"name=Harbour Homes", "kind=housing_association"});
    legal = organisation({"name=Orchard Legal", "kind=legal"});
  }
  std::string organisation(const Words& fields) {
    Words words{"put", "organisation", "--set"};
    words.insert(words.end(), fields.begin(), fields.end());
    return ask(words).at("ids").at(0);
  }
  std::string family(const std::string& reference, const Words& perpetrator) {
    const std::string id = new_case(reference);
    put("person", id, {"forename=Priya", "address=4 Priory Close"});
    if (!perpetrator.empty()) put("perpetrator", id, perpetrator);
    return id;
  }
  Outcome to(const std::string& recipient, Words more = {}) {
    fs::remove_all(path("out"));
    more.insert(more.begin(), {"export", "--out", path("out").string(), "--recipient", recipient});
    return run(more);
  }
  /// Exit 1, the case, the link and that nothing was written, which is so.
  void refuses(const Outcome& outcome, const std::string& reference, std::string_view link) {
    INFO(outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.contains("Case " + reference + " ("));
    CHECK(outcome.err.contains(link));
    CHECK(outcome.err.contains("Nothing was written"));
    CHECK_FALSE(fs::exists(path("out")));
    CHECK_FALSE(fs::exists(path(".out.part")));
  }
  std::string homes, legal;
};

}  // namespace

TEST_CASE("nothing goes to an organisation where the person who causes harm works; to another one it does") {
  Office office;
  office.family("C-1", {"forename=Karl", "surname=Reed", "employers=Harbour Homes Ltd"});
  const std::string other = office.family("C-2", {"forename=Tom", "surname=Hill"});
  const auto refused = office.to(office.homes);
  office.refuses(refused, "C-1", "Harbour Homes: The person who causes harm works there.");
  CHECK_FALSE(refused.err.contains("C-2"));
  CHECK_FALSE(refused.err.contains("Karl"));
  CHECK(office.to(office.legal).code == 0);
  CHECK(office.to(office.homes, {"--case", other}).code == 0);
  CHECK_FALSE(text_of(office.path("out") / "person.ndjson").contains("Priory"));
  CHECK_FALSE(fs::exists(office.path("out") / "organisation.ndjson"));   // the directory is ours
}

TEST_CASE("a name, a tenancy, and somebody who is a person in the case link too") {
  Office office;
  const std::string reed = office.organisation({"name=Reed Lettings", "kind=private_landlord"});
  const std::string id = office.family("C-1", {"forename=Karl", "surname=Reed"});
  office.refuses(office.to(reed), "C-1", "carries the name");
  office.put("household", id, {"tenure=PRS", "tenure_holder=JOINT_PERP", "landlord_organisation=" + office.homes});
  office.refuses(office.to(office.homes), "C-1", "holds a tenancy with it");

  const std::string second = office.family("C-2", {});
  const std::string he = office.put("person", second, {"forename=Ned", "surname=Orchard", "also_known_as=Orchard Legal"});
  const std::string she = office.put("person", second, {"forename=Ada"});
  CHECK(office.to(office.legal, {"--case", second}).code == 0);
  office.put("relationship", second, {"person_a=" + she, "person_b=" + he, "connection=1", "role_b=harmer"});
  office.refuses(office.to(office.legal, {"--case", second}), "C-2", "carries the name");
}

TEST_CASE("what she refused is not sent, whoever has it on the list of recipients") {
  Office office;
  const std::string id = office.family("C-1", {});
  const std::string she = office.put("person", id, {"forename=Ada"});
  CHECK(office.to(office.legal).code == 0);
  office.put("consent", id, {"person=" + she, "recipient=orchard legal", "purpose=Housing", "decision=REFUSED", "basis=CONSENT", "asked_on=2026-06-01"});
  office.refuses(office.to(office.legal), "C-1", "refused or withdrew consent");
}

TEST_CASE("the landlord of each case is asked for by one word, and nobody goes unnamed") {
  Office office;
  const std::string id = office.family("C-1", {"forename=Karl", "surname=Reed", "employers=Harbour Homes"});
  office.refuses(office.to("landlord"), "C-1", "Nobody has named the landlord");
  const std::string home = office.put("household", id, {"tenure=PRS", "landlord_organisation=" + office.homes});
  office.refuses(office.to("landlord"), "C-1", "works there");
  office.ask({"edit", home, "--set", "landlord_organisation=" + office.legal});
  CHECK(office.to("landlord").code == 0);
}

TEST_CASE("a recipient is an organisation that is there") {
  Office office;
  const std::string id = office.family("C-1", {});
  CHECK(office.to("Harbour Homes").code == 2);
  CHECK(office.to(id).code == 2);
  CHECK(office.to("0192f0c0-0000-7000-8000-000000000000").code == 1);
  CHECK_FALSE(fs::exists(office.path("out")));
}

TEST_CASE("a recipient gets what counts now: nothing put away, nothing older, nothing that leaves as counts alone") {
  Office office;
  const std::string id = office.family("C-1", {});
  const std::string note = office.put("note", id, {"at=2026-06-10T16:20:00Z", "kind=home visit", "text=First words"});
  office.ask({"edit", note, "--set", "text=Second words"});
  office.ask({"archive", office.put("person", id, {"forename=Twice"}), "--reason", "entered twice"});
  office.put("equality", id, {"person=" + office.put("person", id, {"forename=Ada"}), "completed_by=SELF"});
  const auto sent = office.to(office.legal);
  REQUIRE(sent.code == 0);
  CHECK(text_of(office.path("out") / "note.ndjson").contains("Second"));
  for (const auto* file : {"others.ndjson", "person.archived.ndjson", "equality.ndjson"}) CHECK_FALSE(fs::exists(office.path("out") / file));
  CHECK(sent.err.contains("equality"));
}

TEST_CASE("over many random cases, no export to a linked recipient exists, and an address stands in none that does") {
  constexpr std::string_view kCanary = "4 Canary Mansions";
  Office office;
  std::mt19937 random(20261122);
  const auto chance = [&](int of) { return std::uniform_int_distribution<int>(0, of - 1)(random) == 0; };
  const std::vector<std::string> firms{"Harbour Homes", "Orchard Legal", "Elm Street Surgery", "Northfield Council", "Ash & Oak Lettings"};
  std::vector<std::string> ids;
  for (const auto& firm : firms) ids.push_back(office.organisation({"name=" + firm, "kind=other"}));

  std::vector<std::pair<std::string, std::size_t>> cases;   // and the firm that he works for
  std::string script;
  for (int i = 0; i < 60; ++i) {
    const std::string id = office.new_case("R-" + std::to_string(i));
    const std::size_t firm = std::uniform_int_distribution<std::size_t>(0, firms.size() - 1)(random);
    const auto put = [&](const std::string& type, const std::string& fields) { script += "put " + type + " --case " + id + " --set " + fields + "\n"; };
    const std::string address = "\"address=" + std::string(kCanary) + "\"";
    put("person", "forename=P" + std::to_string(i) + " " + address + " \"previous_addresses=" + std::string(kCanary) + "\"");
    if (chance(2)) put("child", "forename=Rowan relation_to_survivor=BIRTH relation_to_harmer=BIRTH");
    if (chance(2)) put("managed_move", "kind=RECIPROCAL \"areas_wanted=" + std::string(kCanary) + "\"");
    std::string work = firms[firm];
    if (chance(3)) work = "the " + work + " Ltd";
    if (chance(3)) std::ranges::transform(work, work.begin(), [](unsigned char c) { return std::toupper(c); });
    const bool linked = chance(2);
    put("perpetrator", "forename=Karl surname=Reed " + address + (linked ? " \"employers=" + work + "\"" : ""));
    cases.emplace_back(id, linked ? firm : firms.size());
  }
  const auto filled = office.run({"batch", "-", "--keep-going"}, script);
  INFO(filled.err.substr(0, 500));
  CHECK(fs::exists(office.home()));

  std::size_t refused = 0, written = 0;
  for (const auto& [id, firm] : cases) {
    for (std::size_t to = 0; to < firms.size(); to += 1 + static_cast<std::size_t>(chance(2))) {
      Words more{"--case", id, "--format", chance(2) ? "csv" : "both"};
      if (chance(4)) more.insert(more.end(), {"--fields", "person.phone"});
      const auto outcome = office.to(ids[to], more);
      INFO(outcome.err);
      if (to == firm) {
        CHECK(outcome.code == 1);
        CHECK_FALSE(fs::exists(office.path("out")));
        ++refused;
        continue;
      }
      REQUIRE(outcome.code == 0);
      for (const auto& file : fs::directory_iterator(office.path("out"))) CHECK_FALSE(text_of(file.path()).contains(kCanary));
      ++written;
    }
  }
  CHECK(refused > 10);
  CHECK(written > 100);
}

TEST_CASE("a CSV export says what its columns are: kind, unit or codes with their source, sensitivity and policy") {
  Office office;
  const std::string id = office.family("C-1", {});
  office.put("stay", id, {"place_type=REFUGE", "start=2026-01-02"});
  office.put("person", id, {"forename==HYPERLINK(\"x\")", "surname=O\"Connor, junior", "language=English", "language=BSL"});
  const json exported = office.ask({"export", "--out", office.path("out").string(), "--case", id, "--format", "csv"});
  CHECK(exported.at("files") == json{"case.csv", "codes.csv", "dictionary.csv", "person.csv", "stay.csv"});
  const auto dictionary = schema::parse_csv(text_of(office.path("out") / "dictionary.csv"));
  REQUIRE(dictionary);
  const auto& heads = dictionary->front().cells;
  const auto column = [&](const schema::CsvRow& row, const std::string& head) {
    return row.cells.at(static_cast<std::size_t>(std::ranges::find(heads, head) - heads.begin()));
  };
  bool address = false, place_type = false;
  for (const auto& row : *dictionary) {
    if (column(row, "type") == "person" && column(row, "field") == "address") {
      address = true;
      CHECK(column(row, "sensitivity") == "S3");
      CHECK(column(row, "policy") == "review");
      CHECK(column(row, "kind") == "text");
      CHECK(column(row, "label") == "Address");
      CHECK(column(row, "exported") == "no");
    }
    if (column(row, "type") == "stay" && column(row, "field") == "place_type") {
      place_type = true;
      CHECK(column(row, "code_list") == "place_type");
      CHECK(column(row, "exported") == "yes");
    }
  }
  CHECK(address);
  CHECK(place_type);
  const auto codes = schema::parse_csv(text_of(office.path("out") / "codes.csv"));
  REQUIRE(codes);
  CHECK(codes->front().cells == std::vector<std::string>{"code_list", "code", "label", "rank", "source"});
  CHECK(std::ranges::any_of(*codes, [](const auto& row) { return row.cells[0] == "place_type" && row.cells[1] == "REFUGE" && !row.cells[4].empty(); }));

  // What a spreadsheet would run is text, and comes in again as it was.
  const std::string people = text_of(office.path("out") / "person.csv");
  CHECK(people.contains("'=HYPERLINK"));
  CHECK_FALSE(people.contains("address"));
  Home other;
  other.solo();
  other.ask({"import", (office.path("out") / "case.csv").string()});
  CHECK(other.ask({"import", (office.path("out") / "person.csv").string()}).at("records") == 2);
  CHECK(other.ask({"list", "person", "--where", "forename==HYPERLINK(\"x\")"}).at("count") == 1);
  CHECK(other.ask({"list", "person", "--where", "language=BSL"}).at("count") == 1);
}

TEST_CASE("an export that cannot be written whole leaves nothing") {
  Office office;
  office.family("C-1", {});
  office.write("file", "in the way");
  CHECK(office.run({"export", "--out", (office.path("file") / "out").string()}).code == 1);
  CHECK(office.run({"export", "--out", office.path("file").string()}).code == 1);
  CHECK(text_of(office.path("file")) == "in the way");
  fs::create_directories(office.path("empty"));
  CHECK(office.run({"export", "--out", office.path("empty").string() + "/"}).code == 0);
  CHECK(fs::exists(office.path("empty") / "person.ndjson"));
  CHECK_FALSE(fs::exists(office.path(".empty.part")));
  for (const auto& file : fs::directory_iterator(office.path("empty"))) {
    CHECK((file.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  }
  fs::create_directories(office.path(".later.part"));   // of an export that was killed
  office.write(".later.part/person.ndjson", "half");
  CHECK(office.run({"export", "--out", office.path("later").string()}).code == 0);
  CHECK(text_of(office.path("later") / "person.ndjson").contains("Priya"));
}

TEST_CASE("a dry run says by line and field what an import would do, and does nothing") {
  Office office;
  const std::string id = office.new_case();
  const std::string there = office.put("person", id, {"forename=Ada"});
  const json before = office.ask({"digest"});
  const auto rows = office.write("person.csv", "id,case,forename,surname\n" + there + "," + id + ",Ada,\n," + id + ",Priya,Shah\n");
  const json trial = office.ask({"import", rows, "--dry-run"});
  CHECK(trial.at("dry_run") == true);
  CHECK(trial.at("records") == 1);
  CHECK(trial.at("skipped") == 1);
  REQUIRE(trial.at("lines").size() == 2);
  CHECK(trial["lines"][0] == json{{"line", 2}, {"type", "person"}, {"case", id}, {"does", "skip"}, {"fields", {"forename"}}});
  CHECK(trial["lines"][1] == json{{"line", 3}, {"type", "person"}, {"case", id}, {"does", "make"}, {"fields", {"forename", "surname"}}});
  CHECK(office.run({"import", rows, "--dry-run"}).out.contains("line 3: would make a person with forename surname"));
  CHECK(office.ask({"digest"}) == before);

  const auto bad = office.run({"import", office.write("bad.ndjson", "{\"case\":\"" + id + "\",\"dob\":\"2026-02-30\"}\n"), "--type", "person", "--dry-run", "--json"});
  CHECK(bad.code == 6);
  CHECK(bad.answer().at("problems")[0].at("line") == 1);
  CHECK(bad.answer().at("problems")[0].at("field") == "dob");
  CHECK(office.ask({"import", WAYSIDE_TEST_DATA "/leicester_services.csv", "--map", "leicester", "--dry-run"}).at("records") == 10);
  CHECK(office.ask({"digest"}) == before);

  // The vault goes on as if nothing had been tried, also in one session.
  const auto both = office.run({"batch", "-", "--json"}, "import '" + rows + "' --dry-run\nimport '" + rows + "'\nverify\n");
  CHECK(both.code == 0);
  CHECK(both.answers().at(1).at("records") == 1);
  CHECK(both.answers().at(2).at("ok") == true);
}

TEST_CASE("a map that does not fit is named with its line") {
  Office office;
  const std::string id = office.new_case();
  const auto rows = office.write("rows.csv", "case,First name\n" + id + ",Ada\n");
  const auto refused = [&](const std::string& map, std::string_view says) {
    const auto outcome = office.run({"import", rows, "--type", "person", "--map", office.write("map.toml", map)});
    INFO(outcome.err);
    CHECK(outcome.code == 6);
    CHECK(outcome.err.contains("map.toml: line"));
    CHECK(outcome.err.contains(says));
  };
  refused("[columns]\n\"First name\" = \"shoe\"\n", "line 2, column First name: is mapped to shoe, which is no field of person");
  refused("[columns]\n\"First name\" = 7\n", "line 2: a column is mapped to the name of a field");
  refused("\n[columns\n", "line 2: is broken TOML");
  refused("[rows]\n", "line 1: a map has one table");
}
