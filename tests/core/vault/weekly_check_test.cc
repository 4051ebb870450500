#include "core/vault/weekly_check.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/vault/audit.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;
using vault::WeeklyCheck;

namespace {

constexpr std::int64_t kDay_ms = std::int64_t{24} * 3'600'000;

/// Two devices that have merged a dozen cases.
struct Town {
  Fleet fleet{51};
  support::Device& amina = fleet.add("Amina");
  support::Device& ben = fleet.add("Ben");
  std::vector<RecordId> people;

  Town() {
    for (int i = 0; i < 12; ++i) {
      const RecordId case_id = support::put_case(amina, "A-" + std::to_string(i));
      people.push_back(support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}}));
    }
    fleet.reconcile();
    need(open()->step(0));   // from now on it is known
  }
  std::unique_ptr<WeeklyCheck> open() { return need(WeeklyCheck::open(*ben)); }
  void wait(std::int64_t ms) { ben.world->clock.advance(ms); }
  /// Slices that do one ledger each, to the end of the round.
  int run_round() {
    const auto check = open();
    int steps = 1;
    while (need(check->step(0))) ++steps;
    return steps;
  }
  std::vector<std::string> faults() { return need(vault::check_standing(*ben)).faults; }
  /// Writes a record's earlier state back, as an old page of the store would.
  void put_old_state_back(const RecordId& id, const ledger::RecordState& state) {
    auto row = *need(ben->store().record(id));
    row.state = state;
    auto writing = need(ben->begin());
    need(ben->store().put_record(writing.transaction(), row));
    need(std::move(writing).commit());
  }
};

}  // namespace

TEST_CASE("a vault is checked every three days, and finds nothing where nothing is wrong") {
  Town town;
  CHECK_FALSE(town.open()->due());
  town.wait(3 * kDay_ms - 1);
  CHECK_FALSE(town.open()->due());
  town.wait(1);
  CHECK(town.open()->due());
  CHECK(town.run_round() == 13);   // twelve ledgers, and what stands around them
  CHECK(town.faults().empty());
  CHECK(need(vault::check_standing(*town.ben)).ended_ms == town.ben.world->clock.wall_ms());
  CHECK_FALSE(town.open()->due());
  town.wait(3 * kDay_ms);
  CHECK(town.open()->due());
}

TEST_CASE("a round goes on where it left off, also after a restart") {
  Town town;
  town.wait(3 * kDay_ms);
  {
    const auto check = town.open();
    for (int i = 0; i < 5; ++i) CHECK(need(check->step(0)));
    need(check->keep());
  }
  town.fleet.reopen(town.ben);
  auto standing = need(vault::check_standing(*town.ben));
  CHECK(standing.done == 5);
  CHECK(standing.total == 12);
  CHECK(standing.ended_ms == 0);
  CHECK(town.run_round() == 8);
  CHECK(town.faults().empty());
}

TEST_CASE("an old state that was put back into the store is found within the round, and told until a round finds nothing") {
  Town town;
  const ledger::RecordState before = need(town.ben->store().record(town.people[7]))->state;
  support::edit(town.ben, town.people[7], "forename", Text{"Meera"});
  const ledger::RecordState after = need(town.ben->store().record(town.people[7]))->state;
  town.put_old_state_back(town.people[7], before);
  town.wait(3 * kDay_ms);
  town.run_round();
  REQUIRE_FALSE(town.faults().empty());
  CHECK(town.faults()[0].contains("is not what its ledger says"));
  town.fleet.reopen(town.ben);
  CHECK_FALSE(town.faults().empty());
  town.put_old_state_back(town.people[7], after);
  town.wait(3 * kDay_ms);
  town.run_round();
  CHECK(town.faults().empty());
}

TEST_CASE("what is found is told before the round has ended") {
  Town town;
  auto state = need(town.ben->store().record(town.people[0]))->state;
  state.fields.clear();
  town.put_old_state_back(town.people[0], state);
  town.wait(3 * kDay_ms);
  const auto check = town.open();
  CHECK(need(check->step(0)));
  need(check->keep());
  CHECK_FALSE(town.faults().empty());
}

TEST_CASE("envelopes and entries of the log of reads that were taken out are found by the round") {
  Town town;
  SECTION("an envelope") {
    need(town.ben->store().database().run("DELETE FROM envelopes WHERE n = (SELECT max(n) FROM envelopes)"));
    town.wait(3 * kDay_ms);
    town.run_round();
    CHECK(std::ranges::any_of(town.faults(), [](const auto& fault) { return fault.contains("the ledger table is not the one that was written"); }));
  }
  SECTION("an entry") {
    need(vault::note_listed(*town.ben, 0, 1));
    need(town.ben->store().database().run("DELETE FROM audit_waiting WHERE n = 1"));
    town.wait(3 * kDay_ms);
    town.run_round();
    CHECK(std::ranges::any_of(town.faults(), [](const auto& fault) { return fault.contains("log of reads"); }));
  }
}

TEST_CASE("saves and arrivals between two slices are no fault") {
  Town town;
  town.wait(3 * kDay_ms);
  const auto check = town.open();
  for (int i = 0; need(check->step(0)); ++i) {
    support::edit(town.ben, town.people[static_cast<std::size_t>(i) % 12], "forename", Text{"Name " + std::to_string(i)});
    support::edit(town.amina, town.people[static_cast<std::size_t>(11 - i % 12)], "surname", Text{"Name " + std::to_string(i)});
    if (i % 3 == 0) town.fleet.reconcile();
    if (i == 6) (void)support::put_case(town.ben, "late");
  }
  CHECK(town.faults().empty());
}

TEST_CASE("a check of everything ends the round, and a clock that went back begins one") {
  Town town;
  town.wait(3 * kDay_ms);
  {
    const auto check = town.open();
    CHECK(need(check->step(0)));
    need(check->keep());
  }
  need(vault::note_whole_check(*town.ben, {"something"}));
  CHECK(town.faults() == std::vector<std::string>{"something"});
  CHECK_FALSE(town.open()->due());
  town.ben.world->clock.set_wall(town.ben.world->clock.wall_ms() - 3650 * kDay_ms);
  CHECK(town.open()->due());
  town.run_round();
  CHECK(town.faults().empty());
  CHECK_FALSE(town.open()->due());
}
