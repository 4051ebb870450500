#include "core/casework/rules/rule_book.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/casework/rules/match_json.h"
#include "core/casework/rules/risk_json.h"

using namespace wayside;
using namespace wayside::casework::rules;

namespace {

json ran(std::string_view rule, const char* input) {
  const auto out = run_rule(rule, json::parse(input));
  if (!out) UNSCOPED_INFO(out.error().detail);
  REQUIRE(out.has_value());
  REQUIRE(out->contains("answer"));
  REQUIRE(out->at("reasons").is_array());
  return *out;
}
std::string refused(std::string_view rule, const json& input) {
  const auto out = run_rule(rule, input);
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().code == Errc::bad_input);
  CHECK_FALSE(out.error().detail.empty());
  return out.error().detail;
}
std::string matched(const json& input, std::size_t index = 0) {
  const auto out = run_rule("match", input);
  if (!out) UNSCOPED_INFO(out.error().detail);
  REQUIRE(out.has_value());
  return out->at("services").at(index).at("answer");
}

}  // namespace

TEST_CASE("every rule has a name, a source and keys, and stands in order") {
  CHECK(rule_book().size() == 22);
  CHECK(std::ranges::is_sorted(rule_book(), {}, &RuleEntry::name));
  for (const auto& rule : rule_book()) {
    CHECK_FALSE(rule.source.empty());
    CHECK_FALSE(rule.keys.empty());
    CHECK(rule_named(rule.name) == &rule);
  }
  CHECK(run_rule("divination", json::object()).error().code == Errc::not_found);
}

TEST_CASE("every rule names a needed key that is missing, refuses what is no key and what is no object") {
  for (const auto& rule : rule_book()) {
    INFO(rule.name);
    for (const auto& input : {json(1), json::array(), json("text"), json(nullptr)})
      CHECK_FALSE(refused(rule.name, input).empty());
    auto input = json::object();
    input["no such key"] = 1;
    CHECK_FALSE(refused(rule.name, input).empty());
    const auto needed = std::ranges::find_if(rule.keys, [](std::string_view key) { return key.ends_with('*'); });
    if (needed != rule.keys.end())
      CHECK(refused(rule.name, json::object()) == std::string(needed->substr(0, needed->size() - 1)) + ": is missing");
  }
}

TEST_CASE("every rule refuses a value of another kind in each of its keys") {
  for (const auto& rule : rule_book()) {
    for (const auto key : rule.keys) {
      auto input = json::object();
      for (const auto each : rule.keys) {
        if (each.ends_with('*')) input[std::string(each.substr(0, each.size() - 1))] = nullptr;
      }
      INFO(rule.name << " " << key);
      const std::string name(key.ends_with('*') ? key.substr(0, key.size() - 1) : key);
      input[name] = json::array({json::array({1})});
      CHECK_FALSE(refused(rule.name, input).empty());
    }
  }
}

TEST_CASE("texts of 10 MB, broken UTF-8, NUL and days beyond the calendar are refused") {
  CHECK(refused("order", {{"on", "2026-06-10"}, {"kind", std::string(10'000'000, 'x')}}).find("kind") == 0);
  CHECK(refused("order", {{"on", "2026-06-10"}, {"kind", "\xFF"}}).find("kind") == 0);
  CHECK(refused("order", {{"on", "2026-06-10"}, {"kind", std::string("a\0b", 3)}}).find("kind") == 0);
  for (const auto* day : {"0000-01-01", "9999-12-31", "2026-02-30", "tomorrow"})
    CHECK(refused("order", {{"on", day}}).find("on: needs a day") == 0);
  CHECK(refused("closing", {{"loans_out", -1}}).find("loans_out") == 0);
  CHECK(refused("closing", {{"loans_out", 18446744073709551615ull}}).find("loans_out") == 0);
}

TEST_CASE("a household and services match from JSON by the field names of the record types") {
  const auto input = json::parse(R"({
    "household": {"adults": [{"sex": "female", "age": 30}], "children": [{"sex": "male", "age": 13}], "nrpf": true,
                  "origin": {"la": "Peterborough", "significant_distance": true, "assessed_safe": null}, "on_date": "2026-06-10"},
    "services": [{"id": "s1", "name": "Refuge", "kind": "accommodation", "sons_max_age_certain": 12, "sons_max_age_possible": 12},
                 {"id": "s2", "name": "Dispersed", "kind": "accommodation", "nrpf": "if_funded", "nrpf_funder": "Children's Services",
                  "area_la": "Peterborough", "accepts_origin": "in_area_if_distant_and_safe", "open_from": "2026-01-01"}],
    "units": [{"id": "u1", "service": "s2", "state": "free", "as_at": "2026-06-10T08:00:00Z"}],
    "now": "2026-06-10T10:30:00Z"})");
  const auto out = run_rule("match", input);
  REQUIRE(out.has_value());
  const auto& first = out->at("services").at(0);
  CHECK(first.at("name") == "Dispersed");
  CHECK(first.at("answer") == "ask");
  CHECK(first.at("reasons").size() == 2);
  CHECK(first.at("vacancy_age_hours") == 2);
  CHECK(out->at("services").at(1).at("answer") == "no");
  CHECK(out->at("services").at(1).at("vacancy_age_hours").is_null());
}

TEST_CASE("a household's JSON may leave out every key, and errors name the place") {
  CHECK(household_from_json(json::object()).has_value());
  const auto place = [](const char* text) {
    const auto out = household_from_json(json::parse(text));
    REQUIRE_FALSE(out.has_value());
    return out.error().detail;
  };
  CHECK(place(R"({"children": [{"sex": "male", "age": 3}, {"age": -1}]})")
            .starts_with("children[1].age: needs a whole number"));
  CHECK(place(R"({"origin": {"county": "x"}})") == "origin.county: is no key here");
  CHECK(place(R"({"nrpf": "yes"})") == "nrpf: needs true or false");
  CHECK(place(R"({"adults": {}})") == "adults: needs a list of objects");
  CHECK(place(R"({"pets": [{"kind": "dog", "count": 1.5}]})").starts_with("pets[0].count"));
}

TEST_CASE("a service's JSON refuses unknown fields and values that do not fit") {
  const auto with = [](const char* field, const json& value) {
    return json{{"id", "s"}, {"name", "S"}, {field, value}};
  };
  CHECK(service_from_json(with("pets", "no")).has_value());
  CHECK_FALSE(service_from_json(with("postcode", "LE1")).has_value());
  CHECK_FALSE(service_from_json(with("open_from", "soon")).has_value());
  CHECK_FALSE(service_from_json(with("weekly_rent_pence", -1)).has_value());
  CHECK_FALSE(service_from_json(with("units", "many")).has_value());
  CHECK_FALSE(service_from_json(with("step_free", "yes")).has_value());
  CHECK_FALSE(service_from_json(with("provider", 7)).has_value());
  CHECK_FALSE(service_from_json({{"name", "S"}}).has_value());
  CHECK_FALSE(unit_from_json({{"id", std::string(17, 'x')}}).has_value());
}

TEST_CASE("a hallway shared with a man's unit bars a woman, from JSON") {
  auto input = json::parse(
      R"({"household": {"adults": [{"sex": "female"}]}, "services": [{"id": "s", "name": "S", "kind": "accommodation"}],
    "units": [{"id": "a", "service": "s", "state": "free", "shares_access_with": ["b"]}, {"id": "b", "service": "s", "state": "occupied", "occupant_sex": "male"}]})");
  CHECK(matched(input) == "no");
  input["units"][1].erase("occupant_sex");
  CHECK(matched(input) == "ask");
}

TEST_CASE("each rule answers through JSON as it does in code") {
  CHECK(ran("who_counts",
            R"({"a": {"dob": "1990-01-01"}, "b": {"age_at_least": 18}, "connections": ["5"], "when": "2026-06-10"})")
            ["answer"] == "yes");
  CHECK(
      ran("child_counts",
          R"({"dob": "2015-01-01", "experiences_abuse": true, "related_to_either": true, "between": "yes", "when": "2026-06-10"})")
          ["answer"] == "yes");
  CHECK(ran("repeat", R"({"incidents": ["2026-01-01", "2025-01-01"]})")["answer"] == "yes");
  CHECK(ran("household_at", R"({"household": "h", "members": [{"household": "h", "person": "p", "role": "survivor"}],
      "people": [{"id": "p", "sex": "female", "dob": "1990-01-01"}], "on": "2026-06-10"})")["adults"][0]["age"] == 36);
  CHECK(ran("effective_risk",
            R"({"assessments": [{"id": "a", "level": "HIGH"}, {"id": "b", "level": "MEDIUM", "has_seen": ["a"]}]})")
            ["answer"] == "HIGH");
  CHECK(ran("duplicate", R"({"person": {"id": "n", "forename": "Zoë", "surname": "Hall", "dob": "1990-01-01"},
      "people": [{"id": "o", "forename": "Zoe", "surname": "Hall", "dob": "1990-01-01"}]})")["duplicates"][0]
                                                                                            ["score"] == 80);
  CHECK(
      ran("consent",
          R"({"entries": [{"id": "a", "recipient": "Council", "decision": "GIVEN", "scope": ["housing"]}], "recipient": "Council", "on": "2026-06-10"})")
          ["scope"][0] == "housing");
  CHECK(ran("safe_contact",
            R"({"methods": [{"method": "phone", "address": "1", "rule": "NEVER"}], "on": "2026-06-10"})")["answer"] ==
        "no");
  CHECK(
      ran("check_in",
          R"({"worker": "Amina", "back_by": ["2026-06-10T10:00:00Z"], "entries": [{"id": "s", "kind": "started", "who": "Amina"}], "now": "2026-06-10T10:15:00Z"})")
          ["alarm"] == "raised");
  CHECK(
      ran("referral",
          R"({"steps": [{"outcome": "SENT", "on": "2026-06-01"}, {"outcome": "DECLINED", "on": "2026-06-04", "decline_reasons": ["NO_SPACE"]}]})")
          ["days_to_answer"] == 3);
  CHECK(
      ran("waiting_list",
          R"({"referrals": [{"id": "r", "steps": [{"outcome": "SENT", "on": "2026-06-01"}, {"outcome": "WAITING", "on": "2026-06-02"}]}], "on": "2026-06-10"})")
          ["waiting"][0]["days"] == 8);
  CHECK(
      ran("journey",
          R"({"stays": [{"id": "a", "place_type": "REFUGE", "start": "2026-01-01", "end": "2026-02-01"}, {"id": "b", "place_type": "PRS_LET", "start": "2026-02-03"}], "as_at": "2026-06-10"})")
          ["flags"][0]["days"] == 2);
  CHECK(ran("sanctuary",
            R"({"tenure_holder": "JOINT_PERP", "perpetrator_out": false, "on": "2026-06-10"})")["answer"] == "no");
  CHECK(ran("fund_request",
            R"({"pot": {"name": "Fund"}, "request": {"number": "1", "amount_pence": 500, "payee": "x", "words": "y"},
      "postings": [{"id": "o", "from": "funder", "to": "pot", "pence": 1000}], "at_desk": true, "on": "2026-06-10"})")
            ["answer"] == "yes");
  CHECK(
      ran("fund_request",
          R"({"pot": {"name": "Fund"}, "request": {"number": "1", "amount_pence": 500, "payee": "x", "words": "y"}, "on": "2026-06-10"})")
          ["answer"] == "ask");
  CHECK(ran("fund_balance",
            R"({"postings": [{"id": "o", "from": "funder", "to": "pot", "pence": 1000}]})")["balances"] == true);
  CHECK(ran("managed_move", R"({"kind": "RECIPROCAL", "tenure": "PRS"})")["answer"] == "no");
  CHECK(ran("property_request", R"({"property_request": "for Zoe", "names": ["Zoë Hall"]})")["answer"] == "no");
  CHECK(ran("order",
            R"({"kind": "NMO", "until_dates": ["2026-12-01", "2026-06-20"], "served": true, "on": "2026-06-10"})")
            ["ends_on"] == "2026-06-20");
  CHECK(
      ran("nrpf",
          R"({"status": "partner_leave", "nrpf": true, "route": "MVDAC_FM", "adviser": "x", "granted_on": "2026-01-31", "on": "2026-02-01"})")
          ["clocks"][0]["ends_on"] == "2026-04-30");
  CHECK(ran("closing", R"({"open_reviews": 1, "closed": "2026-06-10", "safe_to_follow_up": true})")["follow_ups"]
            .size() == 2);
  CHECK(ran("retention", R"({"clock_from": "2010-01-01", "legal_hold": true, "on": "2026-06-10"})")["state"] == "held");
}

TEST_CASE("a questionnaire is scored from JSON, and codes that are none are refused by their question") {
  QuestionnairePack pack{"p", "1", "t", "s", {{"a", "?", true}, {"b", "?", true}}, 1, 2, 3};
  const auto out = score_json(
      pack, json::parse(R"({"answers": {"a": "YES"}, "judgement": {"level": "HIGH", "reason": "escalating"}})"));
  REQUIRE(out.has_value());
  CHECK(out->at("level_by_count") == "MEDIUM");
  CHECK(out->at("level") == "HIGH");
  CHECK(out->at("not_asked") == 1);
  CHECK(out->at("criteria") == json::array({"PROF_JUDGEMENT"}));
  const auto place = [&](const char* text) { return score_json(pack, json::parse(text)).error().detail; };
  CHECK(place(R"({"answers": {"a": "PERHAPS"}})").starts_with("answers.a: needs YES"));
  CHECK(place(R"({"answers": {"z": "YES"}})") == "answers: p has no such question");
  CHECK(place(R"({})") == "answers: is missing");
  CHECK(place(R"({"answers": {}, "judgement": {"level": "HIGH"}})") == "judgement: needs its reason");
}
