#include <catch2/catch_test_macros.hpp>
#include <type_traits>
#include <unordered_set>

#include "core/base/ids.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using support::FakeClock;
using support::FakeRandom;

static_assert(!std::is_convertible_v<RecordId, LedgerId>, "two kinds of id never mix");
static_assert(!std::is_constructible_v<DeviceId, UserId>);

TEST_CASE("a record id is a version 7 UUID that holds the time in its first 48 bits") {
  FakeRandom random(7);
  FakeClock clock(0x0123456789AB);
  const RecordId id = new_record_id(random, clock);
  const std::string text = to_text(id);
  CHECK(text.substr(0, 13) == "01234567-89ab");
  CHECK(text[14] == '7');
  CHECK(std::string("89ab").find(text[19]) != std::string::npos);
}

TEST_CASE("record ids of one clock sort by time and differ within one ms") {
  FakeRandom random(3);
  FakeClock clock(1'000);
  std::unordered_set<RecordId> seen;
  RecordId previous;
  for (int ms = 0; ms < 300; ++ms) {
    clock.advance(1);
    const RecordId id = new_record_id(random, clock);
    CHECK(previous < id);
    previous = id;
    for (int again = 0; again < 5; ++again) seen.insert(new_record_id(random, clock));
  }
  CHECK(seen.size() == 1500);
}

TEST_CASE("a clock before 1970 or beyond 48 bits still gives an id") {
  FakeRandom random;
  FakeClock early(-5);
  FakeClock late(std::int64_t{1} << 60);
  CHECK(to_text(new_record_id(random, early)).substr(0, 13) == "00000000-0000");
  CHECK(to_text(new_record_id(random, late)).substr(0, 13) == "ffffffff-ffff");
}

TEST_CASE("ids read back what they write") {
  FakeRandom random(11);
  for (int i = 0; i < 50; ++i) {
    const auto record = RecordId::random(random);
    const auto digest = Digest::random(random);
    CHECK(to_text(record).size() == 36);
    CHECK(to_text(digest).size() == 64);
    CHECK(id_from_text<RecordId>(to_text(record)) == record);
    CHECK(id_from_text<RecordId>(to_hex(record.view())) == record);
    CHECK(id_from_text<Digest>(to_text(digest)) == digest);
  }
}

TEST_CASE("upper case is read, and written in lower case") {
  const auto id = id_from_text<RecordId>("00112233-4455-6677-8899-AABBCCDDEEFF");
  REQUIRE(id);
  CHECK(to_text(*id) == "00112233-4455-6677-8899-aabbccddeeff");
}

TEST_CASE("text that is no id is refused") {
  for (const char* text :
       {"", "0", "zz", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
        "001122334455-6677-8899-aabbccddeeff--", "0011223-34455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeegg", "00112233445566778899aabbccddeef",
        "{0112233-4455-6677-8899-aabbccddeef}", " 0112233-4455-6677-8899-aabbccddeeff"}) {
    INFO(text);
    CHECK_FALSE(id_from_text<RecordId>(text));
  }
  CHECK_FALSE(id_from_text<RecordId>(std::string(64, 'a')));
  CHECK_FALSE(id_from_text<Digest>(std::string(32, 'a')));
}

TEST_CASE("ids order by bytes as unsigned numbers, as a store orders blobs") {
  const auto low = *id_from_text<RecordId>("7fffffffffffffffffffffffffffffff");
  const auto high = *id_from_text<RecordId>("80000000000000000000000000000000");
  CHECK(low < high);
  CHECK(RecordId{}.is_zero());
  CHECK_FALSE(high.is_zero());
}
