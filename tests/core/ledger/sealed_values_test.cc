#include "core/ledger/sealed_values.h"

#include <catch2/catch_test_macros.hpp>

#include "core/base/value.h"
#include "tests/core/golden.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

namespace {

constexpr std::uint32_t kLocation = 2;
const LedgerId kLedger = test::filled<LedgerId>(2);
const KeyGenerationId kGeneration = test::filled<KeyGenerationId>(6);

Write write_of(std::uint32_t field, std::string_view text) {
  Write write;
  write.field = field;
  write.value = encode(Value(Text{std::string(text)}));
  return write;
}

/// A person's name, street and town, the last two sealed.
struct Person {
  ChangeSet change;
  SecretBytes key = test::counting_secret(7);

  explicit Person(std::string_view street = "Flat 2, Mill Lane") {
    change.author = test::filled<UserId>(1);
    change.records = {{test::filled<RecordId>(3), 2, {write_of(16, "Priya"), write_of(22, street), write_of(23, "Carlisle")}}};
    support::FakeRandom random(5);
    seal_values(change, kLedger, kLocation, {1, 2}, kGeneration, key.view(), random);
  }
  [[nodiscard]] ChangeSet received() const { return *decode_change_set(encode(change), DeviceId{}); }
};

Bytes value(const ChangeSet& change, std::size_t index) { return change.records.at(0).writes.at(index).value; }

}  // namespace

TEST_CASE("sealed values are no part of what a change-set says to whoever lacks their key") {
  const Bytes bytes = encode(Person().change);
  CHECK(bytes.find("Priya") != Bytes::npos);
  CHECK(bytes.find("Mill") == Bytes::npos);
  CHECK(bytes.find("Carlisle") == Bytes::npos);
  const ChangeSet received = Person().received();
  CHECK(value(received, 0) == encode(Value(Text{"Priya"})));
  CHECK(value(received, 1) == kSealedValue);
  CHECK(value(received, 2) == kSealedValue);
}

TEST_CASE("sealed values are written as in version 1, and what was written then opens") {
  const Bytes now = encode(Person().change);
  const Bytes kept = test::golden("change_set_sealed.v1.bin", now);
  CHECK(now == kept);
  auto change = decode_change_set(kept, DeviceId{});
  REQUIRE(change);
  CHECK(open_values(*change, change->sealed.at(0), kLedger, Person().key.view()));
}

TEST_CASE("their key puts the values back, each at its write") {
  const Person person;
  ChangeSet received = person.received();
  REQUIRE(received.sealed.size() == 1);
  REQUIRE(open_values(received, received.sealed[0], kLedger, person.key.view()));
  for (std::size_t i = 0; i < 3; ++i) CHECK(value(received, i) == value(person.change, i));
}

TEST_CASE("a change-set has the same bytes whether its values are open or not") {
  const Person person;
  const ChangeSet closed = person.received();
  ChangeSet open = closed;
  REQUIRE(open_values(open, open.sealed[0], kLedger, person.key.view()));
  CHECK(encode(open) == encode(closed));
  CHECK(encode(open) == encode(person.change));
}

TEST_CASE("another key, another ledger, another compartment or a changed byte opens nothing and changes nothing") {
  const Person person;
  const auto opens = [&](const SealedValues& block, const LedgerId& ledger, BytesView key) {
    ChangeSet received = person.received();
    const bool opened = open_values(received, block, ledger, key);
    CHECK(value(received, 1) == kSealedValue);
    return opened;
  };
  const SealedValues block = person.change.sealed[0];
  CHECK_FALSE(opens(block, kLedger, test::counting_secret(8).view()));
  CHECK_FALSE(opens(block, test::filled<LedgerId>(9), person.key.view()));
  SealedValues other = block;
  other.compartment = 1;
  CHECK_FALSE(opens(other, kLedger, person.key.view()));
  for (std::size_t at = 0; at < block.sealed.size(); ++at) {
    SealedValues changed = block;
    changed.sealed[at] = static_cast<char>(changed.sealed[at] ^ 1);
    CHECK_FALSE(opens(changed, kLedger, person.key.view()));
  }
}

TEST_CASE("a block with more or fewer values than it names opens nothing") {
  const Person person;
  ChangeSet received = person.received();
  SealedValues fewer = received.sealed[0];
  fewer.writes.pop_back();
  CHECK_FALSE(open_values(received, fewer, kLedger, person.key.view()));
  CHECK(value(received, 1) == kSealedValue);
}

TEST_CASE("the length of a block does not tell one address from another") {
  const auto size = [](std::string_view street) { return Person(street).change.sealed[0].sealed.size(); };
  CHECK(size("1 A St") == size("Flat 12, 104 Lower Mill"));
  CHECK(size("1 A St") < size(std::string(200, 'x')));
}

TEST_CASE("a change-set whose sealed values and blocks do not fit is none") {
  const auto refused = [](const ChangeSet& change) {
    const auto back = decode_change_set(encode(change), DeviceId{});
    return !back && back.error().code == Errc::bad_input;
  };
  const Person person;
  ChangeSet nowhere = person.received();
  nowhere.sealed.clear();   // its writes still hold what stands for a sealed value
  CHECK(refused(nowhere));
  ChangeSet twice = person.change;
  twice.sealed.push_back(twice.sealed[0]);
  CHECK(refused(twice));
  ChangeSet beyond = person.change;
  beyond.sealed[0].writes.push_back(3);
  CHECK(refused(beyond));
  ChangeSet unordered = person.change;
  unordered.sealed[0].writes = {2, 1};
  CHECK(refused(unordered));
  ChangeSet short_nonce = person.change;
  short_nonce.sealed[0].nonce.pop_back();
  CHECK(refused(short_nonce));
}
