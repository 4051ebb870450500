#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

/// A household of a woman, her son of 15 and a dog, who has no recourse to public funds, beside Leicester's directory.
struct Casework : Home {
  std::string case_id, she, son, home_id;

  Casework() {
    solo();
    ask({"import", WAYSIDE_TEST_DATA "/leicester_services.csv", "--map", "leicester"});
    case_id = new_case("R-1");
    she = put("person", case_id, {"forename=Priya", "surname=Shah", "gender=female", "dob=1988-04-02", "safe_contact=TEXT_CODEWORD"});
    son = put("child", case_id, {"forename=Arjun", "sex=M", "dob=2011-03-05", "relation_to_survivor=child", "relation_to_harmer=child"});
    home_id = put("household", case_id, {"tenure=PRS"});
    put("household_member", case_id, {"household=" + home_id, "person=" + she, "role=survivor"});
    put("household_member", case_id, {"household=" + home_id, "person=" + son, "role=child", "moved_out=2026-07-01"});
    put("pet", case_id, {"household=" + home_id, "kind=dog", "count=1"});
    put("immigration_status", case_id, {"person=" + she, "nrpf=yes"});
  }
  std::string answer_of(const json& services, const std::string& name) {
    for (const auto& each : services.at("services")) {
      if (each.at("name") == name) return each.at("answer");
    }
    return "missing";
  }
};

}  // namespace

TEST_CASE("a case and the same household as a file get the same answers, and nothing is hidden") {
  Casework home;
  const json of_case = home.ask({"match", "--case", home.case_id, "--on", "2026-06-10"});
  const auto file = home.write("household.json", R"({"adults": [{"sex": "female", "age": 38}], "children": [{"sex": "male", "age": 15}],
                                                     "pets": [{"kind": "dog", "count": 1}], "nrpf": true})");
  const json of_file = home.ask({"match", "--household", file, "--on", "2026-06-10"});
  CHECK(of_case.at("services") == of_file.at("services"));
  CHECK(of_case.at("services").size() == 10);
  CHECK(home.answer_of(of_case, "Respite Rooms") == "yes");
  CHECK(home.answer_of(of_case, "Dispersed") == "ask");
  CHECK(home.answer_of(of_case, "Zinthiya Trust") == "no");
  for (const auto& each : of_case.at("services")) CHECK_FALSE(each.at("reasons").empty());

  const auto several = home.write("several.json", R"([{}, {"adults": [{"sex": "male"}]}])");
  const json lists = home.ask({"match", "--household", several});
  REQUIRE(lists.at("households").size() == 2);
  CHECK(home.answer_of(lists.at("households")[1], "Leicester Refuge") == "no");
}

TEST_CASE("a household is as it is on the day that is asked for") {
  Casework home;
  const json with_son = home.ask({"household", home.case_id, "--on", "2026-06-10"});
  CHECK(with_son.at("members").size() == 2);
  CHECK(with_son.at("children")[0] == json{{"sex", "male"}, {"age", 15}});
  CHECK(with_son.at("pets")[0].at("kind") == "dog");
  CHECK(home.ask({"household", home.case_id, "--on", "2026-07-01"}).at("children").empty());

  home.put("household_member", home.case_id, {"household=" + home.home_id, "person=" + home.son, "role=partner"});
  const auto refused = home.run({"household", home.case_id, "--on", "2026-06-10"});
  CHECK(refused.code == 1);
  CHECK(refused.out.empty());
}

TEST_CASE("risk is the most protective assessment that nobody has replaced") {
  Casework home;
  const std::string high = home.put("risk_assessment", home.case_id, {"level=HIGH", "questionnaire=wayside-demonstration", "next_review=2026-06-24"});
  home.put("risk_answer", home.case_id, {"assessment=" + high, "item=fear", "answer=YES"});
  home.put("risk_answer", home.case_id, {"assessment=" + high, "item=money", "answer=NOT_ASKED"});
  home.put("risk_assessment", home.case_id, {"level=STANDARD", "completion=full"});
  json found = home.ask({"risk", home.case_id, "--pack", WAYSIDE_DEMONSTRATION_PACK});
  CHECK(found.at("level") == "HIGH");
  CHECK(found.at("next_review") == "2026-06-24");
  CHECK(found.at("assessments")[0].at("ticks") == 1);
  CHECK(found.at("assessments")[0].at("not_asked") == 1);
  CHECK(found.at("assessments")[0].at("score").at("ticks") == 1);

  // Lowering takes a full assessment that replaces the higher one, a reason, and a second person.
  home.put("risk_assessment", home.case_id,
           {"level=STANDARD", "completion=full", "supersedes=" + high, "lowering_reason=He has left the country", "second_person=Ben"});
  found = home.ask({"risk", home.case_id});
  CHECK(found.at("level") == "STANDARD");

  const auto answers = home.write("answers.json", R"({"answers": {"fear": "YES", "money": "NO"}})");
  CHECK(home.ask({"risk", "score", "--pack", WAYSIDE_DEMONSTRATION_PACK, "--answers", answers}).at("ticks") == 1);
}

TEST_CASE("a journey shows gaps and overlaps, and when she was settled") {
  Casework home;
  home.put("stay", home.case_id, {"place_type=REFUGE", "start=2026-01-01", "end=2026-02-01"});
  home.put("stay", home.case_id, {"place_type=BNB", "start=2026-02-11", "end=2026-03-01"});
  home.put("stay", home.case_id, {"place_type=SOCIAL_LET", "start=2026-02-27"});
  home.put("stay", home.case_id, {"place_type=HOSTEL"});
  const json found = home.ask({"journey", home.case_id, "--on", "2026-06-10"});
  REQUIRE(found.at("stays").size() == 3);
  REQUIRE(found.at("flags").size() == 2);
  CHECK(found.at("flags")[0].at("kind") == "gap");
  CHECK(found.at("flags")[0].at("days") == 10);
  CHECK(found.at("flags")[1].at("kind") == "overlap");
  CHECK(found.at("moves") == 2);
  CHECK(found.at("settled_on") == "2026-02-27");
  CHECK(found.at("without_start").size() == 1);
}

TEST_CASE("who counts is computed, with the reasons") {
  Casework home;
  CHECK(home.ask({"counts", home.case_id}).at("answer") == "ask");
  const std::string he = home.put("perpetrator", home.case_id, {"forename=Raj", "dob=1985-01-01"});
  home.put("relationship", home.case_id, {"person_a=" + home.she, "person_b=" + he, "connection=1", "role_a=survivor", "role_b=harmer"});
  const json found = home.ask({"counts", home.case_id, "--on", "2026-06-10"});
  CHECK(found.at("answer") == "yes");
  CHECK_FALSE(found.at("between")[0].at("reasons").empty());
  CHECK(found.at("children")[0].at("answer") == "ask");   // whether he sees or hears it is not recorded
}

TEST_CASE("the waiting list is as it was on the day that is asked for") {
  Casework home;
  const std::string id = home.put("referral", home.case_id,
                                  {"direction=out", "requested_offer=IDVA", "other_service=A refuge", "asked_on=2026-06-01",
                                   "sent_by=Amina", "basis=CONSENT", "outcome=WAITING", "waiting_since=2026-06-03"});
  const json found = home.ask({"waiting-list", "--on", "2026-06-10"});
  REQUIRE(found.at("count") == 1);
  CHECK(found.at("waiting")[0].at("referral") == id);
  CHECK(found.at("waiting")[0].at("days") == 7);
  CHECK(found.at("waiting")[0].at("reference") == "R-1");
  CHECK(home.ask({"waiting-list", "--on", "2026-06-02"}).at("count") == 0);
  home.ask({"edit", id, "--set", "outcome=DECLINED", "decline_reasons=NO_SPACE", "answered_on=2026-06-09"});
  CHECK(home.ask({"waiting-list", "--on", "2026-06-10"}).at("count") == 0);
  CHECK(home.ask({"waiting-list", "--on", "2026-06-08"}).at("count") == 1);
}

TEST_CASE("people who may be one person are found whatever the spelling, by id or by what is known of them") {
  Casework home;
  const std::string other_case = home.new_case("R-2");
  const std::string other = home.put("person", other_case, {"forename=Prïya", "surname=Shah", "dob=1988-04-02"});
  const json found = home.ask({"duplicates", home.she});
  REQUIRE(found.at("count") == 1);
  CHECK(found.at("candidates")[0].at("id") == other);
  CHECK(found.at("candidates")[0].at("case") == other_case);
  CHECK_FALSE(found.at("candidates")[0].at("reasons").empty());
  CHECK(home.ask({"duplicates", "--name", "priya shah", "--dob", "1988-04-02"}).at("count") == 2);
  CHECK(home.ask({"duplicates"}).at("count") == 1);
  CHECK(home.run({"duplicates", home.she, "--name", "Ada"}).code == 2);
  CHECK(home.run({"duplicates", home.case_id}).code == 2);
}

TEST_CASE("what is due is listed from everywhere, the earliest first") {
  Casework home;
  home.put("task", home.case_id, {"what=Ring the school", "due=2026-06-08", "who=Amina", "status=open"});
  home.put("task", home.case_id, {"what=Done already", "due=2026-06-08", "who=Amina", "status=done"});
  home.put("risk_assessment", home.case_id, {"level=HIGH", "next_review=2026-06-12"});
  home.put("order", home.case_id, {"kind=NMO", "from_date=2026-01-01", "until_date=2026-06-30", "served=yes"});
  home.put("immigration_status", home.case_id, {"person=" + home.she, "route=MVDAC_FM", "granted_on=2026-03-12"});
  home.put("sanctuary_request", home.case_id,
           {"purpose=stay_safe", "her_choice=yes", "safe_to_remain=yes", "tenure=PRS", "permission=given", "right_to_occupy=yes",
            "perpetrator_out=yes", "fire_risk=none", "fire_advice=given", "requested=2026-02-01", "completed=2026-03-11"});
  home.put("marac", home.case_id, {"criteria=REPEAT", "basis=VITAL", "sent_on=2026-01-01"});
  home.put("incident", home.case_id, {"at=2026-05-01T10:00:00Z", "words=He came to the door"});
  const json found = home.ask({"due", "--on", "2026-06-10"});
  std::map<std::string, int> kinds;
  for (const auto& item : found.at("items")) ++kinds[item.at("kind")];
  CHECK(kinds == std::map<std::string, int>{{"marac_repeat", 1}, {"task", 1}, {"risk_review", 1}, {"nrpf_clock", 1}, {"sanctuary_check", 1}, {"order", 1}});
  CHECK(found.at("items")[0].at("kind") == "marac_repeat");
  CHECK(found.at("items")[1].at("days_left") == -2);
  CHECK(found.at("items")[1].at("overdue") == true);
}

TEST_CASE("a case is closed with its follow-ups once nothing stands in the way") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-9");
  const auto refused = home.run({"close", case_id, "--reason", "Safe", "--json"});
  CHECK(refused.code == 1);
  CHECK(refused.err.contains("Needed to close, and empty"));
  CHECK_FALSE(home.ask({"close", case_id, "--reason", "Safe", "--dry-run"}).at("missing").empty());
  home.ask({"edit", case_id, "--set", "referral_source=POLICE", "area_of_origin=Leicester", "abuse_types=PHYSICAL_SEXUAL", "forms_asked=yes",
            "safe_to_follow_up=yes"});
  const auto asked = home.run({"close", case_id, "--reason", "Safe"});
  CHECK(asked.code == 1);
  CHECK(asked.err.contains("--anyway"));
  CHECK(home.ask({"get", case_id}).at("fields").at("status").at("shown") == "open");
  const json closed = home.ask({"close", case_id, "--reason", "Safe", "--anyway", "--on", "2026-06-10"});
  CHECK(closed.at("follow_ups").size() == 2);
  CHECK(home.ask({"get", case_id}).at("fields").at("status").at("shown") == "closed");
  const json due = home.ask({"due", "--on", "2026-12-10", "--days", "0"});
  REQUIRE(due.at("count") == 1);
  CHECK(due.at("items")[0].at("kind") == "follow_up");
  CHECK(home.run({"close", case_id, "--reason", "Again"}).code == 1);
}

TEST_CASE("a hold keeps a case from erasure until somebody lifts it with a reason") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case("R-9");
  CHECK(home.ask({"hold", case_id}).at("held") == false);
  CHECK(home.ask({"hold", case_id, "--reason", "Review", "--asked-by", "Board"}).at("held") == true);
  CHECK(home.ask({"hold", case_id}).at("retention").at("may_erase") == "no");
  CHECK(home.run({"hold", case_id, "--lift"}).code == 2);
  CHECK(home.ask({"hold", case_id, "--lift", "--reason", "Review done"}).at("held") == false);
  CHECK(home.run({"hold", case_id, "--lift", "--reason", "Again"}).code == 1);
}

TEST_CASE("the card before a contact shows the safe way and its rule") {
  Casework home;
  home.put("contact_method", home.case_id, {"person=" + home.she, "method=text", "address=07700900123", "rule=TEXT_CODEWORD", "code_word=bluebell"});
  home.put("contact_method", home.case_id, {"person=" + home.she, "method=phone", "address=07700900124", "rule=NEVER"});
  const json card = home.ask({"contact", home.case_id, "--on", "2026-06-10"});
  CHECK(card.at("any_way") == true);
  REQUIRE(card.at("lines").size() == 2);
  CHECK(card.at("lines")[0].at("code_word") == "bluebell");
  CHECK(card.at("lines")[1].at("method") == "phone");
}

TEST_CASE("every rule is listed with its keys and runs alone") {
  Home home;
  home.solo();
  CHECK(home.ask({"rule", "list"}).at("rules").size() > 10);
  const auto input = home.write("input.json", R"({"incidents": ["2026-01-01", "2026-05-01"]})");
  CHECK(home.ask({"rule", "repeat", "--input", input}).at("answer") == "yes");
  CHECK(home.run({"rule", "no-such-rule", "--input", input}).code == 2);
  CHECK(home.run({"rule", "repeat"}).code == 2);
}
