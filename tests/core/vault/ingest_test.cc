#include "core/vault/ingest.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include "core/crypto/crypto.h"
#include "core/search/search.h"
#include "core/vault/save.h"
#include "tests/core/vault/forged.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using test::Forger;
using vault::Outcome;
using vault::Parcel;

namespace {

Texts addresses(Device& device, const RecordId& person) { return texts(device, person, "address"); }

std::uint64_t pending(Device& device) { return count(device, "SELECT count(*) FROM pending"); }
std::uint64_t quarantined(Device& device) { return count(device, "SELECT count(*) FROM quarantine"); }

Errc reason_of_only_quarantined(Device& device) {
  const auto items = need(casework::reviews(*device));
  std::vector<casework::ReviewItem> apart;
  std::copy_if(items.begin(), items.end(), std::back_inserter(apart), [](const auto& each) { return each.kind == casework::ReviewKind::quarantined; });
  REQUIRE(apart.size() == 1);
  return apart[0].why;
}

/// Amina has a case with a person; Ben and the desk hold it too.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  Device& desk = fleet.add("Desk", membership::Role::desk);
  RecordId case_id = put_case(amina, "W-1");
  RecordId person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}, {"address", Text{"1 High Street"}}});

  Town() { fleet.reconcile(); }
  void all_is_well() {
    CHECK(fleet.converged());
    for (const auto& each : fleet.devices()) CHECK(faults(*each).empty());
  }
};

}  // namespace

TEST_CASE("two advocates change the same address apart; both addresses survive and a person decides") {
  Town town;
  edit(town.amina, town.person, "address", Text{"Flat 2, Mill Lane"});
  edit(town.ben, town.person, "address", Text{"9 Orchard Way"});
  town.fleet.reconcile();
  for (Device* each : {&town.amina, &town.ben, &town.desk}) {
    CHECK(addresses(*each, town.person) == Texts{"9 Orchard Way", "Flat 2, Mill Lane"});
    CHECK(need(casework::open_reviews(**each)) == 1);
  }
  const auto review = need(casework::reviews(*town.desk)).at(0);
  need(casework::resolve_set(*town.desk, review.id, Text{"Flat 2, Mill Lane"}, "she said so"));
  town.fleet.reconcile();
  for (Device* each : {&town.amina, &town.ben, &town.desk}) {
    CHECK(addresses(*each, town.person) == Texts{"Flat 2, Mill Lane"});
    CHECK(need(casework::open_reviews(**each)) == 0);
  }
  town.all_is_well();
}

TEST_CASE("different fields of one record, changed apart, merge without a question") {
  Town town;
  edit(town.amina, town.person, "phone", Text{"0116 1"});
  edit(town.ben, town.person, "email", Text{"z@example.org"});
  town.fleet.reconcile();
  CHECK(values(town.desk, town.person, "phone").size() == 1);
  CHECK(values(town.desk, town.person, "email").size() == 1);
  CHECK(need(casework::open_reviews(*town.desk)) == 0);
  town.all_is_well();
}

TEST_CASE("whatever the order, with duplicates and late arrivals, devices that have the same envelopes stand the same") {
  Town town;
  for (int round = 0; round < 4; ++round) {
    edit(town.amina, town.person, "address", Text{"A" + std::to_string(round)});
    edit(town.ben, town.person, "address", Text{"B" + std::to_string(round)});
    put(town.ben, town.case_id, "note", {{"at", Instant{round}}, {"kind", Code{"phone call"}}, {"text", Text{"n" + std::to_string(round)}}});
    if (round == 1) town.fleet.reconcile();
  }
  edit(town.desk, town.case_id, "lead_worker", Text{"Ben"});
  std::vector<Parcel> all;
  for (const auto& each : town.fleet.devices()) {
    for (Parcel& parcel : Fleet::news(*each)) all.push_back(std::move(parcel));
  }
  town.fleet.reconcile();
  const Digest expected = digest(town.amina);
  FakeRandom random(3);
  for (int order = 0; order < 12; ++order) {
    Device& newcomer = town.fleet.add("newcomer " + std::to_string(order), membership::Role::advocate);
    std::vector<Parcel> shuffled = all;
    shuffled.insert(shuffled.end(), all.begin(), all.begin() + 5);
    for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[random.below(i)]);
    const Parcel withheld = shuffled.back();
    shuffled.pop_back();
    for (const Parcel& parcel : shuffled) Fleet::give(newcomer, parcel);
    Fleet::give(newcomer, withheld);
    CHECK(pending(newcomer) == 0);
    CHECK(quarantined(newcomer) == 0);
    CHECK(digest(newcomer) == expected);
    CHECK(need(casework::open_reviews(*newcomer)) == need(casework::open_reviews(*town.amina)));
    CHECK(faults(newcomer).empty());
  }
}

TEST_CASE("a form that was open while a change arrived does not overwrite what nobody saw on it") {
  Town town;
  const auto form = need(casework::get(*town.amina, town.person));
  casework::FieldChange typed_in = change("person", "address", {Text{"typed in the form"}});
  typed_in.shown = form.find("address")->view.dots();
  edit(town.ben, town.person, "address", Text{"arrived meanwhile"});
  Fleet::give(town.amina, Fleet::news(town.ben));
  need(casework::edit(*town.amina, town.person, {typed_in}, "", "edit"));
  CHECK(addresses(town.amina, town.person) == Texts{"arrived meanwhile", "typed in the form"});
  town.fleet.reconcile();
  town.all_is_well();
}

TEST_CASE("an envelope waits for its predecessor, its dependency, its key and its membership entry, then applies") {
  Town town;
  Fleet::news(town.amina);
  edit(town.amina, town.person, "phone", Text{"1"});
  edit(town.amina, town.person, "phone", Text{"2"});
  const std::vector<Parcel> edits = Fleet::news(town.amina);
  REQUIRE(edits.size() == 2);
  CHECK(Fleet::give(town.ben, edits[1]) == Outcome::pending);
  CHECK(Fleet::give(town.ben, edits[1]) == Outcome::pending);
  CHECK(pending(town.ben) == 1);
  const auto both = Fleet::give(town.ben, std::vector<Parcel>{edits[0]});
  CHECK(both.applied == 2);
  CHECK(pending(town.ben) == 0);
  CHECK(Fleet::give(town.ben, edits[0]) == Outcome::known);

  // The desk builds on what Amina wrote; Ben's second vault gets the desk's part first.
  Fleet::give(town.desk, edits);
  Fleet::news(town.desk);
  edit(town.desk, town.person, "phone", Text{"3"});
  const Parcel by_desk = Fleet::news(town.desk).at(0);
  Device& other = town.fleet.add("Ben's tablet", membership::Role::advocate, {}, town.ben->identity().user);
  const std::vector<Parcel> history = Fleet::all_of(town.ben);
  CHECK(Fleet::give(other, by_desk) == Outcome::pending);   // key
  for (std::size_t i = history.size(); i-- > 0;) Fleet::give(other, history[i]);
  CHECK(pending(other) == 0);
  CHECK(digest(other) == digest(town.desk));

  // A new colleague's first envelope arrives before the entry that admits her.
  Device& carol = town.fleet.add("Carol", membership::Role::advocate, {}, std::nullopt, true);
  const RecordId hers = put_case(carol, "W-2");
  const std::vector<Parcel> first = Fleet::news(carol);
  CHECK(Fleet::give(town.ben, first.at(0)) == Outcome::pending);
  town.fleet.share_membership(town.ben);
  CHECK(pending(town.ben) == 0);
  CHECK(need(casework::get(*town.ben, hers)).text("reference") == "W-2");
  CHECK(faults(town.ben).empty());
}

TEST_CASE("a long chain that arrives backwards applies, without a deep stack") {
  Town town;
  Fleet::news(town.amina);
  for (int i = 0; i < 400; ++i) edit(town.amina, town.person, "phone", Text{std::to_string(i)});
  std::vector<Parcel> chain = Fleet::news(town.amina);
  std::reverse(chain.begin(), chain.end());
  const auto outcome = Fleet::give(town.ben, chain);
  CHECK(outcome.applied == 400);
  CHECK(pending(town.ben) == 0);
  CHECK(digest(town.ben) == digest(town.amina));
}

TEST_CASE("what is malformed, oversized, changed or forged is kept apart, named, and holds nothing up") {
  const google::protobuf::LogSilencer quiet;
  struct Bad { std::string_view what; Parcel parcel; Errc why; };
  Town town;
  Fleet::news(town.amina);
  Forger amina(town.amina, town.case_id);
  edit(town.amina, town.person, "phone", Text{"good"});
  const Parcel good = Fleet::news(town.amina).at(0);
  std::vector<Bad> all;
  all.push_back({"rubbish", {"\1no envelope at all", {}}, Errc::bad_input});
  all.push_back({"nothing", {"", {}}, Errc::bad_input});
  all.push_back({"oversized", {Bytes((1 << 20) + 1, '\1'), {}}, Errc::too_large});
  Parcel later = good;
  later.envelope[0] = 9;
  all.push_back({"later version", later, Errc::newer_format});
  Parcel unsigned_one = good;
  unsigned_one.envelope.back() ^= 1;
  all.push_back({"bad signature", unsigned_one, Errc::bad_signature});
  Parcel with_grant = good;
  with_grant.grants.push_back("a grant that the header does not name");
  all.push_back({"extra grant", with_grant, Errc::no_key});
  all.push_back({"unknown device", amina.as_device({}), Errc::not_a_member});
  all.push_back({"another organisation", amina.in_organisation({}), Errc::bad_input});
  all.push_back({"another author", amina.by_user(town.ben->identity().user), Errc::not_permitted});
  all.push_back({"no change-set", amina.with_plain("\x0a\x05short"), Errc::bad_input});
  all.push_back({"another key", amina.with_key(SecretBytes(32)), Errc::no_key});
  all.push_back({"a fork", amina.at_place(1, std::nullopt), Errc::fork});
  all.push_back({"a chain that does not fit", amina.at_place(3, EnvelopeId{}), Errc::fork});

  for (const Bad& bad : all) {
    INFO(bad.what);
    Town fresh;   // the same seed: the same devices, keys and envelopes
    CHECK(Fleet::give(fresh.ben, bad.parcel) == Outcome::quarantined);
    CHECK(Fleet::give(fresh.ben, bad.parcel) == Outcome::quarantined);
    CHECK(reason_of_only_quarantined(fresh.ben) == bad.why);
    CHECK(Fleet::give(fresh.ben, good) == Outcome::applied);
    CHECK(values(fresh.ben, fresh.person, "phone") == std::vector<Value>{Text{"good"}});
    CHECK(faults(fresh.ben).empty());
  }
}

TEST_CASE("an envelope is held back until it comes with exactly the grants that its header names") {
  Town town;
  Fleet::news(town.amina);
  const RecordId second = put_case(town.amina, "W-2");
  const Parcel whole = Fleet::news(town.amina).at(0);
  REQUIRE(whole.grants.size() == 2);
  for (std::size_t missing = 0; missing < whole.grants.size(); ++missing) {
    Parcel part = whole;
    part.grants.erase(part.grants.begin() + static_cast<std::ptrdiff_t>(missing));
    CHECK(Fleet::give(town.ben, part) == Outcome::quarantined);
  }
  Parcel changed = whole;
  changed.grants[0].back() ^= 1;
  CHECK(Fleet::give(town.ben, changed) == Outcome::quarantined);
  Parcel swapped = whole;
  std::swap(swapped.grants[0], swapped.grants[1]);
  CHECK(Fleet::give(town.ben, swapped) == Outcome::applied);
  CHECK(quarantined(town.ben) == 0);
  CHECK(need(casework::get(*town.ben, second)).text("reference") == "W-2");
  CHECK(faults(town.ben).empty());
}

TEST_CASE("a copy with a broken signature never stands in the way of the true one, known or waiting") {
  Town town;
  Fleet::news(town.amina);
  edit(town.amina, town.person, "phone", Text{"1"});
  edit(town.amina, town.person, "phone", Text{"2"});
  const std::vector<Parcel> good = Fleet::news(town.amina);
  Parcel broken = good[0];
  broken.envelope.back() ^= 1;
  CHECK(Fleet::give(town.ben, broken) == Outcome::quarantined);
  CHECK(Fleet::give(town.ben, good[1]) == Outcome::applied);   // not blocked
  CHECK(Fleet::give(town.ben, good[0]) == Outcome::applied);
  CHECK(quarantined(town.ben) == 0);
  CHECK(digest(town.ben) == digest(town.amina));
  CHECK(faults(town.ben).empty());

  // The same before anybody can check the signature: the author's membership entry is not there yet.
  Device& carol = town.fleet.add("Carol", membership::Role::advocate, {}, std::nullopt, true);
  const RecordId hers = put_case(carol, "W-2");
  const Parcel first = Fleet::news(carol).at(0);
  Parcel forged = first;
  forged.envelope.back() ^= 1;
  Parcel no_grants = first;
  no_grants.grants.clear();
  CHECK(Fleet::give(town.ben, forged) == Outcome::pending);
  CHECK(Fleet::give(town.ben, first) == Outcome::pending);
  CHECK(Fleet::give(town.ben, no_grants) == Outcome::pending);
  town.fleet.share_membership(town.ben);
  CHECK(pending(town.ben) == 0);
  CHECK(need(casework::get(*town.ben, hers)).text("reference") == "W-2");
  CHECK(quarantined(town.ben) == 0);
  CHECK(faults(town.ben).empty());
}

TEST_CASE("what is kept apart is kept in its verified form, for the person who will decide") {
  Town town;
  Forger amina(town.amina, town.case_id);
  const Parcel fork = amina.at_place(1, std::nullopt);
  Parcel broken = fork;
  broken.envelope.back() ^= 1;
  CHECK(Fleet::give(town.ben, broken) == Outcome::quarantined);
  CHECK(Fleet::give(town.ben, fork) == Outcome::quarantined);
  CHECK(Fleet::give(town.ben, broken) == Outcome::quarantined);
  CHECK(reason_of_only_quarantined(town.ben) == Errc::fork);
  store::Query kept = town.ben->store().database().query("SELECT sealed FROM quarantine");
  REQUIRE(need(kept.next()));
  CHECK(kept.blob(0) == fork.envelope);
}

TEST_CASE("those that follow one that was kept apart are applied, and the vault verifies") {
  Town town;
  Forger amina(town.amina, town.case_id);
  const Parcel bad = amina.by_user(town.ben->identity().user);
  const Parcel next = amina.after(bad);
  CHECK(Fleet::give(town.ben, next) == Outcome::pending);
  CHECK(Fleet::give(town.ben, bad) == Outcome::quarantined);
  CHECK(pending(town.ben) == 0);
  CHECK(Fleet::give(town.ben, next) == Outcome::known);
  CHECK(faults(town.ben).empty());
}

TEST_CASE("a role counts as it stood at the head that the envelope names, which is never older than its predecessor's") {
  Town town;
  const EntryHash before = *town.fleet.log().head();
  town.fleet.append(membership::RoleEntry{town.desk->identity().user, membership::Role::advocate, std::nullopt, false, {}});
  town.fleet.share_membership();
  edit(town.desk, town.person, "phone", Text{"under the new head"});
  town.fleet.reconcile();
  Forger desk(town.desk, town.case_id);
  CHECK(Fleet::give(town.ben, desk.under_head(before)) == Outcome::quarantined);
  CHECK(reason_of_only_quarantined(town.ben) == Errc::stale_head);
}

TEST_CASE("a removed device's later envelopes are kept apart, its earlier ones stay") {
  Town town;
  edit(town.ben, town.person, "phone", Text{"before"});
  const std::vector<Parcel> before = Fleet::news(town.ben);
  town.fleet.append(membership::Removal{town.ben->identity().device, std::nullopt, {}, {}});
  town.fleet.share_membership();
  CHECK(Fleet::give(town.amina, before).quarantined == 0);
  Forger ben(town.ben, town.case_id);
  CHECK(Fleet::give(town.amina, ben.under_head(*town.fleet.log().head())) == Outcome::quarantined);
  CHECK(reason_of_only_quarantined(town.amina) == Errc::not_a_member);
  CHECK(faults(town.amina).empty());
}

TEST_CASE("another team cannot read a case, and says that it waits for a key") {
  Fleet fleet;
  const TeamId other = fleet.add_team("other");
  Device& amina = fleet.add("Amina");
  Device& eve = fleet.add("Eve", membership::Role::admin, {other});
  put_case(amina, "W-secret");
  const auto got = Fleet::give(eve, Fleet::news(amina));
  CHECK(got.pending == 1);
  CHECK(count(eve, "SELECT count(*) FROM ledgers WHERE length(keys) > 0") == 0);
  CHECK(need(casework::standing(*eve)).records == 0);
  CHECK(faults(eve).empty());
}

TEST_CASE("a team made later reads the organisation's records, the earlier ones too, from the next save on") {
  Fleet fleet;
  Device& desk = fleet.add("Desk", membership::Role::desk);
  const RecordId first = put(desk, std::nullopt, "service", {{"name", Text{"A refuge"}}, {"kind", Code{"support"}}});
  const TeamId other = fleet.add_team("other");
  Device& eve = fleet.add("Eve", membership::Role::advocate, {other});
  CHECK(Fleet::give(eve, Fleet::news(desk)).pending == 1);
  put(desk, std::nullopt, "service", {{"name", Text{"Another"}}, {"kind", Code{"support"}}});
  const std::vector<Parcel> second = Fleet::news(desk);
  CHECK(second.at(0).grants.size() == 1);
  Fleet::give(eve, second);
  CHECK(pending(eve) == 0);
  CHECK(need(casework::get(*eve, first)).text("name") == "A refuge");
  put(desk, std::nullopt, "service", {{"name", Text{"A third"}}, {"kind", Code{"support"}}});
  CHECK(Fleet::news(desk).at(0).grants.empty());
  CHECK(faults(eve).empty());
  CHECK(faults(desk).empty());
}

TEST_CASE("what waited for a key is read once the team's secret comes") {
  Fleet fleet;
  const TeamId other = fleet.add_team("other");
  Device& amina = fleet.add("Amina", membership::Role::advocate, {fleet.main_team(), other});
  Device& ben = fleet.add("Ben");
  const RecordId id = put_case(amina, "W-2", other);
  const std::vector<Parcel> parcels = Fleet::news(amina);
  CHECK(Fleet::give(ben, parcels).pending == 1);
  need(ben->add_epoch_secret({other, 1, amina->epoch_secret(other, 1)->clone()}));
  {
    auto writing = need(ben->begin());
    vault::Ingest ingest(*ben, writing);
    need(ingest.retry_keys());
    need(std::move(writing).commit());
  }
  CHECK(pending(ben) == 0);
  CHECK(need(casework::get(*ben, id)).text("reference") == "W-2");
}

TEST_CASE("a new epoch of a team reaches its devices in the entry, and nobody else's wrap is taken") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const crypto::BoxPair fresh = crypto::new_box_pair(amina.world->random);
  const auto box_of = [&](Device& device) { return fleet.log().device(device->identity().device)->entry.box_public; };
  const TeamId team = fleet.main_team();
  fleet.append(membership::Epoch{team, 2, fresh.public_key,
                                 {{amina->identity().device, crypto::seal_to(box_of(amina), fresh.secret.view())},
                                  {ben->identity().device, crypto::seal_to(box_of(ben), SecretBytes(32).view())}},
                                 {}, {}});
  fleet.share_membership(amina);
  REQUIRE(amina->epoch_secret(team, 2) != nullptr);
  const RecordId id = put_case(amina, "W-2");
  const std::vector<Parcel> parcels = Fleet::news(amina);
  fleet.share_membership();
  CHECK(ben->epoch_secret(team, 2) == nullptr);   // not the secret of that public key
  CHECK(Fleet::give(ben, parcels).pending == 1);
  fleet.append(membership::Epoch{team, 2, fresh.public_key, {{ben->identity().device, crypto::seal_to(box_of(ben), fresh.secret.view())}}, {}, {}});
  fleet.share_membership();
  CHECK(pending(ben) == 0);
  CHECK(need(casework::get(*ben, id)).text("reference") == "W-2");
  fleet.reopen(ben);
  CHECK(ben->epoch_secret(team, 2) != nullptr);
}

TEST_CASE("the same services imported on two devices stand there once, and both devices agree") {
  Town town;
  std::vector<casework::NewCase> services;
  for (char i = 'a'; i < 'f'; ++i) {
    casework::NewRecord record;
    record.id.bytes.fill(i);
    record.type = type_named("service").id;
    record.fields = {{field_named("service", "name").id, {Text{std::string("Service ") + i}}},
                     {field_named("service", "kind").id, {Code{schema::current().code_lists().find("service_kind")->second.entries.at(0).code}}}};
    services.push_back({std::nullopt, {record}});
  }
  Device& second_desk = town.fleet.add("Second desk", membership::Role::desk);
  CHECK(need(casework::import_all(*town.desk, services, std::nullopt, {})).records == 5);
  CHECK(need(casework::import_all(*second_desk, services, std::nullopt, {})).records == 5);
  town.fleet.reconcile();
  CHECK(need(casework::list(*town.amina, type_named("service"))).size() == 5);
  for (const auto& each : need(casework::list(*town.amina, type_named("service")))) CHECK_FALSE(each.find("name")->view.needs_review);
  CHECK(need(casework::open_reviews(*town.amina)) == 0);
  CHECK(need(casework::import_all(*town.desk, services, std::nullopt, {})).skipped == 5);
  town.all_is_well();
}

TEST_CASE("a record whose type two devices tell differently has one type and the same reviews everywhere") {
  Town town;
  RecordId id;
  id.bytes.fill('r');
  const auto save_raw = [&](Device& device, std::uint32_t type, std::uint32_t field, Value value) {
    auto writing = need(device->begin());
    vault::Save save;
    save.case_id = town.case_id;
    save.records = {{id, type, {{field, encode(value), {}, {}, {}, false, {}}}}};
    save.form = "raw";
    need(vault::save(*device, writing, save));
    need(std::move(writing).commit());
  };
  // Field 30 is a union in type 2, and unknown in type 5.
  save_raw(town.amina, 5, 30, Code{"no language"});
  save_raw(town.ben, 2, 16, Text{"x"});
  const std::vector<Parcel> a = Fleet::news(town.amina);
  const std::vector<Parcel> b = Fleet::news(town.ben);
  Device& first = town.fleet.add("first");
  Device& second = town.fleet.add("second");
  for (Device* each : {&first, &second}) {
    for (const auto& from : town.fleet.devices()) {
      if (from.get() == &town.desk) Fleet::give(*each, Fleet::all_of(*from));
    }
  }
  Fleet::give(first, a);
  Fleet::give(first, b);
  Fleet::give(second, b);
  Fleet::give(second, a);
  CHECK(digest(first) == digest(second));
  CHECK(need(casework::open_reviews(*first)) == need(casework::open_reviews(*second)));
  CHECK(faults(first).empty());
  CHECK(faults(second).empty());
}

TEST_CASE("another organisation's membership is refused, and a fork of ours is named") {
  Fleet ours(1), theirs(2);
  Device& amina = ours.add("Amina");
  const auto take = [&](const std::vector<Bytes>& entries) {
    auto writing = need(amina->begin());
    vault::Ingest ingest(*amina, writing);
    return code_of(ingest.membership(entries));
  };
  CHECK(take(theirs.entries()) == Errc::fork);
  CHECK_FALSE(take(ours.entries()));
  CHECK(take({"rubbish"}) == Errc::bad_input);
  ours.append(membership::Pack{"x", 1, {}});
  std::vector<Bytes> entries = ours.entries();
  entries.back().back() ^= 1;
  CHECK(take(entries) == Errc::bad_signature);
  CHECK(amina->membership().size() + 1 == ours.entries().size());
}

TEST_CASE("a clock that is far ahead does not drag other clocks, and its work is kept") {
  Town town;
  town.amina.world->clock.set_wall(town.amina.world->clock.wall_ms() + std::int64_t{400} * 86'400'000);
  edit(town.amina, town.person, "phone", Text{"from next year"});
  const HybridTime before = town.ben->clock().latest();
  Fleet::give(town.ben, Fleet::news(town.amina));
  CHECK(wall_ms(town.ben->clock().latest()) < town.ben.world->clock.wall_ms() + HybridClock::kMaxLeadMs);
  CHECK(town.ben->clock().latest() >= before);
  CHECK(values(town.ben, town.person, "phone").size() == 1);
  town.fleet.reconcile();
  town.all_is_well();
}

TEST_CASE("power lost at any operation while parcels are taken in costs nothing once they come again") {
  for (const std::uint64_t seed : {0u, 1u}) {
    for (std::uint64_t n = 0;; n += 7) {
      Town town;
      edit(town.amina, town.person, "phone", Text{"1"});
      put_case(town.amina, "W-2");
      const std::vector<Parcel> parcels = Fleet::all_of(town.amina);
      const std::uint64_t before = town.ben.world->files.counts().operations;
      town.ben.world->files.power_off_at(n);
      auto writing = town.ben->begin();
      if (writing) {
        vault::Ingest ingest(*town.ben, *writing);
        bool good = true;
        for (const Parcel& parcel : parcels) good = good && ingest.parcel(parcel);
        if (good) (void)std::move(*writing).commit();
      }
      { const auto drop = std::move(writing); }
      const bool reached = town.ben.world->files.counts().operations > before + n;
      town.ben.world->files.crash(seed * (n + 1));
      town.fleet.reopen(town.ben);
      INFO("operation " << n);
      CHECK(faults(town.ben).empty());
      Fleet::give(town.ben, parcels);
      CHECK(digest(town.ben) == digest(town.amina));
      if (!reached) break;
    }
  }
}
