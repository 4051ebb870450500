#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/ledger/envelope.h"
#include "core/membership/pin.h"
#include "sync/wire/carry_list.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

/// Amina and Ben are in `main`, Noor is in `north`, Cara in both.
struct TwoTeams : Organisation {
  TeamId north = add_team();
  Member amina = join(founding.first_ticket);
  Member noor = join(invite(membership::Role::advocate, {north}));
  Member cara = join(invite(membership::Role::advocate, {main_team, north}));
  LedgerId of_case = new_ledger();

  TwoTeams() { REQUIRE(push_one(amina, open_ledger(amina, of_case, main_team)).status() == Taken::stored); }

  void share() {
    Writing grants;
    grants.teams = {north};
    REQUIRE(push_one(amina, write(amina, of_case, grants)).status() == Taken::stored);
  }
  void withdraw() { append_by_root(membership::Withdraw{of_case, north, {main_team}, Bytes(64, 'r'), membership::encode_pin({}).front()}); }
  /// What a device that begins with nothing is given of the case.
  std::size_t given(const Member& member) {
    Holder holder;
    holder.fetch(*this, member);
    return static_cast<std::size_t>(std::ranges::count_if(holder.deliveries, [&](const auto& each) { return each.ledger() == of_case.view(); }));
  }
  /// By lsn, as for a gap.
  int wanted(const Member& member) {
    wire::pb::PullRequest request;
    request.set_membership(store->log().size());
    request.add_wants()->set_ledger(of_case.str());
    const auto answer = pull(member, request).answer;
    return static_cast<int>(std::ranges::count_if(answer.deliveries(), [&](const auto& each) { return each.ledger() == of_case.view(); }));
  }
  void put_down(const Member& member, std::vector<LedgerId> ledgers) {
    need(store->take_carry_list(member.caller(), wire::carry_list_message({false, std::move(ledgers)})));
  }
};

}  // namespace

TEST_CASE("a withdrawn case is given to nobody of that team by any way, and to whoever is in another that reads it") {
  TwoTeams org;
  CHECK(org.given(org.noor) == 0);
  org.share();
  CHECK(org.given(org.noor) == 2);
  CHECK(org.given(org.cara) == 2);
  org.withdraw();
  for (const bool restarted : {false, true}) {
    if (restarted) org.reopen();
    CHECK(org.given(org.noor) == 0);
    CHECK(org.wanted(org.noor) == 0);
    CHECK(org.given(org.amina) == 2);
    CHECK(org.given(org.cara) == 2);
  }
  // Whoever joins that team later is given nothing either.
  const Member newcomer = org.join(org.invite(membership::Role::advocate, {org.north}));
  CHECK(org.given(newcomer) == 0);
  // Shared again under the newer head.
  org.share();
  CHECK(org.given(org.noor) == 3);
  CHECK(org.given(newcomer) == 3);
}

TEST_CASE("a grant from before the withdrawal that comes after it gives nothing") {
  TwoTeams org;
  TwoTeams::Writing grants;
  grants.teams = {org.north};
  grants.membership_head = org.store->log().head();
  const auto late = org.write(org.amina, org.of_case, grants);
  org.withdraw();
  CHECK(org.push_one(org.amina, late).status() == Taken::stored);
  CHECK(org.given(org.noor) == 0);
  CHECK(org.given(org.amina) == 2);
}

TEST_CASE("what that team wrote before it heard of the withdrawal lies in the ledger as late work; what comes later is not taken") {
  TwoTeams org;
  org.share();
  TwoTeams::Writing before;
  before.membership_head = org.store->log().head();
  const auto late = org.write(org.noor, org.of_case, before);
  org.withdraw();
  CHECK(org.push_one(org.noor, late).status() == Taken::quarantined);
  CHECK(org.given(org.amina) == 3);
  CHECK(org.push_one(org.noor, org.write(org.noor, org.of_case)).status() == Taken::not_permitted);
  CHECK(org.given(org.amina) == 3);
}

TEST_CASE("only a case is withdrawn") {
  TwoTeams org;
  const auto& teams = org.store->log().teams();
  const auto entry = org.root_signed(membership::Withdraw{teams.at(org.main_team).entry.ledger, org.north, {}, {}, {}});
  CHECK(code_of(org.store->append(org.amina.caller(), entry, 0)) == Errc::not_permitted);
}

TEST_CASE("what a device does not carry counts in nothing that it is sent, and its rights stay") {
  TwoTeams org;
  const LedgerId other = org.new_ledger();
  REQUIRE(org.push_one(org.amina, org.open_ledger(org.amina, other, org.main_team)).status() == Taken::stored);
  org.put_down(org.cara, {org.of_case});
  wire::pb::PullRequest request;
  request.set_membership(org.store->log().size());
  CHECK(org.pull(org.cara, request).answer.carry_list_unknown());   // she names no list
  request.set_carry_list(wire::CarryList{false, {org.of_case}}.digest());
  auto page = org.pull(org.cara, request);
  CHECK_FALSE(page.answer.carry_list_unknown());
  REQUIRE(page.answer.deliveries_size() == 1);
  CHECK(page.answer.deliveries(0).ledger() == other.view());
  REQUIRE(page.heads);
  const wire::LedgerHead held{other, 1, ledger::next_head(Digest{}, id_of(page.answer.deliveries(0).parcel()))};
  const membership::Log& log = org.store->log();
  CHECK(page.heads->frontier == wire::frontier_digest({held, *wire::membership_head(log.organisation(), log.size(), log.head())}));
  CHECK(org.push_one(org.cara, org.write(org.cara, org.of_case)).status() == Taken::stored);

  // Carried again it is named, and comes by lsn.
  org.put_down(org.cara, {});
  request.set_carry_list("");
  request.set_position(need(org.store->newest_position()));
  page = org.pull(org.cara, request);
  REQUIRE(page.heads);
  CHECK(std::ranges::any_of(page.heads->changed, [&](const wire::LedgerHead& head) { return head.ledger == org.of_case && head.lsn == 2; }));
  request.add_wants()->set_ledger(org.of_case.str());
  CHECK(org.pull(org.cara, request).answer.deliveries_size() == 2);
}

TEST_CASE("a device that lists what it carries is given that alone, and nothing new that it did not list") {
  TwoTeams org;
  const LedgerId other = org.new_ledger();
  REQUIRE(org.push_one(org.amina, org.open_ledger(org.amina, other, org.main_team)).status() == Taken::stored);
  const wire::CarryList list{true, {other}};
  need(org.store->take_carry_list(org.cara.caller(), wire::carry_list_message(list)));
  wire::pb::PullRequest request;
  request.set_membership(org.store->log().size());
  CHECK(org.pull(org.cara, request).answer.carry_list_unknown());
  request.set_carry_list(wire::CarryList{false, {other}}.digest());   // the same ids, said the other way round
  CHECK(org.pull(org.cara, request).answer.carry_list_unknown());
  request.set_carry_list(list.digest());
  auto page = org.pull(org.cara, request);
  REQUIRE(page.answer.deliveries_size() == 1);
  CHECK(page.answer.deliveries(0).ledger() == other.view());

  const LedgerId later = org.new_ledger();
  REQUIRE(org.push_one(org.amina, org.open_ledger(org.amina, later, org.main_team)).status() == Taken::stored);
  CHECK(org.pull(org.cara, request).answer.deliveries_size() == 1);
  // A change of the members, and the office started again, change nothing about it.
  org.append_by_root(membership::RoleEntry{org.cara.entry.user, membership::Role::desk, std::nullopt, false, {}});
  request.set_membership(org.store->log().size());
  org.reopen();
  CHECK(org.pull(org.cara, request).answer.deliveries_size() == 1);
  CHECK(org.push_one(org.cara, org.write(org.cara, later)).status() == Taken::stored);

  // Carrying nothing is not carrying all.
  need(org.store->take_carry_list(org.cara.caller(), wire::carry_list_message({true, {}})));
  request.set_carry_list("");
  CHECK(org.pull(org.cara, request).answer.carry_list_unknown());
  request.set_carry_list(wire::CarryList{true, {}}.digest());
  CHECK(org.pull(org.cara, request).answer.deliveries_size() == 0);
  need(org.store->take_carry_list(org.cara.caller(), wire::carry_list_message({})));
  request.set_carry_list("");
  CHECK(org.given(org.cara) == 1);
}

TEST_CASE("a list of what is put down that is no list changes nothing") {
  TwoTeams org;
  org.put_down(org.cara, {org.of_case});
  wire::pb::CarryList bad;
  bad.set_ledgers(Bytes(17, 'x'));
  CHECK(code_of(org.store->take_carry_list(org.cara.caller(), bad)) == Errc::bad_input);
  bad.set_ledgers(Bytes(32, 'x'));   // one id twice
  CHECK(code_of(org.store->take_carry_list(org.cara.caller(), bad)) == Errc::bad_input);
  wire::pb::PullRequest request;
  request.set_membership(org.store->log().size());
  request.set_carry_list(wire::CarryList{false, {org.of_case}}.digest());
  CHECK_FALSE(org.pull(org.cara, request).answer.carry_list_unknown());
}

TEST_CASE("a case that is shared while it is put down stays put down, also after a change of members") {
  TwoTeams org;
  org.put_down(org.noor, {org.of_case});
  org.share();
  wire::pb::PullRequest request;
  request.set_membership(org.store->log().size());
  request.set_carry_list(wire::CarryList{false, {org.of_case}}.digest());
  CHECK(org.pull(org.noor, request).answer.deliveries_size() == 0);
  org.append_by_root(membership::RoleEntry{org.noor.entry.user, membership::Role::desk, std::nullopt, false, {}});
  request.set_membership(org.store->log().size());
  CHECK(org.pull(org.noor, request).answer.deliveries_size() == 0);
}

TEST_CASE("a store of before cases could be withdrawn is brought up to date, and gives what it gave") {
  TwoTeams org;
  org.share();
  org.store.reset();
  {
    auto database = need(store::Database::open_plain(org.env, platform::Path(Organisation::kStore), store::Database::Mode::existing));
    need(database->run_script("ALTER TABLE grants DROP COLUMN head; ALTER TABLE subscriptions DROP COLUMN carried; "
                              "DROP VIEW listed; DROP TABLE carry_listed; DROP TABLE carry_lists; DROP TABLE sending; UPDATE office SET version = 4;"));
  }
  for (int i = 0; i < 2; ++i) {
    org.reopen();
    CHECK(org.given(org.noor) == 2);
    CHECK(org.given(org.cara) == 2);
  }
  org.withdraw();
  CHECK(org.given(org.noor) == 0);
  CHECK(org.given(org.amina) == 2);
  org.put_down(org.cara, {org.of_case});
  wire::pb::PullRequest request;
  request.set_membership(org.store->log().size());
  request.set_carry_list(wire::CarryList{false, {org.of_case}}.digest());
  CHECK(org.pull(org.cara, request).answer.deliveries_size() == 0);
}
