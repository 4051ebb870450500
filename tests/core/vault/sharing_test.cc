#include "core/vault/sharing.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/vault/covered.h"
#include "core/vault/pins.h"
#include "core/vault/save.h"
#include "core/vault/snapshot.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;

namespace {

/// Amina's team, the team that a case is shared with, and one of each besides.
struct TwoTeams {
  Fleet fleet{11};
  TeamId north = fleet.add_team("North Harbour");
  support::Device& amina = fleet.add("Amina");
  support::Device& cara = fleet.add("Cara");
  support::Device& noor = fleet.add("Noor", membership::Role::advocate, {north});
  RecordId case_id = support::put_case(amina, "A-1");
  RecordId person = support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}});

  void share(support::Device& by, const TeamId& team) {
    auto writing = need(by->begin());
    need(vault::share_case(*by, writing, case_id, team));
    need(std::move(writing).commit());
  }
  std::optional<Errc> try_to_share(support::Device& by, const TeamId& team) {
    auto writing = need(by->begin());
    return support::code_of(vault::share_case(*by, writing, case_id, team));
  }
  ledger::LedgerRow ledger_at(support::Device& device) { return support::ledger_of_record(device, case_id); }
  std::vector<TeamId> sharers(support::Device& device) { return need(vault::shared_with(*device, ledger_at(device))); }
  bool has_case(support::Device& device) { return need(device->store().has_record(case_id)); }

  /// Signed as an administrator would who holds what `witness` holds. Nobody hears of it yet.
  void withdraw(support::Device& witness, const TeamId& team) {
    std::set<DeviceId> cut;
    for (const auto& [id, device] : fleet.log().devices()) {
      const auto teams = fleet.log().teams_of(device.entry.user);
      if (std::ranges::find(teams, team) != teams.end() && std::ranges::find(teams, fleet.main_team()) == teams.end()) cut.insert(id);
    }
    const LedgerId ledger = ledger_at(witness).id;
    membership::Pin pin = need(vault::last_accepted(*witness, cut));
    for (auto& [author, places] : pin) std::erase_if(places, [&](const auto& each) { return each.first != ledger; });
    const Bytes reason(64, 'r');
    fleet.append(membership::Withdraw{ledger, team, {fleet.main_team()}, reason, membership::encode_pin(pin).front()});
  }
};

KeyGenerationId newest_generation(support::Device& device, const RecordId& case_id) {
  const auto row = support::ledger_of_record(device, case_id);
  return need(device->store().writing_key(row.n))->generation;
}

}  // namespace

TEST_CASE("a case that is not shared is nothing to another team, and one that is shared is all there") {
  TwoTeams it;
  it.fleet.reconcile();
  CHECK_FALSE(it.has_case(it.noor));
  CHECK(support::count(it.noor, "SELECT count(*) FROM ledgers WHERE kind = 1") == 0);
  CHECK(support::count(it.noor, "SELECT count(*) FROM ledgers WHERE kind = 0 AND keys != x''") == 0);

  it.share(it.amina, it.north);
  it.fleet.reconcile();
  CHECK(it.has_case(it.noor));
  CHECK(support::texts(it.noor, it.person, "forename") == support::Texts{"Priya"});
  for (support::Device* each : {&it.amina, &it.cara, &it.noor}) CHECK(it.sharers(*each) == std::vector<TeamId>{it.north});
  CHECK(it.fleet.converged());
  CHECK(support::faults(it.noor).empty());
}

TEST_CASE("both teams write in a shared case, and a new key of it reaches both") {
  TwoTeams it;
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  support::edit(it.noor, it.case_id, "reference", Text{"A-1 north"});
  it.fleet.reconcile();
  CHECK(support::texts(it.cara, it.case_id, "reference") == support::Texts{"A-1 north"});

  it.fleet.remove(it.cara, it.amina);
  it.fleet.share_membership();
  const auto before = newest_generation(it.amina, it.case_id);
  support::edit(it.amina, it.case_id, "reference", Text{"A-1 again"});
  CHECK(newest_generation(it.amina, it.case_id) != before);
  it.fleet.reconcile();
  CHECK(support::texts(it.noor, it.case_id, "reference") == support::Texts{"A-1 again"});
}

TEST_CASE("a key that a colleague made before she heard of the sharing is granted with the next look") {
  TwoTeams it;
  it.fleet.reconcile();
  support::Device& ben = it.fleet.add("Ben");
  it.fleet.reconcile();
  it.fleet.remove(ben, it.amina);
  it.fleet.share_membership();
  support::edit(it.cara, it.case_id, "reference", Text{"under a new key"});   // Cara has not heard
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  const auto missing = [&] { return support::count(it.noor, "SELECT count(*) FROM pending WHERE why = 4"); };
  CHECK(missing() > 0);
  {
    auto writing = need(it.amina->begin());
    CHECK(need(vault::grant_to_sharers(*it.amina, writing)) == 1);
    need(std::move(writing).commit());
  }
  it.fleet.reconcile();
  CHECK(missing() == 0);
  CHECK(support::texts(it.noor, it.case_id, "reference") == support::Texts{"under a new key"});
  auto writing = need(it.amina->begin());
  CHECK(need(vault::grant_to_sharers(*it.amina, writing)) == 0);
}

TEST_CASE("only the case's own team shares it, once with each team") {
  TwoTeams it;
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  CHECK(it.try_to_share(it.amina, it.north) == Errc::already_exists);
  CHECK(it.try_to_share(it.amina, it.fleet.main_team()) == Errc::usage);
  CHECK(it.try_to_share(it.amina, TeamId{}) == Errc::not_found);
  const TeamId south = it.fleet.add_team("South");
  it.fleet.share_membership();
  CHECK(it.try_to_share(it.noor, south) == Errc::not_permitted);
}

TEST_CASE("addresses stay with the case's team, to be read and to be written") {
  TwoTeams it;
  const auto person = support::put(it.amina, it.case_id, "person", {{"address", Text{"4 Quay Street"}}});
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  CHECK(support::texts(it.cara, person, "address") == support::Texts{"4 Quay Street"});
  CHECK_FALSE(std::ranges::any_of(support::values(it.noor, person, "address"), [](const Value& each) { return each == Value{Text{"4 Quay Street"}}; }));
  CHECK_THROWS(support::edit(it.noor, person, "address", Text{"5 Quay Street"}));
  CHECK_THROWS(support::put(it.noor, it.case_id, "perpetrator", {{"forename", Text{"R"}}}));
  CHECK(need(it.noor->store().compartments_of_team(it.fleet.main_team())).empty());
}

TEST_CASE("after a withdrawal the next save is under a key that the other team is not given") {
  TwoTeams it;
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  it.withdraw(it.amina, it.north);
  it.fleet.share_membership();
  CHECK(it.sharers(it.amina).empty());
  support::edit(it.amina, it.case_id, "reference", Text{"not for them"});
  it.fleet.reconcile();
  CHECK(support::texts(it.cara, it.case_id, "reference") == support::Texts{"not for them"});
  CHECK(support::texts(it.noor, it.case_id, "reference") == support::Texts{"A-1"});   // handed the bytes, and no key
  CHECK(need(vault::lost_cases(*it.noor)).size() == 1);
  CHECK(need(vault::lost_cases(*it.amina)).empty());
}

TEST_CASE("what the other team wrote without having heard of the withdrawal is late work, whatever comes first") {
  for (const bool entry_first : {true, false}) {
    TwoTeams it;
    it.share(it.amina, it.north);
    it.fleet.reconcile();
    support::edit(it.noor, it.case_id, "reference", Text{"in time"});
    it.fleet.reconcile();
    it.withdraw(it.amina, it.north);
    support::edit(it.noor, it.person, "forename", Text{"too late"});
    const auto parcels = Fleet::all_of(it.noor);
    for (support::Device* each : {&it.amina, &it.cara}) {
      if (entry_first) it.fleet.share_membership(*each);
      Fleet::give(*each, parcels);
      if (!entry_first) it.fleet.share_membership(*each);
      INFO(each->name << (entry_first ? ", the entry first" : ", the work first"));
      CHECK(support::texts(*each, it.case_id, "reference") == support::Texts{"in time"});
      CHECK(support::texts(*each, it.person, "forename") == support::Texts{"Priya"});
      CHECK(need(vault::undecided(**each)) == 1);
      CHECK(support::faults(*each).empty());
    }
    // An administrator takes it in.
    const auto late = need(vault::late_work(*it.amina, it.noor->identity().device));
    REQUIRE(late.size() == 1);
    it.fleet.append(membership::Countersign{late, true, Bytes(64, 'r')});
    for (support::Device* each : {&it.amina, &it.cara}) {
      it.fleet.share_membership(*each);
      CHECK(std::ranges::count(support::texts(*each, it.person, "forename"), "too late") == 1);
      CHECK(support::faults(*each).empty());
    }
  }
}

TEST_CASE("a withdrawn case is written by nobody who lost it, and may be shared again") {
  TwoTeams it;
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  it.withdraw(it.amina, it.north);
  it.fleet.share_membership();
  CHECK_THROWS_WITH(support::edit(it.noor, it.case_id, "reference", Text{"x"}), Catch::Matchers::ContainsSubstring("withdrawn"));
  it.share(it.cara, it.north);
  it.fleet.reconcile();
  CHECK(it.sharers(it.amina) == std::vector<TeamId>{it.north});
  CHECK(need(vault::lost_cases(*it.noor)).empty());
  support::edit(it.noor, it.case_id, "reference", Text{"back again"});
  it.fleet.reconcile();
  CHECK(support::texts(it.amina, it.case_id, "reference") == support::Texts{"back again"});
  CHECK(it.fleet.converged());
}

TEST_CASE("with whom a case is shared survives a restart, and a rollback leaves nothing of it") {
  TwoTeams it;
  {
    auto writing = need(it.amina->begin());
    need(vault::share_case(*it.amina, writing, it.case_id, it.north));
    CHECK(it.sharers(it.amina).size() == 1);
  }
  CHECK(it.sharers(it.amina).empty());
  it.share(it.amina, it.north);
  it.fleet.reopen(it.amina);
  CHECK(it.sharers(it.amina) == std::vector<TeamId>{it.north});
}

TEST_CASE("a shared case is in no snapshot of the team that it is shared with") {
  TwoTeams it;
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  const LedgerId ledger = it.ledger_at(it.noor).id;
  const vault::Frontier frontier{Bytes(16, 'g'), 9, {{ledger, 3, *Digest::from(Bytes(32, 'h'))}}};
  CHECK(need(vault::make_snapshot(*it.noor, it.north, frontier)).ledgers == 0);
  CHECK(need(vault::make_snapshot(*it.cara, it.fleet.main_team(), frontier)).ledgers == 1);
}

TEST_CASE("nobody counts on devices of a team from which the case was withdrawn") {
  TwoTeams it;
  it.fleet.reconcile();
  const auto readers = [&](support::Device& device) { return need(vault::other_readers(*device, it.ledger_at(device).n)); };
  CHECK(readers(it.amina) == 1);
  it.share(it.amina, it.north);
  it.fleet.reconcile();
  CHECK(readers(it.amina) == 2);
  CHECK(readers(it.noor) == 2);
  it.withdraw(it.amina, it.north);
  it.fleet.share_membership();
  CHECK(readers(it.amina) == 1);
  CHECK(readers(it.cara) == 1);
}
