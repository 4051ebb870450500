#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "platform/atomic_file.h"
#include "sync/office/backup.h"
#include "sync/office/init.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

constexpr std::int64_t kDay_ms = 24LL * 60 * 60 * 1000;
const platform::Path kData = "/office";
const platform::Path kBackup = "/backup";
const platform::Path kAgain = "/again";

/// An office with its keys beside its store, of which somebody makes a backup; then it goes on.
struct Office : Organisation {
  Member amina = join(founding.first_ticket);
  LedgerId ledger = new_ledger();

  Office() {
    need(office::save_keys(world.files, office::DataFolder::keys_in(kData), founding.keys));
    CHECK(push_one(amina, open_ledger(amina, ledger, main_team)).status() == Taken::stored);
  }
  office::BackupFacts back_up() {
    store.reset();
    auto facts = need(office::make_backup(env, kData, kBackup));
    reopen();
    return facts;
  }
  /// The office is lost; from here on `store` is the restored one. The entries that it lost.
  std::vector<Bytes> restore() {
    wire::pb::PullAnswer all;
    need(store->add_membership(0, 1 << 20, all));
    store.reset();
    need(office::restore_office(env, kBackup, kAgain));
    store = need(office::LedgerStore::open(env, office::DataFolder::store_in(kAgain)));
    const auto held = static_cast<int>(store->log().size());
    return {all.membership().begin() + held, all.membership().end()};
  }
  void give_back(const Member& member, const std::vector<Bytes>& entries) {
    wire::pb::PushRequest request;
    for (const Bytes& each : entries) request.add_membership(each);
    need(store->take_lost_entries(member.caller(), request, world.clock.wall_ms()));
  }
  Result<void> append(membership::EntryKind kind) {
    return store->append({office::Standing::device, {}, {}, Errc::refused}, root_signed(std::move(kind)), world.clock.wall_ms());
  }
  membership::EntryKind a_team() { return membership::Team{TeamId::random(world.random), "sealed", LedgerId::random(world.random)}; }
};

}  // namespace

TEST_CASE("a backup holds the whole office, is checked, and is not served; an office set up from it is of another generation") {
  Office org;
  const auto facts = org.back_up();
  CHECK(facts.figures.envelopes == 1);
  CHECK(facts.figures.generation == org.founding.generation);
  CHECK(code_of(office::DataFolder::use(org.world.files, kBackup)) == Errc::not_permitted);
  CHECK(code_of(office::make_backup(org.env, kData, kBackup)) == Errc::already_exists);
  const auto before = org.world.files.contents();
  (void)org.restore();
  for (const auto& [name, bytes] : before) {
    INFO(name);
    if (name.starts_with("/backup/")) CHECK(org.world.files.contents().at(name) == bytes);
  }
  CHECK(org.store->generation() != org.founding.generation);
  CHECK(need(org.store->figures()).envelopes == 1);
  CHECK(need(office::load_keys(org.world.files, office::DataFolder::keys_in(kAgain))).tls_pin() == org.founding.keys.tls_pin());
  org.store.reset();
  CHECK(office::DataFolder::use(org.world.files, kAgain));
  CHECK(code_of(office::restore_office(org.env, kBackup, kAgain)) == Errc::already_exists);
}

TEST_CASE("a damaged backup is refused, and nothing is left of the try") {
  Office org;
  (void)org.back_up();
  org.store.reset();
  const platform::Path file = GENERATE(office::DataFolder::store_in(kBackup), office::DataFolder::keys_in(kBackup));
  Bytes bytes = org.world.files.contents().at(file.string());
  for (std::size_t at = bytes.size() / 2; at < bytes.size(); at += 7) bytes[at] = static_cast<char>(~bytes[at]);
  need(platform::write_atomically(org.world.files, file, bytes));
  CHECK_FALSE(office::restore_office(org.env, kBackup, kAgain));
  CHECK_FALSE(org.world.files.exists(office::DataFolder::store_in(kAgain)));
  CHECK_FALSE(org.world.files.exists(office::DataFolder::keys_in(kAgain)));
  CHECK(code_of(office::DataFolder::use(org.world.files, kAgain)) == Errc::not_found);
}

TEST_CASE("a restored office takes no change of members before the administrators' devices have given back what it lost") {
  Office org;
  const Member ben = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  (void)org.back_up();
  org.append_by_root(org.a_team());
  const auto lost = org.restore();
  REQUIRE(lost.size() == 1);
  CHECK(code_of(org.append(org.a_team())) == Errc::office_waits);
  org.give_back(org.amina, lost);
  CHECK(code_of(org.append(org.a_team())) == Errc::office_waits);
  CHECK(need(org.store->restoration())->devices == std::vector{org.amina.id()});
  need(org.store->take_acceptance(ben.caller()));   // no administrator
  CHECK(code_of(org.append(org.a_team())) == Errc::office_waits);
  org.store.reset();
  org.store = need(office::LedgerStore::open(org.env, office::DataFolder::store_in(kAgain)));   // it waits across a restart
  CHECK(code_of(org.append(org.a_team())) == Errc::office_waits);
  need(org.store->take_acceptance(org.amina.caller()));
  CHECK_FALSE(need(org.store->restoration()));
  CHECK(org.append(org.a_team()));
}

TEST_CASE("the operator's word ends the wait") {
  Office org;
  (void)org.back_up();
  (void)org.restore();
  CHECK(need(org.store->figures()).restoration);
  need(org.store->end_wait());
  CHECK_FALSE(need(org.store->figures()).restoration);
  CHECK(org.append(org.a_team()));
}

TEST_CASE("a device that joined in what was lost is given back, though its ticket has run out since") {
  Office org;
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  (void)org.back_up();
  const Member ben = org.join(ticket);
  const auto lost = org.restore();
  REQUIRE(lost.size() == 1);
  CHECK(need(org.store->restoration())->tickets == std::vector{ticket.ticket});
  need(org.store->take_acceptance(org.amina.caller()));   // Ben's entry may lie with somebody else: the wait goes on
  CHECK(need(org.store->restoration()));
  org.world.clock.advance(30 * kDay_ms);
  org.give_back(org.amina, lost);
  CHECK(org.store->log().device(ben.id()) != nullptr);
  CHECK(need(org.store->restoration())->tickets.empty());
  CHECK(org.store->push(ben.caller(), {}, org.world.clock.wall_ms()));
}

TEST_CASE("a ticket that ran out before the backup, or before the entry that redeems it, admits nobody by way of a restore") {
  Office org;
  const membership::Ticket ticket = org.invite(membership::Role::admin, {org.main_team});
  const bool before_the_backup = GENERATE(true, false);
  if (before_the_backup) org.world.clock.advance(8 * kDay_ms);
  (void)org.back_up();
  (void)org.restore();
  Member thief;
  if (!before_the_backup) org.world.clock.advance(8 * kDay_ms);
  org.give_back(org.amina, {org.redeeming(ticket, thief).bytes});
  CHECK(org.store->log().device(thief.id()) == nullptr);
}

TEST_CASE("a removal or an erasure that was lost counts again before anything else of the same request") {
  Office org;
  const Member ben = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  CHECK(org.push_one(org.amina, org.write(org.amina, org.ledger)).status() == Taken::stored);
  (void)org.back_up();
  org.append_by_root(membership::Removal{ben.id(), {}, {}, {}});
  org.append_by_root(membership::Erase{org.ledger, "sealed"});
  const auto late = org.write(org.amina, org.ledger);
  const auto lost = org.restore();
  REQUIRE(lost.size() == 2);

  office::Service service{org.world.clock, *org.store, {org.founding.keys.tls_seed.clone(), org.founding.keys.sign_seed.clone()}};
  wire::pb::PushRequest request;
  request.set_generation(org.store->generation().str());
  for (const Bytes& each : lost) request.add_membership(each);
  *request.add_parcels() = late;
  const office::Reply reply = service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(request));
  REQUIRE(reply.status == 200);
  CHECK(wire::decode<wire::pb::PushAnswer>(reply.body)->taken(0).status() == Taken::quarantined);   // of an erased case
  CHECK(service.answer(ben.entry.courier_public, "/v1/pull", wire::encode(wire::pb::PullRequest{})).status == 403);
  wire::pb::PullRequest pull;
  pull.set_whole(true);
  const auto page = org.pull(org.amina, pull);
  CHECK(page.answer.deliveries_size() > 0);
  for (const auto& delivery : page.answer.deliveries()) CHECK_FALSE(delivery.has_parcel());
}

TEST_CASE("a device is told of the new generation, and of nothing else, before it speaks of that itself") {
  Office org;
  (void)org.back_up();
  (void)org.restore();
  office::Service service{org.world.clock, *org.store, {org.founding.keys.tls_seed.clone(), org.founding.keys.sign_seed.clone()}};
  wire::pb::PullRequest pull;
  pull.set_generation(org.founding.generation.str());
  const office::Reply reply = service.answer(org.amina.entry.courier_public, "/v1/pull", wire::encode(pull));
  CHECK(reply.status == 409);
  CHECK(wire::decode<wire::pb::Refusal>(reply.body)->generation() == org.store->generation().str());
  wire::pb::PushRequest push;
  push.set_accepted(true);   // of which generation?
  CHECK(service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(push)).status == 200);
  CHECK(need(org.store->restoration()));
  push.set_generation(org.store->generation().str());
  CHECK(service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(push)).status == 200);
  CHECK_FALSE(need(org.store->restoration()));
}

TEST_CASE("an office that ran out of power in the midst of a restore is recognised, and set up again in another folder") {
  Office org;
  (void)org.back_up();
  org.store.reset();
  const std::size_t at = GENERATE(std::size_t{3}, std::size_t{9}, std::size_t{20}, std::size_t{33});
  auto disk = org.world.files.copy();
  platform::Env env{org.world.clock, org.world.random, *disk, org.world.keys, org.world.network};
  disk->power_off_at(at);
  const auto made = office::restore_office(env, kBackup, kAgain);
  REQUIRE_FALSE(made);
  disk->crash(at);
  CHECK_FALSE(office::DataFolder::use(*disk, kAgain));
  CHECK(office::restore_office(env, kBackup, "/elsewhere"));
}
