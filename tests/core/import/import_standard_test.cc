#include "core/casework/import_standard.h"

#include <nlohmann/json.hpp>

#include "tests/core/import/import_helpers.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::casework;
using nlohmann::json;

namespace {

const schema::Schema& types() { return schema::current(); }

Imported import(const std::string& text) {
  TextFile file(text);
  return import_standard(types(), file);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// A record as the workload writes it.
json as_workload(const NewRecord& record) {
  json out{{"id", to_text(record.id)}};
  for (const auto& made : record.fields) {
    const auto* field = types().field(record.type, made.field);
    REQUIRE(made.values.size() == 1);
    out[field->name] = standard_value(*field, made.values[0]);
  }
  return out;
}

std::string as_workload(const NewCase& made) {
  json out{{"id", to_text(*made.case_id)}, {"notes", json::array()}};
  for (const auto& record : made.records) {
    const auto& type = types().type(record.type)->name;
    if (type == "person") out["person"] = as_workload(record);
    if (type == "note") out["notes"].push_back(as_workload(record));
    if (type == "risk_assessment") out["risk"] = as_workload(record);
    if (type == "support_plan") out["plan"] = as_workload(record);
  }
  return out.dump();
}

/// The second case of three, changed by the test.
template <class Change>
ImportProblem problem_after(Change change) {
  auto lines = lines_of(support::make_caseload({.cases = 3}).cases);
  auto second = json::parse(lines[1]);
  change(second);
  const auto problem = only_problem(import(lines[0] + "\n" + second.dump() + "\n" + lines[2] + "\n"));
  CHECK(problem.line == 2);
  return problem;
}

}  // namespace

TEST_CASE("every case of the standard workload comes back as it was written") {
  const auto lines = lines_of(support::make_caseload({.cases = 60}).cases);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  const auto cases = all_of(import(text));
  REQUIRE(cases.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(cases[i].records.size() == 14);
    CHECK(as_workload(cases[i]) == lines[i]);
  }
}

TEST_CASE("a case of the workload gets a record of its own, open and with a reference") {
  const auto cases = all_of(import(support::make_caseload({.cases = 2}).cases));
  REQUIRE(cases.size() == 2);
  const auto& own = cases[0].records.front();
  CHECK(types().type(own.type)->name == "case");
  CHECK(own.id == *cases[0].case_id);
  CHECK(values_of(own, "status") == codes({"open"}));
  CHECK(values_of(own, "reference") == texts({"W-B161-6C05"}));
  CHECK(values_of(own, "reference") != values_of(cases[1].records.front(), "reference"));
}

TEST_CASE("every edit of the workload has a field and a value here") {
  const auto edits = lines_of(support::make_caseload({.cases = 400}).edits);
  REQUIRE(edits.size() == 240);
  for (const auto& line : edits) {
    const auto edit = json::parse(line);
    const auto resolved = resolve_standard_edit(types(), edit["table"].get<std::string>(),
                                                edit["field"].get<std::string>(), edit["value"]);
    INFO(line);
    REQUIRE(resolved.has_value());
    CHECK(standard_value(*resolved->field, resolved->value) == edit["value"]);
  }
}

TEST_CASE("risk levels have our codes inside and the workload's outside") {
  const auto level = resolve_standard_edit(types(), "risk", "level", "medium");
  REQUIRE(level.has_value());
  CHECK(level->value == Value(Code{"MEDIUM"}));
  CHECK(resolve_standard_edit(types(), "risk", "level", "low")->value == Value(Code{"STANDARD"}));
  CHECK(standard_value(*level->field, Code{"HIGH"}) == "high");
  CHECK(standard_value(*level->field, Code{"NOT_ASSESSED"}) == "NOT_ASSESSED");
}

TEST_CASE("an edit of what is not there is refused by its kind") {
  CHECK(resolve_standard_edit(types(), "cat", "name", "x").error().code == Errc::unknown_type);
  CHECK(resolve_standard_edit(types(), "person", "shoe_size", "x").error().code == Errc::unknown_field);
  CHECK(resolve_standard_edit(types(), "person", "gender", "x").error().code == Errc::unknown_code);
  CHECK(resolve_standard_edit(types(), "risk", "level", "HIGH").error().code == Errc::unknown_code);
  CHECK(resolve_standard_edit(types(), "person", "dob", "x").error().code == Errc::bad_input);
}

TEST_CASE("a bad line is named by line and field, and nothing is imported") {
  CHECK(problem_after([](json& c) { c.erase("id"); }).field == "id");
  CHECK(problem_after([](json& c) { c["id"] = "42"; }).field == "id");
  CHECK(problem_after([](json& c) { c["id"] = 42; }).field == "id");
  CHECK(problem_after([](json& c) { c["colour"] = "red"; }).field == "colour");
  CHECK(problem_after([](json& c) { c.erase("person"); }).field == "person");
  CHECK(problem_after([](json& c) { c["person"] = json::array(); }).field == "person");
  CHECK(problem_after([](json& c) { c["person"].erase("id"); }).field == "person.id");
  CHECK(problem_after([](json& c) { c["person"]["dob"] = "1984-02-30"; }).field == "person.dob");
  CHECK(problem_after([](json& c) { c["person"]["dob"] = 1984; }).field == "person.dob");
  CHECK(problem_after([](json& c) { c["person"]["gender"] = "Female"; }).field == "person.gender");
  CHECK(problem_after([](json& c) { c["person"]["shoe_size"] = 5; }).field == "person.shoe_size");
  CHECK(problem_after([](json& c) { c["person"]["email"] = nullptr; }).field == "person.email");
  CHECK(problem_after([](json& c) { c["person"]["town"] = std::string("Le\0eds", 6); }).field == "person.town");
  CHECK(problem_after([](json& c) { c["notes"] = "none"; }).field == "notes");
  CHECK(problem_after([](json& c) { c.erase("notes"); }).field == "notes");
  CHECK(problem_after([](json& c) { c["notes"][3]["at"] = "2024-01-01"; }).field == "notes[3].at");
  CHECK(problem_after([](json& c) { c["notes"][3].erase("text"); }).field == "notes[3].text");
  CHECK(problem_after([](json& c) { c["notes"][3] = 7; }).field == "notes[3]");
  CHECK(problem_after([](json& c) { c["risk"]["debt"] = "yes"; }).field == "risk.debt");
  CHECK(problem_after([](json& c) { c["risk"]["score"] = 1.5; }).field == "risk.score");
  CHECK(problem_after([](json& c) { c["risk"]["level"] = "HIGH"; }).field == "risk.level");
  CHECK(problem_after([](json& c) { c["plan"]["status"] = "done"; }).field == "plan.status");
  CHECK(problem_after([](json& c) { c["plan"]["goal"] = std::string(70'000, 'x'); }).field == "plan.goal");
  CHECK(problem_after([](json& c) { c["plan"]["id"] = c["risk"]["id"]; }).field == "plan.id");
  CHECK(problem_after([](json& c) { c = json::array(); }).field.empty());
}

TEST_CASE("a problem says nothing of the value") {
  const auto problem = problem_after([](json& c) { c["person"]["gender"] = "Canary"; });
  CHECK(problem.what.find("Canary") == std::string::npos);
  CHECK(problem.what.find("female") != std::string::npos);
}

TEST_CASE("all problems of a file are told at once") {
  auto lines = lines_of(support::make_caseload({.cases = 3}).cases);
  auto first = json::parse(lines[0]);
  first["person"]["dob"] = "soon";
  first["plan"]["consent"] = "maybe";
  const auto imported = import(first.dump() + "\nnonsense\n" + lines[2] + "\n\xFF\n" + lines[2] + "\n");
  REQUIRE_FALSE(imported.has_value());
  std::vector<std::pair<std::size_t, std::string>> told;
  for (const auto& problem : imported.error()) told.emplace_back(problem.line, problem.field);
  REQUIRE(told.size() == 4 + 14);   // the last line's fourteen ids stand in the third line already
  CHECK(told[0] == std::pair<std::size_t, std::string>{1, "person.dob"});
  CHECK(told[1] == std::pair<std::size_t, std::string>{1, "plan.consent"});
  CHECK(told[2] == std::pair<std::size_t, std::string>{2, ""});
  CHECK(told[3] == std::pair<std::size_t, std::string>{4, ""});
  CHECK(told[4] == std::pair<std::size_t, std::string>{5, "id"});
}

TEST_CASE("an empty file holds no case") {
  CHECK(all_of(import("")).empty());
  CHECK(all_of(import("\n\r\n")).empty());
}

TEST_CASE("a line over 1 MiB and a file that cannot be read are problems") {
  CHECK(only_problem(import(std::string((1 << 20) + 1, ' '))).line == 1);
  TextFile file(support::make_caseload({.cases = 30}).cases);
  file.disk().fail_at(support::FileOperation::read, 1, Errc::io);
  const auto problem = only_problem(import_standard(types(), file));
  CHECK(problem.line == 0);
}

TEST_CASE("a workload cut anywhere or with a byte changed is imported whole or not at all") {
  const auto text = support::make_caseload({.cases = 2}).cases;
  for (std::size_t cut = 1; cut < text.size(); cut += 97) {
    const auto imported = import(text.substr(0, cut));
    if (imported)
      CHECK(imported->size() == static_cast<std::size_t>(std::ranges::count(text.substr(0, cut + 1), '\n')));
  }
  support::FakeRandom random(7);
  for (int i = 0; i < 400; ++i) {
    auto changed = text;
    changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    const auto imported = import(changed);
    if (imported) CHECK(imported->size() == 2);
  }
}

TEST_CASE("noise is refused") {
  support::FakeRandom random(8);
  for (int i = 0; i < 200; ++i) {
    std::string noise(1 + random.below(2000), '\0');
    random.fill({as_uchar(noise), noise.size()});
    if (noise.find_first_not_of("\r\n") == std::string::npos) continue;
    CHECK_FALSE(import(noise).has_value());
  }
}
