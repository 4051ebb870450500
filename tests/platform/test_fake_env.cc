#include <catch2/catch_test_macros.hpp>

#include "platform/real_env.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::support;

TEST_CASE("the clock of a test moves when it is told to, and a set clock leaves monotonic time alone") {
  FakeClock clock(1000);
  clock.advance(50);
  CHECK(clock.wall_ms() == 1050);
  CHECK(clock.monotonic_ms() == 50);
  clock.set_wall(-7);
  CHECK(clock.wall_ms() == -7);
  CHECK(clock.monotonic_ms() == 50);
}

TEST_CASE("a seed gives the same bytes however they are asked for, and another seed gives others") {
  FakeRandom one(9);
  FakeRandom two(9);
  FakeRandom other(10);
  Bytes whole(500, '\0');
  one.fill({as_uchar(whole), whole.size()});
  Bytes pieces;
  for (std::size_t size = 0; pieces.size() < whole.size(); ++size) {
    Bytes piece(std::min(size % 90, whole.size() - pieces.size()), '\0');
    two.fill({as_uchar(piece), piece.size()});
    pieces += piece;
  }
  CHECK(pieces == whole);
  Bytes third(500, '\0');
  other.fill({as_uchar(third), third.size()});
  CHECK(third != whole);
  for (int i = 0; i < 1000; ++i) CHECK(one.below(7) < 7);
}

TEST_CASE("the key store of a test keeps, replaces, removes and fails") {
  FakeKeyStore keys;
  SecretBytes secret(4);
  secret.data()[0] = 9;
  CHECK(keys.load("a").error().code == Errc::not_found);
  REQUIRE(keys.save("a", secret));
  CHECK(keys.load("a")->equals(secret));
  REQUIRE(keys.save("a", SecretBytes(4)));
  CHECK_FALSE(keys.load("a")->equals(secret));
  keys.fail_with(Errc::io);
  CHECK(keys.load("a").error().code == Errc::io);
  CHECK_FALSE(keys.save("a", secret));
  keys.fail_with(std::nullopt);
  REQUIRE(keys.remove("a"));
  REQUIRE(keys.remove("a"));
  CHECK(keys.size() == 0);
}

TEST_CASE("the network of a test answers with what the test put behind it") {
  FakeEnv env;
  CHECK(env.network.post({}).error().code == Errc::unreachable);
  env.network.answer_with([](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    return platform::HttpAnswer{.status = 200, .body = call.body + "!"};
  });
  platform::HttpCall call;
  call.body = "hi";
  CHECK(env.env().network.post(call)->body == "hi!");
  CHECK(env.network.calls() == 2);
}

TEST_CASE("the real world has a clock that goes on and bytes that differ") {
  platform::RealEnv real;
  platform::Env env = real.env();
  CHECK(env.clock.wall_ms() > 1'700'000'000'000);
  const auto before = env.clock.monotonic_ms();
  CHECK(env.clock.monotonic_ms() >= before);
  std::array<unsigned char, 32> one{};
  std::array<unsigned char, 32> two{};
  env.random.fill(one);
  env.random.fill(two);
  CHECK(one != two);
}
