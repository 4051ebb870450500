#include <catch2/catch_test_macros.hpp>

#include "core/crypto/crypto.h"
#include "sync/wire/codec.h"
#include "sync/wire/heads.h"
#include "tests/support/fake_env.h"
#include "tests/sync/wire/samples.h"

using namespace wayside;
using namespace wayside::support;

namespace {

/// As a line, a disk or a stranger may spoil it: bits, bytes, cuts, repeats, lengths.
Bytes spoil(Bytes bytes, FakeRandom& random) {
  const auto rounds = 1 + random.below(4);
  for (std::uint64_t i = 0; i < rounds && !bytes.empty(); ++i) {
    const std::size_t at = random.below(bytes.size());
    const std::size_t size = random.below(std::min<std::size_t>(bytes.size() - at, 40) + 1);
    switch (random.below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 1: bytes[at] = static_cast<char>(random.below(256)); break;
      case 2: bytes.resize(at); break;
      case 3: bytes.erase(at, size); break;
      case 4: bytes.insert(at, bytes.substr(at, size)); break;
      default: bytes.insert(at, crypto::random_bytes(random, size)); break;
    }
  }
  return bytes;
}

/// Whatever is accepted means the same when it is written and read again.
template <class Message>
std::size_t survive(const Message& sample, std::uint64_t seed) {
  FakeRandom random(seed);
  const Bytes good = wire::encode(sample);
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto message = wire::decode<Message>(spoil(good, random));
    if (!message) {
      ++refused;
      continue;
    }
    const auto again = wire::decode<Message>(wire::encode(*message));
    if (!again || again->SerializeAsString() != message->SerializeAsString()) FAIL("seed " << seed << " case " << i);
  }
  return refused;
}

}  // namespace

TEST_CASE("spoiled messages are refused or mean one thing") {
  CHECK(survive(sample_push_request(), 1) > 1000);
  CHECK(survive(sample_push_answer(), 2) > 1000);
  CHECK(survive(sample_pull_request(), 3) > 1000);
  CHECK(survive(sample_pull_answer(), 4) > 1000);
  CHECK(survive(sample_append_request(), 5) > 1000);
  CHECK(survive(sample_append_answer(), 6) > 1000);
  CHECK(survive(sample_refusal(), 7) > 1000);
  CHECK(survive(sample_ask_parts_request(), 10) > 1000);
  CHECK(survive(sample_ask_parts_answer(), 11) > 1000);
  CHECK(survive(sample_put_parts_request(), 12) > 1000);
  CHECK(survive(sample_put_parts_answer(), 13) > 1000);
  CHECK(survive(sample_get_parts_request(), 14) > 1000);
  CHECK(survive(sample_get_parts_answer(), 15) > 1000);
  CHECK(survive(sample_find_snapshots_answer(), 16) > 1000);
  CHECK(survive(sample_carry_list(), 17) > 1000);
}

TEST_CASE("no spoiled statement of the office verifies") {
  FakeRandom random(8);
  const Bytes good = wire::sign_heads(sample_heads(), sample_seed());
  const PublicKey office = crypto::sign_public(sample_seed());
  for (int i = 0; i < 20'000; ++i) {
    const Bytes bytes = spoil(good, random);
    if (bytes != good && wire::verify_heads(bytes, office)) FAIL("case " << i);
  }
}

TEST_CASE("random bytes are no message") {
  FakeRandom random(9);
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes = crypto::random_bytes(random, random.below(200));
    if (!bytes.empty()) bytes[0] = wire::kWireVersion;
    (void)wire::decode<wire::pb::PushRequest>(bytes);
    (void)wire::decode<wire::pb::PullAnswer>(bytes);
    CHECK_FALSE(wire::verify_heads(bytes, crypto::sign_public(sample_seed())));
  }
}
