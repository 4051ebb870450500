#include <catch2/catch_test_macros.hpp>

#include <set>

#include "sync/wire/frontier.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

struct TwoDevices : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
};

}  // namespace

TEST_CASE("lsn and position are dense, whatever order ledgers come in") {
  TwoDevices org;
  const LedgerId first = org.new_ledger();
  const LedgerId second = org.new_ledger();
  std::vector<wire::pb::Parcel> batch{org.open_ledger(org.amina, first, org.main_team),
                                      org.open_ledger(org.amina, second, org.main_team)};
  for (int i = 0; i < 10; ++i) batch.push_back(org.write(org.amina, i % 3 == 0 ? second : first));
  std::map<LedgerId, std::uint64_t> lsn;
  const auto taken = org.push(org.amina, batch);
  REQUIRE(taken.size() == batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const LedgerId& ledger = i == 1 || (i >= 2 && (i - 2) % 3 == 0) ? second : first;
    CHECK(taken[i].status() == Taken::stored);
    CHECK(taken[i].lsn() == ++lsn[ledger]);
  }
  Holder holder;
  holder.fetch(org, org.ben);
  REQUIRE(holder.deliveries.size() == batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    CHECK(holder.deliveries[i].position() == i + 1);
    CHECK(holder.deliveries[i].parcel().SerializeAsString() == batch[i].SerializeAsString());  // verbatim, with grants
  }
}

TEST_CASE("pushing the same envelope again changes nothing and says where it is") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  const auto opening = org.open_ledger(org.amina, ledger, org.main_team);
  const auto next = org.write(org.amina, ledger);
  REQUIRE(org.push_one(org.amina, opening).status() == Taken::stored);
  const auto taken = org.push(org.amina, {opening, next, next, opening});
  CHECK(taken[0].status() == Taken::known);
  CHECK(taken[0].lsn() == 1);
  CHECK(taken[1].status() == Taken::stored);
  CHECK(taken[2].status() == Taken::known);
  CHECK(taken[2].lsn() == 2);
  CHECK(taken[3].status() == Taken::known);
  CHECK(org.store->figures()->envelopes == 2);
}

TEST_CASE("two envelopes for one place in a sequence are a fork, named by the one that holds it") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  org.push_one(org.amina, org.open_ledger(org.amina, ledger, org.main_team));
  const Member::Chain before = org.amina.chains[ledger];
  const auto kept = org.write(org.amina, ledger);
  org.amina.chains[ledger] = before;  // as a clone of the vault would write on
  const auto other = org.write(org.amina, ledger);
  const auto taken = org.push(org.amina, {kept, other});
  CHECK(taken[0].status() == Taken::stored);
  CHECK(taken[1].status() == Taken::fork);
  CHECK(taken[1].other() == id_of(kept).view());
  CHECK(org.store->figures()->envelopes == 2);
  CHECK(org.store->figures()->quarantined == 1);
}

TEST_CASE("the later of two branches of a sequence is refused as a whole, whatever request its envelopes come with") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  org.push_one(org.amina, org.open_ledger(org.amina, ledger, org.main_team));
  const Member::Chain before = org.amina.chains[ledger];
  const auto kept = org.write(org.amina, ledger);
  org.amina.chains[ledger] = before;
  std::vector<wire::pb::Parcel> branch;
  for (int i = 0; i < 5; ++i) branch.push_back(org.write(org.amina, ledger));
  CHECK(org.push_one(org.amina, kept).status() == Taken::stored);
  const auto first = org.push(org.amina, {branch[0], branch[1], branch[2]});
  for (const Taken& each : first) CHECK(each.status() == Taken::fork);
  CHECK(first[0].other() == id_of(kept).view());
  for (const Taken& each : org.push(org.amina, {branch[3], branch[4]})) CHECK(each.status() == Taken::fork);
  CHECK(org.store->figures()->envelopes == 2);
  CHECK(org.store->figures()->quarantined == 5);
}

TEST_CASE("one bad parcel has its own answer and never blocks the rest") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  std::vector<wire::pb::Parcel> batch;
  batch.push_back(org.open_ledger(org.amina, ledger, org.main_team));
  for (int i = 0; i < 9; ++i) batch.push_back(org.write(org.amina, ledger));
  // 1 the signature, 2 the ciphertext, 3 torn, 4 nothing, 5 a grant that nobody signed for, 6 no grants, 7 rubbish
  const auto spoil = [](wire::pb::Parcel& parcel, std::size_t from_end) {
    Bytes& bytes = *parcel.mutable_envelope();
    bytes[bytes.size() - from_end] = static_cast<char>(bytes[bytes.size() - from_end] ^ 1);
  };
  spoil(batch[1], 1);
  spoil(batch[2], 100);
  batch[3].mutable_envelope()->resize(batch[3].envelope().size() - 7);
  batch[4].clear_envelope();
  batch[5].add_grants(batch[0].grants(0));
  const LedgerId unshared = org.new_ledger();
  batch[6] = org.open_ledger(org.amina, unshared, org.main_team);
  batch[6].clear_grants();
  batch[7].add_grants("\1not a grant");
  const auto taken = org.push(org.amina, batch);
  const std::vector<Taken::Status> wanted{Taken::stored,    Taken::quarantined, Taken::quarantined, Taken::malformed,
                                          Taken::malformed, Taken::quarantined, Taken::quarantined, Taken::malformed,
                                          Taken::stored,    Taken::stored};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    INFO(i);
    CHECK(taken[i].status() == wanted[i]);
  }
  CHECK(org.store->figures()->quarantined == 4);
  CHECK(taken[9].lsn() == 3);  // lsn are dense over what was stored
  SECTION("a bad parcel that comes again is kept once") {
    CHECK(org.push_one(org.amina, batch[1]).status() == Taken::quarantined);
    CHECK(org.store->figures()->quarantined == 4);
  }
  SECTION("what was damaged on its way is taken when it comes whole") {
    spoil(batch[1], 1);
    CHECK(org.push_one(org.amina, batch[1]).status() == Taken::stored);
  }
}

TEST_CASE("an author whom the membership does not bear out goes to quarantine") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  org.push_one(org.amina, org.open_ledger(org.amina, ledger, org.main_team));
  SECTION("a device that was never admitted") {
    Member stranger;
    (void)org.redeeming(org.invite(membership::Role::admin, {org.main_team}), stranger);
    CHECK(org.push_one(org.amina, org.write(stranger, ledger)).status() == Taken::quarantined);
  }
  SECTION("another device's name on my own signature") {
    std::swap(org.amina.entry, org.ben.entry);
    const auto forged = org.write(org.amina, ledger);
    std::swap(org.amina.entry, org.ben.entry);
    CHECK(org.push_one(org.amina, forged).status() == Taken::quarantined);
  }
  SECTION("a membership head from before the device was admitted, or of nobody's log") {
    Organisation::Writing writing;
    writing.membership_head = org.founding.entries.back().hash;
    CHECK(org.push_one(org.amina, org.write(org.ben, ledger, writing)).status() == Taken::quarantined);
    writing.membership_head = EntryHash::random(org.world.random);
    CHECK(org.push_one(org.amina, org.write(org.ben, ledger, writing)).status() == Taken::quarantined);
  }
  SECTION("an envelope of another organisation") {
    Organisation other(99);
    Member far = other.join(other.founding.first_ticket);
    CHECK(org.push_one(org.amina, other.write(far, ledger)).status() == Taken::quarantined);
  }
  CHECK(org.store->figures()->envelopes == 1);
}

TEST_CASE("a removed device may only push into quarantine, and only its share") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  org.push_one(org.ben, org.open_ledger(org.ben, ledger, org.main_team));
  const auto late = org.write(org.ben, ledger);
  org.append_by_root(membership::Removal{org.ben.id(), std::nullopt, {}, {}});
  const auto caller = office::admit(org.store->log(), org.ben.entry.courier_public, org.world.clock.wall_ms());
  REQUIRE(caller.standing == office::Standing::removed_device);
  wire::pb::PushRequest request;
  *request.add_parcels() = late;
  CHECK(org.store->push(caller, request, 0)->at(0).status() == Taken::quarantined);
  // The colleague's device pushes it: still for a person to decide.
  CHECK(org.push_one(org.amina, late).status() == Taken::quarantined);
  CHECK(org.store->figures()->envelopes == 1);
  Organisation::Writing large;
  large.bytes = 900'000;
  std::size_t kept = 0;
  Taken::Status last = Taken::unknown;
  for (int i = 0; i < 80; ++i) {
    request.clear_parcels();
    *request.add_parcels() = org.write(org.ben, ledger, large);
    last = org.store->push(caller, request, 0)->at(0).status();
    kept += last == Taken::quarantined ? 1 : 0;
  }
  CHECK(kept > 50);
  CHECK(kept < 75);  // 64 MiB of quarantine are a device's share
  CHECK(last == Taken::not_permitted);
}

TEST_CASE("what a pinned device brings late takes its place in the ledger, is answered as kept apart, and is part of its share") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  const auto first = org.open_ledger(org.ben, ledger, org.main_team);
  org.push_one(org.ben, first);
  const auto late = org.write(org.ben, ledger);
  const LedgerId new_ledger = org.new_ledger();
  const auto late_case = org.open_ledger(org.ben, new_ledger, org.main_team);
  const membership::Pin pin{{{org.ben.id(), org.ben.entry.incarnation}, {{ledger, {1, id_of(first)}}}}};
  org.append_by_root(membership::Removal{org.ben.id(), std::nullopt, {}, membership::encode_pin(pin).front()});
  const auto caller = office::admit(org.store->log(), org.ben.entry.courier_public, org.world.clock.wall_ms());
  wire::pb::PushRequest request;
  *request.add_parcels() = late;
  *request.add_parcels() = late_case;
  const auto answers = need(org.store->push(caller, request, 0));
  REQUIRE(answers.size() == 2);
  for (const Taken& taken : answers) CHECK(taken.status() == Taken::quarantined);
  const auto again = need(org.store->push(caller, request, 0));
  REQUIRE(again.size() == 2);
  for (const Taken& taken : again) CHECK(taken.status() == Taken::known);
  CHECK(org.store->figures()->envelopes == 3);
  CHECK(org.store->figures()->quarantined == 2);
  Holder amina;
  amina.fetch(org, org.amina);
  CHECK(amina.deliveries.size() == 3);
  // Signed after the removal, it is nobody's.
  request.clear_parcels();
  *request.add_parcels() = org.write(org.ben, ledger);
  CHECK(org.store->push(caller, request, 0)->at(0).status() == Taken::quarantined);
  CHECK(org.store->figures()->envelopes == 3);
}

TEST_CASE("who may write to which ledger") {
  TwoDevices org;
  const TeamId other_team = org.add_team();
  Member cara = org.join(org.invite(membership::Role::advocate, {other_team}));
  const LedgerId shared = org.new_ledger();
  const LedgerId restricted = org.new_ledger();
  Organisation::Writing for_amina;
  for_amina.devices = {org.amina.id()};
  org.push_one(org.amina, org.open_ledger(org.amina, shared, org.main_team));
  org.push_one(org.amina, org.write(org.amina, restricted, for_amina));
  const LedgerId team_ledger = org.store->log().teams().at(org.main_team).entry.ledger;
  const LedgerId organisation_ledger = org.store->log().found()->organisation_ledger;

  struct Case {
    const char* what;
    Member& who;
    LedgerId ledger;
    bool grants;
    Taken::Status wanted;
  };
  const LedgerId fresh = org.new_ledger();
  const std::vector<Case> cases{
      {"a colleague of the team", org.ben, shared, false, Taken::stored},
      {"somebody of another team", cara, shared, false, Taken::not_permitted},
      {"somebody of another team who brings a grant", cara, shared, true, Taken::not_permitted},
      {"the one device it was granted to", org.amina, restricted, false, Taken::stored},
      {"a colleague without a grant", org.ben, restricted, false, Taken::not_permitted},
      {"a new ledger without grants", org.ben, fresh, false, Taken::not_permitted},
      {"a new ledger with grants", cara, org.new_ledger(), true, Taken::stored},
      {"the team's ledger, by a member", org.ben, team_ledger, true, Taken::stored},
      {"the team's ledger, by another team", cara, team_ledger, true, Taken::not_permitted},
      {"the organisation's ledger, by anybody", cara, organisation_ledger, true, Taken::stored},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    Organisation::Writing writing;
    if (each.grants) writing.teams = {each.ledger == organisation_ledger ? other_team : org.main_team};
    CHECK(org.push_one(each.who, org.write(each.who, each.ledger, writing)).status() == each.wanted);
  }
}

TEST_CASE("a device gets what is granted to its teams or to itself, and nothing else") {
  TwoDevices org;
  const TeamId other_team = org.add_team();
  Member cara = org.join(org.invite(membership::Role::advocate, {other_team}));
  const LedgerId main_case = org.new_ledger();
  const LedgerId other_case = org.new_ledger();
  const LedgerId for_ben = org.new_ledger();
  Organisation::Writing writing;
  writing.devices = {org.ben.id()};
  org.push(org.amina, {org.open_ledger(org.amina, main_case, org.main_team), org.write(org.amina, for_ben, writing)});
  org.push(cara, {org.open_ledger(cara, other_case, other_team)});

  const auto ledgers_of = [&](const Member& member) {
    Holder holder;
    holder.fetch(org, member);
    std::set<LedgerId> found;
    for (const auto& [id, head] : holder.ledgers) found.insert(id);
    CHECK(holder.heads->frontier == holder.frontier(org));
    return found;
  };
  CHECK(ledgers_of(org.amina) == std::set{main_case});
  CHECK(ledgers_of(org.ben) == std::set{main_case, for_ben});
  CHECK(ledgers_of(cara) == std::set{other_case});

  SECTION("asking for a ledger by its id changes nothing") {
    wire::pb::PullRequest request;
    request.set_position(1'000'000);
    request.add_wants()->set_ledger(main_case.str());
    CHECK(org.pull(cara, request).answer.deliveries_size() == 0);
    CHECK(org.pull(org.ben, request).answer.deliveries_size() == 1);
  }
  SECTION("who is added to a team gets its cases; who leaves gets no more") {
    org.append_by_root(membership::RoleEntry{cara.entry.user, membership::Role::advocate, org.main_team, false, {}});
    CHECK(ledgers_of(cara) == std::set{main_case, other_case});
    org.append_by_root(membership::RoleEntry{cara.entry.user, membership::Role::advocate, org.main_team, true, {}});
    CHECK(ledgers_of(cara) == std::set{other_case});
  }
  SECTION("a further grant shares one case with another team") {
    Organisation::Writing sharing;
    sharing.teams = {other_team};
    org.push_one(org.amina, org.write(org.amina, main_case, sharing));
    Holder holder;
    holder.membership = org.store->log().size();
    holder.position = 3;  // everything but the sharing itself was there before
    wire::pb::PullRequest request;
    request.set_position(holder.position);
    request.set_membership(holder.membership);
    const auto page = org.pull(cara, request);
    REQUIRE(page.answer.deliveries_size() == 1);
    CHECK(page.answer.deliveries(0).lsn() == 2);  // shows the gap, which is then fetched by lsn
  }
  SECTION("a device of a member who joins later gets what was there before") {
    Member dana = org.join(org.invite(membership::Role::advocate, {org.main_team}));
    CHECK(ledgers_of(dana) == std::set{main_case});
  }
  SECTION("all of it survives a restart") {
    org.reopen();
    CHECK(ledgers_of(org.ben) == std::set{main_case, for_ben});
  }
}

TEST_CASE("a device that loses its role gets nothing more") {
  TwoDevices org;
  const LedgerId ledger = org.new_ledger();
  org.push_one(org.amina, org.open_ledger(org.amina, ledger, org.main_team));
  org.append_by_root(membership::RoleEntry{org.ben.entry.user, membership::Role::none, std::nullopt, false, {}});
  Holder holder;
  holder.fetch(org, org.ben);
  CHECK(holder.ledgers.empty());
  CHECK(org.push_one(org.ben, org.write(org.ben, ledger)).status() == Taken::not_permitted);
}

TEST_CASE("nothing is half stored when the disk fails at any point of a push") {
  for (std::uint64_t n = 0; n < 60; ++n) {
    TwoDevices org;
    const LedgerId ledger = org.new_ledger();
    org.push_one(org.amina, org.open_ledger(org.amina, ledger, org.main_team));
    wire::pb::PushRequest request;
    for (int i = 0; i < 5; ++i) *request.add_parcels() = org.write(org.amina, ledger);
    org.world.files.power_off_at(n);
    const auto pushed = org.store->push(org.amina.caller(), request, 0);
    org.store.reset();
    org.world.files.heal();
    org.world.files.crash(n + 1);
    org.reopen();
    const auto envelopes = org.store->figures()->envelopes;
    INFO("operation " << n);
    CHECK((envelopes == 1 || envelopes == 6));
    if (pushed) CHECK(envelopes == 6);  // acknowledged is durable
    Holder holder;
    holder.fetch(org, org.ben);
    CHECK(holder.deliveries.size() == envelopes);
    CHECK(holder.heads->frontier == holder.frontier(org));
    if (pushed) break;
  }
}

TEST_CASE("a push of many envelopes makes the disk durable once") {
  TwoDevices org;
  std::vector<wire::pb::Parcel> batch;
  for (int i = 0; i < 50; ++i) batch.push_back(org.open_ledger(org.amina, org.new_ledger(), org.main_team));
  const auto before = org.world.files.counts().syncs;
  org.push(org.amina, batch);
  CHECK(org.world.files.counts().syncs - before == 1);
}
