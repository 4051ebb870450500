#include <catch2/catch_test_macros.hpp>

#include "core/vault/granting.h"
#include "core/vault/save.h"
#include "tests/support/fleet.h"

using namespace wayside;
using ledger::LedgerKind;
using support::Device;
using support::Fleet;
using support::need;

namespace {

/// Amina's case, with what is known of the perpetrator beside it.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  RecordId case_id = support::put_case(amina, "W-1");
  RecordId person = support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}});
  RecordId perpetrator = support::put(amina, case_id, "perpetrator", {{"forename", Text{"Dan"}}, {"visit_warning", true}});

  static void grant(Device& device) {
    auto writing = need(device->begin());
    need(vault::grant_compartments(*device, writing));
    need(std::move(writing).commit());
  }
  static bool has(Device& device, const RecordId& id) { return need(device->store().has_record(id)); }
};

}  // namespace

TEST_CASE("what is known of a perpetrator stands in a ledger of its own, under a key of its own, and in the case all the same") {
  Town town;
  const auto apart = support::ledger_of_record(town.amina, town.perpetrator);
  const auto of_case = support::ledger_of_record(town.amina, town.person);
  CHECK(apart.kind == LedgerKind::compartment);
  CHECK(apart.n != of_case.n);
  const auto key = need(town.amina->store().writing_key(apart.n));
  const auto case_key = need(town.amina->store().writing_key(of_case.n));
  REQUIRE((key && case_key));
  CHECK(key->key.view() != case_key->key.view());

  bool listed = false;
  for (const auto& each : need(casework::records_of_case(*town.amina, town.case_id))) listed = listed || each.row.id == town.perpetrator;
  CHECK(listed);
  CHECK(need(casework::get(*town.amina, town.perpetrator)).case_id == town.case_id);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("a second record of the compartment goes into the same ledger") {
  Town town;
  const RecordId action = support::put(town.amina, town.case_id, "perpetrator", {{"surname", Text{"Reed"}}});
  CHECK(support::ledger_of_record(town.amina, action).n == support::ledger_of_record(town.amina, town.perpetrator).n);
}

TEST_CASE("one save with records inside and outside of a compartment is one transaction in two ledgers") {
  Town town;
  const auto before = town.amina->envelopes();
  auto writing = need(town.amina->begin());
  vault::Save save;
  save.case_id = RecordId::random(town.amina->env().random);
  const auto write = [](std::uint32_t field, Value value) {
    ledger::Write out;
    out.field = field;
    out.value = encode(value);
    return out;
  };
  const RecordId note = RecordId::random(town.amina->env().random);
  const RecordId other = RecordId::random(town.amina->env().random);
  save.records.push_back({other, support::type_named("perpetrator").id, {write(16, Text{"Sam"})}});
  save.records.push_back({note, support::type_named("note").id, {write(19, Text{"words"})}});
  need(vault::save(*town.amina, writing, save));
  need(std::move(writing).commit());
  CHECK(town.amina->envelopes() == before + 2);
  CHECK(support::ledger_of_record(town.amina, other).kind == LedgerKind::compartment);
  CHECK(support::ledger_of_record(town.amina, note).kind == LedgerKind::case_ledger);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("colleagues of the team read the compartment, and change it") {
  Town town;
  town.fleet.reconcile();
  REQUIRE(Town::has(town.ben, town.perpetrator));
  support::edit(town.ben, town.perpetrator, "surname", Text{"Reed"});
  town.fleet.reconcile();
  CHECK(need(casework::get(*town.amina, town.perpetrator)).text("surname") == "Reed");
  CHECK(town.fleet.converged());
  CHECK(support::faults(town.ben).empty());
}

TEST_CASE("a device of another team, given every byte, reads neither") {
  Town town;
  const TeamId other = town.fleet.add_team("other");
  Device& carol = town.fleet.add("Carol", membership::Role::advocate, {other});
  Fleet::give(carol, Fleet::all_of(town.amina));
  CHECK_FALSE(Town::has(carol, town.perpetrator));
  CHECK_FALSE(Town::has(carol, town.person));
}

TEST_CASE("who joins the team later reads the compartment once a colleague has granted it") {
  Town town;
  Device& carol = town.fleet.add("Carol");
  Fleet::give(carol, Fleet::all_of(town.amina));
  CHECK(Town::has(carol, town.person));
  CHECK_FALSE(Town::has(carol, town.perpetrator));
  Town::grant(town.amina);
  Fleet::give(carol, Fleet::all_of(town.amina));
  CHECK(Town::has(carol, town.perpetrator));
  const auto before = town.amina->envelopes();
  Town::grant(town.amina);
  CHECK(town.amina->envelopes() == before);   // nobody is left to grant it to
}

TEST_CASE("two devices that make a compartment each while apart keep both, and edit each record where it stands") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId case_id = support::put_case(amina, "W-1");
  fleet.reconcile();
  const RecordId from_amina = support::put(amina, case_id, "perpetrator", {{"forename", Text{"Dan"}}});
  const RecordId from_ben = support::put(ben, case_id, "perpetrator", {{"forename", Text{"Daniel"}}});
  fleet.reconcile();
  CHECK(support::ledger_of_record(amina, from_amina).n != support::ledger_of_record(amina, from_ben).n);
  support::edit(amina, from_ben, "surname", Text{"Reed"});
  fleet.reconcile();
  CHECK(need(casework::get(*ben, from_ben)).text("surname") == "Reed");
  CHECK(fleet.converged());
  for (Device* device : {&amina, &ben}) CHECK(support::faults(*device).empty());
}
