#include <catch2/catch_test_macros.hpp>

#include "core/casework/waiting_changes.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Device;
using support::Fleet;
using support::need;

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

std::vector<casework::WaitingChange> waiting(Device& device) { return need(casework::waiting_too_long(*device)); }

}  // namespace

SCENARIO("a change that has waited for a week is told, with what it waits for, until that comes") {
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
  CHECK(found[0].waits_for == vault::WaitsFor::previous);
  CHECK(found[0].since_ms == came_ms);
  CHECK(found[0].device == amina->identity().device);

  // That it is tried again says nothing about since when.
  CHECK(Fleet::give(ben, parcels[1]) == vault::Outcome::pending);
  CHECK(waiting(ben).size() == 1);
  CHECK(Fleet::give(ben, parcels[0]) == vault::Outcome::applied);
  CHECK(waiting(ben).empty());
  CHECK(support::texts(ben, case_id, "reference") == support::Texts{"W-3"});
}
