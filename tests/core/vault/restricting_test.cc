#include "core/vault/restricting.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/casework/same_person.h"
#include "core/membership/grant.h"
#include "core/vault/carrying.h"
#include "core/vault/covered.h"
#include "core/vault/exposure.h"
#include "core/vault/granting.h"
#include "core/vault/pins.h"
#include "core/vault/save.h"
#include "core/vault/snapshot.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Device;
using support::Fleet;
using support::need;
using support::Texts;
using vault::Outcome;

namespace {

constexpr const char* kAddress = "4 Quay Street";

UserId user_of(Device& device) { return device->identity().user; }

/// One team: Amina and Ben are named, Cara is not.
struct Team {
  Fleet fleet{17};
  Device& amina = fleet.add("Amina", membership::Role::manager);
  Device& ben = fleet.add("Ben");
  Device& cara = fleet.add("Cara");

  std::vector<UserId> named() { return {user_of(amina), user_of(ben)}; }

  /// A case that names its readers in its first envelope.
  RecordId put_restricted(Device& by, std::vector<UserId> users) {
    const auto& type = support::type_named("case");
    std::vector<casework::NewRecordRequest> records;
    records.push_back({std::nullopt, &type, {support::change("case", "reference", {Text{"R-1"}}), support::change("case", "status", {Code{"open"}})}});
    return need(casework::put(*by, std::nullopt, std::nullopt, records, "put", std::move(users))).at(0);
  }
  static ledger::LedgerRow row(Device& device, const RecordId& case_id) {
    return *need(device->store().ledger_anywhere(ledger::LedgerKind::case_ledger, case_id.view()));
  }
  /// Signed as a manager would who holds what `witness` holds. Nobody hears of it yet.
  void restrict_to(Device& witness, const RecordId& case_id, const std::vector<UserId>& users) {
    const auto of_case = row(witness, case_id);
    std::vector<LedgerId> ledgers{of_case.id};
    for (const auto& each : need(witness->store().compartments_of(of_case.id))) ledgers.push_back(each.id);
    std::set<DeviceId> losing;
    for (const auto& [id, device] : fleet.log().devices()) {
      if (std::ranges::find(users, device.entry.user) == users.end()) losing.insert(id);
    }
    membership::Pin pin = need(vault::last_accepted(*witness, losing));
    for (auto& [author, places] : pin) std::erase_if(places, [&](const auto& each) { return std::ranges::find(ledgers, each.first) == ledgers.end(); });
    fleet.append(membership::Restrict{ledgers, users, Bytes(64, 'r'), membership::encode_pin(pin).front()});
  }
  static std::size_t grant(Device& device) {
    auto writing = need(device->begin());
    const std::size_t out = need(vault::grant_restricted(*device, writing));
    need(std::move(writing).commit());
    return out;
  }
  static std::vector<std::string> names(Device& device, const RecordId& case_id) {
    std::vector<std::string> out;
    for (const UserId& user : need(vault::circle_of(*device, row(device, case_id)))) out.push_back(device->user_name(user));
    std::ranges::sort(out);
    return out;
  }
  static bool opens_any(Device& device, const std::vector<vault::Parcel>& parcels) {
    for (const vault::Parcel& parcel : parcels) {
      for (const Bytes& bytes : parcel.grants) {
        if (device->open_grant(need(membership::parse_grant(bytes)))) return true;
      }
    }
    return false;
  }
  static bool any_to_a_team(const std::vector<vault::Parcel>& parcels) {
    return std::ranges::any_of(parcels, [](const vault::Parcel& parcel) {
      return std::ranges::any_of(parcel.grants, [](const Bytes& bytes) { return need(membership::parse_grant(bytes)).reader_kind == membership::ReaderKind::team_epoch; });
    });
  }
};

/// A case of the whole team, with an address and what is known of a perpetrator.
struct TeamsCase : Team {
  RecordId case_id = support::put_case(amina, "R-1");
  RecordId person = support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}, {"address", Text{kAddress}}});
  RecordId perpetrator = support::put(amina, case_id, "perpetrator", {{"forename", Text{"Known to all"}}});

  TeamsCase() { fleet.reconcile(); }
  void leave_to_amina_and_ben() {
    restrict_to(amina, case_id, named());
    fleet.share_membership();
  }
};

}  // namespace

TEST_CASE("a case that names its readers has no key, from its first byte on, that anybody else could open") {
  Team it;
  const RecordId case_id = it.put_restricted(it.amina, {user_of(it.ben)});
  const RecordId person = support::put(it.amina, case_id, "person", {{"forename", Text{"Priya"}}, {"address", Text{kAddress}}});
  const RecordId perpetrator = support::put(it.amina, case_id, "perpetrator", {{"forename", Text{"Robert"}}});
  const LedgerId ledger = Team::row(it.amina, case_id).id;
  std::vector<vault::Parcel> of_case;
  for (const vault::Parcel& parcel : Fleet::all_of(it.amina)) {
    const auto id = need(ledger::parse_envelope(parcel.envelope)).header.ledger;
    const auto row = need(it.amina->store().ledger(id));
    if (id == ledger || row->parent == ledger) of_case.push_back(parcel);
  }
  CHECK(of_case.size() == 4);   // the compartment's name stands in the case
  CHECK_FALSE(Team::any_to_a_team(of_case));
  CHECK_FALSE(Team::opens_any(it.cara, of_case));

  it.fleet.reconcile();
  CHECK(support::texts(it.ben, person, "address") == Texts{kAddress});
  CHECK(support::texts(it.ben, perpetrator, "forename") == Texts{"Robert"});
  CHECK(Team::names(it.ben, case_id) == std::vector<std::string>{"Amina", "Ben"});
  CHECK_FALSE(need(it.cara->store().has_record(case_id)));
  CHECK(support::count(it.cara, "SELECT count(*) FROM ledgers WHERE keys != x'' AND kind = 0") == 0);

  support::edit(it.ben, person, "phone", Text{"07700 900001"});
  support::put(it.ben, case_id, "perpetrator", {{"forename", Text{"Another"}}});
  it.fleet.reconcile();
  CHECK(support::texts(it.amina, person, "phone") == Texts{"07700 900001"});
  CHECK(support::digest(it.amina) == support::digest(it.ben));
  for (Device* each : {&it.amina, &it.ben}) CHECK(support::faults(*each).empty());
  it.fleet.reopen(it.ben);
  CHECK(Team::names(it.ben, case_id) == std::vector<std::string>{"Amina", "Ben"});
}

TEST_CASE("whoever is named names more, and a colleague who writes first is believed once she is") {
  Team it;
  const RecordId case_id = it.put_restricted(it.amina, {user_of(it.amina)});
  {
    auto writing = need(it.amina->begin());
    need(vault::name_more(*it.amina, writing, Team::row(it.amina, case_id), {user_of(it.amina), user_of(it.ben)}, "she works with her"));
    need(std::move(writing).commit());
  }
  it.fleet.reconcile();
  Fleet::news(it.ben);
  support::edit(it.ben, case_id, "reference", Text{"R-1 b"});
  const auto by_ben = Fleet::news(it.ben);
  Device& second = it.fleet.add("Amina's second", membership::Role::manager, {}, user_of(it.amina));
  CHECK(Team::grant(it.amina) == 1);
  Fleet::give(second, by_ben);   // before all else
  CHECK_FALSE(need(second->store().has_record(case_id)));
  Fleet::give(second, Fleet::all_of(it.amina));
  CHECK(support::texts(second, case_id, "reference") == Texts{"R-1 b"});
  CHECK(need(vault::undecided(*second)) == 0);
  it.fleet.reconcile();
  CHECK(support::digest(second) == support::digest(it.ben));

  // To leave somebody out takes an entry, and nobody takes a case from her team by writing in it.
  auto writing = need(it.ben->begin());
  CHECK(support::code_of(vault::name_more(*it.ben, writing, Team::row(it.ben, case_id), {user_of(it.ben)}, "")) == Errc::usage);
  CHECK(support::code_of(vault::name_more(*it.ben, writing, Team::row(it.ben, case_id), {}, "")) == Errc::usage);
}

TEST_CASE("whom a case can be left to: members of its team with a device, each once") {
  Team it;
  const TeamId north = it.fleet.add_team("North");
  Device& noor = it.fleet.add("Noor", membership::Role::advocate, {north});
  const auto check = [&](const std::vector<UserId>& users) { return support::code_of(vault::check_named(*it.amina, it.fleet.main_team(), users)); };
  CHECK_FALSE(check({user_of(it.ben)}));
  CHECK(check({}) == Errc::usage);
  CHECK(check({user_of(it.ben), user_of(it.ben)}) == Errc::usage);
  CHECK(check({user_of(it.ben), user_of(noor)}) == Errc::usage);
  it.fleet.remove(it.ben, it.amina);
  it.fleet.share_membership();
  CHECK(check({user_of(it.ben)}) == Errc::usage);
  CHECK_THROWS(it.put_restricted(it.amina, {user_of(noor)}));
  CHECK(support::count(it.amina, "SELECT count(*) FROM ledgers WHERE kind = 1") == 0);   // nothing half-saved
}

TEST_CASE("after a case is left to some, the next save is under a key that the others are not given, in its compartments too") {
  TeamsCase it;
  it.leave_to_amina_and_ben();
  for (Device* each : {&it.amina, &it.ben}) Fleet::news(*each);
  support::edit(it.amina, it.person, "address", Text{"9 Orchard Way"});
  support::edit(it.amina, it.perpetrator, "forename", Text{"not for her"});
  const auto sealed = Fleet::news(it.amina);
  CHECK_FALSE(Team::any_to_a_team(sealed));
  CHECK_FALSE(Team::opens_any(it.cara, sealed));
  it.fleet.reconcile();
  CHECK(support::texts(it.ben, it.person, "address") == Texts{"9 Orchard Way"});
  CHECK(support::texts(it.ben, it.perpetrator, "forename") == Texts{"not for her"});
  CHECK(support::texts(it.cara, it.person, "address") == Texts{kAddress});   // handed the bytes, and no key
  CHECK_THROWS_WITH(support::edit(it.cara, it.person, "phone", Text{"x"}), Catch::Matchers::ContainsSubstring("restricted"));
  CHECK(need(vault::lost_cases(*it.cara)).size() == 1);
  CHECK(need(vault::lost_cases(*it.ben)).empty());
  CHECK(support::digest(it.amina) == support::digest(it.ben));
}

TEST_CASE("what the others wrote without having heard is late work, whatever comes first, and what those named wrote counts") {
  for (const bool entry_first : {true, false}) {
    TeamsCase it;
    support::edit(it.cara, it.case_id, "reference", Text{"in time"});
    it.fleet.reconcile();
    it.restrict_to(it.amina, it.case_id, it.named());
    for (Device* each : {&it.ben, &it.cara}) Fleet::news(*each);
    support::edit(it.cara, it.person, "forename", Text{"too late"});
    support::edit(it.cara, it.perpetrator, "forename", Text{"too late"});
    support::edit(it.ben, it.person, "phone", Text{"not too late"});
    auto parcels = Fleet::news(it.cara);
    const auto by_ben = Fleet::news(it.ben);
    parcels.insert(parcels.end(), by_ben.begin(), by_ben.end());
    for (Device* each : {&it.amina, &it.ben}) {
      if (entry_first) it.fleet.share_membership(*each);
      Fleet::give(*each, parcels);
      if (!entry_first) it.fleet.share_membership(*each);
      INFO(each->name << (entry_first ? ", the entry first" : ", the work first"));
      CHECK(support::texts(*each, it.case_id, "reference") == Texts{"in time"});
      CHECK(support::texts(*each, it.person, "forename") == Texts{"Priya"});
      CHECK(support::texts(*each, it.perpetrator, "forename") == Texts{"Known to all"});
      CHECK(support::texts(*each, it.person, "phone") == Texts{"not too late"});
      CHECK(need(vault::undecided(**each)) == 2);
      CHECK(support::faults(*each).empty());
    }
    const auto late = need(vault::late_work(*it.amina, it.cara->identity().device));
    REQUIRE(late.size() == 2);
    it.fleet.append(membership::Countersign{late, true, Bytes(64, 'r')});
    for (Device* each : {&it.amina, &it.ben}) {
      it.fleet.share_membership(*each);
      CHECK(support::texts(*each, it.person, "forename") == Texts{"too late"});
      CHECK(support::texts(*each, it.perpetrator, "forename") == Texts{"too late"});
      CHECK(support::faults(*each).empty());
    }
    CHECK(support::digest(it.amina) == support::digest(it.ben));
  }
}

TEST_CASE("a device lets go of a case that is left to others, with its compartments, and keeps nothing of it that comes") {
  TeamsCase it;
  it.leave_to_amina_and_ben();
  {
    auto writing = need(it.cara->begin());
    need(vault::let_go(*it.cara, writing, Team::row(it.cara, it.case_id)));
    need(std::move(writing).commit());
  }
  CHECK_FALSE(need(it.cara->store().has_record(it.case_id)));
  CHECK_FALSE(need(it.cara->store().has_record(it.perpetrator)));
  CHECK(support::count(it.cara, "SELECT count(*) FROM ledgers WHERE keys != x'' AND kind < 0") == 0);
  CHECK(need(vault::cases_elsewhere(*it.cara)).at(0).restricted);
  Fleet::news(it.amina);
  support::edit(it.amina, it.person, "phone", Text{"07700 900002"});
  const auto envelopes = it.cara->envelopes();
  CHECK(Fleet::give(it.cara, Fleet::all_of(it.amina)).applied == 0);
  CHECK(it.cara->envelopes() == envelopes);
  CHECK(support::count(it.cara, "SELECT count(*) FROM pending") == 0);
  CHECK(support::count(it.cara, "SELECT count(*) FROM quarantine") == 0);

  // Given back it comes whole.
  it.restrict_to(it.amina, it.case_id, {});
  it.fleet.share_membership();
  CHECK(Team::grant(it.amina) > 0);
  it.fleet.reconcile();
  need(vault::settle_carried(*it.cara));
  CHECK(support::texts(it.cara, it.person, "phone") == Texts{"07700 900002"});
  CHECK(support::texts(it.cara, it.person, "address") == Texts{kAddress});
  CHECK(support::texts(it.cara, it.perpetrator, "forename") == Texts{"Known to all"});
  support::edit(it.cara, it.person, "phone", Text{"07700 900003"});
  it.fleet.reconcile();
  CHECK(support::texts(it.ben, it.person, "phone") == Texts{"07700 900003"});
  CHECK(it.fleet.converged());
  CHECK(support::faults(it.cara).empty());
}

TEST_CASE("a newly named worker, and a named worker's new device, read all of it; nobody else who joins does") {
  TeamsCase it;
  it.leave_to_amina_and_ben();
  support::edit(it.amina, it.person, "phone", Text{"for two"});
  it.fleet.reconcile();
  it.restrict_to(it.amina, it.case_id, {user_of(it.amina), user_of(it.cara)});
  it.fleet.share_membership();
  Fleet::news(it.amina);
  CHECK(Team::grant(it.amina) > 0);
  CHECK_FALSE(Team::opens_any(it.ben, Fleet::news(it.amina)));
  it.fleet.reconcile();
  CHECK(support::texts(it.cara, it.person, "phone") == Texts{"for two"});
  CHECK(Team::names(it.cara, it.case_id) == std::vector<std::string>{"Amina", "Cara"});

  Device& second = it.fleet.add("Cara's second", membership::Role::advocate, {}, user_of(it.cara));
  Device& dana = it.fleet.add("Dana");
  support::edit(it.amina, it.person, "phone", Text{"for two others"});
  CHECK(Team::grant(it.cara) > 0);
  CHECK(Team::grant(it.cara) == 0);
  it.fleet.reconcile();
  CHECK(support::texts(second, it.person, "phone") == Texts{"for two others"});
  CHECK(support::texts(second, it.perpetrator, "forename") == Texts{"Known to all"});
  CHECK(support::digest(second) == support::digest(it.cara));
  CHECK_FALSE(need(dana->store().has_record(it.case_id)));
}

TEST_CASE("a key made since a named worker's device was removed is none of hers") {
  TeamsCase it;
  it.leave_to_amina_and_ben();
  support::edit(it.amina, it.person, "phone", Text{"a"});
  it.fleet.reconcile();
  it.fleet.remove(it.ben, it.amina);
  it.fleet.share_membership();
  Fleet::news(it.amina);
  support::edit(it.amina, it.person, "phone", Text{"b"});
  CHECK_FALSE(Team::opens_any(it.ben, Fleet::news(it.amina)));
}

TEST_CASE("a case that is left to some is shared with nobody, in no snapshot, and counted on nobody else's device") {
  TeamsCase it;
  const LedgerId ledger = Team::row(it.amina, it.case_id).id;
  const auto snapshot_of = [&](Device& device) {
    const vault::Frontier frontier{Bytes(16, 'g'), 9, {{ledger, 3, *Digest::from(Bytes(32, 'h'))}}};
    return need(vault::make_snapshot(*device, it.fleet.main_team(), frontier)).ledgers;
  };
  for (Device* each : {&it.amina, &it.ben}) {
    for (const vault::Parcel& parcel : Fleet::all_of(*each)) {
      auto writing = need((*each)->begin());
      need((*each)->store().clear_outgoing(writing.transaction(), need(ledger::parse_envelope(parcel.envelope)).id));
      need(std::move(writing).commit());
    }
  }
  const auto readers = [&](Device& device) { return need(vault::other_readers(*device, Team::row(device, it.case_id).n)); };
  CHECK(snapshot_of(it.ben) == 1);
  CHECK(readers(it.ben) == 2);
  it.leave_to_amina_and_ben();
  CHECK(snapshot_of(it.ben) == 0);   // though its team was granted every key there is
  CHECK(readers(it.ben) == 1);
  const TeamId north = it.fleet.add_team("North");
  it.fleet.share_membership();
  auto writing = need(it.ben->begin());
  CHECK(support::code_of(vault::share_case(*it.ben, writing, it.case_id, north)) == Errc::usage);
}

TEST_CASE("when nobody is left who is named, the log says so") {
  TeamsCase it;
  it.leave_to_amina_and_ben();
  CHECK(vault::left_to_nobody(it.fleet.log()) == 0);
  it.fleet.remove(it.ben, it.amina);
  CHECK(vault::left_to_nobody(it.fleet.log()) == 0);
  it.fleet.remove(it.amina, it.cara);
  CHECK(vault::left_to_nobody(it.fleet.log()) == 1);
}

TEST_CASE("who is named is forgotten with a transaction that is given up") {
  Team it;
  const RecordId case_id = it.put_restricted(it.amina, {user_of(it.amina)});
  {
    auto writing = need(it.amina->begin());
    need(vault::name_more(*it.amina, writing, Team::row(it.amina, case_id), {user_of(it.amina), user_of(it.ben)}, ""));
  }
  CHECK(Team::names(it.amina, case_id) == std::vector<std::string>{"Amina"});
}

TEST_CASE("nobody is told of a restricted case by a link to a person in another") {
  Team it;
  const RecordId open_case = support::put_case(it.amina, "R-0");
  const RecordId restricted = it.put_restricted(it.amina, {user_of(it.ben)});
  const auto person = [&](const RecordId& in) { return support::put(it.amina, in, "person", {{"forename", Text{"Priya"}}}); };
  const RecordId a = person(open_case), b = person(restricted), c = person(restricted);
  CHECK(support::code_of(casework::decide_same_person(*it.amina, a, b, true, "the same voice")) == Errc::not_permitted);
  CHECK_FALSE(support::code_of(casework::decide_same_person(*it.amina, b, c, true, "typed twice")));
}
