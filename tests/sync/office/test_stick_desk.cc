#include <catch2/catch_test_macros.hpp>

#include "platform/atomic_file.h"
#include "sync/office/stick_desk.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;

namespace {

struct ServedFolder : Organisation {
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};
  const platform::Path data = "/office";

  void lay(const Bytes& question) { need(platform::write_atomically(world.files, data / "stick.asked", question)); }
  bool look() { return office::answer_at_desk(env, data, service, store->log()); }
  [[nodiscard]] bool has(const char* name) { return world.files.exists(data / name); }
};

office::AskedAtDesk asked(const PublicKey& courier, std::string path, Bytes body) {
  return {Bytes(16, 'n'), courier, std::move(path), std::move(body)};
}

}  // namespace

TEST_CASE("a question at the desk is read as it was written, and not when it is cut") {
  const auto question = asked(*PublicKey::from(Bytes(32, 'k')), "/v1/pull", "body");
  const Bytes bytes = office::encode_asked(question);
  const auto again = need(office::decode_asked(bytes));
  CHECK(again.number == question.number);
  CHECK(again.courier == question.courier);
  CHECK(again.path == question.path);
  CHECK(again.body == question.body);
  for (std::size_t size = 0; size < bytes.size() - 4; ++size) CHECK_FALSE(office::decode_asked(BytesView(bytes).substr(0, size)));
  CHECK_FALSE(office::decode_asked('\2' + bytes.substr(1)));
}

TEST_CASE("a list of devices is read as it was written, and not when it is cut") {
  Organisation org;
  (void)org.join(org.founding.first_ticket);
  const auto roster = need(office::roster_of(org.store->log()));
  const Bytes bytes = office::encode_roster(roster);
  const auto again = need(office::decode_roster(bytes));
  CHECK(again.organisation == roster.organisation);
  CHECK(again.office == org.founding.keys.sign_public());
  REQUIRE(again.devices.size() == 1);
  CHECK(again.devices[0].courier == roster.devices[0].courier);
  for (const std::size_t size : {std::size_t{0}, std::size_t{47}, std::size_t{49}, bytes.size() - 1})
    CHECK_FALSE(office::decode_roster(BytesView(bytes).substr(0, size)));
}

TEST_CASE("the serving office answers what lies at its desk, once, and leaves no question there") {
  ServedFolder org;
  const Member amina = org.join(org.founding.first_ticket);
  CHECK_FALSE(org.look());
  wire::pb::PullRequest pull;
  org.lay(office::encode_asked(asked(amina.entry.courier_public, "/v1/pull", wire::encode(pull))));
  CHECK(org.look());
  CHECK_FALSE(org.has("stick.asked"));
  const Bytes answer = need(platform::read_all(org.world.files, org.data / "stick.answer", 1 << 20));
  CHECK(answer.substr(0, 17) == '\1' + Bytes(16, 'n'));
  CHECK(static_cast<unsigned char>(answer[17]) == 200);
  CHECK(need(wire::decode<wire::pb::PullAnswer>(answer.substr(21))).membership_size() > 0);
  CHECK_FALSE(org.look());
}

TEST_CASE("nonsense at the desk, and what no stick may ask, changes nothing") {
  ServedFolder org;
  const Member amina = org.join(org.founding.first_ticket);
  for (const Bytes& nonsense : {Bytes(), Bytes("\1"), Bytes(5000, 'x')}) {
    org.lay(nonsense);
    CHECK_FALSE(org.look());
    CHECK_FALSE(org.has("stick.asked"));
    CHECK_FALSE(org.has("stick.answer"));
  }
  org.lay(office::encode_asked(asked(amina.entry.courier_public, "/v1/membership", "entry")));
  CHECK(org.look());
  const Bytes answer = need(platform::read_all(org.world.files, org.data / "stick.answer", 1 << 20));
  CHECK(static_cast<unsigned char>(answer[17]) == (400 & 0xff));
  CHECK(answer.size() == 21);
}
