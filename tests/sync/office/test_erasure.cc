#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "sync/wire/codec.h"
#include "sync/wire/frontier.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

/// Two cases of Amina's at the office, five envelopes each.
struct TwoCases : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  LedgerId goes = new_ledger(), stays = new_ledger();
  std::vector<wire::pb::Parcel> pushed;

  TwoCases() {
    for (const LedgerId& each : {goes, stays}) pushed.push_back(open_ledger(amina, each, main_team));
    for (int i = 0; i < 8; ++i) pushed.push_back(write(amina, i % 2 == 0 ? goes : stays));
    for (const Taken& each : push(amina, pushed)) CHECK(each.status() == Taken::stored);
  }
  /// Whether the office's files hold these bytes anywhere.
  bool holds(BytesView bytes) {
    for (const auto& [path, content] : world.files.contents()) {
      if (content.find(bytes) != Bytes::npos) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("the office lets go of wraps and envelopes of an erased case, in its files too, and goes on to hand out the rest") {
  TwoCases org;
  REQUIRE(org.holds(org.pushed[0].envelope()));
  REQUIRE(org.holds(org.pushed[0].grants(0)));
  org.append_by_root(membership::Erase{org.goes, {}});
  for (const auto& parcel : org.pushed) {
    const bool erased = need(ledger::parse_envelope(parcel.envelope())).header.ledger == org.goes;
    CHECK(org.holds(parcel.envelope()) == !erased);
    for (const Bytes& grant : parcel.grants()) CHECK(org.holds(grant) == !erased);
  }
  CHECK(need(org.store->figures()).envelopes == 10);

  Holder ben;
  ben.fetch(org, org.ben);
  CHECK(ben.heads->frontier == ben.frontier(org));
  for (const auto& delivery : ben.deliveries) CHECK(delivery.has_parcel() == (delivery.ledger() == org.stays.view()));
  const Taken more = org.push_one(org.amina, org.write(org.amina, org.stays));
  CHECK(more.status() == Taken::stored);
  CHECK(more.lsn() == 6);
}

TEST_CASE("who had fetched half of it goes on without the rest, and who comes later never hears of it") {
  TwoCases org;
  Holder ben;
  ben.fetch(org, org.ben);
  REQUIRE(ben.deliveries.size() == 10);
  org.append_by_root(membership::Erase{org.goes, {}});
  ben.fetch(org, org.ben);
  CHECK(ben.heads->frontier == ben.frontier(org));

  Member cara = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  Holder holder;
  holder.fetch(org, cara);
  CHECK(holder.heads->frontier == holder.frontier(org));
  CHECK(holder.deliveries.size() == 5);
  CHECK_FALSE(holder.ledgers.contains(org.goes));
}

TEST_CASE("what comes late is kept apart without a byte of it, what was known stays known, and nothing of it is served") {
  TwoCases org;
  const auto late = org.write(org.ben, org.goes);
  org.append_by_root(membership::Erase{org.goes, {}});
  CHECK(org.push_one(org.amina, org.pushed[2]).status() == Taken::known);
  CHECK_FALSE(org.holds(org.pushed[2].envelope()));
  CHECK(org.push_one(org.ben, late).status() == Taken::quarantined);
  CHECK(org.push_one(org.ben, late).status() == Taken::quarantined);
  CHECK_FALSE(org.holds(late.envelope()));
  CHECK(need(org.store->figures()).quarantined == 1);
  org.reopen();
  CHECK(org.store->log().erased(org.goes));
  CHECK(org.push_one(org.ben, late).status() == Taken::quarantined);
}

TEST_CASE("what was kept apart of it before goes too") {
  TwoCases org;
  auto bad = org.write(org.ben, org.goes);
  bad.mutable_envelope()->back() ^= 1;   // its signature
  CHECK(org.push_one(org.ben, bad).status() == Taken::quarantined);
  REQUIRE(org.holds(bad.envelope()));
  org.append_by_root(membership::Erase{org.goes, {}});
  CHECK_FALSE(org.holds(bad.envelope()));
}

TEST_CASE("a certificate that cannot be stored erases nothing, whatever write of it fails") {
  for (std::uint64_t n = 0; n < 60; ++n) {
    TwoCases org;
    const auto entry = org.root_signed(membership::Erase{org.goes, {}});
    org.world.files.power_off_at(n);
    const auto taken = org.store->append(org.amina.caller(), entry, org.world.clock.wall_ms());
    org.store.reset();
    org.world.files.crash(n);
    org.reopen();
    INFO("operation " << n);
    const bool erased = org.store->log().erased(org.goes);
    if (taken) CHECK(erased);
    CHECK(org.holds(org.pushed[0].grants(0)) != erased);
    Holder ben;
    ben.fetch(org, org.ben);
    CHECK(ben.heads->frontier == ben.frontier(org));
  }
}
