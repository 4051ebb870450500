#include "core/membership/entry.h"

#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include "core/membership/formats.pb.h"
#include "tests/core/membership/membership_samples.h"

using namespace wayside;
using namespace wayside::membership;

TEST_CASE("every kind of entry comes back as it was signed, fields filled or empty") {
  for (const auto& [name, kind] : test::entry_samples()) {
    INFO(name);
    const SignedEntry entry = test::signed_sample(kind);
    const auto back = parse_entry(entry.bytes);
    REQUIRE(back);
    CHECK(back->hash == entry.hash);
    CHECK(back->entry.kind.index() == kind.index());
    CHECK(back->entry.number == 7);
    CHECK(back->entry.previous == entry.entry.previous);
    CHECK(back->entry.signer == entry.entry.signer);
    CHECK(signed_by(*back, crypto::sign_public(test::counting_secret(50))));
    CHECK_FALSE(signed_by(*back, crypto::sign_public(test::counting_secret(51))));
    // Signed again it gives the same bytes: nothing was lost on the way.
    CHECK(sign_entry(back->entry, test::counting_secret(50)).bytes == entry.bytes);
  }
}

TEST_CASE("every change of a byte of an entry is refused, or breaks the signature") {
  const google::protobuf::LogSilencer quiet;
  const PublicKey signer = crypto::sign_public(test::counting_secret(50));
  for (const auto& [name, kind] : test::entry_samples()) {
    const Bytes good = test::signed_sample(kind).bytes;
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
      Bytes bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      const auto entry = parse_entry(bad);
      accepted += entry && signed_by(*entry, signer) ? 1 : 0;
    }
    INFO(name);
    CHECK(accepted == 0);
  }
}

TEST_CASE("an entry cut anywhere, too long, or of a later version is refused") {
  const Bytes good = test::signed_sample(test::entry_samples()[2].kind).bytes;
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (parse_entry(BytesView(good).substr(0, size))) FAIL_CHECK("cut at " << size);
  }
  CHECK_FALSE(parse_entry(good + "x"));
  CHECK(parse_entry(Bytes(kMaxEntryBytes + 1, '\1')).error().code == Errc::too_large);
  Bytes later = good;
  later[0] = 2;
  CHECK(parse_entry(later).error().code == Errc::newer_format);
}

TEST_CASE("an id of a wrong length makes an entry bad") {
  pb::EntryBody body;
  body.set_organisation(Bytes(16, 'o'));
  body.set_previous(Bytes(31, 'p'));
  body.mutable_pack()->set_hash(Bytes(32, 'h'));
  const Bytes encoded = body.SerializeAsString();
  Bytes bytes(1, '\1');
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(encoded.size() >> shift));
  const auto entry = parse_entry(bytes + encoded + Bytes(64, 's'));
  REQUIRE_FALSE(entry);
  CHECK(entry.error().code == Errc::bad_input);
}

TEST_CASE("an entry of a kind to come is read as unknown, with its bytes kept") {
  pb::EntryBody body;
  body.set_organisation(Bytes(16, 'o'));
  Bytes encoded = body.SerializeAsString() + Bytes("\xc2\x01\x03new", 6);  // field 24
  Bytes bytes(1, '\1');
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(encoded.size() >> shift));
  bytes += encoded + Bytes(64, 's');
  const auto entry = parse_entry(bytes);
  REQUIRE(entry);
  CHECK(std::holds_alternative<UnknownKind>(entry->entry.kind));
  CHECK(entry->bytes == bytes);
}

TEST_CASE("random changes of many bytes never crash") {
  const google::protobuf::LogSilencer quiet;
  support::FakeRandom random(11);
  for (const auto& [name, kind] : test::entry_samples()) {
    const Bytes good = test::signed_sample(kind).bytes;
    for (int round = 0; round < 500; ++round) {
      Bytes bad = good;
      for (int i = 0; i < 4; ++i) bad[5 + random.below(bad.size() - 5)] = static_cast<char>(random.below(256));
      if (const auto entry = parse_entry(bad)) (void)signed_by(*entry, PublicKey{});
    }
  }
}
