#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include "core/casework/import_leicester.h"
#include "core/casework/import_standard.h"
#include "tests/support/caseload.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using casework::NewCase;
using casework::NewRecord;

namespace {

RecordId id_of(char name) {
  RecordId id;
  id.bytes.fill(name);
  return id;
}

NewRecord person(char name, std::string forename, std::size_t line = 0) {
  return {id_of(name), type_named("person").id, {{field_named("person", "forename").id, {Text{std::move(forename)}}}}, line};
}

NewRecord case_record(char name, std::size_t line = 0) {
  return {id_of(name), type_named("case").id,
          {{field_named("case", "reference").id, {Text{"W"}}}, {field_named("case", "status").id, {Code{"open"}}}}, line};
}

NewCase whole(char name, std::vector<NewRecord> records) { return {id_of(name), std::move(records)}; }

struct Desk {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  casework::ImportOutcome import(const std::vector<NewCase>& cases) {
    return need(casework::import_all(*amina, cases, std::nullopt, {}));
  }
};

}  // namespace

TEST_CASE("an import is all there, in one transaction, and a second time nothing of it is new") {
  Desk desk;
  const std::vector<NewCase> cases{whole('a', {case_record('a'), person('p', "Zoe")}), whole('b', {case_record('b'), person('q', "Ada")})};
  const auto syncs = desk.amina.world->files.counts().syncs;
  std::size_t steps = 0;
  const auto outcome = need(casework::import_all(*desk.amina, cases, std::nullopt, [&](std::size_t done, std::size_t total) {
    CHECK(done == ++steps);
    CHECK(total == 2);
  }));
  CHECK(desk.amina.world->files.counts().syncs - syncs <= 2);   // the first also makes the log
  CHECK(outcome.cases == 2);
  CHECK(outcome.records == 4);
  CHECK(outcome.ids == std::vector<RecordId>{id_of('a'), id_of('p'), id_of('b'), id_of('q')});
  CHECK(outcome.problems.empty());
  const auto envelopes = desk.amina->envelopes();
  CHECK(envelopes == 2);
  const auto again = desk.import(cases);
  CHECK(again.skipped == 4);
  CHECK(again.records == 0);
  CHECK(desk.amina->envelopes() == envelopes);
  CHECK(faults(desk.amina).empty());
}

TEST_CASE("one record that exists and differs keeps everything out, and each is named by its line") {
  Desk desk;
  desk.import({whole('a', {case_record('a', 1), person('p', "Zoe", 1)})});
  const auto before = digest(desk.amina);
  const auto time = desk.amina->clock().latest();
  const auto outcome = desk.import({whole('b', {case_record('b', 3), person('q', "Ada", 3)}),
                                    whole('a', {case_record('a', 8), person('p', "Another", 8)}),
                                    whole('c', {case_record('c', 9)})});
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].line == 8);
  CHECK(outcome.problems[0].field == "person.id");
  CHECK(outcome.ids.empty());
  CHECK(outcome.records == 0);
  CHECK(digest(desk.amina) == before);
  CHECK(desk.amina->clock().latest() == time);
  CHECK(desk.import({whole('b', {case_record('b'), person('q', "Ada")})}).records == 2);
  CHECK(faults(desk.amina).empty());
}

TEST_CASE("new records join a case that is there, and a case that is nowhere is a problem") {
  Desk desk;
  desk.import({whole('a', {case_record('a')})});
  CHECK(desk.import({whole('a', {person('p', "Zoe")})}).records == 1);
  CHECK(need(casework::records_of_case(*desk.amina, id_of('a'))).size() == 2);
  const auto outcome = desk.import({whole('x', {person('q', "Ada", 4)})});
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].line == 4);
}

TEST_CASE("empty text and an item given twice are the same when they come again") {
  Desk desk;
  NewRecord record = person('p', "Zoe");
  record.fields.push_back({field_named("person", "town").id, {Text{""}}});
  record.fields.push_back({field_named("person", "language").id, {Code{"Gujarati"}, Code{"Gujarati"}}});
  const std::vector<NewCase> cases{whole('a', {case_record('a'), record})};
  CHECK(desk.import(cases).records == 2);
  CHECK(values(desk.amina, id_of('p'), "language").size() == 1);
  CHECK(desk.import(cases).skipped == 2);
}

TEST_CASE("an unknown type, an unknown field, or a value that does not fit is a problem, not a record") {
  Desk desk;
  NewRecord unknown_type = person('p', "x", 2);
  unknown_type.type = 900;
  NewRecord unknown_field = person('q', "x", 3);
  unknown_field.fields.push_back({900, {Text{"x"}}});
  NewRecord unfit = person('r', "x", 4);
  unfit.fields.push_back({field_named("person", "gender").id, {Code{"nonsense"}}});
  const auto outcome = desk.import({whole('a', {case_record('a', 1), unknown_type, unknown_field, unfit})});
  REQUIRE(outcome.problems.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(outcome.problems[i].line == i + 2);
  CHECK(need(casework::standing(*desk.amina)).records == 0);
}

TEST_CASE("a line that would make a save over 1 MiB is named, and nothing is imported") {
  Desk desk;
  std::vector<NewRecord> records{case_record('a', 7)};
  for (char name = 'b'; name < 'e'; ++name) {
    records.push_back({id_of(name), type_named("note").id,
                       {{field_named("note", "at").id, {Instant{1}}},
                        {field_named("note", "kind").id, {Code{"office"}}},
                        {field_named("note", "text").id, {Text{std::string(500'000, 'x')}}}}, 7});
  }
  const auto outcome = desk.import({whole('z', {case_record('z', 6)}), whole('a', records)});
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].line == 7);
  CHECK(need(casework::standing(*desk.amina)).records == 0);
  CHECK(desk.import({whole('z', {case_record('z', 6)})}).records == 1);
}

TEST_CASE("power lost at any operation of an import leaves all of it or nothing, and it can be run again") {
  const std::vector<NewCase> cases{whole('a', {case_record('a'), person('p', "Zoe")}), whole('b', {case_record('b')})};
  for (std::uint64_t n = 0;; ++n) {
    Desk desk;
    const auto before = desk.amina.world->files.counts().operations;
    desk.amina.world->files.power_off_at(n);
    const auto outcome = casework::import_all(*desk.amina, cases, std::nullopt, {});
    const bool reached = desk.amina.world->files.counts().operations > before + n;
    desk.amina.world->files.crash(n);
    desk.fleet.reopen(desk.amina);
    INFO("operation " << n);
    const auto records = need(casework::standing(*desk.amina)).records;
    if (outcome) CHECK(records == 3);
    else CHECK((records == 0 || records == 3));
    const auto again = desk.import(cases);
    CHECK(again.records + again.skipped == 3);
    if (!reached) break;
  }
}

TEST_CASE("the standard workload is imported, and skipped when it comes again") {
  Desk desk;
  const std::string lines = make_caseload({.cases = 20}).cases;
  FakeFiles& files = desk.amina.world->files;
  need(files.make_folders("/in"));
  {
    auto file = need(files.open("/in/cases.ndjson", platform::OpenMode::create));
    need(file->write_at(0, "\n" + lines));
  }
  const auto read = [&] {
    auto file = need(files.open("/in/cases.ndjson", platform::OpenMode::read));
    auto cases = casework::import_standard(schema::current(), *file);
    REQUIRE(cases);
    return *std::move(cases);
  };
  const auto cases = read();
  CHECK(cases.at(0).records.at(0).line == 2);   // the first line is empty
  const auto outcome = desk.import(cases);
  CHECK(outcome.problems.empty());
  CHECK(outcome.cases == 20);
  const auto again = desk.import(read());
  CHECK(again.problems.empty());
  CHECK(again.skipped == outcome.records);
  CHECK(faults(desk.amina).empty());
}
