#include <algorithm>

#include "core/schema/csv.h"
#include "tests/core/casework/rules/matching_helpers.h"

using namespace wayside;
using namespace wayside::casework;
using namespace wayside::casework::rules;

namespace {

std::vector<std::string> split(const std::string& text, std::string_view by) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(by, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + by.size();
  }
  return out;
}

/// "woman, son 15 (household 2)", "woman alone, NRPF, dog": the words of the scenarios.
Household household_of(const std::string& words) {
  Household out;
  const auto has = [&](std::string_view word) { return words.find(word) != std::string::npos; };
  out.adults = {has("woman") ? woman() : man()};
  if (const auto at = words.find("son "); at != std::string::npos)
    out.children = {son(std::stoi(words.substr(at + 4)))};
  if (has("dog")) out.pets = {{"dog", 1}};
  out.nrpf = has("NRPF");
  out.wheelchair = has("wheelchair");
  return out;
}

struct Table {
  std::map<std::string, std::size_t> column;
  std::vector<schema::CsvRow> rows;
  std::string cell(std::size_t row, const std::string& head) const { return rows[row].cells[column.at(head)]; }
};

Table read(const std::string& name) {
  Table out;
  auto rows = schema::parse_csv(test_data(name));
  REQUIRE(rows.has_value());
  for (std::size_t i = 0; i < rows->front().cells.size(); ++i) out.column[rows->front().cells[i]] = i;
  out.rows.assign(rows->begin() + 1, rows->end());
  return out;
}

/// What Leicester's row says of a household, read straight from the table's own cells.
Answer printed_answer(const Table& table, std::size_t row, const Household& household) {
  const auto cell = [&](const std::string& head) { return table.cell(row, head); };
  const auto number = [&](const std::string& head) { return cell(head) == "none" ? 1000 : std::stoi(cell(head)); };
  auto answer = Answer::yes;
  const auto at_most = [&](Answer limit) { answer = std::min(answer, limit); };
  for (const auto& adult : household.adults) {
    if (adult.sex == Sex::male && cell("male_victims") == "no") at_most(Answer::no);
  }
  for (const auto& child : household.children) {
    if (child.sex != Sex::male) continue;
    if (*child.age > number("boys_limit_possible")) at_most(Answer::no);
    else if (*child.age > number("boys_limit_certain")) at_most(Answer::ask);
  }
  if (static_cast<int>(household.adults.size() + household.children.size()) > number("largest_family_size"))
    at_most(Answer::no);
  if (!household.pets.empty() && cell("pets_norm") == "no") at_most(Answer::no);
  if (!household.pets.empty() && number("pets_units_max") < number("units")) at_most(Answer::ask);
  if (household.nrpf && cell("nrpf_norm") == "case_by_case") at_most(Answer::ask);
  if (household.wheelchair && number("wheelchair_units") == 0) at_most(Answer::no);
  if (household.overnight_security && cell("overnight_security") == "no") at_most(Answer::no);
  return answer;
}

}  // namespace

TEST_CASE("every household of the scenarios gets the printed answer from every service of Leicester's table") {
  const auto scenarios = read("domain/match_scenarios.csv");
  REQUIRE(scenarios.rows.size() == 6);
  for (std::size_t row = 0; row < scenarios.rows.size(); ++row) {
    const auto words = scenarios.cell(row, "household");
    std::map<std::string, std::string> got;
    for (const auto& match : match_all(household_of(words), leicester(), {}, 0))
      got[match.name] = name_of(match.answer);
    CHECK(got.size() == 10);
    std::size_t named = 0;
    for (const auto* answer : {"yes", "ask", "no"}) {
      for (const auto& name : split(scenarios.cell(row, answer), "; ")) {
        INFO(scenarios.cell(row, "id") << " " << words << ": " << name);
        CHECK(got[name] == answer);
        ++named;
      }
    }
    CHECK(named == 9);
  }
}

TEST_CASE("every combination of the table's columns gets what the table's own cells say") {
  const auto table = read("leicester_services.csv");
  const auto services = leicester();
  std::size_t compared = 0;
  std::vector<std::vector<Member>> children{{}};
  for (int sons = 0; sons <= 4; ++sons) {
    for (int daughters = 0; daughters + sons <= 5; ++daughters) {
      for (int age = 8; age <= 18; age += sons ? 1 : 20) {
        std::vector<Member> all(static_cast<std::size_t>(daughters), daughter(7));
        all.insert(all.end(), static_cast<std::size_t>(sons), son(age));
        children.push_back(std::move(all));
      }
    }
  }
  for (const auto& adults :
       std::vector<std::vector<Member>>{{woman()}, {man()}, {woman(), woman(60)}, {woman(), man(20)}}) {
    for (const auto& each : children) {
      for (unsigned needs = 0; needs < 16; ++needs) {
        Household household;
        household.adults = adults;
        household.children = each;
        if (needs & 1) household.pets = {{"cat", 2}};
        household.nrpf = needs & 2;
        household.wheelchair = needs & 4;
        household.overnight_security = needs & 8;
        for (std::size_t row = 0; row < services.size(); ++row) {
          if (table.cell(row, "is_accommodation") == "no") continue;
          ++compared;
          if (answer(household, services[row]) != printed_answer(table, row, household)) {
            INFO(services[row].name << ": " << why(match_one(household, services[row])));
            FAIL("another answer than the table's");
          }
        }
      }
    }
  }
  CHECK(compared > 80'000);
}

TEST_CASE("an ambiguous cell is answered with ask, and its printed words are shown") {
  const auto services = leicester();
  const auto named = [&](std::string_view name) { return *std::ranges::find(services, name, &Service::name); };
  auto household = woman_alone();
  household.children = {son(15)};
  CHECK(says(match_one(household, named("Brookes House")), "printed: 14-16"));
  CHECK(says(match_one(household, named("Refuge (Panahghar)")), "14 (shared), 16 (self-contained)"));
  household.nrpf = true;
  household.pets = {{"dog", 1}};
  const auto dispersed = match_one(household, named("Dispersed"));
  CHECK(dispersed.answer == Answer::ask);
  CHECK(says(dispersed, "2 of 3"));
  CHECK(says(dispersed, "No blanket policy"));
}

TEST_CASE(
    "a specialism is a welcome: services for Black and minoritised women stay open when ethnicity is not stated") {
  for (const auto& match : match_all(woman_alone(), leicester(), {}, 0)) CHECK(match.answer == Answer::yes);
}
