#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <map>

#include "core/casework/import_standard.h"
#include "tests/support/caseload.h"
#include "tests/ui/app/clerk_desk.h"

namespace wayside::app::tests {
namespace {

std::vector<std::string> names(const pb::Caseload& caseload) {
  std::vector<std::string> out;
  for (const auto& row : caseload.rows()) out.push_back(row.name());
  return out;
}

/// Five cases; the clock of tests stands on 15 June 2025.
struct Five : AtWork {
  Five() {
    add("Ola", "Leicester", "STANDARD", "2025-07-01");
    add("Zadie", "Oadby", "HIGH", "2025-08-01");
    add("Ada", "Wigston", "HIGH", "");
    add("Mia", "Melton", "MEDIUM", "2025-06-14");
    const RecordId closed = add("Bea", "Blaby", "HIGH", "2025-06-01");
    close(closed);
    start();
  }
  /// With everything that closing needs.
  void close(const RecordId& id) {
    const std::map<std::string_view, support::Fields> needed{
        {"case", {{"referral_source", Code{"POLICE"}}, {"area_of_origin", Text{"Blaby"}}, {"abuse_types", Code{"CONTROLLING"}},
                  {"forms_asked", true}, {"closed_reason", Text{"Safe"}}}},
        {"person", {{"dob", Date{"1990-01-01"}}, {"safe_contact", Code{"OK"}}, {"confidential_address", false}}},
        {"risk_assessment", {{"questionnaire", Text{"own"}}, {"questionnaire_version", Text{"1"}}, {"completion", Code{"full"}},
                             {"next_review", Date{"2026-01-01"}}, {"signed_at", Instant{1'700'000'000'000}}}}};
    for (const auto& record : support::need(casework::records_of_case(*amina, id))) {
      if (!needed.contains(record.type->name)) continue;
      for (const auto& [field, value] : needed.at(record.type->name)) support::edit(amina, record.row.id, field, value);
    }
    support::edit(amina, id, "status", Code{"closed"});
  }
  RecordId add(const std::string& name, const std::string& town, const std::string& risk, const std::string& review) {
    const RecordId id = support::put(amina, std::nullopt, "case",
                                     {{"reference", Text{"C-" + std::to_string(++count)}}, {"status", Code{"open"}}});
    support::put(amina, id, "person", {{"forename", Text{name}}, {"town", Text{town}}});
    support::put(amina, id, "risk_assessment", {{"level", Code{risk}}});
    if (!review.empty())
      support::put(amina, id, "support_plan", {{"goal", Text{"A place of her own"}}, {"review_date", Date{review}}});
    return id;
  }
  int count = 0;
};

}  // namespace

TEST_CASE("the list begins with overdue reviews, then high risk, then what is next; closed cases come last") {
  Five desk;
  const pb::Caseload all = desk.now().caseload();
  CHECK(names(all) == std::vector<std::string>{"Mia", "Zadie", "Ada", "Ola", "Bea"});
  CHECK(all.total() == 5);
  CHECK(all.high_risk() == 2);
  CHECK(all.closed() == 1);
  CHECK(all.rows(0).plan_review_overdue());
  CHECK(all.rows(0).plan_review() == "Plan review overdue");
  CHECK(all.rows(1).plan_review() == "Plan review 1 August");
  CHECK(all.rows(1).second() == "Oadby, C-2");
  CHECK(all.rows(1).risk() == pb::risk_high);
  CHECK(all.rows(3).status() == "Open");
}

TEST_CASE("a filter chooses among the cases, the counts stay") {
  Five desk;
  CHECK(names(desk.search("", "high")) == std::vector<std::string>{"Zadie", "Ada"});
  const pb::Caseload closed = desk.search("", "closed");
  CHECK(names(closed) == std::vector<std::string>{"Bea"});
  CHECK(closed.filter() == "closed");
  CHECK(closed.high_risk() == 2);
  CHECK(desk.search("", "two_values").matching() == 0);
}

TEST_CASE("a search finds names by their beginning, and notes with the words around the match") {
  Five desk;
  const RecordId id = *RecordId::from(desk.search("zad").rows(0).case_id());
  desk.new_record(id, "note");
  desk.save(desk.form(), {{"text", {"We talked about the allotment, and about the beekeeping course on Fridays."}},
                          {"kind", {"office"}}});
  CHECK(names(desk.search("zad")) == std::vector<std::string>{"Zadie"});
  CHECK(names(desk.search("ZADIE oadby")) == std::vector<std::string>{"Zadie"});
  CHECK(desk.search("C-2").rows(0).name() == "Zadie");
  const pb::Caseload found = desk.search("beekeep");
  CHECK(found.matching() == 0);
  REQUIRE(found.notes_size() == 1);
  CHECK(found.matching_notes() == 1);
  CHECK(found.notes(0).case_name() == "Zadie");
  CHECK(found.notes(0).when() == "15 June");
  CHECK(found.notes(0).excerpt().find("beekeeping course") != std::string::npos);
  CHECK(found.text() == "beekeep");
  CHECK(desk.search("nothing like that").matching() == 0);
  CHECK(desk.search("\"*^:(").matching() == 0);
  CHECK(desk.search("").matching() == 5);
}

TEST_CASE("a case without a name says so, with its reference") {
  AtWork desk;
  support::put_case(desk.amina, "C-0012");
  desk.start();
  CHECK(desk.now().caseload().rows(0).name() == "No name yet, C-0012");
}

TEST_CASE("of several risk values the highest is shown, and the row says that two stand") {
  AtWork desk;
  const RecordId id = desk.priya();
  const RecordId risk = support::put(desk.amina, id, "risk_assessment", {{"level", Code{"STANDARD"}}});
  desk.fleet.reconcile();
  support::edit(desk.amina, risk, "level", Code{"MEDIUM"});
  support::edit(desk.ben, risk, "level", Code{"HIGH"});
  desk.start();
  CHECK(desk.now().caseload().rows(0).risk() == pb::risk_medium);
  desk.press_reconcile();
  CHECK(desk.now().caseload().rows(0).risk() == pb::risk_high);
  CHECK(desk.now().caseload().rows(0).two_values());
  CHECK(desk.search("", "two_values").matching() == 1);
}

TEST_CASE("a case shows its heading, its tabs and what is safe") {
  AtWork desk;
  const RecordId id = desk.priya();
  support::edit(desk.amina, desk.person, "safe_contact", Code{"TEXT_CODEWORD"});
  support::edit(desk.amina, desk.person, "safe_contact_words", Text{"Not after 15:30. No voicemail"});
  desk.start();
  desk.open_case(id);
  const pb::Case shown = desk.now().case_();
  CHECK(shown.name() == "Priya Shah");
  CHECK(shown.second() == "34, Leicester");
  CHECK(shown.reference() == "C-0101");
  REQUIRE(shown.safe_contact_size() == 1);
  CHECK(shown.safe_contact(0) == "Text only with agreed code words. Not after 15:30. No voicemail.");
  CHECK_FALSE(shown.safe_contact_missing());
  std::vector<std::string> tabs;
  for (const auto& tab : shown.tabs()) tabs.push_back(tab.label());
  // The parts that stand in every case, and no others while nothing is recorded there.
  CHECK(tabs == std::vector<std::string>{"Person", "Where things stand", "Notes", "Attachments", "Risk assessment",
                                           "Support plan", "Case"});
  CHECK(shown.tabs(0).record_id() == desk.person.str());
  CHECK(shown.tabs(0).new_label().empty());
  CHECK(shown.tabs(2).new_label() == "Add note");
  CHECK(shown.tabs(4).new_label() == "Add risk assessment");
}

TEST_CASE("two answers on safe contact are both shown whole, the more careful one first") {
  AtWork desk;
  const RecordId id = desk.priya();
  support::edit(desk.amina, desk.person, "safe_contact", Code{"OK_TIMES"});
  support::edit(desk.ben, desk.person, "safe_contact", Code{"NEVER"});
  desk.start();
  desk.press_reconcile();
  desk.open_case(id);
  const pb::Case shown = desk.now().case_();
  REQUIRE(shown.safe_contact_size() == 2);
  CHECK(shown.safe_contact(0).starts_with("Never use (Ben, "));
  CHECK(shown.safe_contact(1).starts_with("Safe only at stated times (You, "));
}

TEST_CASE("the timeline tells each step of the risk, with its reason") {
  AtWork desk;
  const RecordId id = desk.priya();
  const RecordId risk = support::put(desk.amina, id, "risk_assessment", {{"level", Code{"MEDIUM"}}});
  desk.amina.world->clock.advance(1000);
  support::edit(desk.amina, risk, "level", Code{"HIGH"}, "Strangulation disclosed.");
  desk.amina.world->clock.advance(1000);
  support::edit(desk.amina, risk, "level", Code{"STANDARD"}, "He is in prison.");
  desk.start();
  desk.open_case(id);
  const pb::Case shown = desk.now().case_();
  REQUIRE(shown.timeline_size() == 3);
  CHECK(shown.timeline(0).title() == "Risk lowered to standard");
  CHECK(shown.timeline(1).title() == "Risk raised to high");
  CHECK(shown.timeline(1).text() == "Strangulation disclosed.");
  CHECK(shown.timeline(1).danger());
  CHECK(shown.timeline(2).title() == "Risk: medium");
}

TEST_CASE("the index follows in slices, and a search before its end finds everything all the same") {
  AtWork desk;
  desk.priya();
  for (int i = 0; i < 250; ++i) support::put_case(desk.amina, "R" + std::to_string(i));
  desk.start();
  CHECK(desk.search("R249").matching() == 1);
  desk.restart();
  int slices = 0;
  while (desk.clerk->idle_slice()) ++slices;
  CHECK(slices < 20);
  CHECK(desk.search("priya").matching() == 1);
}

TEST_CASE("two thousand cases open and answer a keystroke quickly", "[.][slow]") {
  AtWork desk;
  support::CaseloadOptions options;
  options.cases = 2000;
  support::need(desk.amina.world->files.open("/cases.ndjson", platform::OpenMode::create_new));
  desk.amina.world->files.tamper("/cases.ndjson", support::make_caseload(options).cases);
  auto file = support::need(desk.amina.world->files.open("/cases.ndjson", platform::OpenMode::read));
  const auto cases = casework::import_standard(schema::current(), *file);
  REQUIRE(cases);
  support::need(casework::import_all(*desk.amina, *cases, std::nullopt, {}));
  const auto ms = [](auto&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  };
  WARN("open and read all cases: " << ms([&] { desk.start(); }) << " ms");
  WARN("index to the end, in slices: " << ms([&] {
         while (desk.clerk->idle_slice()) {
         }
       }) << " ms");
  double longest = 0;
  for (const char* text : {"s", "sm", "smi", "smit", "smith", "v", "visit", "falconry", "o'con"}) {
    longest = std::max(longest, ms([&] { (void)desk.search(text); }));
    WARN(text << ": " << ms([&] { (void)desk.search(text); }) << " ms, with snapshot");
  }
  CHECK(desk.search("smith").matching() > 0);
  CHECK(desk.search("falconry").notes_size() > 0);
  (void)desk.search("");
  const RecordId id = *RecordId::from(desk.now().caseload().rows(0).case_id());
  WARN("open a case: " << ms([&] {
         desk.open_case(id);
         (void)desk.now();
       }) << " ms");
  const pb::Form form = desk.form();
  WARN("save: " << ms([&] {
         desk.save(form, {{"town", {"Oadby"}}});
         (void)desk.now();
       }) << " ms");
  WARN("reconcile without news: " << ms([&] { desk.press_reconcile(); }) << " ms");
  CHECK(longest < 1000);
}

}  // namespace wayside::app::tests
