#include <algorithm>

#include "sync/wire/codec.h"

#include "tests/sync/courier/courier_helpers.h"

using namespace wayside;
using namespace wayside::courier;
using namespace wayside::courier::testing;
using wire::pb::AppendAnswer;

namespace {

wire::pb::CourierJob membership_job(std::uint64_t have, const Bytes& entry = {}) {
  wire::pb::CourierJob job;
  job.set_spool(kLayout.root.string());
  job.mutable_membership()->set_have(have);
  job.mutable_membership()->set_entry(entry);
  return job;
}

}  // namespace

TEST_CASE("a membership job brings the entries that are missing, and leaves the spool as it was") {
  OfficeModel office(1);
  Device device(office);
  CHECK(device.sync().error() == 0);
  for (int i = 0; i < 5; ++i) office.add_membership_entry();
  const auto before = device.world().files.contents();
  const auto done = run_job(membership_job(2), device.world().env(), nullptr, {});
  CHECK(done.error() == 0);
  CHECK(done.membership_size() == 6);
  CHECK(done.append_status() == AppendAnswer::unknown);
  CHECK(device.world().files.contents() == before);
}

TEST_CASE("an entry signed against the newest head is taken, an older one is stale, and a repeat is taken again") {
  OfficeModel office(2);
  Device device(office);
  const Bytes entry = office.next_entry();
  const auto taken = run_job(membership_job(office.membership_size(), entry), device.world().env(), nullptr, {});
  CHECK(taken.error() == 0);
  CHECK(taken.append_status() == AppendAnswer::taken);
  REQUIRE(taken.membership_size() == 1);
  CHECK(taken.membership(0) == entry);

  const auto again = run_job(membership_job(office.membership_size() - 1, entry), device.world().env(), nullptr, {});
  CHECK(again.append_status() == AppendAnswer::taken);
  CHECK(again.membership_size() == 1);

  const Bytes late = office.next_entry();
  office.add_membership_entry();
  const auto stale = run_job(membership_job(office.membership_size() - 1, late), device.world().env(), nullptr, {});
  CHECK(stale.error() == 0);
  CHECK(stale.append_status() == AppendAnswer::stale);
  CHECK(stale.membership_size() == 1);   // what to sign against next

  const auto refused = run_job(membership_job(office.membership_size(), "no entry"), device.world().env(), nullptr, {});
  CHECK(refused.append_status() == AppendAnswer::refused);
  CHECK_FALSE(refused.append_reason().empty());
}

TEST_CASE("an office that repeats an old answer for ever is not asked for ever") {
  OfficeModel office(4);
  Device device(office);
  CHECK(device.sync().error() == 0);
  for (int i = 0; i < 5; ++i) office.add_membership_entry();
  wire::pb::PullRequest from_two;
  from_two.set_membership(2);
  wire::pb::PullAnswer old = office.pull(device.writer().device(), from_two);
  old.set_more(true);
  unsigned asked = 0;
  device.world().network.answer_with([&](const platform::HttpCall&) -> Result<platform::HttpAnswer> {
    ++asked;
    platform::HttpAnswer answer;
    answer.status = 200;
    answer.body = wire::encode(old);
    return answer;
  });
  CHECK(error_of(run_job(membership_job(2), device.world().env(), nullptr, {})) == Errc::bad_input);
  CHECK(asked <= 2);
}

TEST_CASE("an office whose membership log is shorter than ours, or another, is found out by what it does not take") {
  OfficeModel office(5);
  Device device(office);
  CHECK(device.sync().error() == 0);
  const Bytes entry = office.next_entry();   // signed against a head that is not this office's any more
  office.add_membership_entry();
  const auto done = run_job(membership_job(office.membership_size(), entry), device.world().env(), nullptr, {});
  CHECK(error_of(done) == Errc::fork);
}

TEST_CASE("with a ticket's seed a membership job needs no spool") {
  OfficeModel office(3);
  support::FakeEnv world;
  platform::HttpCall seen;
  auto handler = office.handler(DeviceId::random(world.random));
  SecretBytes seed(32);
  seed.data()[31] = 9;
  world.network.answer_with([&](const platform::HttpCall& call) {
    seen = call;
    CHECK(call.client_key->equals(seed));
    return handler(call);
  });
  wire::pb::CourierJob job;
  job.set_address("office.example:8443");
  job.mutable_membership()->set_tls_pin(Bytes(32, 'q'));
  job.mutable_membership()->set_key_follows(true);
  const auto done = run_job(job, world.env(), &seed, {});
  CHECK(done.error() == 0);
  CHECK(done.membership_size() == static_cast<int>(office.membership_size()));
  CHECK(seen.address == "office.example:8443");
  CHECK(seen.office_pin[5] == 'q');
  CHECK(error_of(run_job(job, world.env(), nullptr, {})) == Errc::bad_input);
  CHECK(world.files.contents().empty());
}

TEST_CASE("a ticket that the office refuses is told by its reason") {
  OfficeModel office(4);
  Device device(office);
  device.world().network.answer_with([](const platform::HttpCall&) -> Result<platform::HttpAnswer> {
    wire::pb::Refusal refusal;
    refusal.set_reason("ticket_expired");
    platform::HttpAnswer answer;
    answer.status = 403;
    answer.body = "\x01" + refusal.SerializeAsString();
    return answer;
  });
  CHECK(error_of(run_job(membership_job(0), device.world().env(), nullptr, {})) == Errc::ticket_expired);
}

TEST_CASE("envelopes that come along with membership are not kept and not waited for") {
  OfficeModel office(5);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 300; ++i) office.store(other.device(), other.write(case_ledger('a'), 900));
  const auto done = run_job(membership_job(0), device.world().env(), nullptr, {});
  CHECK(done.error() == 0);
  CHECK(done.membership_size() == static_cast<int>(office.membership_size()));
  CHECK(done.round_trips() == 1);
}
