#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "tests/e2e/kill_day.h"

using namespace wayside::e2e;

// WAYSIDE_KILL_POINTS and WAYSIDE_KILL_SEED ask for another day than the usual one.
namespace {

std::uint64_t asked_for(const char* name, std::uint64_t usual) {
  const char* const text = std::getenv(name);
  return text == nullptr || *text == '\0' ? usual : std::strtoull(text, nullptr, 10);
}

void live_through(KillPlan plan) {
  plan.points = static_cast<int>(asked_for("WAYSIDE_KILL_POINTS", static_cast<std::uint64_t>(plan.points)));
  plan.seed = asked_for("WAYSIDE_KILL_SEED", plan.seed);
  KillDay day(plan);
  day.play();
  day.check_own_promises();
  day.check_after_reconciling();

  const KillDay::Tally& tally = day.tally();
  WARN(tally.killed() << " kills in " << tally.tried << " tries: device " << tally.killed_cli << ", courier "
                      << tally.killed_courier << ", office " << tally.killed_office << "; promised: " << tally.promises
                      << " saves, " << tally.imports << " imports; " << tally.syncs << " reconciles went through");
  CHECK(tally.killed() == plan.points);
  CHECK(tally.promises > 0);
}

}  // namespace

#ifdef WAYSIDE_E2E_SHIPPED
TEST_CASE("killed at random moments, the programs as they are shipped lose no save that they reported") {
  live_through({.cli = Cli::shipped, .points = 5, .devices = 2, .common_cases = 3, .seed = 5});
}
#else
TEST_CASE("killed at 200 random moments, device, courier and office lose no save that was reported") {
  live_through({.cli = Cli::cheap, .points = 200, .devices = 3, .common_cases = 8, .seed = 1});
}
#endif
