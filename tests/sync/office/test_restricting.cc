#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/ledger/envelope.h"
#include "core/membership/pin.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

/// Amina, Ben and Mona, who is a manager, are in `main`, Noor manages `north`.
struct Town : Organisation {
  TeamId north = add_team();
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  Member mona = join(invite(membership::Role::manager, {main_team}));
  Member noor = join(invite(membership::Role::manager, {north}));
  LedgerId of_case = new_ledger(), below = new_ledger();

  Town() {
    REQUIRE(push_one(amina, open_ledger(amina, of_case, main_team)).status() == Taken::stored);
    Writing to_devices;
    to_devices.devices = {amina.id(), ben.id(), mona.id()};
    REQUIRE(push_one(amina, write(amina, below, to_devices)).status() == Taken::stored);
  }
  membership::Restrict to(std::vector<UserId> users) const {
    return {{of_case, below}, std::move(users), Bytes(64, 'r'), membership::encode_pin({}).front()};
  }
  std::optional<Errc> restrict_by(const Member& member, const membership::Restrict& kind) {
    const membership::Log& log = store->log();
    const auto entry = membership::sign_entry({log.organisation(), log.size(), log.head(), 0, membership::SignerKind::device, member.id().str(), kind}, member.sign_seed);
    return code_of(store->append(member.caller(), entry, 0));
  }
  std::size_t given(const Member& member, const LedgerId& ledger) {
    Holder holder;
    holder.fetch(*this, member);
    return static_cast<std::size_t>(std::ranges::count_if(holder.deliveries, [&](const auto& each) { return each.ledger() == ledger.view(); }));
  }
  std::size_t given(const Member& member) { return given(member, of_case) + given(member, below); }
  int wanted(const Member& member, const LedgerId& ledger) {
    wire::pb::PullRequest request;
    request.set_membership(store->log().size());
    request.add_wants()->set_ledger(ledger.str());
    const auto answer = pull(member, request).answer;
    return static_cast<int>(std::ranges::count_if(answer.deliveries(), [&](const auto& each) { return each.ledger() == ledger.view(); }));
  }
};

}  // namespace

TEST_CASE("a case that is left to some is given to nobody else by any way, and to them as before") {
  Town org;
  CHECK(org.given(org.mona) == 2);
  org.append_by_root(org.to({org.amina.entry.user, org.ben.entry.user}));
  for (const bool restarted : {false, true}) {
    if (restarted) org.reopen();
    CHECK(org.given(org.mona) == 0);   // a manager, with a grant to her device
    CHECK(org.wanted(org.mona, org.of_case) == 0);
    CHECK(org.wanted(org.mona, org.below) == 0);
    CHECK(org.given(org.amina) == 2);
    CHECK(org.given(org.ben) == 2);
  }
  const Member newcomer = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  CHECK(org.given(newcomer) == 0);
  const auto write = [&](Member& by) { return org.push_one(by, org.write(by, org.of_case)).status(); };
  CHECK(write(org.mona) == Taken::not_permitted);
  CHECK(write(org.ben) == Taken::stored);

  // Given back, it is there for all again.
  org.append_by_root(org.to({}));
  CHECK(org.given(org.mona) == 3);
  CHECK(org.given(newcomer, org.of_case) == 2);
  CHECK(write(org.mona) == Taken::stored);
}

TEST_CASE("grants that are made to others afterwards give them nothing, to the team or to a device") {
  Town org;
  org.append_by_root(org.to({org.amina.entry.user, org.ben.entry.user}));
  Town::Writing grants;
  grants.teams = {org.main_team};
  grants.devices = {org.mona.id()};
  CHECK(org.push_one(org.ben, org.write(org.ben, org.of_case, grants)).status() == Taken::stored);
  CHECK(org.push_one(org.ben, org.write(org.ben, org.below, grants)).status() == Taken::stored);
  CHECK(org.given(org.mona) == 0);
  CHECK(org.given(org.amina) == 4);
}

TEST_CASE("a case that was granted to devices alone from its first envelope on is given to these alone") {
  Town org;
  const LedgerId closed = org.new_ledger();
  Town::Writing grants;
  grants.devices = {org.amina.id(), org.ben.id()};
  REQUIRE(org.push_one(org.amina, org.write(org.amina, closed, grants)).status() == Taken::stored);
  CHECK(org.given(org.ben, closed) == 1);
  CHECK(org.given(org.mona, closed) == 0);
  CHECK(org.wanted(org.mona, closed) == 0);
  CHECK(org.push_one(org.mona, org.write(org.mona, closed)).status() == Taken::not_permitted);
}

TEST_CASE("what the others wrote before they heard lies in the ledger as late work; what comes later is not taken") {
  Town org;
  Town::Writing before;
  before.membership_head = org.store->log().head();
  const auto late = org.write(org.mona, org.of_case, before);
  org.append_by_root(org.to({org.amina.entry.user}));
  CHECK(org.push_one(org.mona, late).status() == Taken::quarantined);
  CHECK(org.given(org.amina, org.of_case) == 2);
  CHECK(org.given(org.mona) == 0);
  CHECK(org.push_one(org.mona, org.write(org.mona, org.of_case)).status() == Taken::not_permitted);
}

TEST_CASE("a manager of the case's team restricts it; one of another team, an advocate and whoever is left out do not") {
  Town org;
  CHECK(org.restrict_by(org.noor, org.to({org.ben.entry.user})) == Errc::not_permitted);
  CHECK(org.restrict_by(org.ben, org.to({org.ben.entry.user})) == Errc::not_permitted);
  membership::Restrict unknown = org.to({org.mona.entry.user});
  unknown.ledgers = {org.new_ledger()};
  CHECK(org.restrict_by(org.mona, unknown) == Errc::not_permitted);
  CHECK_FALSE(org.restrict_by(org.mona, org.to({org.mona.entry.user, org.ben.entry.user})));
  CHECK_FALSE(org.restrict_by(org.mona, org.to({org.ben.entry.user})));
  CHECK(org.restrict_by(org.mona, org.to({org.mona.entry.user})) == Errc::not_permitted);
  CHECK_FALSE(org.restrict_by(org.amina, org.to({org.amina.entry.user})));
  CHECK(org.given(org.amina) == 2);
  CHECK(org.given(org.ben) == 0);
}
