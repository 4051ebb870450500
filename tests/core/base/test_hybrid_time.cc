#include <catch2/catch_test_macros.hpp>

#include "core/base/hybrid_time.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using support::FakeClock;

TEST_CASE("each time is later than the one before, whatever the clock does") {
  FakeClock clock;
  HybridClock time(clock, 0);
  HybridTime last = 0;
  for (const std::int64_t wall : {std::int64_t{1'000}, std::int64_t{1'000}, std::int64_t{999}, std::int64_t{0}, std::int64_t{-5},
                                  std::int64_t{1'001}, std::int64_t{4'102'444'800'000}, std::int64_t{2'147'483'648'000}}) {
    clock.set_wall(wall);
    for (int i = 0; i < 3; ++i) {
      const HybridTime now = time.tick();
      CHECK(now > last);
      last = now;
    }
  }
}

TEST_CASE("the wall time stands in the upper 48 bits") {
  FakeClock clock(1'750'000'000'123);
  HybridClock time(clock, 0);
  CHECK(wall_ms(time.tick()) == 1'750'000'000'123);
  CHECK(hybrid_from_ms(5) == HybridTime{5} << 16);
  CHECK(hybrid_from_ms(-5) == 0);
}

TEST_CASE("more than 65,536 times within one millisecond carry into the next") {
  FakeClock clock(1'000);
  HybridClock time(clock, 0);
  HybridTime last = time.tick();
  for (int i = 0; i < 70'000; ++i) {
    const HybridTime now = time.tick();
    if (now != last + 1) FAIL_CHECK(i);
    last = now;
  }
  CHECK(wall_ms(last) == 1'001);
  clock.set_wall(1'001);
  CHECK(time.tick() == last + 1);   // the clock has not caught up
  clock.set_wall(1'002);
  CHECK(time.tick() == hybrid_from_ms(1'002));
}

TEST_CASE("a time that was seen is followed by a later one, unless it is far ahead") {
  FakeClock clock(1'000'000);
  HybridClock time(clock, 0);
  const HybridTime near = hybrid_from_ms(1'000'000 + HybridClock::kMaxLeadMs);
  CHECK(time.observe(near));
  CHECK(time.tick() == near + 1);
  const HybridTime far = hybrid_from_ms(1'000'001 + HybridClock::kMaxLeadMs);
  CHECK_FALSE(time.observe(far));
  CHECK(time.latest() == near + 1);
  CHECK(time.observe(hybrid_from_ms(3)));   // old ones are nothing new
  CHECK(time.latest() == near + 1);
  CHECK_FALSE(time.observe(~HybridTime{0}));
}

TEST_CASE("what was persisted is where time goes on") {
  FakeClock clock(1'000);
  HybridClock time(clock, hybrid_from_ms(9'000) + 7);
  CHECK(time.tick() == hybrid_from_ms(9'000) + 8);
}
