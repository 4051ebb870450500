#include <catch2/catch_test_macros.hpp>

#include "core/crypto/crypto.h"
#include "core/ledger/record_state.h"
#include "tests/core/golden.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

namespace {

Sealed sealed_sample() {
  support::FakeRandom random(1);
  const SecretBytes key = test::counting_secret(101);
  auto sealed = seal_envelope(test::full_header(), encode(test::full_change_set()), key.view(), crypto::Signer(test::counting_secret(1)), random);
  return *std::move(sealed);
}

}  // namespace

TEST_CASE("a change-set is written as in version 1") {
  const Bytes now = encode(test::full_change_set());
  const Bytes kept = test::golden("change_set.v1.bin", now);
  CHECK(now == kept);
  CHECK(decode_change_set(kept, DeviceId{}));
}

TEST_CASE("a change-set whose writes stand in rows, the form before columns, says the same") {
  const auto kept = [](const char* name) { return support::read_file(test::data_folder() / "golden" / name); };
  const auto rows = decode_change_set(kept("core_change_set_rows.v1.bin"), DeviceId{});
  REQUIRE(rows);
  CHECK(encode(*rows) == encode(test::full_change_set()));
  const auto envelope = kept("core_envelope_rows.v1.bin");
  const auto old = parse_envelope(envelope);
  REQUIRE(old);
  const auto plain = open_envelope(*old, test::counting_secret(101).view());
  REQUIRE(plain);
  const auto change = decode_change_set(*plain, DeviceId{});
  REQUIRE(change);
  CHECK(encode(*change) == encode(test::full_change_set()));
}

TEST_CASE("an envelope of version 1 is read, and its header is written as then") {
  const Sealed now = sealed_sample();
  const Bytes kept = test::golden("envelope.v1.bin", now.bytes);
  const auto old = parse_envelope(kept);
  REQUIRE(old);
  CHECK(signed_by(*old, crypto::sign_public(test::counting_secret(1))));
  CHECK(open_envelope(*old, test::counting_secret(101).view()).value() == encode(test::full_change_set()));
  // Beyond its header an envelope depends on how a version of zstd compresses.
  CHECK(parse_envelope(now.bytes)->header_bytes == old->header_bytes);
}

TEST_CASE("a record's stored state is written as in version 1") {
  const auto change = test::full_change_set();
  RecordState state{2, {}};
  std::uint32_t index = 0;
  for (const RecordWrites& record : change.records) {
    for (const Write& write : record.writes) {
      fold(state, write, {test::filled<DeviceId>(12), test::filled<EnvelopeStem>(99), index++}, {change.author, change.time, 2});
    }
  }
  const Bytes now = encode(state);
  const Bytes kept = test::golden("record_state.v1.bin", now);
  CHECK(now == kept);
  const auto back = decode_record_state(kept, 2);
  REQUIRE(back);
  CHECK(digest_of(RecordId{}, *back) == digest_of(RecordId{}, state));
}
