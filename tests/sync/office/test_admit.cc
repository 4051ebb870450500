#include <catch2/catch_test_macros.hpp>

#include "core/crypto/crypto.h"
#include "core/membership/names.h"
#include "sync/office/admit.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::office;
using namespace wayside::support;

namespace {

Admission admitted(Organisation& org) {
  auto admission = admit_with_pages(org.env, *org.store, org.founding.recovery, "Dora");
  REQUIRE(admission);
  return *std::move(admission);
}

}  // namespace

TEST_CASE("with the pages an administrator of every team is admitted, given a new epoch of each and the key of the names") {
  Organisation org;
  const TeamId second = org.add_team();
  const Member ben = org.join(org.invite(membership::Role::advocate, {second}));
  const std::size_t before = org.store->log().root_uses().size();
  const auto admission = admitted(org);
  const membership::Log& log = org.store->log();
  CHECK(admission.names_readable);
  CHECK(log.root_uses().size() == before + log.teams().size() + 1);

  const auto secrets = membership::open_ticket_secrets(admission.ticket);
  REQUIRE(secrets);
  CHECK(membership::open_name(secrets->member_key.view(), log.found()->sealed_name).has_value());
  CHECK(membership::open_name(secrets->member_key.view(), log.tickets().at(admission.ticket.ticket).entry.sealed_name) == "Dora");
  REQUIRE(admission.ticket.teams.size() == log.teams().size());
  for (std::size_t i = 0; i < admission.ticket.teams.size(); ++i) {
    const membership::Epoch& epoch = *log.newest_epoch(admission.ticket.teams[i].team);
    CHECK(epoch.number == admission.ticket.teams[i].epoch);
    CHECK(epoch.number == 2);
    CHECK(crypto::box_public(secrets->epoch_secrets[i]) == epoch.public_key);
    CHECK(epoch.previous_secret.empty());
    for (const membership::DeviceWrap& wrap : epoch.wraps) {
      if (wrap.device != ben.id()) continue;
      const auto held = crypto::open_sealed(ben.entry.box_public, ben.box_secret, wrap.sealed);
      REQUIRE(held);
      CHECK(crypto::box_public(*held) == epoch.public_key);
    }
  }
  const Member dora = org.join(admission.ticket);
  CHECK(log.role_at(dora.entry.user, log.size()) == membership::Role::admin);
  CHECK(log.teams_of(dora.entry.user).size() == log.teams().size());
}

TEST_CASE("whoever comes back with the pages is handed every ledger, those too that lost devices alone could read; nobody else is") {
  Organisation org;
  Member lost = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  const LedgerId of_team = org.new_ledger(), apart = org.new_ledger();
  REQUIRE(org.push_one(lost, org.open_ledger(lost, of_team, org.main_team)).status() == wire::pb::Taken::stored);
  REQUIRE(org.push_one(lost, org.write(lost, apart, {.teams = {}, .devices = {lost.id()}, .bytes = 40, .membership_head = {}, .blobs = {}})).status() == wire::pb::Taken::stored);

  const Member dora = org.join(admitted(org).ticket);
  Holder hers;
  hers.fetch(org, dora);
  CHECK(hers.ledgers.contains(of_team));
  CHECK(hers.ledgers.contains(apart));
  // A ticket that the root signs later, as any other ticket, hands over what its teams were granted.
  const Member ben = org.join(org.invite(membership::Role::admin, {org.add_team()}));
  Holder his;
  his.fetch(org, ben);
  CHECK_FALSE(his.ledgers.contains(apart));
  CHECK_FALSE(his.ledgers.contains(of_team));
}

TEST_CASE("pages of another organisation, or a name that is none, change nothing") {
  Organisation org(1), other(2);
  const std::uint64_t before = org.store->log().size();
  const auto foreign = admit_with_pages(org.env, *org.store, other.founding.recovery, "Dora");
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == Errc::not_permitted);
  const auto nameless = admit_with_pages(org.env, *org.store, org.founding.recovery, "");
  REQUIRE_FALSE(nameless);
  CHECK(nameless.error().code == Errc::bad_input);
  CHECK(org.store->log().size() == before);
}

TEST_CASE("a disk that fails between two entries leaves an office that admits the next time") {
  for (std::uint64_t n = 0;; ++n) {
    Organisation org;
    const auto before = org.world.files.counts().operations;
    org.world.files.fail_at(n, Errc::disk_full);
    const bool done = admit_with_pages(org.env, *org.store, org.founding.recovery, "Dora").has_value();
    const bool reached = org.world.files.counts().operations > before + n;
    org.world.files.heal();
    INFO("operation " << n);
    if (!done) (void)admitted(org);
    CHECK(org.store->log().newest_epoch(org.main_team)->number >= 2);
    if (!reached) break;
  }
}
