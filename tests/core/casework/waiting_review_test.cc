#include <catch2/catch_test_macros.hpp>

#include "core/casework/casebook.h"
#include "tests/support/fleet.h"

using namespace wayside;
using casework::ReviewItem;
using casework::ReviewKind;
using support::Device;
using support::Fleet;
using support::need;

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

std::vector<ReviewItem> waiting(Device& device) {
  std::vector<ReviewItem> out;
  for (const ReviewItem& each : need(casework::reviews(*device))) {
    if (each.kind == ReviewKind::waiting) out.push_back(each);
  }
  return out;
}

}  // namespace

SCENARIO("a change that has waited for a week stands among the reviews, with what it waits for, until that comes") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId case_id = support::put_case(amina, "W-1");
  fleet.reconcile();
  (void)Fleet::news(amina);
  support::edit(amina, case_id, "reference", Text{"W-2"});
  support::edit(amina, case_id, "reference", Text{"W-3"});
  const auto parcels = Fleet::news(amina);
  REQUIRE(parcels.size() == 2);
  REQUIRE(Fleet::give(ben, parcels[1]) == vault::Outcome::pending);
  const std::int64_t came_ms = ben.world->clock.wall_ms();

  ben.world->clock.advance(7 * kDay_ms - 1);
  CHECK(waiting(ben).empty());
  ben.world->clock.advance(1);
  const auto found = waiting(ben);
  REQUIRE(found.size() == 1);
  CHECK(found[0].waits_for == "previous");
  CHECK(found[0].since_ms == came_ms);
  CHECK(found[0].device == amina->identity().device);
  CHECK(found[0].is_of_envelope());

  // That it is tried again says nothing about since when.
  CHECK(Fleet::give(ben, parcels[1]) == vault::Outcome::pending);
  CHECK(waiting(ben).size() == 1);
  CHECK(Fleet::give(ben, parcels[0]) == vault::Outcome::applied);
  CHECK(waiting(ben).empty());
  CHECK(support::texts(ben, case_id, "reference") == support::Texts{"W-3"});
}
