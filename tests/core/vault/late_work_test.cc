#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/crypto/crypto.h"
#include "core/search/search.h"
#include "core/vault/ingest.h"
#include "core/vault/pins.h"
#include "tests/support/fleet.h"

// Taking rights away: what a removed device reads no more, and what becomes of its late work on every device, whatever
// arrives first.

using namespace wayside;
using namespace wayside::support;
using vault::Outcome;
using vault::Parcel;

namespace {

/// Amina and Ben share a case; Ben's first edit is known to both when he is removed.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  Device& ben = fleet.add("Ben");
  RecordId case_id, person;

  void begin() {
    case_id = put_case(amina, "W-1");
    person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}, {"phone", Text{"0"}}, {"address", Text{"1 High Street"}}});
    fleet.reconcile();
    edit(ben, person, "phone", Text{"known"});
    fleet.reconcile();
    Fleet::news(ben);
    Fleet::news(amina);
  }
  void decide(const std::vector<Parcel>& parcels, bool accept) {
    membership::Countersign sign{{}, accept, {}};
    for (const Parcel& parcel : parcels) sign.envelopes.push_back(need(ledger::parse_envelope(parcel.envelope)).id);
    fleet.append(std::move(sign));
    fleet.share_membership();
  }
};

}  // namespace

TEST_CASE("a removed device reads nothing that is written from then on, with all its keys and all that an office could serve") {
  Town town;
  town.begin();
  put(town.amina, town.case_id, "perpetrator", {{"forename", Text{"Known to both"}}});
  town.fleet.reconcile();
  town.fleet.remove(town.ben, town.amina);
  town.fleet.share_membership();
  Fleet::news(town.amina);
  edit(town.amina, town.person, "phone", Text{"unknown to Ben"});
  put(town.amina, town.case_id, "perpetrator", {{"forename", Text{"Unknown to Ben"}}});
  put(town.amina, std::nullopt, "service", {{"name", Text{"A refuge"}}, {"kind", Code{"support"}}});
  put_case(town.amina, "W-2");
  const std::vector<Parcel> served = Fleet::news(town.amina);
  REQUIRE(served.size() == 4);
  CHECK(Fleet::give(town.ben, served).applied == 0);
  CHECK(count(town.ben, "SELECT count(*) FROM pending") == 4);
  CHECK(texts(town.ben, town.person, "phone") == Texts{"known"});
  for (const Parcel& parcel : served) {
    for (const Bytes& bytes : parcel.grants) {
      const auto grant = need(membership::parse_grant(bytes));
      CHECK_FALSE(town.ben->open_grant(grant));
    }
  }
  // A colleague who is still there, and one who comes later, read all of it.
  Device& cara = town.fleet.add("Cara");
  town.fleet.share_membership();
  Fleet::give(cara, Fleet::all_of(town.amina));
  CHECK(texts(cara, town.person, "phone") == Texts{"unknown to Ben"});
  CHECK(cara->epoch_secret(town.fleet.main_team(), 1) != nullptr);
  CHECK(faults(cara).empty());
}

TEST_CASE("no key is made under which a removed device could read, not even while its team's epoch is an old one") {
  Town town;
  town.begin();
  const auto pin = membership::encode_pin({});
  town.fleet.append(membership::Removal{town.ben->identity().device, std::nullopt, {}, pin.front()});
  town.fleet.share_membership();
  CHECK_FALSE(town.fleet.log().epoch_is_clean(town.fleet.main_team()));
  edit(town.amina, town.person, "phone", Text{"unknown to Ben"});
  const std::vector<Parcel> served = Fleet::news(town.amina);
  CHECK(Fleet::give(town.ben, served).pending == 1);
  REQUIRE(served.front().grants.size() == 2);   // recovery, and Amina's own device
  CHECK(need(membership::parse_grant(served.front().grants.back())).reader_kind == membership::ReaderKind::device);
}

TEST_CASE("keys change with a removal and not otherwise") {
  Town town;
  town.begin();
  edit(town.amina, town.person, "phone", Text{"a"});
  CHECK(Fleet::news(town.amina).front().grants.empty());
  town.fleet.add("Cara");
  edit(town.amina, town.person, "phone", Text{"b"});
  CHECK(Fleet::news(town.amina).front().grants.empty());
  town.fleet.remove(town.ben, town.amina);
  town.fleet.share_membership();
  edit(town.amina, town.person, "phone", Text{"c"});
  CHECK(Fleet::news(town.amina).front().grants.size() == 2);
  edit(town.amina, town.person, "phone", Text{"d"});
  CHECK(Fleet::news(town.amina).front().grants.empty());
}

namespace {

/// What happens while Ben's removal and his late work cross: every reader hears of it in an order of its own.
struct Crossing : Town {
  std::vector<Device*> readers;
  Parcel late_phone, late_address, late_person, honest;
  RecordId new_person;

  explicit Crossing(std::size_t readers_wanted) {
    for (std::size_t i = 0; i < readers_wanted; ++i) readers.push_back(&fleet.add("Reader " + std::to_string(i)));
    begin();
    edit(ben, person, "phone", Text{"late"});
    late_phone = Fleet::news(ben).at(0);
    // Amina sees it before anybody has heard of the removal, and goes on from there.
    Fleet::give(amina, late_phone);
    edit(amina, person, "phone", Text{"honest"});
    honest = Fleet::news(amina).at(0);
    edit(ben, person, "address", Text{"9 Orchard Way"});
    late_address = Fleet::news(ben).at(0);
    new_person = put(ben, case_id, "person", {{"forename", Text{"Una"}}});
    late_person = Fleet::news(ben).at(0);
    fleet.remove(ben, *readers.at(0));   // who holds none of the late work
  }
  void deliver(Device& reader, int step) {
    switch (step) {
      case 0: Fleet::give(reader, late_phone); break;
      case 1: Fleet::give(reader, {late_address, late_person}); break;
      case 2: Fleet::give(reader, honest); break;
      default: fleet.share_membership(reader);
    }
  }
  [[nodiscard]] std::vector<Parcel> late() const { return {late_phone, late_address, late_person}; }
  void all_agree() {
    for (Device* reader : readers) {
      INFO(reader->name);
      CHECK(digest(*reader) == digest(*readers.front()));
      CHECK(faults(*reader).empty());
    }
  }
};

}  // namespace

TEST_CASE("late work and a removal leave the same on every device, in all orders of their arrival, before and after the decision") {
  std::vector<int> order{0, 1, 2, 3};
  Crossing crossing(24);
  std::size_t next = 0;
  do {
    for (const int step : order) crossing.deliver(*crossing.readers.at(next), step);
    ++next;
  } while (std::next_permutation(order.begin(), order.end()));
  REQUIRE(next == 24);
  Device& one = *crossing.readers.back();
  crossing.all_agree();
  // What the honest save superseded stays superseded; what only the late one had superseded is back, for a person to see.
  CHECK(texts(one, crossing.person, "phone") == Texts{"honest", "known"});
  CHECK(texts(one, crossing.person, "address") == Texts{"1 High Street"});
  CHECK_FALSE(need(one->store().has_record(crossing.new_person)));
  for (Device* reader : crossing.readers) CHECK(count(*reader, "SELECT count(*) FROM quarantine") == 3);

  SECTION("accepted, every save of it is there") {
    crossing.decide(crossing.late(), true);
    crossing.all_agree();
    CHECK(texts(one, crossing.person, "phone") == Texts{"honest"});
    CHECK(texts(one, crossing.person, "address") == Texts{"9 Orchard Way"});
    CHECK(texts(one, crossing.new_person, "forename") == Texts{"Una"});
    for (Device* reader : crossing.readers) CHECK(count(*reader, "SELECT count(*) FROM quarantine") == 0);
    // A second thought counts too.
    crossing.decide({crossing.late_address}, false);
    crossing.all_agree();
    CHECK(texts(one, crossing.person, "address") == Texts{"1 High Street"});
    CHECK(texts(one, crossing.new_person, "forename") == Texts{"Una"});
  }
  SECTION("declined, it stays out and asks nobody any more") {
    crossing.decide(crossing.late(), false);
    crossing.all_agree();
    CHECK(texts(one, crossing.person, "address") == Texts{"1 High Street"});
    for (Device* reader : crossing.readers) {
      CHECK(need(vault::undecided(**reader)) == 0);
      for (const auto& each : need(casework::reviews(**reader))) CHECK(each.kind == casework::ReviewKind::values);
    }
  }
  SECTION("what was decided before it arrived counts when it arrives") {
    Device& late_comer = crossing.fleet.add("Dan");
    crossing.decide(crossing.late(), true);
    Fleet::give(late_comer, Fleet::all_of(one));
    Fleet::give(late_comer, Fleet::all_of(crossing.amina));
    crossing.readers.push_back(&late_comer);
    crossing.all_agree();
  }
  SECTION("restarted, a device goes on as before, and its colleagues still read what it writes") {
    crossing.fleet.reopen(one);
    edit(one, crossing.person, "phone", Text{"afterwards"});
    const std::vector<Parcel> parcels = Fleet::news(one);
    for (Device* reader : crossing.readers) {
      if (reader != &one) Fleet::give(*reader, parcels);
    }
    crossing.all_agree();
  }
}

TEST_CASE("a record that only late work made is made anew when it is accepted, and is found again") {
  Crossing crossing(2);
  Device& reader = *crossing.readers.at(0);
  for (const int step : {0, 1, 2}) crossing.deliver(reader, step);
  CHECK(need(search::find(*reader, {"Una", std::nullopt, 10})).size() == 1);
  crossing.deliver(reader, 3);
  CHECK(need(search::find(*reader, {"Una", std::nullopt, 10})).empty());
  put(reader, crossing.case_id, "person", {{"forename", Text{"Vera"}}});   // takes the number of the row that went
  CHECK(need(search::find(*reader, {"Vera", std::nullopt, 10})).size() == 1);
  crossing.decide(crossing.late(), true);
  CHECK(need(search::find(*reader, {"Una", std::nullopt, 10})).size() == 1);
  CHECK(faults(reader).empty());
}

TEST_CASE("who was given a lower role goes on under it; what she wrote as the higher one and brings late waits for a decision") {
  Fleet fleet;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  Device& desk = fleet.add("Desk", membership::Role::desk);
  const RecordId case_id = put_case(amina, "W-1");
  const RecordId person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}, {"phone", Text{"0"}}});
  fleet.reconcile();
  Fleet::news(desk);
  edit(desk, person, "phone", Text{"late"});
  const auto pin = membership::encode_pin(need(vault::last_accepted(*amina, {desk->identity().device})));
  fleet.append(membership::RoleEntry{desk->identity().user, membership::Role::advocate, std::nullopt, false, pin.front()});
  fleet.share_membership();
  CHECK(texts(desk, person, "phone") == Texts{"0"});   // on her own device too
  edit(desk, person, "phone", Text{"in time"});
  const std::vector<Parcel> parcels = Fleet::news(desk);
  REQUIRE(parcels.size() == 2);
  CHECK(Fleet::give(amina, parcels[0]) == Outcome::quarantined);
  CHECK(Fleet::give(amina, parcels[1]) == Outcome::applied);
  CHECK(fleet.converged());
  fleet.append(membership::Countersign{{need(ledger::parse_envelope(parcels[0].envelope)).id}, true, {}});
  fleet.share_membership();
  CHECK(fleet.converged());
  CHECK(texts(amina, person, "phone") == Texts{"in time", "late"});
  CHECK(faults(desk).empty());
  CHECK(faults(amina).empty());
}

TEST_CASE("a spoilt copy that comes later neither keeps the good one out, nor hides that it is late") {
  Town town;
  town.begin();
  const auto with_spoilt = [](const Parcel& good) {
    Parcel spoilt = good;
    spoilt.envelope.back() = static_cast<char>(spoilt.envelope.back() ^ 1);   // its signature: the id stays
    return std::vector{good, spoilt};
  };
  edit(town.ben, town.person, "phone", Text{"in time"});
  Fleet::give(town.amina, with_spoilt(Fleet::news(town.ben).front()));
  Device& cara = town.fleet.add("Cara");
  town.fleet.share_membership();
  Fleet::give(cara, Fleet::all_of(town.amina));
  CHECK(faults(town.amina).empty());

  edit(town.ben, town.person, "address", Text{"late"});
  const std::vector<Parcel> late = Fleet::news(town.ben);
  Fleet::give(cara, with_spoilt(late.front()));
  CHECK(texts(cara, town.person, "address") == Texts{"late"});
  town.fleet.remove(town.ben, town.amina);
  town.fleet.share_membership();
  CHECK(texts(town.amina, town.person, "phone") == Texts{"in time"});   // pinned, whatever lies in quarantine
  CHECK(texts(cara, town.person, "phone") == Texts{"in time"});
  CHECK(texts(cara, town.person, "address") == Texts{"1 High Street"});
  CHECK(faults(town.amina).empty());
  CHECK(faults(cara).empty());
  town.decide(late, true);
  CHECK(texts(cara, town.person, "address") == Texts{"late"});
  CHECK(faults(cara).empty());
}
