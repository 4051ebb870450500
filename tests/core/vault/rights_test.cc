#include "core/membership/rights.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/membership/grant.h"
#include "core/vault/judging.h"
#include "core/vault/pins.h"
#include "core/vault/save.h"
#include "core/vault/sharing.h"
#include "tests/support/fleet.h"

using namespace wayside;
using membership::Realm;
using membership::Right;
using membership::Role;
using support::Device;
using support::Fleet;
using support::need;
using vault::Outcome;

namespace {

/// A device with a program of its own: it signs what it likes, with what its vault holds.
struct Rogue {
  Device& device;
  ledger::LedgerRow ledger;

  /// The next envelope of the device in that ledger, under a key of its own making that it grants to these; `named`: under one that
  /// its vault holds instead, with nothing granted.
  struct Wish {
    std::vector<DeviceId> devices{};
    std::vector<TeamId> teams{};
    bool own_key = true;
    RecordId record{};
    std::uint32_t type = 1;
    std::uint32_t field = 21;
    std::vector<ledger::Dot> takes_away{};
    std::vector<EnvelopeId> deps{};
    std::optional<ledger::Opening> opening{};
  };
  KeyGenerationId generation{};

  vault::Parcel seal(const Wish& wish) {
    vault::Vault& vault = *device;
    const membership::Log& log = vault.membership();
    const vault::Identity& me = vault.identity();
    ledger::Header header;
    header.organisation = me.organisation;
    header.ledger = ledger.id;
    header.device = me.device;
    header.incarnation = me.incarnation;
    store::Query author = vault.store().database().query("SELECT n FROM authors WHERE device = ?", me.device);
    const auto last = need(author.next()) ? need(vault.store().last_of(ledger.n, author.integer(0))) : ledger::LedgerStore::Last{};
    header.seq = last.seq + 1;
    header.prev = last.id;
    header.membership_head = *log.head();
    SecretBytes key;
    std::vector<Bytes> grants;
    if (wish.own_key) {
      generation = KeyGenerationId::random(device.world->random);
      key = crypto::random_secret(device.world->random, crypto::kKeyBytes);
      const auto grant = [&](membership::ReaderKind kind, BytesView reader, std::uint32_t epoch, const PublicKey& to) {
        grants.push_back(membership::make_grant({ledger.id, generation, kind, Bytes(reader), epoch, {}}, to, key.view(), vault.session_box()));
      };
      grant(membership::ReaderKind::recovery, me.organisation.view(), 0, log.found()->recovery_public);
      for (const DeviceId& each : wish.devices) grant(membership::ReaderKind::device, each.view(), 0, log.device(each)->entry.box_public);
      for (const TeamId& each : wish.teams) {
        grant(membership::ReaderKind::team_epoch, each.view(), log.newest_epoch(each)->number, log.newest_epoch(each)->public_key);
      }
    } else {
      auto held = need(vault.store().writing_key(ledger.n));
      generation = held->generation;
      key = std::move(held->key);
    }
    header.key_generation = generation;
    for (const Bytes& each : grants) header.grants.push_back(membership::hash_of_grant(each));
    ledger::ChangeSet change;
    change.author = me.user;
    change.time = vault.clock().latest() + 1;
    change.form = "forged";
    change.deps = wish.deps;
    change.opening = wish.opening;
    change.records = {{wish.record, wish.type, {{wish.field, encode(Value(Text{"forged"})), wish.takes_away, {}, {}, false, {}}}}};
    return {need(ledger::seal_envelope(header, ledger::encode(change), key.view(), vault.signer(), device.world->random)).bytes, grants};
  }
};

/// A team with a case and what is known of the person who causes harm, and another team.
struct Town {
  Fleet fleet{17};
  TeamId north = fleet.add_team("North Harbour");
  Device& amina = fleet.add("Amina", Role::admin);
  Device& ben = fleet.add("Ben");
  Device& cara = fleet.add("Cara");
  Device& noor = fleet.add("Noor", Role::advocate, {north});
  RecordId case_id = support::put_case(amina, "W-1");
  RecordId perpetrator = support::put(amina, case_id, "perpetrator", {{"forename", Text{"Dan"}}});

  Town() { fleet.reconcile(); }

  /// As an administrator takes somebody out of a team who holds what Amina holds: a new epoch first, then the entry with its pin.
  void leave(Device& who, const TeamId& team) {
    fleet.renew_epoch(team, {who->identity().device});
    const Bytes pin = membership::encode_pin(need(vault::last_accepted(*amina, {who->identity().device}))).front();
    fleet.append(membership::RoleEntry{who->identity().user, Role::advocate, team, true, pin});
    fleet.share_membership();
  }
  ledger::LedgerRow apart(Device& device) { return support::ledger_of_record(device, perpetrator); }
  ledger::LedgerRow of_case(Device& device) { return support::ledger_of_record(device, case_id); }
  static KeyGenerationId writes_under(Device& device, const ledger::LedgerRow& ledger) { return need(device->store().writing_key(ledger.n))->generation; }
  static std::uint64_t late(Device& device) { return support::count(device, "SELECT count(*) FROM quarantine"); }
  void decide(const EnvelopeId& id, bool accept) {
    fleet.append(membership::Countersign{{id}, accept, Bytes(64, 'r')});
    fleet.share_membership();
  }
};

EnvelopeId id_of(const vault::Parcel& parcel) { return need(ledger::parse_envelope(parcel.envelope)).id; }

}  // namespace

TEST_CASE("the table of rights says who does what with which ledger") {
  Town town;
  const membership::Log& log = town.fleet.log();
  const std::uint64_t now = log.size() - 1;
  const UserId amina = town.amina->identity().user, noor = town.noor->identity().user;
  const TeamId main = town.fleet.main_team();
  struct Line { Realm realm; bool read, write, make_key, share; };
  const LedgerId ledger = LedgerId::random(town.amina.world->random);
  const auto check = [&](const UserId& user, const membership::LedgerPlace& place, const Line& line) {
    INFO(membership::name_of(place.realm));
    CHECK(membership::may(log, Right::read, place, user, now) == line.read);
    CHECK(membership::may(log, Right::write, place, user, now) == line.write);
    CHECK(membership::may(log, Right::make_key, place, user, now) == line.make_key);
    CHECK(membership::may(log, Right::share, place, user, now) == line.share);
  };
  for (const Line& line : {Line{Realm::organisation, true, true, true, false}, Line{Realm::team, true, true, true, false},
                           Line{Realm::of_case, true, true, true, true}, Line{Realm::compartment, true, true, true, false}}) {
    check(amina, {ledger, line.realm, {main}, {}}, line);
  }
  const std::vector<membership::SharedWith> shared{{town.north, 3}};
  for (const Line& line : {Line{Realm::organisation, true, true, true, false}, Line{Realm::team, false, false, false, false},
                           Line{Realm::of_case, true, true, true, false}, Line{Realm::compartment, false, false, false, false}}) {
    check(noor, {ledger, line.realm, {main}, shared}, line);
  }
  check(noor, {ledger, Realm::of_case, {main}, {}}, {Realm::of_case, false, false, false, false});
  // Before she was admitted she was nobody.
  CHECK_FALSE(membership::may(log, Right::write, {ledger, Realm::of_case, {main}, {}}, amina, 1));
}

TEST_CASE("who left a team opens no key that anybody takes, and reads nothing of what is written next") {
  Town town;
  town.leave(town.ben, town.fleet.main_team());
  Rogue ben{town.ben, town.apart(town.ben)};
  const auto forged = ben.seal({.devices = {town.amina->identity().device, town.cara->identity().device, town.ben->identity().device},
                                .record = town.perpetrator});
  for (Device* each : {&town.amina, &town.cara}) {
    CHECK(Fleet::give(*each, forged) == Outcome::quarantined);
    CHECK(need((*each)->store().case_keys(town.apart(*each).n)).size() == 1);
  }
  support::edit(town.cara, town.perpetrator, "forename", Text{"Daniel"});
  CHECK(Town::writes_under(town.cara, town.apart(town.cara)) != ben.generation);
  for (const auto& parcel : Fleet::news(town.cara)) {
    const auto envelope = need(ledger::parse_envelope(parcel.envelope));
    for (const Bytes& bytes : parcel.grants) CHECK_FALSE(town.ben->open_grant(need(membership::parse_grant(bytes))));
    CHECK_FALSE(town.ben->store().case_key(town.apart(town.ben).n, envelope.header.key_generation));
  }
  CHECK(support::faults(town.amina).empty());
  CHECK(support::faults(town.cara).empty());
}

TEST_CASE("who left a team writes in none of its cases, and her own program says so before anything is sealed") {
  Town town;
  town.leave(town.ben, town.fleet.main_team());
  Rogue ben{town.ben, town.of_case(town.ben)};
  const auto forged = ben.seal({.own_key = false, .record = town.case_id});
  CHECK(Fleet::give(town.amina, forged) == Outcome::quarantined);
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-1"});
  CHECK(need(vault::late_work(*town.amina, town.ben->identity().device)) == std::vector{id_of(forged)});
  CHECK_THROWS(support::edit(town.ben, town.case_id, "reference", Text{"mine"}));
  CHECK_THROWS(support::edit(town.ben, town.perpetrator, "forename", Text{"mine"}));
}

TEST_CASE("a case is not written by whom it was never shared with, though she hold its key") {
  Town town;
  Rogue noor{town.noor, {}};
  const auto ledger = town.of_case(town.amina);
  {
    auto writing = need(town.noor->begin());
    auto row = need(town.noor->store().ensure_ledger(writing.transaction(), ledger.id));
    const auto stolen = need(town.amina->store().writing_key(ledger.n));
    need(town.noor->store().put_case_key(writing.transaction(), row.n, stolen->generation, stolen->key.view(), stolen->made_at));
    need(std::move(writing).commit());
    noor.ledger = row;
  }
  const auto forged = noor.seal({.own_key = false, .record = town.case_id});
  CHECK(Fleet::give(town.amina, forged) == Outcome::quarantined);
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-1"});
}

TEST_CASE("an administrator may accept what its author had no right to write, everywhere, and nothing more is written under her key") {
  Town town;
  town.leave(town.ben, town.fleet.main_team());
  Rogue ben{town.ben, town.apart(town.ben)};
  const auto& type = support::type_named("perpetrator");
  const auto& field = support::field_named("perpetrator", "surname");
  const auto forged = ben.seal({.devices = {town.amina->identity().device, town.cara->identity().device},
                                .record = town.perpetrator, .type = type.id, .field = field.id});
  CHECK(Fleet::give(town.amina, forged) == Outcome::quarantined);
  town.decide(id_of(forged), true);
  CHECK(Fleet::give(town.cara, forged) == Outcome::applied);   // it comes after the word about it
  for (Device* each : {&town.amina, &town.cara}) {
    CHECK(support::texts(*each, town.perpetrator, "surname") == support::Texts{"forged"});
    CHECK(Town::late(*each) == 0);
    CHECK(Town::writes_under(*each, town.apart(*each)) != ben.generation);
    CHECK(support::faults(*each).empty());
  }
  CHECK(support::digest(town.amina) == support::digest(town.cara));
  support::edit(town.cara, town.perpetrator, "forename", Text{"Daniel"});
  CHECK(Town::writes_under(town.cara, town.apart(town.cara)) != ben.generation);

  town.decide(id_of(forged), false);
  for (Device* each : {&town.amina, &town.cara}) {
    CHECK(support::texts(*each, town.perpetrator, "surname").empty());
    CHECK(Town::late(*each) == 1);
    CHECK(support::faults(*each).empty());
  }
}

TEST_CASE("what an honest save had superseded stays so, though what it took away does not count") {
  Town town;
  town.leave(town.ben, town.fleet.main_team());
  Rogue ben{town.ben, town.of_case(town.ben)};
  const auto& field = support::field_named("case", "reference");
  const auto held = need(town.amina->store().record(town.case_id))->state.field(field.id)->held;
  const auto forged = ben.seal({.own_key = false, .record = town.case_id, .field = field.id, .takes_away = {held.front().dot}});
  Fleet::give(town.amina, forged);
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-1"});
  support::edit(town.amina, town.case_id, "reference", Text{"W-2"});
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-2"});
  town.decide(id_of(forged), true);
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-2", "forged"});
  town.decide(id_of(forged), false);
  CHECK(support::texts(town.amina, town.case_id, "reference") == support::Texts{"W-2"});
}

TEST_CASE("a case is shared by members of its own team alone, whatever comes first") {
  Town town;
  const TeamId south = town.fleet.add_team("South");
  Device& sami = town.fleet.add("Sami", Role::advocate, {south});
  {
    auto writing = need(town.amina->begin());
    need(vault::share_case(*town.amina, writing, town.case_id, town.north));
    need(std::move(writing).commit());
  }
  town.fleet.reconcile();
  REQUIRE(need(town.noor->store().has_record(town.case_id)));
  // Noor, to whom it is shared, gives it on by a program of her own; Sami writes what she could.
  Rogue noor{town.noor, town.of_case(town.noor)};
  const auto heads = need(town.noor->store().heads(noor.ledger.n));
  const auto on = noor.seal({.teams = {south, town.fleet.main_team(), town.north}, .record = town.case_id, .deps = heads});
  Fleet::give(sami, on);
  auto writing = need(sami->begin());
  Rogue other{sami, need(sami->store().ensure_ledger(writing.transaction(), noor.ledger.id))};
  need(std::move(writing).commit());
  auto theirs = other.seal({.teams = {town.fleet.main_team()}, .record = town.case_id});

  std::vector<vault::Parcel> all = Fleet::all_of(town.noor);
  std::erase_if(all, [&](const vault::Parcel& each) { return need(ledger::parse_envelope(each.envelope)).header.ledger != noor.ledger.id; });
  all.push_back(on);
  all.push_back(theirs);
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::optional<Digest> digest;
  std::size_t orders = 0;
  do {
    Device& reader = town.fleet.add("Reader " + std::to_string(orders));
    for (const std::size_t each : order) Fleet::give(reader, all[each]);
    const auto row = support::ledger_of_record(reader, town.case_id);
    CHECK(need(vault::shared_with(*reader, row)) == std::vector{town.north});
    CHECK(need(vault::late_work(*reader, sami->identity().device)).size() == 1);
    CHECK(need(vault::late_work(*reader, town.noor->identity().device)).empty());
    const Digest now = support::digest(reader);
    if (!digest) digest = now;
    CHECK(now == *digest);
    if (orders % 6 == 0) CHECK(support::faults(reader).empty());
  } while (++orders < 24 && std::next_permutation(order.begin(), order.end()));
  CHECK(orders > 5);
}

TEST_CASE("a case is opened by a member of the team it is for, and a team's own ledger by nobody else") {
  Town town;
  const auto opening = [&](const TeamId& team) {
    return ledger::Opening{ledger::LedgerKind::case_ledger, RecordId::random(town.noor.world->random).str(), std::nullopt, team};
  };
  const auto sealed_for = [&](const TeamId& team) {
    auto writing = need(town.noor->begin());
    Rogue noor{town.noor, need(town.noor->store().ensure_ledger(writing.transaction(), LedgerId::random(town.noor.world->random)))};
    need(std::move(writing).commit());
    return noor.seal({.teams = {town.fleet.main_team(), town.north}, .record = RecordId::random(town.noor.world->random), .opening = opening(team)});
  };
  CHECK(Fleet::give(town.amina, sealed_for(town.fleet.main_team())) == Outcome::quarantined);
  CHECK(Fleet::give(town.amina, sealed_for(town.north)) == Outcome::applied);
}
