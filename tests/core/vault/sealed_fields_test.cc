#include "core/vault/sealed_fields.h"

#include <catch2/catch_test_macros.hpp>

#include "core/casework/writing.h"
#include "core/search/search.h"
#include "core/vault/refold.h"
#include "tests/support/fleet.h"

using namespace wayside;
using ledger::LedgerKind;
using support::Device;
using support::Fleet;
using support::need;

namespace {

/// Amina has a case whose person lives somewhere. Carol is of another team.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  Device& ben = fleet.add("Ben");
  Device& carol = fleet.add("Carol", membership::Role::advocate, {fleet.add_team("other")});
  RecordId case_id = support::put_case(amina, "W-1");
  RecordId person = support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}, {"address", Text{"Flat 2, Mill Lane"}}});

  std::vector<ledger::LedgerRow> compartments(Device& device) { return need(device->store().compartments_of_team(fleet.main_team())); }

  /// What a grant does that Carol could open.
  void hand_keys(const ledger::LedgerRow& of_amina) {
    const auto keys = need(amina->store().case_keys(of_amina.n));
    auto writing = need(carol->begin());
    const auto row = need(carol->store().ensure_ledger(writing.transaction(), of_amina.id));
    for (const auto& key : keys) need(carol->store().put_case_key(writing.transaction(), row.n, key.generation, key.key.view(), 0));
    need(std::move(writing).commit());
  }
  static casework::ShownRecord shown(Device& device, const RecordId& id) { return need(casework::get(*device, id)); }
  static const ledger::FieldView* view(const casework::ShownRecord& record, std::string_view field) {
    for (const auto& each : record.fields) {
      if (each.field != nullptr && each.field->name == field) return &each.view;
    }
    return nullptr;
  }
};

std::size_t found(Device& device, std::string_view words) {
  search::Query query;
  query.text = words;
  return need(search::find(*device, query)).size();
}

}  // namespace

TEST_CASE("where somebody lives stands under a key that is not her case's, made once for the team") {
  Town town;
  const auto of_case = support::ledger_of_record(town.amina, town.person);
  const auto made = town.compartments(town.amina);
  REQUIRE(made.size() == 1);
  CHECK(made[0].kind == LedgerKind::compartment);
  CHECK(made[0].compartment == static_cast<std::uint32_t>(schema::Compartment::location));
  const auto key = need(town.amina->store().writing_key(made[0].n));
  const auto case_key = need(town.amina->store().writing_key(of_case.n));
  REQUIRE((key && case_key));
  CHECK(key->key.view() != case_key->key.view());

  const auto envelopes = town.amina->envelopes();
  support::put(town.amina, town.case_id, "person", {{"forename", Text{"Asha"}}, {"town", Text{"Carlisle"}}});
  CHECK(town.amina->envelopes() == envelopes + 1);
  CHECK(town.compartments(town.amina).size() == 1);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("colleagues of the team read an address and change it, and all agree") {
  Town town;
  town.fleet.reconcile();
  CHECK(Town::shown(town.ben, town.person).text("address") == "Flat 2, Mill Lane");
  support::edit(town.ben, town.person, "address", Text{"9 Station Road"});
  town.fleet.reconcile();
  CHECK(Town::shown(town.amina, town.person).text("address") == "9 Station Road");
  CHECK(support::digest(town.amina) == support::digest(town.ben));
  CHECK(support::faults(town.ben).empty());
}

TEST_CASE("who is given a case and not the key of its addresses reads the case, and of an address only that there is one") {
  Town town;
  town.hand_keys(support::ledger_of_record(town.amina, town.case_id));
  Fleet::give(town.carol, Fleet::all_of(town.amina));
  const auto shown = Town::shown(town.carol, town.person);
  CHECK(shown.text("forename") == "Priya");
  const ledger::FieldView* address = Town::view(shown, "address");
  REQUIRE(address != nullptr);
  CHECK(address->values.empty());
  CHECK(address->sealed == 1);
  CHECK_FALSE(address->needs_review);
  CHECK(found(town.carol, "Priya") == 1);
  CHECK(found(town.carol, "Mill") == 0);
  CHECK(support::faults(town.carol).empty());

  SECTION("and its key, when it comes, opens it") {
    town.hand_keys(town.compartments(town.amina).at(0));
    auto writing = need(town.carol->begin());
    need(vault::Ingest(*town.carol, writing).retry_keys());
    need(vault::fold_opened_fields(*town.carol, writing, town.compartments(town.amina).at(0).id));
    need(std::move(writing).commit());
    CHECK(Town::shown(town.carol, town.person).text("address") == "Flat 2, Mill Lane");
    CHECK(found(town.carol, "Mill") == 1);
    CHECK(support::faults(town.carol).empty());
  }
}

TEST_CASE("nobody supersedes an address that she was not shown: a new one stands beside it for those who see both") {
  Town town;
  town.hand_keys(support::ledger_of_record(town.amina, town.case_id));
  Fleet::give(town.carol, Fleet::all_of(town.amina));
  const auto record = need(town.carol->store().record(town.person));
  const auto& field = support::field_named("person", "address");
  casework::FieldChange change = support::change("person", "address", {Text{"9 Station Road"}});
  const auto writes = need(casework::writes_for(change, record->state.field(field.id)));
  REQUIRE(writes.size() == 1);
  CHECK(writes[0].supersedes.empty());
}

TEST_CASE("after a removal addresses are written under a key that the removed device never gets") {
  Town town;
  town.fleet.reconcile();
  town.fleet.remove(town.ben, town.amina);
  town.fleet.share_membership();
  Fleet::news(town.amina);
  support::edit(town.amina, town.person, "address", Text{"unknown to Ben"});
  const auto served = Fleet::news(town.amina);
  CHECK(Fleet::give(town.ben, served).applied == 0);
  const auto keys = need(town.amina->store().case_keys(town.compartments(town.amina).at(0).n));
  CHECK(keys.size() == 2);
  CHECK(need(town.ben->store().case_keys(town.compartments(town.ben).at(0).n)).size() == 1);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("two devices that make a compartment while apart read what either wrote") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId hers = support::put_case(amina, "W-1"), his = support::put_case(ben, "W-2");
  const RecordId from_amina = support::put(amina, hers, "person", {{"town", Text{"Carlisle"}}});
  const RecordId from_ben = support::put(ben, his, "person", {{"town", Text{"Kendal"}}});
  fleet.reconcile();
  CHECK(need(amina->store().compartments_of_team(fleet.main_team())).size() == 2);
  CHECK(Town::shown(amina, from_ben).text("town") == "Kendal");
  CHECK(Town::shown(ben, from_amina).text("town") == "Carlisle");
  CHECK(fleet.converged());
}

TEST_CASE("what a lying device seals as nonsense stays sealed, and hides nothing else") {
  Town town;
  town.fleet.reconcile();
  const auto held = need(town.ben->store().compartments_of_team(town.fleet.main_team()));
  ledger::ChangeSet change;
  ledger::Write forename, address;
  forename.field = support::field_named("person", "forename").id;
  forename.value = encode(Value(Text{"Asha"}));
  address.field = support::field_named("person", "address").id;
  address.value = encode(Value(Text{"x"}));
  change.records = {{town.person, support::type_named("person").id, {forename, address}}};
  const auto key = need(town.ben->store().writing_key(held.at(0).n));
  REQUIRE(key);
  change.sealed = {{2, {1}, key->generation, Bytes(24, 'n'), Digest{}, Bytes(80, 'z')}};
  auto received = need(ledger::decode_change_set(ledger::encode(change), town.ben->identity().device));
  need(vault::open_sealed_fields(*town.ben, support::ledger_of_record(town.ben, town.case_id).n, received));
  CHECK(received.records[0].writes[0].value == forename.value);
  CHECK(received.records[0].writes[1].value == ledger::kSealedValue);
}
