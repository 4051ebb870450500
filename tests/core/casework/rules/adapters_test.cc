#include "core/casework/rules/adapters.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/casework/rules/service.h"
#include "core/schema/schema.h"

using namespace wayside;
using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
RecordId id(std::string_view text) { return record_id_from(text).value(); }

/// Fields as a record of that type holds them; a name that is none of its fields fails the test.
RecordFields record(std::string_view type_name,
                    std::initializer_list<std::pair<std::string_view, std::vector<Value>>> all) {
  const auto* type = schema::current().type(type_name);
  REQUIRE(type != nullptr);
  RecordFields out;
  for (const auto& [name, values] : all) {
    INFO(type_name << " " << name);
    REQUIRE(type->field(name) != nullptr);
    out.set(name, values);
  }
  return out;
}
}  // namespace

TEST_CASE("an order's undecided end dates all reach the rule") {
  const auto order = order_from("o", record("order", {{"kind", {Code{"NMO"}}},
                                                      {"from_date", {Date{"2026-01-01"}}},
                                                      {"until_date", {Date{"2026-12-01"}, Date{"2026-06-20"}}},
                                                      {"served", {true}}}));
  CHECK(order_standing(order, day("2026-06-10")).ends_on == day("2026-06-20"));
  CHECK(order_standing(order, day("2026-06-10")).served);
}

TEST_CASE("a consent's shared fields make its scope, and a decision of a version to come is none") {
  auto fields = record("consent", {{"recipient", {Text{"Council"}}},
                                   {"decision", {Code{"GIVEN"}}},
                                   {"share_housing", {true}},
                                   {"share_risk", {false}},
                                   {"expires", {Date{"2026-12-31"}}}});
  CHECK(may_share({consent_from("c", fields)}, "council", day("2026-06-10")).scope == std::set<std::string>{"housing"});
  fields.set("decision", {Code{"PERHAPS"}});
  CHECK(may_share({consent_from("c", fields)}, "council", day("2026-06-10")).answer == Answer::no);
}

TEST_CASE("every scope of consent has its field in the record type") {
  for (const auto* scope :
       {"contact", "risk", "housing", "needs", "health", "children", "immigration", "perpetrator"}) {
    const auto name = "share_" + std::string(scope);
    CHECK(consent_from("c", record("consent", {{name, {true}}})).scope == std::set<std::string>{scope});
  }
}

TEST_CASE("a referral's dates tell its steps") {
  const auto written = day("2026-06-01");
  const auto from = [&](std::initializer_list<std::pair<std::string_view, std::vector<Value>>> all) {
    return standing(referral_from("r", record("referral", all), written));
  };
  CHECK(from({})->state == ReferralState::draft);
  const auto placed = from({{"outcome", {Code{"PLACED"}}},
                            {"asked_on", {Date{"2026-06-02"}}},
                            {"waiting_since", {Date{"2026-06-03"}}},
                            {"answered_on", {Date{"2026-06-09"}}}});
  REQUIRE(placed.has_value());
  CHECK(placed->state == ReferralState::placed);
  CHECK(placed->days_to_answer == 7);
  CHECK_FALSE(from({{"outcome", {Code{"DECLINED"}}}}).has_value());  // no reason
  const auto declined = from({{"outcome", {Code{"DECLINED"}}},
                              {"asked_on", {Date{"2026-06-02"}}},
                              {"decline_reasons", {Code{"PET"}, Code{"NRPF"}}},
                              {"main_decline_reason", {Code{"PET"}}},
                              {"barriers", {Code{"PET"}}}});
  REQUIRE(declined.has_value());
  CHECK(declined->main_reason == "PET");
  CHECK(declined->barriers.contains("PET"));
  for (const auto* code : {"SENT", "WAITING", "ACCEPTED", "REFUSED", "WITHDRAWN", "NO_REPLY"})
    CHECK(from({{"outcome", {Code{code}}}}).has_value());
}

TEST_CASE("stays, sanctuary requests, moves and leave reach their rules by the names of their fields") {
  CHECK_FALSE(stay_from("s", record("stay", {{"place_type", {Code{"REFUGE"}}}})).has_value());
  const auto stay = stay_from("s", record("stay", {{"place_type", {Code{"REFUGE"}}},
                                                   {"start", {Date{"2026-01-01"}}},
                                                   {"ready_on", {Date{"2026-02-01"}}}}));
  CHECK(move_on(*stay, day("2026-02-11")).days_waiting == 10);
  const auto home = record("household", {{"tenure", {Code{"PRS"}}}, {"tenure_holder", {Code{"JOINT_PERP"}}}});
  const auto sanctuary = sanctuary_request_from(
      record("sanctuary_request", {{"perpetrator_out", {false}}, {"requested", {Date{"2026-01-01"}}}}), home);
  CHECK(sanctuary_ready(sanctuary).answer == Answer::no);
  CHECK(sanctuary_prompts(sanctuary).size() == 2);
  CHECK(
      managed_move_standing(managed_move_from(record("managed_move", {{"kind", {Code{"RECIPROCAL"}}}}), home)).answer ==
      Answer::no);
  CHECK(property_request_from(record("managed_move", {{"bedrooms", {std::int64_t{1} << 40}}})).bedrooms == 1'000);
  const auto leave = immigration_from(record("immigration_status", {{"status", {Code{"partner_leave"}}},
                                                                    {"route", {Code{"MVDAC_FM"}}},
                                                                    {"nrpf", {true}},
                                                                    {"granted_on", {Date{"2026-01-31"}}}}));
  CHECK(nrpf_standing(leave, day("2026-02-01")).clocks.size() == 1);
  const auto method = contact_method_from(record(
      "contact_method", {{"method", {Code{"phone"}}}, {"address", {Text{"1"}}}, {"rule", {Code{"NO_MESSAGE"}}}}));
  CHECK(method.rule == ContactRule::no_message);
}

TEST_CASE("funds, loans, members and people reach their rules by the names of their fields") {
  const auto pot = fund_pot_from(
      record("fund_pot", {{"name", {Text{"Fund"}}}, {"no_capital", {true}}, {"spend_by", {Date{"2027-03-31"}}}}));
  CHECK(pot.no_capital);
  const auto request = fund_request_from(record(
      "fund_request", {{"amount_pence", {std::int64_t{5'000}}}, {"payee", {Text{"Van"}}}, {"capital", {false}}}));
  CHECK(request.amount_pence == 5'000);
  CHECK(request.capital == false);
  CHECK(loan_problems(
            {loan_from("l", record("equipment_loan", {{"status", {Code{"lent"}}}, {"due", {Date{"2026-01-01"}}}}))},
            day("2026-01-02"))
            .size() == 1);
  CHECK_FALSE(household_member_from(record("household_member", {{"role", {Code{"child"}}}})).has_value());
  CHECK(household_member_from(record("household_member", {{"household", {id("h")}}, {"person", {id("p")}}}))->person ==
        to_text(id("p")));
  CHECK(person_card_from(
            "p", record("person", {{"forename", {Text{"Zoe"}}}, {"phone", {Text{"1"}}}, {"dob", {Date{"1990-01-01"}}}}))
            .phones.size() == 1);
}

TEST_CASE("what was last heard of a unit counts, in any order, and of a whole service makes one unit more") {
  Unit unit;
  unit.id = id("u");
  unit.service = id("s");
  unit.state = "occupied";
  unit.as_at_ms = 10;
  const auto heard = [](std::string_view name, std::int64_t at_ms, std::optional<RecordId> of, std::string state) {
    return HeardVacancy{id(name), id("s"), of, std::move(state), at_ms};
  };
  for (auto all : {std::vector{heard("a", 20, id("u"), "held"), heard("b", 30, id("u"), "free")},
                   std::vector{heard("b", 30, id("u"), "free"), heard("a", 20, id("u"), "held")}}) {
    std::vector units{unit};
    apply_vacancies(units, all);
    CHECK(units[0].state == "free");
    CHECK(units[0].as_at_ms == 30);
  }
  std::vector units{unit};
  apply_vacancies(units, {heard("old", 5, id("u"), "free"), heard("w", 7, std::nullopt, "free"),
                          heard("v", 6, std::nullopt, "occupied")});
  REQUIRE(units.size() == 2);
  CHECK(units[0].state == "occupied");
  CHECK(units[1].state == "free");
}
