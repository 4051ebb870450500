#include "core/vault/clock_check.h"

#include <catch2/catch_test_macros.hpp>

#include "core/casework/casebook.h"
#include "core/vault/lease.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;
using vault::ClockQuality;
using vault::Heard;

namespace {

constexpr std::int64_t kMinute_ms = 60'000, kDay_ms = 24 * 60 * kMinute_ms;

/// Amina's device, and an office whose clock is right.
struct Town {
  Fleet fleet{41};
  support::Device& amina = fleet.add("Amina");
  support::FakeClock& clock = amina.world->clock;

  void hear(std::int64_t off_ms, std::int64_t took_ms = 0) { need(vault::renew_lease(*amina, clock.wall_ms() - off_ms, Heard::now, took_ms)); }
  ClockQuality now() { return need(vault::clock_quality(*amina)); }
  /// What a save says of the clock, as anybody reads it in its history.
  ClockQuality of_a_save() {
    const RecordId id = support::put_case(amina, "W-1");
    return need(casework::history(*amina, id, 0)).front().clock;
  }
};

}  // namespace

TEST_CASE("a save says whether its device's clock was compared with the office's, and how it stood") {
  Town town;
  CHECK(town.of_a_save() == ClockQuality::unknown);
  town.hear(4 * kMinute_ms);
  CHECK(town.of_a_save() == ClockQuality::near_office);
  town.hear(-6 * kMinute_ms);
  CHECK(town.of_a_save() == ClockQuality::suspect);
  town.hear(0);
  CHECK(town.of_a_save() == ClockQuality::near_office);
}

TEST_CASE("a long reconcile is no reason to doubt the clock, an answer from before is none to believe it") {
  Town town;
  town.hear(20 * kMinute_ms, 16 * kMinute_ms);
  CHECK(town.now() == ClockQuality::near_office);
  town.hear(20 * kMinute_ms, 14 * kMinute_ms);
  CHECK(town.now() == ClockQuality::suspect);
  need(vault::renew_lease(*town.amina, town.clock.wall_ms(), Heard::earlier));
  CHECK(town.now() == ClockQuality::suspect);
}

TEST_CASE("a clock that jumps while the casebook is open is suspect until it was compared again, whichever way it goes") {
  for (const std::int64_t jump_ms : {-10 * kMinute_ms, 10 * kMinute_ms}) {
    Town town;
    town.hear(0);
    town.clock.advance(3 * kDay_ms);
    CHECK(town.now() == ClockQuality::near_office);
    town.clock.set_wall(town.clock.wall_ms() + jump_ms);
    CHECK(town.of_a_save() == ClockQuality::suspect);
    town.clock.set_wall(town.clock.wall_ms() - jump_ms);
    CHECK(town.now() == ClockQuality::suspect);
    town.hear(0);
    CHECK(town.now() == ClockQuality::near_office);
  }
}

TEST_CASE("what was found out is known after opening again, a clock that was put back meanwhile is noticed, and after a month nobody knows") {
  Town town;
  town.hear(0);
  const std::int64_t compared_ms = town.clock.wall_ms();
  const auto opened_at = [&town](std::int64_t wall_ms) {
    town.clock.set_wall(wall_ms);
    town.fleet.reopen(town.amina);
    return town.now();
  };
  CHECK(opened_at(compared_ms + kDay_ms) == ClockQuality::near_office);
  CHECK(opened_at(compared_ms - 4 * kMinute_ms) == ClockQuality::near_office);
  CHECK(opened_at(compared_ms - 6 * kMinute_ms) == ClockQuality::suspect);
  CHECK(opened_at(compared_ms + 32 * kDay_ms) == ClockQuality::unknown);
  town.clock.set_wall(compared_ms);
  town.hear(kDay_ms);
  CHECK(opened_at(compared_ms + kDay_ms) == ClockQuality::suspect);
}
