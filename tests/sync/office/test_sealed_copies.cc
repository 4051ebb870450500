#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "core/ledger/sealed_copy.h"
#include "core/membership/pin.h"
#include "sync/office/backup.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Parcel;
using wire::pb::Taken;

namespace {

const platform::Path kBackup = "/backup";
const platform::Path kAgain = "/again";

/// An office that is lost, and set up again from a backup that knows nothing of Amina's case.
struct Refilled : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  LedgerId ledger = new_ledger();
  std::vector<Parcel> written;

  Refilled() {
    need(office::save_keys(world.files, office::DataFolder::keys_in("/office"), founding.keys));
    store.reset();
    need(office::make_backup(env, "/office", kBackup));
    reopen();
    written = {open_ledger(amina, ledger, main_team), write(amina, ledger), write(amina, ledger)};
    for (const Parcel& each : written) CHECK(push_one(amina, each).status() == Taken::stored);
    store.reset();
    need(office::restore_office(env, kBackup, kAgain));
    store = need(office::LedgerStore::open(env, office::DataFolder::store_in(kAgain)));
    REQUIRE(need(store->figures()).envelopes == 0);
  }

  Parcel sealed(const Parcel& parcel, const EnvelopeId& id, const PublicKey& office) {
    auto sealer = need(ledger::CopySealer::to(office, store->log().organisation(), world.random));
    Parcel out;
    out.set_sealed_copy(need(sealer.seal(id, parcel.envelope(), {parcel.grants().begin(), parcel.grants().end()})));
    return out;
  }
  Parcel sealed(const Parcel& parcel) { return sealed(parcel, id_of(parcel), founding.keys.sign_public()); }

  /// Over the service, which alone holds the office's key.
  std::vector<Taken> bring(const Member& member, const std::vector<Parcel>& parcels) {
    office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};
    wire::pb::PushRequest request;
    request.set_generation(store->generation().str());
    for (const Parcel& each : parcels) *request.add_parcels() = each;
    const office::Reply reply = service.answer(member.entry.courier_public, "/v1/push", wire::encode(request));
    REQUIRE(reply.status == 200);
    const auto answer = need(wire::decode<wire::pb::PushAnswer>(reply.body));
    return {answer.taken().begin(), answer.taken().end()};
  }
  std::uint64_t held() { return need(store->figures()).envelopes; }
  std::uint64_t quarantined() { return need(store->figures()).quarantined; }
};

}  // namespace

TEST_CASE("an office opens the copies that were sealed to it, and serves the case to its team as before") {
  Refilled org;
  const auto taken = org.bring(org.amina, {org.sealed(org.written[0]), org.sealed(org.written[1]), org.sealed(org.written[2])});
  for (std::size_t i = 0; i < taken.size(); ++i) {
    CHECK(taken[i].status() == Taken::stored);
    CHECK(taken[i].lsn() == i + 1);
  }
  Holder holder;
  holder.fetch(org, org.ben);
  REQUIRE(holder.deliveries.size() == org.written.size());
  for (std::size_t i = 0; i < org.written.size(); ++i) {
    CHECK(holder.deliveries[i].parcel().SerializeAsString() == org.written[i].SerializeAsString());   // with all its wraps
  }
}

TEST_CASE("a copy of what the office holds changes nothing") {
  Refilled org;
  const Parcel copy = org.sealed(org.written[0]);
  CHECK(org.bring(org.amina, {copy, copy}).at(1).status() == Taken::known);
  CHECK(org.held() == 1);
}

TEST_CASE("a copy that the office's key does not open is no envelope, and what comes with it is taken") {
  Refilled org;
  const PublicKey other = crypto::sign_public(crypto::random_secret(org.world.random, crypto::kKeyBytes));
  Parcel changed = org.sealed(org.written[0]);
  changed.mutable_sealed_copy()->back() ^= 1;
  Parcel torn = org.sealed(org.written[0]);
  torn.mutable_sealed_copy()->resize(100);
  Parcel doubled = org.written[0];
  doubled.set_sealed_copy(org.sealed(org.written[0]).sealed_copy());
  const EnvelopeId another = id_of(org.written[1]);
  const auto taken = org.bring(org.amina, {org.sealed(org.written[0], id_of(org.written[0]), other), changed, torn, doubled,
                                           org.sealed(org.written[0], another, org.founding.keys.sign_public()), org.sealed(org.written[0])});
  for (std::size_t i = 0; i < 5; ++i) CHECK(taken[i].status() == Taken::malformed);
  CHECK(taken[5].status() == Taken::stored);
  CHECK(org.held() == 1);
  CHECK(org.quarantined() == 0);
}

TEST_CASE("what stands in a copy is judged as anything else is") {
  Refilled org;
  Parcel unsigned_one = org.written[0];
  unsigned_one.mutable_envelope()->back() ^= 1;   // of the signature
  Parcel stripped = org.written[0];
  stripped.clear_grants();
  CHECK(org.bring(org.amina, {org.sealed(unsigned_one)}).at(0).status() == Taken::quarantined);
  CHECK(org.bring(org.amina, {org.sealed(stripped)}).at(0).status() == Taken::quarantined);
  CHECK(org.bring(org.amina, {org.sealed(org.written[1])}).at(0).status() == Taken::not_permitted);   // nothing has opened its ledger
  CHECK(org.held() == 0);
  CHECK(org.quarantined() == 2);
}

TEST_CASE("a removed worker's device brings what it kept of before its removal, and no more than it could otherwise") {
  Refilled org;
  org.store->end_wait().value();
  org.append_by_root(membership::Removal{org.amina.id(), {}, {}, {}});
  const auto taken = org.bring(org.amina, {org.sealed(org.written[0])});
  CHECK(taken.at(0).status() == Taken::quarantined);   // without a pin nobody can tell what counted by then
  CHECK(org.held() == 0);
}

TEST_CASE("of a ledger that was left to others since, an office that lost it takes from a worker at most what opens it") {
  Refilled org;
  org.store->end_wait().value();
  const auto last = need(ledger::parse_envelope(org.written[2].envelope()));
  const membership::Pin pin{{{org.amina.id(), last.header.incarnation}, {{org.ledger, {last.header.seq, last.id}}}}};
  org.append_by_root(membership::Restrict{{org.ledger}, {org.ben.entry.user}, Bytes(64, 'r'), membership::encode_pin(pin).front()});
  const auto taken = org.bring(org.amina, {org.sealed(org.written[0]), org.sealed(org.written[1])});
  CHECK(taken[0].status() == Taken::stored);
  CHECK(taken[1].status() == Taken::not_permitted);
  Holder holder;
  holder.fetch(org, org.amina);
  CHECK(holder.deliveries.empty());
}
