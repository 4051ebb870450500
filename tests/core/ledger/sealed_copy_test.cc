#include "core/ledger/sealed_copy.h"

#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "tests/core/golden.h"
#include "tests/core/ledger/ledger_helpers.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

namespace {

const OrganisationId kOrganisation = *OrganisationId::from(Bytes(OrganisationId::size_bytes, 'o'));
const std::vector<Bytes> kGrants{"one wrap", "and another"};

SecretBytes office_seed() { return test::counting_secret(31); }
PublicKey office() { return crypto::sign_public(office_seed()); }

Bytes envelope() { return support::read_file(test::data_folder() / "golden" / "core_envelope.v1.bin"); }
EnvelopeId id() { return parse_envelope(envelope())->id; }

Bytes sealed_with(const EnvelopeId& named, BytesView bytes) {
  support::FakeRandom random(5);
  auto sealer = CopySealer::to(office(), kOrganisation, random);
  REQUIRE(sealer);
  const auto sealed = sealer->seal(named, bytes, kGrants);
  REQUIRE(sealed);
  return *sealed;
}

Bytes sealed() { return sealed_with(id(), envelope()); }

std::optional<Errc> refusal(const Result<Copied>& opened) { return opened ? std::nullopt : std::optional(opened.error().code); }

}  // namespace

TEST_CASE("a sealed copy is written as in version 1, and the office opens it") {
  const Bytes now = sealed();
  const Bytes kept = test::golden("sealed_copy.v1.bin", now);
  CHECK(now == kept);
  const auto opened = open_copy(office_seed(), kOrganisation, kept);
  REQUIRE(opened);
  CHECK(opened->envelope == envelope());
  CHECK(opened->grants == kGrants);
}

TEST_CASE("a sealed copy shows neither envelope nor wraps, and no two copies of one envelope are alike") {
  support::FakeRandom random(5);
  auto sealer = CopySealer::to(office(), kOrganisation, random);
  REQUIRE(sealer);
  const Bytes first = sealer->seal(id(), envelope(), kGrants).value();
  const Bytes second = sealer->seal(id(), envelope(), kGrants).value();
  CHECK(first != second);
  CHECK(first.substr(kSealedCopyHeadBytes) != second.substr(kSealedCopyHeadBytes));
  CHECK_FALSE(first.contains(envelope().substr(40, 40)));
  CHECK_FALSE(first.contains(kGrants[0]));
  CHECK(open_copy(office_seed(), kOrganisation, second));
}

TEST_CASE("a sealed copy opens for no other office, for no other organisation and under no other id") {
  const auto other = *OrganisationId::from(Bytes(OrganisationId::size_bytes, 'x'));
  CHECK(refusal(open_copy(test::counting_secret(32), kOrganisation, sealed())) == Errc::no_key);
  CHECK(refusal(open_copy(office_seed(), other, sealed())) == Errc::no_key);
  Bytes renamed = sealed();
  renamed[1] = static_cast<char>(renamed[1] ^ 1);
  CHECK(refusal(open_copy(office_seed(), kOrganisation, renamed)) == Errc::no_key);
  // Sealed under a name that is not the envelope's, by a device that lies.
  EnvelopeId false_id = id();
  false_id.bytes[0] = static_cast<char>(false_id.bytes[0] ^ 1);
  CHECK(refusal(open_copy(office_seed(), kOrganisation, sealed_with(false_id, envelope()))) == Errc::corrupt);
}

TEST_CASE("no truncated, changed or overlong copy opens") {
  const Bytes whole = sealed();
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(open_copy(office_seed(), kOrganisation, BytesView(whole).substr(0, size)));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    CHECK_FALSE(open_copy(office_seed(), kOrganisation, changed));
  }
  CHECK(refusal(open_copy(office_seed(), kOrganisation, whole + Bytes(kMaxSealedCopyBytes, '\0'))) == Errc::too_large);
  CHECK(refusal(open_copy(office_seed(), kOrganisation, "\x02 of a later version")) == Errc::newer_format);
}

TEST_CASE("what stands in a copy is an envelope with whole wraps, and neither more nor less") {
  CHECK(refusal(open_copy(office_seed(), kOrganisation, sealed_with(id(), "\x01 no envelope"))) == Errc::corrupt);
  CHECK(refusal(read_copied("")) == Errc::bad_input);
  CHECK(refusal(read_copied(Bytes("\x05\0\0\0abcd", 8))) == Errc::bad_input);          // an envelope that ends too early
  CHECK(refusal(read_copied(Bytes("\x02\0\0\0ab\x03\0\0\0w", 11))) == Errc::bad_input);   // a wrap that does
  CHECK(refusal(read_copied(Bytes("\x02\0\0\0abw", 7))) == Errc::bad_input);
  const auto whole = read_copied(Bytes("\x02\0\0\0ab\x01\0\0\0w", 11));
  REQUIRE(whole);
  CHECK(whole->envelope == "ab");
  CHECK(whole->grants == std::vector<Bytes>{"w"});
}

TEST_CASE("an envelope of a later version is copied as it is, for an office that keeps it unread") {
  Bytes later = envelope();
  later[0] = 2;
  const auto opened = open_copy(office_seed(), kOrganisation, sealed_with(id(), later));
  REQUIRE(opened);
  CHECK(opened->envelope == later);
}

TEST_CASE("nothing is sealed to a key that is none, and nothing that is larger than an office takes") {
  support::FakeRandom random(5);
  const auto no_key = CopySealer::to(PublicKey{}, kOrganisation, random);
  REQUIRE_FALSE(no_key);
  CHECK(no_key.error().code == Errc::no_key);
  auto sealer = CopySealer::to(office(), kOrganisation, random);
  REQUIRE(sealer);
  const auto sealed = sealer->seal(id(), Bytes(kMaxSealedCopyBytes, 'x'), {});
  REQUIRE_FALSE(sealed);
  CHECK(sealed.error().code == Errc::too_large);
}
