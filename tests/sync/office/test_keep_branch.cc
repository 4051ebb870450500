#include "sync/office/keep_branch.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::office;
using namespace wayside::support;

TEST_CASE("with the pages this office's log is kept, entries of the other one are refused once, and its devices' work is judged by what both share") {
  Organisation org;
  Member amina = org.join(org.founding.first_ticket);
  const LedgerId ledger = org.new_ledger();
  REQUIRE(org.push_one(amina, org.open_ledger(amina, ledger, org.main_team)).status() == wire::pb::Taken::stored);
  const std::uint64_t number = org.store->log().size();
  const auto theirs = org.root_signed(membership::RoleEntry{amina.entry.user, membership::Role::desk, std::nullopt, false, {}});
  org.append_by_root(membership::RoleEntry{amina.entry.user, membership::Role::manager, std::nullopt, false, {}});
  Organisation::Writing writing;
  writing.membership_head = theirs.hash;
  CHECK(org.push_one(amina, org.write(amina, ledger, writing)).status() == wire::pb::Taken::quarantined);   // nobody knows that head

  CHECK(keep_branch(org.env, *org.store, org.founding.recovery, number, {theirs.hash, theirs.hash}) == 1);
  CHECK(keep_branch(org.env, *org.store, org.founding.recovery, number, {theirs.hash}) == 0);
  CHECK(org.store->log().number_of(theirs.hash) == number - 1);
  amina.chains[ledger].seq = 1;
  amina.chains[ledger].prev.reset();
  Holder holder;
  holder.fetch(org, amina);
  amina.chains[ledger].prev = EnvelopeId::from(holder.deliveries.front().id());
  CHECK(org.push_one(amina, org.write(amina, ledger, writing)).status() == wire::pb::Taken::stored);

  CHECK(code_of(keep_branch(org.env, *org.store, org.founding.recovery, 0, {theirs.hash})) == Errc::not_found);
  CHECK(code_of(keep_branch(org.env, *org.store, org.founding.recovery, org.store->log().size(), {theirs.hash})) == Errc::not_found);
  CHECK(code_of(keep_branch(org.env, *org.store, org.founding.recovery, number, {*org.store->log().head()})) == Errc::already_exists);
  const Organisation other(7);
  CHECK(code_of(keep_branch(org.env, *org.store, other.founding.recovery, number, {EntryHash::random(org.world.random)})) == Errc::not_permitted);
  org.reopen();
  CHECK(org.store->log().refused().contains(theirs.hash));
}
