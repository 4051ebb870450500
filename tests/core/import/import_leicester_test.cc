#include "core/casework/import_leicester.h"

#include <algorithm>

#include "tests/core/import/import_helpers.h"

using namespace wayside;
using namespace wayside::casework;

namespace {

Imported import(const std::string& text) {
  TextFile file(text);
  return import_leicester(schema::current(), file);
}

std::string table() { return test_data("leicester_services.csv"); }

std::vector<NewRecord> services() {
  const auto made = all_of(import(table()));
  REQUIRE(made.size() == 1);
  CHECK_FALSE(made[0].case_id.has_value());
  return made[0].records;
}

NewRecord service(std::string_view name) {
  const auto all = services();
  const auto found = std::ranges::find(all, leicester_service_id(name), &NewRecord::id);
  REQUIRE(found != all.end());
  return *found;
}

std::string text_of(const NewRecord& record, std::string_view field) {
  const auto values = values_of(record, field);
  REQUIRE(values.size() == 1);
  return std::get<Text>(values[0]).utf8;
}

std::int64_t sum_of(std::string_view field) {
  std::int64_t sum = 0;
  for (const auto& record : services()) {
    for (const auto& value : values_of(record, field)) sum += std::get<std::int64_t>(value);
  }
  return sum;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("Leicester's table has ten services and the sums that the strategy prints") {
  CHECK(services().size() == 10);
  CHECK(sum_of("units") == 94);
  CHECK(sum_of("wheelchair_units") == 18);
  CHECK(sum_of("pets_units") == 13);
}

TEST_CASE("a service of the table has its printed facts as fields") {
  const auto brookes = service("Brookes House");
  CHECK(values_of(brookes, "name") == texts({"Brookes House"}));
  CHECK(values_of(brookes, "provider") == texts({"WALL"}));
  CHECK(values_of(brookes, "kind") == codes({"accommodation"}));
  CHECK(values_of(brookes, "units") == number(19));
  CHECK(values_of(brookes, "largest_family_size") == number(4));
  CHECK(values_of(brookes, "sons_max_age_certain") == number(14));
  CHECK(values_of(brookes, "sons_max_age_possible") == number(16));
  CHECK(values_of(brookes, "nrpf") == codes({"yes"}));
  CHECK(values_of(brookes, "accepts_sex") == codes({"female"}));
  CHECK(values_of(brookes, "pets") == codes({"no"}));
  CHECK(values_of(brookes, "overnight_security") == std::vector<Value>{true});
  CHECK(values_of(brookes, "quality_standards") == codes({"WAFE", "SAFELIVES"}));
  CHECK(values_of(brookes, "specialism").empty());
}

TEST_CASE("cells that can be read in more than one way keep their printed words") {
  CHECK(text_of(service("Brookes House"), "printed_words").ends_with("\nboys_limit as printed: 14-16"));
  CHECK(text_of(service("Leicester Refuge"), "printed_words").ends_with("\nnrpf as printed: No blanket policy"));
  const auto dispersed = service("Dispersed");
  CHECK(text_of(dispersed, "printed_words")
            .ends_with("nrpf as printed: No blanket policy\npets as printed: Yes (2 units)"));
  CHECK(values_of(dispersed, "pets") == codes({"some"}));
  CHECK(values_of(dispersed, "pets_units") == number(2));
  CHECK(values_of(dispersed, "accepts_sex") == codes({"any"}));
  CHECK(values_of(dispersed, "sons_max_age_certain") == number(99));
  CHECK(values_of(service("Second Stage"), "pets") == codes({"yes"}));
}

TEST_CASE("the one entry that is no accommodation is target hardening and claims no room") {
  const auto locks = service("247 Locks");
  CHECK(values_of(locks, "kind") == codes({"sanctuary"}));
  for (const auto* field : {"units", "nrpf", "pets", "accepts_sex", "provider"}) CHECK(values_of(locks, field).empty());
}

TEST_CASE("what scanning spoiled is mended") {
  auto text = replaced(table(), "LCC/DLUHC,BME,", "LCC/DLUHC,\xD0\x92\xD0\x9C\xD0\x95,");
  text = replaced(text, ",yes,Imkaan,", ",yes,lmkaan,");
  const auto made = all_of(import(text));
  const auto respite = std::ranges::find(made[0].records, leicester_service_id("Respite Rooms"), &NewRecord::id);
  REQUIRE(respite != made[0].records.end());
  CHECK(values_of(*respite, "specialism") == texts({"BME"}));
  CHECK(values_of(*respite, "quality_standards") == codes({"IMKAAN"}));
}

TEST_CASE("two devices that import the table make the same records") {
  const auto one = services();
  const auto two = services();
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].id == two[i].id);
  CHECK(to_text(leicester_service_id("Brookes House")) == "8f59803c-6c9b-8828-8ab4-e24cadf5c636");
  CHECK(leicester_service_id("Brookes House") != leicester_service_id("Brookes house"));
}

TEST_CASE("a bad cell of the table is named by line and column") {
  const auto problem = [](std::string_view from, std::string_view to) {
    return only_problem(import(replaced(table(), from, to)));
  };
  const auto units = problem("yes,19,", "yes,many,");
  CHECK(units.line == 2);
  CHECK(units.field == "units");
  CHECK(problem("yes,19,", "yes,-1,").field == "units");
  CHECK(problem(",14-16,14,", ",14-16,fourteen,").field == "boys_limit_certain");
  CHECK(problem("yes,19,", "perhaps,19,").field == "is_accommodation");
  CHECK(problem(",Yes,yes,no,No,no,0,yes,", ",Yes,if asked,no,No,no,0,yes,").field == "nrpf_norm");
  CHECK(problem(",Yes,yes,no,No,no,0,yes,", ",Yes,yes,some,No,no,0,yes,").field == "male_victims");
  CHECK(problem(",Yes,yes,no,No,no,0,yes,", ",Yes,yes,no,No,perhaps,0,yes,").field == "pets_norm");
  CHECK(problem("WAFE & SafeLives high/medium risk services", "WAFE & Michelin").field == "quality_standards");
  CHECK(problem("WAFE & SafeLives high/medium risk services", "WAFE &").field == "quality_standards");
  CHECK(problem("Juno House,", ",").field == "service_name");
  CHECK(problem("Juno House,", "Leicester Refuge,").line == 4);
  CHECK(problem("Brookes House,WALL,", "Brookes House,").line == 2);
}

TEST_CASE("a table with other columns is refused by their names") {
  CHECK(only_problem(import(replaced(table(), "overnight_security,", "overnight_security,phone,"))).field == "phone");
  const auto renamed = import(replaced(table(), "units,", "rooms,"));
  REQUIRE_FALSE(renamed.has_value());
  REQUIRE(renamed.error().size() == 2);
  CHECK(renamed.error()[0].field == "units");
  CHECK(renamed.error()[1].field == "rooms");
  CHECK(only_problem(import("")).what.starts_with("is empty"));
}

TEST_CASE("a table that is broken, cut or not UTF-8 is refused whole") {
  CHECK(only_problem(import(replaced(table(), "Juno House", "Juno\xFFHouse"))).line == 4);
  CHECK(only_problem(import(replaced(table(), "Juno House", "\"Juno House"))).line > 4);
  CHECK(only_problem(import(table() + "\"open")).line == 12);
  const auto text = table();
  for (std::size_t cut = 1; cut < text.size(); cut += 13) {
    const auto imported = import(text.substr(0, cut));
    if (imported && !imported->empty()) CHECK((*imported)[0].records.size() <= 10);
  }
  support::FakeRandom random(9);
  for (int i = 0; i < 300; ++i) {
    auto changed = text;
    changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    const auto imported = import(changed);
    if (imported) CHECK((*imported)[0].records.size() <= 11);
  }
}
