#include "sync/office/request_rate.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::Taken;

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

struct Village : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  LedgerId ledger = new_ledger();
  std::uint64_t one = 0;   ///< bytes of a parcel that opens no ledger

  Village() {
    need_stored(open_ledger(amina, ledger, main_team));
    const auto parcel = write(amina, ledger);
    one = parcel.ByteSizeLong();
    need_stored(parcel);
  }
  void need_stored(const wire::pb::Parcel& parcel) { REQUIRE(push_one(amina, parcel).status() == Taken::stored); }
  std::vector<int> statuses(const Member& member, const std::vector<wire::pb::Parcel>& parcels) {
    std::vector<int> out;
    for (const Taken& each : push(member, parcels)) out.push_back(each.status());
    return out;
  }
};

using Statuses = std::vector<int>;

}  // namespace

TEST_CASE("what is over a device's share of the day is answered so, keeps its order, and is taken the next day") {
  Village org;
  org.store->set_envelope_share(1 << 30, 0);
  org.world.clock.advance(kDay_ms);
  const auto first = org.write(org.amina, org.ledger), second = org.write(org.amina, org.ledger);
  org.store->set_envelope_share(1 << 30, org.one + org.one / 2);
  CHECK(org.statuses(org.amina, {first, second}) == Statuses{Taken::stored, Taken::no_room});
  CHECK(org.statuses(org.amina, {first, second}) == Statuses{Taken::known, Taken::no_room});
  // Nothing smaller overtakes it, also after a restart; a colleague is not concerned.
  org.store->set_envelope_share(1 << 30, 2 * org.one);
  CHECK(org.statuses(org.amina, {second}) == Statuses{Taken::no_room});
  org.reopen();
  org.store->set_envelope_share(1 << 30, 2 * org.one);
  CHECK(org.statuses(org.amina, {second}) == Statuses{Taken::no_room});
  CHECK(org.statuses(org.ben, {org.write(org.ben, org.ledger)}) == Statuses{Taken::stored});
  org.world.clock.advance(kDay_ms);
  CHECK(org.statuses(org.amina, {second}) == Statuses{Taken::stored});
}

TEST_CASE("a device's share in all counts what was stored before, by whoever wrote it and not by whoever brings it") {
  Village org;
  const std::uint64_t before = [&] {
    Organisation& all = org;
    const auto page = all.pull(org.ben, {});
    std::uint64_t bytes = 0;
    for (const auto& each : page.answer.deliveries()) bytes += each.parcel().ByteSizeLong();
    return bytes;
  }();
  org.store->set_envelope_share(before + org.one, 1 << 30);
  const auto next = org.write(org.amina, org.ledger), over = org.write(org.amina, org.ledger);
  CHECK(org.statuses(org.ben, {next}) == Statuses{Taken::stored});   // Ben gives back what Amina wrote
  CHECK(org.statuses(org.ben, {over}) == Statuses{Taken::no_room});
  org.world.clock.advance(kDay_ms);
  CHECK(org.statuses(org.amina, {over}) == Statuses{Taken::no_room});
  org.store->set_envelope_share(1 << 30, 1 << 30);
  org.world.clock.advance(kDay_ms);
  CHECK(org.statuses(org.amina, {over}) == Statuses{Taken::stored});
}

TEST_CASE("a clock that goes back gives no second share of a day") {
  Village org;
  org.store->set_envelope_share(1 << 30, 0);
  CHECK(org.statuses(org.amina, {org.write(org.amina, org.ledger)}) == Statuses{Taken::no_room});
  org.world.clock.advance(-3 * kDay_ms);
  org.store->set_envelope_share(1 << 30, org.one);
  CHECK(org.statuses(org.amina, {org.write(org.amina, org.ledger)}) == Statuses{Taken::no_room});
}

TEST_CASE("whoever asks too often is told to come back in a minute, and may then ask for a minute") {
  office::RequestRate rate(60);
  const PublicKey one = *PublicKey::from(Bytes(32, 'a')), other = *PublicKey::from(Bytes(32, 'b'));
  for (std::uint64_t i = 0; i < 60 * office::kRequestMinutesAtOnce; ++i) REQUIRE_FALSE(rate.refuse(one, 1000));
  CHECK(rate.refuse(one, 1000) == 60'000);
  CHECK(rate.refuse(one, 1500) == 60'000);
  CHECK_FALSE(rate.refuse(other, 1500));
  for (int i = 0; i < 60; ++i) REQUIRE_FALSE(rate.refuse(one, 61'000));
  CHECK(rate.refuse(one, 61'000));
}

TEST_CASE("a service answers a request too many with the time to come back, and nothing is done") {
  Village org;
  office::Service service{org.world.clock, *org.store, {org.founding.keys.tls_seed.clone(), org.founding.keys.sign_seed.clone()}};
  service.set_request_rate(1);
  const PublicKey amina = crypto::sign_public(org.amina.courier_seed);
  wire::pb::PushRequest request;
  *request.add_parcels() = org.write(org.amina, org.ledger);
  wire::pb::PullRequest nothing_new;
  for (std::uint64_t i = 0; i < office::kRequestMinutesAtOnce; ++i) REQUIRE(service.answer(amina, "/v1/pull", wire::encode(nothing_new)).status == 200);
  const auto reply = service.answer(amina, "/v1/push", wire::encode(request));
  CHECK(reply.status == 503);
  const auto refusal = wire::decode<wire::pb::Refusal>(reply.body);
  REQUIRE(refusal);
  CHECK(refusal->reason() == "too_many_requests");
  CHECK(refusal->later_ms() == org.world.clock.wall_ms() + 60'000);
  CHECK(need(org.store->newest_position()) == 2);
  org.world.clock.advance(60'000);
  CHECK(service.answer(amina, "/v1/push", wire::encode(request)).status == 200);
  CHECK(need(org.store->newest_position()) == 3);
}
