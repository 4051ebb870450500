#include <catch2/catch_test_macros.hpp>

#include "core/casework/rules/adapters.h"
#include "core/casework/rules/matching.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using namespace wayside::casework;

TEST_CASE("a service and its unit in a vault match as their fields say") {
  Fleet fleet;
  auto& desk = fleet.add("Desk", membership::Role::desk);
  const auto service = put(desk, std::nullopt, "service",
                           {{"name", Text{"House"}},
                            {"kind", Code{"accommodation"}},
                            {"pets", Code{"some"}},
                            {"largest_family_size", std::int64_t{2}},
                            {"open_from", Date{"2026-01-01"}}});
  const auto unit =
      put(desk, std::nullopt, "unit", {{"service", service}, {"state", Code{"free"}}, {"wheelchair", false}});
  rules::Household household;
  household.adults = {{rules::Sex::female, 30}};
  household.on_date = rules::day_of("2026-06-10");
  const auto shown = [&](const RecordId& id) { return rules::RecordFields(need(casework::get(*desk, id))); };
  const auto answer = [&] {
    return rules::match(household, rules::service_from(service, shown(service)), {rules::unit_from(unit, shown(unit))},
                        0)
        .answer;
  };
  CHECK(answer() == rules::Answer::yes);
  household.pets = {{"dog", 1}};
  CHECK(answer() == rules::Answer::ask);
  household.children = {{rules::Sex::female, 3}, {rules::Sex::female, 4}};
  CHECK(answer() == rules::Answer::no);
  household = {};
  household.adults = {{rules::Sex::female, 30}};
  household.wheelchair = true;
  household.on_date = rules::day_of("2025-12-31");
  CHECK(answer() == rules::Answer::no);
}

TEST_CASE("two end dates written apart both reach the rule, and the earlier raises the alarm") {
  Fleet fleet;
  auto& amina = fleet.add("Amina");
  auto& ben = fleet.add("Ben");
  const auto case_id = put_case(amina, "W-1");
  const auto order = put(amina, case_id, "order", {{"kind", Code{"NMO"}}, {"until_date", Date{"2026-09-01"}}});
  fleet.reconcile();
  edit(amina, order, "until_date", Date{"2026-12-01"});
  edit(ben, order, "until_date", Date{"2026-06-20"});
  fleet.reconcile();
  for (auto* device : {&amina, &ben}) {
    const auto fields = rules::RecordFields(need(casework::get(**device, order)));
    const auto standing = rules::order_standing(rules::order_from("o", fields), *rules::day_of("2026-06-10"));
    CHECK(standing.ends_on == rules::day_of("2026-06-20"));
  }
}
