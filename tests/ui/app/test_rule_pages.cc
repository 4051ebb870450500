#include <catch2/catch_test_macros.hpp>

#include "tests/ui/app/case_in_use.h"
#include "ui/app/due_words.h"
#include "ui/app/places_page.h"
#include "ui/app/reason_words.h"

namespace wayside::app::tests {
namespace {

struct RulesInUse : CaseInUse {
  void begin() {
    start();
    open_case(id);
  }
  void ask(const std::function<void(pb::Command&)>& fill) {
    pb::Command command;
    fill(command);
    clerk->handle(command);
  }
  pb::Standing standing(bool shown = true) {
    ask([&](pb::Command& command) { command.mutable_show_standing()->set_shown(shown); });
    return now().case_().standing();
  }
  pb::Places places() {
    ask([&](pb::Command& command) { command.mutable_show_places()->set_case_id(id.str()); });
    return now().places();
  }
  pb::Today today() {
    ask([&](pb::Command& command) { command.mutable_show_today()->set_shown(true); });
    return now().today();
  }
  void refer_to(const RecordId& service) {
    ask([&](pb::Command& command) {
      command.mutable_new_referral()->set_case_id(id.str());
      command.mutable_new_referral()->set_service_id(service.str());
    });
  }
};

const pb::StandingPart& part(const pb::Standing& standing, std::string_view heading) {
  for (const auto& each : standing.parts()) {
    if (each.heading() == heading) return each;
  }
  throw std::logic_error("no part " + std::string(heading));
}

const pb::StandingLine* line(const pb::StandingPart& part, std::string_view words) {
  for (const auto& each : part.lines()) {
    if (each.text().find(words) != std::string::npos || each.second().find(words) != std::string::npos) return &each;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("where things stand tells the risk that counts, what is due, the gap in the journey and what is missing") {
  RulesInUse desk;
  desk.put_standard();
  desk.put_for_rules();
  desk.begin();
  const pb::Standing standing = desk.standing();
  const auto& risk = part(standing, "Risk");
  CHECK(risk.mark() == pb::mark_danger);
  CHECK(risk.sentence() == "High risk.");
  REQUIRE(line(risk, "and it counts") != nullptr);
  CHECK(line(risk, "and it counts")->record_id().size() == 16);

  const auto& due = part(standing, "Due");
  CHECK(due.mark() == pb::mark_danger);
  REQUIRE(line(due, "Ring the school") != nullptr);
  CHECK(line(due, "Ring the school")->second() == "Overdue since 12 June");
  CHECK(line(due, "Ask the landlord")->second() == "Wednesday 18 June");

  const auto& journey = part(standing, "Where she has lived");
  REQUIRE(line(journey, "Gap: nobody knows where she was from") != nullptr);
  CHECK(line(journey, "Gap")->mark() == pb::mark_ask);
  CHECK(journey.sentence().starts_with("1 move."));

  const auto& referrals = part(standing, "Referrals");
  REQUIRE(line(referrals, "not ready to be sent") != nullptr);
  CHECK(line(referrals, "It lacks")->second().find("service") != std::string::npos);

  const auto& closing = part(standing, "Closing the case");
  CHECK(closing.sentence() == "It cannot be closed yet.");
  CHECK(line(closing, "needed to close, and empty") != nullptr);
}

TEST_CASE("no sentence of where things stand holds an id, a code or a day as machines write them") {
  RulesInUse desk;
  desk.put_standard();
  desk.put_for_rules();
  desk.begin();
  const pb::Standing standing = desk.standing();
  const auto clean = [&](const std::string& text) {
    INFO(text);
    CHECK(text.find(to_text(desk.id)) == std::string::npos);
    CHECK(text.find("20" "25-") == std::string::npos);
    CHECK(text.find("NOT_ASSESSED") == std::string::npos);
    CHECK(text.find('_') == std::string::npos);
  };
  for (const auto& each : standing.parts()) {
    clean(each.sentence());
    for (const auto& one : each.lines()) clean(one.text()), clean(one.second());
  }
}

TEST_CASE("where things stand follows a save, and is in memory only while it is shown") {
  RulesInUse desk;
  desk.put_standard();
  desk.begin();
  CHECK_FALSE(desk.now().case_().has_standing());
  CHECK(part(desk.standing(), "Due").lines_size() == 0);
  desk.new_record(desk.id, "task");
  desk.save(desk.form(), {{"what", {"Ring the school"}}, {"due", {"16 June 2025"}}, {"who", {"Amina"}}, {"status", {"open"}}});
  CHECK(line(part(desk.now().case_().standing(), "Due"), "Ring the school") != nullptr);
  CHECK(desk.standing(false).parts_size() == 0);
  CHECK_FALSE(desk.now().case_().has_standing());
  desk.standing();
  desk.new_case();
  CHECK_FALSE(desk.now().case_().has_standing());
}

TEST_CASE("a case of which nothing is known says so part by part") {
  RulesInUse desk;
  desk.begin();
  const pb::Standing standing = desk.standing();
  CHECK(part(standing, "Risk").sentence() == "Nobody has assessed the risk yet.");
  CHECK(part(standing, "Risk").mark() == pb::mark_ask);
  CHECK(part(standing, "Where she has lived").sentence() == "No stay with a start is recorded.");
  CHECK(part(standing, "Due").mark() == pb::mark_done);
}

TEST_CASE("stays that cannot be true leave their part with the reason, and the others as they are") {
  RulesInUse desk;
  desk.put_standard();
  desk.put_needed("stay", {{"place_type", Code{"REFUGE"}}, {"start", Date{"2025-04-20"}}, {"end", Date{"2025-03-01"}}});
  desk.begin();
  const pb::Standing standing = desk.standing();
  CHECK(part(standing, "Where she has lived").sentence().starts_with("These records cannot all be true: "));
  CHECK(part(standing, "Risk").sentence() == "High risk.");
}

TEST_CASE("every service of the directory is a place with its answer, its reasons and the age of its vacancy") {
  RulesInUse desk;
  desk.put_standard();
  desk.put_for_rules();
  desk.put_services();
  desk.begin();
  const pb::Places places = desk.places();
  CHECK(places.case_name() == "Priya Shah");
  REQUIRE(places.rows_size() == 4);
  for (const auto& row : places.rows()) CHECK(row.reasons_size() > 0);
  CHECK(places.rows(0).answer() >= places.rows(3).answer());
  const auto named = [&](std::string_view name) {
    const auto found = std::ranges::find(places.rows(), name, &pb::PlaceRow::name);
    REQUIRE(found != places.rows().end());
    return *found;
  };
  CHECK(named("Juno House").answer() == pb::answer_no);
  CHECK(named("Brookes House").answer() == pb::answer_ask);
  CHECK(named("Brookes House").stale());
  CHECK(named("Brookes House").vacancy() == "1 free, looked at 2 days ago");
  CHECK(named("Respite Rooms").vacancy() == "1 free, looked at 3 hours ago");
  CHECK_FALSE(named("Respite Rooms").stale());
  const auto child = std::ranges::find(places.household(), "Children", &pb::Fact::label);
  REQUIRE(child != places.household().end());
  CHECK(child->value() == "Boy, 15");
}

TEST_CASE("a place opens with what the directory says, and closes") {
  RulesInUse desk;
  desk.put_services();
  desk.begin();
  desk.places();
  desk.ask([&](pb::Command& command) { command.mutable_open_service()->set_service_id(desk.services[0].str()); });
  const pb::ServiceDetail detail = desk.now().places().detail();
  CHECK(detail.name() == "Respite Rooms");
  CHECK(std::ranges::find(detail.facts(), "Provider", &pb::Fact::label) != detail.facts().end());
  desk.ask([&](pb::Command& command) { command.mutable_open_service(); });
  CHECK_FALSE(desk.now().places().has_detail());
  desk.ask([&](pb::Command& command) { command.mutable_show_places(); });
  CHECK_FALSE(desk.now().has_places());
}

TEST_CASE("a referral begins with the place it goes to, and is saved with it") {
  RulesInUse desk;
  desk.put_services();
  desk.begin();
  desk.refer_to(desk.services[1]);
  const pb::Form form = desk.form();
  CHECK(form.type() == "referral");
  CHECK(form.is_new());
  CHECK(desk.field(form, "service").items(0) == to_text(desk.services[1]));
  CHECK(desk.field(form, "direction").items(0) == "out");
  desk.save(form, {{"requested_offer", {desk.field(form, "requested_offer").options(0).code()}}});
  CHECK_FALSE(desk.form().is_new());
  CHECK(desk.field(desk.form(), "service").values(0).text() == "Brookes House");
}

TEST_CASE("a referral that was begun before and not saved comes back instead of being lost") {
  RulesInUse desk;
  desk.put_services();
  desk.begin();
  desk.refer_to(desk.services[0]);
  desk.keep(desk.form(), {{"sent_by", {"Amina"}}});
  desk.refer_to(desk.services[1]);
  CHECK(desk.form().notice().text() == "You began this referral before and did not save it. Save or discard it, then start the one to Brookes House.");
  desk.clerk.reset();
  desk.begin();
  CHECK(desk.field(desk.form(), "sent_by").items(0) == "Amina");
}

TEST_CASE("a second place takes over a referral that nobody has typed into") {
  RulesInUse desk;
  desk.put_services();
  desk.begin();
  desk.refer_to(desk.services[0]);
  desk.refer_to(desk.services[1]);
  CHECK(desk.field(desk.form(), "service").items(0) == to_text(desk.services[1]));
}

TEST_CASE("a directory without services has no places") {
  RulesInUse desk;
  desk.begin();
  CHECK(desk.places().rows_size() == 0);
  CHECK(desk.places().notice().text().empty());
}

TEST_CASE("today lists what is due over all cases, overdue first, and whose it is") {
  RulesInUse desk;
  desk.put_standard();
  desk.put_for_rules();
  desk.begin();
  CHECK_FALSE(desk.now().has_today());
  const pb::Today today = desk.today();
  CHECK(today.day() == "Sunday 15 June");
  CHECK(today.until() == "29 June");
  const auto of = [&](std::string_view what) { return std::ranges::find(today.rows(), what, &pb::DueRow::what); };
  const auto school = of("Ring the school about a new place");
  REQUIRE(school != today.rows().end());
  CHECK(school->urgency() == pb::DueRow::overdue);
  CHECK(school->mine());
  CHECK(school->case_name() == "Priya Shah");
  const auto keys = of("Ask the landlord for the keys");
  REQUIRE(keys != today.rows().end());
  CHECK(keys->urgency() == pb::DueRow::later);
  CHECK_FALSE(keys->mine());
  CHECK(keys->who() == "Ben");
  CHECK(school < keys);
  desk.ask([&](pb::Command& command) { command.mutable_show_today(); });
  CHECK_FALSE(desk.now().has_today());
  desk.today();
  desk.lock(true);
  CHECK_FALSE(desk.now().has_today());
}

TEST_CASE("days, ages and reasons are told as people say them") {
  constexpr std::int64_t now_ms = 1'750'000'000'000;
  const auto today = *casework::rules::day_of("2025-06-15");
  CHECK(due_when(std::nullopt, today, now_ms) == "Now");
  CHECK(due_when(today, today, now_ms) == "Today");
  CHECK(due_when(today + std::chrono::days(1), today, now_ms) == "Tomorrow");
  CHECK(due_when(today - std::chrono::days(10), today, now_ms) == "Overdue since 5 June");
  CHECK(age_words(0) == "within the hour");
  CHECK(age_words(1) == "1 hour ago");
  CHECK(age_words(47) == "47 hours ago");
  CHECK(age_words(49) == "2 days ago");
  CHECK(plain_reason("Assessment abc: HIGH on 2025-06-01.", {{"abc", "of 1 June"}}, now_ms) == "Assessment of 1 June: high on 1 June.");
  CHECK(plain_reason("", {}, now_ms).empty());
  CHECK(plain_reason("Until 2025-13", {}, now_ms) == "Until 2025-13");
}

}  // namespace wayside::app::tests
