#include <catch2/catch_test_macros.hpp>
#include <cstdio>

#include "tests/sync/hostile/hostile_case.h"

using namespace wayside;
using namespace wayside::hostile;

namespace {

World& world() {
  static World one(1);
  return one;
}

struct Sum {
  std::uint64_t altered = 0, folded = 0, told = 0, same = 0;
};

/// Every `stride`-th case of a range.
Sum run(std::uint64_t from, std::uint64_t to, std::uint64_t stride, bool heal) {
  Sum sum;
  for (std::uint64_t number = from; number < to; number += stride) {
    const Verdict verdict = run_case(world(), number, heal);
    INFO(verdict.story);
    for (const std::string& fault : verdict.faults) {
      INFO(fault);
      CHECK(verdict.faults.empty());
    }
    CHECK(verdict.after != Verdict::After::silently_apart);
    sum.altered += verdict.altered ? 1 : 0;
    sum.folded += verdict.folded ? 1 : 0;
    sum.told += verdict.told ? 1 : 0;
    sum.same += verdict.after == Verdict::After::same ? 1 : 0;
  }
  return sum;
}

constexpr std::uint64_t kMixtures = 1500, kHealed = 250;

}  // namespace

SCENARIO("a message that is cut after any byte brings nothing in, and the next honest night makes up for it") {
  const std::uint64_t cuts = Mischief::cuts(world());
  REQUIRE(cuts > 10'000);
  const Sum sum = run(0, cuts, 29, false);
  CHECK(sum.altered > cuts / 29 - 5);
  CHECK(sum.told > sum.altered * 9 / 10);
  const Sum healed = run(7, cuts, 401, true);
  CHECK(healed.same == healed.altered);
}

SCENARIO("whatever a hostile office changes, drops, repeats, reorders, rolls back or swaps, nothing false is applied") {
  const std::uint64_t first = Mischief::cuts(world());
  const Sum sum = run(first, first + kMixtures, 1, false);
  // The mischief bites, and the rest of what it touches still gets through.
  CHECK(sum.altered > kMixtures * 8 / 10);
  CHECK(sum.folded > kMixtures / 4);
}

SCENARIO("after a hostile night an honest one brings everything, or says that it does not") {
  const std::uint64_t first = Mischief::cuts(world()) + 1'000'000;
  const Sum sum = run(first, first + kHealed, 1, true);
  CHECK(sum.same > kHealed * 8 / 10);
}

TEST_CASE("the check sees what it is there to see") {
  auto machine = world().bens_machine();
  vault::Vault& vault = machine->vault();
  CHECK(world().faults_of(vault).empty());
  CHECK_FALSE(world().told_by("a request with the CANARY in it").empty());

  SECTION("an envelope that nobody honest wrote") {
    CHECK(vault.store().database().run(
        "UPDATE envelopes SET sealed = substr(sealed, 1, length(sealed) - 1) || x'00' WHERE n = 1"));
  }
  SECTION("a case key that nobody honest made") {
    CHECK(vault.store().database().run(
        "UPDATE ledgers SET keys = CAST(substr(keys, 1, 24) || zeroblob(32) AS BLOB) WHERE length(keys) > 0"));
  }
  SECTION("a record that is not what its envelopes say") {
    CHECK(vault.store().database().run("DELETE FROM records WHERE n = 1"));
  }
  SECTION("a membership entry that nobody honest signed") {
    CHECK(vault.store().database().run("UPDATE membership SET entry = x'00' WHERE number = 3"));
  }
  CHECK_FALSE(world().faults_of(vault).empty());
}
