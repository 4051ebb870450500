#include "core/ledger/envelope.h"

#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>
#include <zstd.h>

#include "core/crypto/crypto.h"
#include "core/ledger/formats.pb.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

namespace {

struct Sample {
  SecretBytes device_seed = test::counting_secret(1);
  SecretBytes case_key = test::counting_secret(101);
  support::FakeRandom random{42};
  Header header = test::full_header();

  Result<Sealed> seal(BytesView change) { return seal_envelope(header, change, case_key.view(), crypto::Signer(device_seed), random); }
  [[nodiscard]] PublicKey signer() const { return crypto::sign_public(device_seed); }
};

/// Why an envelope is not accepted; nothing when all of it holds.
std::optional<Errc> refusal(const Sample& sample, BytesView bytes) {
  const auto parsed = parse_envelope(bytes);
  if (!parsed) return parsed.error().code;
  if (!signed_by(*parsed, sample.signer())) return Errc::bad_signature;
  const auto plain = open_envelope(*parsed, sample.case_key.view());
  if (!plain) return plain.error().code;
  return std::nullopt;
}

Bytes incompressible(std::size_t size) {
  support::FakeRandom random(9);
  return crypto::random_bytes(random, size);
}

void put_u32(Bytes& out, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

/// An envelope as another implementation might write it: any header bytes, any padded plaintext, correctly sealed.
Bytes sealed_by_hand(const Sample& sample, const Bytes& header_without_commit, BytesView nonce, BytesView padded, const Bytes& after_commit = {}) {
  const auto committed = crypto::derive_committed(sample.case_key.view(), "wayside/envelope-key/1", {header_without_commit});
  const Bytes header = header_without_commit + "\x7a\x20" + committed.commit.str() + after_commit;
  const Bytes ciphertext = crypto::aead_seal(committed.key.view(), nonce, header, padded);
  Bytes length;
  put_u32(length, header.size());
  const Digest id = crypto::hash("wayside/envelope-id/1", {length, header, ciphertext});
  Bytes out(1, '\1');
  out += length + header;
  put_u32(out, ciphertext.size());
  return out + ciphertext + crypto::sign(sample.device_seed, id.view()).str();
}

Bytes header_message(const Header& header, BytesView nonce) {
  pb::EnvelopeHeader out;
  out.set_suite(header.suite);
  out.set_organisation(header.organisation.str());
  out.set_ledger(header.ledger.str());
  out.set_device(header.device.str());
  out.set_incarnation(header.incarnation.str());
  out.set_seq(header.seq);
  if (header.prev) out.set_prev(header.prev->str());
  out.set_key_generation(header.key_generation.str());
  out.set_membership_head(header.membership_head.str());
  out.set_nonce(std::string(nonce));
  return out.SerializeAsString();
}

const Bytes kNonce(24, 'n');

Bytes padded(BytesView frame) {
  Bytes out;
  put_u32(out, frame.size());
  out.append(frame);
  out.resize(padded_size(out.size()), '\0');
  return out;
}

Bytes zstd_frame(BytesView plain) {
  Bytes out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

}  // namespace

TEST_CASE("what is sealed opens again, with its header as it was") {
  Sample sample;
  const Bytes change = encode(test::full_change_set());
  const auto sealed = sample.seal(change);
  REQUIRE(sealed);
  const auto parsed = parse_envelope(sealed->bytes);
  REQUIRE(parsed);
  CHECK(parsed->id == sealed->id);
  CHECK(signed_by(*parsed, sample.signer()));
  CHECK(open_envelope(*parsed, sample.case_key.view()).value() == change);
  CHECK(parsed->header.ledger == sample.header.ledger);
  CHECK(parsed->header.seq == sample.header.seq);
  CHECK(parsed->header.prev == sample.header.prev);
  CHECK(parsed->header.blobs == sample.header.blobs);
  CHECK(parsed->header.grants == sample.header.grants);
}

TEST_CASE("an empty change-set is sealed and opened like any other") {
  Sample sample;
  const auto sealed = sample.seal({});
  REQUIRE(sealed);
  CHECK(open_envelope(*parse_envelope(sealed->bytes), sample.case_key.view()).value().empty());
}

TEST_CASE("every change of a single byte of an envelope is refused") {
  Sample sample;
  const Bytes good = sample.seal("a small change-set")->bytes;
  REQUIRE_FALSE(refusal(sample, good));
  const google::protobuf::LogSilencer quiet;
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    // All single bits, and one change of all of them: beyond that a signature sees no difference.
    for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      Bytes bad = good;
      bad[at] = static_cast<char>(bad[at] ^ mask);
      if (!refusal(sample, bad)) ++accepted;
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("without the signature, every byte but the signature's is still bound by commitment and tag") {
  Sample sample;
  const Bytes good = sample.seal("a small change-set")->bytes;
  const google::protobuf::LogSilencer quiet;
  std::size_t opened = 0;
  for (std::size_t at = 1; at + 64 < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (const auto parsed = parse_envelope(bad); parsed && open_envelope(*parsed, sample.case_key.view())) ++opened;
  }
  CHECK(opened == 0);
}

TEST_CASE("an envelope cut anywhere, or followed by anything, is refused") {
  Sample sample;
  const Bytes good = sample.seal("a small change-set")->bytes;
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (refusal(sample, BytesView(good).substr(0, size)) != Errc::bad_input) FAIL_CHECK("cut at " << size);
  }
  CHECK(refusal(sample, good + '\0') == Errc::bad_input);
}

TEST_CASE("another key is told from a damaged envelope") {
  Sample sample;
  const Bytes good = sample.seal("x")->bytes;
  const auto parsed = parse_envelope(good);
  const SecretBytes other = test::counting_secret(7);
  CHECK(open_envelope(*parsed, other.view()).error().code == Errc::no_key);
  Bytes bad = good;
  bad[good.size() - 64 - 1] ^= 1;
  CHECK(open_envelope(*parse_envelope(bad), sample.case_key.view()).error().code == Errc::corrupt);
}

TEST_CASE("a later version byte or suite is named as such") {
  Sample sample;
  Bytes later = sample.seal("x")->bytes;
  later[0] = 2;
  CHECK(refusal(sample, later) == Errc::newer_format);
  sample.header.suite = 2;
  CHECK(refusal(sample, sample.seal("x")->bytes) == Errc::newer_format);
  CHECK(refusal(sample, {}) == Errc::bad_input);
}

TEST_CASE("seq begins at 1, and prev is missing there and only there") {
  Sample sample;
  sample.header.seq = 0;
  sample.header.prev.reset();
  CHECK(refusal(sample, sample.seal("x")->bytes) == Errc::bad_input);
  sample.header.seq = 2;
  CHECK(refusal(sample, sample.seal("x")->bytes) == Errc::bad_input);
  sample.header.seq = 1;
  CHECK_FALSE(refusal(sample, sample.seal("x")->bytes));
  sample.header.prev = test::filled<EnvelopeId>(1);
  CHECK(refusal(sample, sample.seal("x")->bytes) == Errc::bad_input);
}

TEST_CASE("anything over 1 MiB is refused before a byte of it is looked at") {
  Bytes large(kMaxEnvelopeBytes + 1, '\1');
  CHECK(parse_envelope(large).error().code == Errc::too_large);
}

TEST_CASE("a save over 1 MiB is refused when it is sealed, however well it would compress") {
  Sample sample;
  CHECK(sample.seal(Bytes(kMaxChangeSetBytes + 1, 'x')).error().code == Errc::too_large);
  CHECK(sample.seal(incompressible(kMaxChangeSetBytes)).error().code == Errc::too_large);
  const auto large = sample.seal(Bytes(kMaxChangeSetBytes, 'x'));
  REQUIRE(large);
  CHECK(large->bytes.size() < 2'000);
  CHECK(open_envelope(*parse_envelope(large->bytes), sample.case_key.view())->size() == kMaxChangeSetBytes);
  const auto dense = sample.seal(incompressible(1'000'000));
  REQUIRE(dense);
  CHECK_FALSE(refusal(sample, dense->bytes));
}

TEST_CASE("lengths are padded to at least 512 bytes and then by Padme: never less, under 12 % more, few of them") {
  std::size_t last = 0;
  std::size_t lengths = 0;
  for (std::size_t size = 0; size <= kMaxEnvelopeBytes; ++size) {
    const std::size_t padded = padded_size(size);
    if (padded < size || padded < 512 || padded < last) FAIL("padded_size(" << size << ")");
    if (size > 512 && (padded - size) * 100 > size * 12) FAIL("padded_size(" << size << ") wastes");
    if (padded_size(padded) != padded) FAIL("padded_size(" << size << ") is no fixed point");
    lengths += padded != last ? 1 : 0;
    last = padded;
  }
  CHECK(lengths < 256);
  Sample sample;
  const std::size_t one = sample.seal("a")->bytes.size();
  CHECK(sample.seal(incompressible(400))->bytes.size() == one);
  CHECK(sample.seal(incompressible(520))->bytes.size() > one);
}

TEST_CASE("what is written by hand to the documented form opens") {
  const Sample sample;
  const Bytes good = sealed_by_hand(sample, header_message(sample.header, kNonce), kNonce, padded(zstd_frame("by hand")));
  REQUIRE_FALSE(refusal(sample, good));
  CHECK(open_envelope(*parse_envelope(good), sample.case_key.view()).value() == "by hand");
}

TEST_CASE("a header with anything after its commitment is refused, even when that looks like another commitment") {
  const Sample sample;
  const Bytes header = header_message(sample.header, kNonce);
  const Bytes body = padded(zstd_frame("x"));
  const Bytes field_16("\x82\x01\x01z", 4);
  CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, body, field_16)) == Errc::bad_input);
  // A second field 12 (the nonce again), inside of which commit appears to stand.
  const Bytes hidden = Bytes("\x82\x01", 2) + static_cast<char>(24 + 34) + kNonce + "\x7a\x20" + Bytes(32, 'c');
  CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, body, hidden)) == Errc::bad_input);
}

TEST_CASE("a header that a later version made longer, before its nonce, is read") {
  const Sample sample;
  Bytes header = header_message(sample.header, kNonce);
  const std::size_t nonce_field = 2 + kNonce.size();
  header.insert(header.size() - nonce_field, Bytes("\xa2\x06\x05later", 8));
  CHECK_FALSE(refusal(sample, sealed_by_hand(sample, header, kNonce, padded(zstd_frame("x")))));
}

TEST_CASE("a frame that unpacks to more than any change-set is refused before memory is asked for") {
  const Sample sample;
  const Bytes header = header_message(sample.header, kNonce);
  const Bytes bomb = zstd_frame(Bytes(std::size_t{64} << 20, 'b'));
  CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, padded(bomb))) == Errc::corrupt);

  Bytes liar = zstd_frame(Bytes(5'000, 'l'));   // says 4,096 but holds 5,000
  const Bytes other = zstd_frame(Bytes(4'096, 'l'));
  liar.replace(0, 8, other.substr(0, 8));
  CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, padded(liar))) == Errc::corrupt);

  Bytes unknown_size;   // a streamed frame names no size
  {
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    unknown_size.resize(ZSTD_compressBound(100));
    const Bytes plain(100, 'u');
    unknown_size.resize(ZSTD_compress2(context, unknown_size.data(), unknown_size.size(), plain.data(), plain.size()));
    ZSTD_freeCCtx(context);
  }
  CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, padded(unknown_size))) == Errc::corrupt);
}

TEST_CASE("padding whose length points outside, and a frame that is no frame, are corrupt") {
  const Sample sample;
  const Bytes header = header_message(sample.header, kNonce);
  for (const Bytes& inside : {Bytes(), Bytes(3, '\0'), Bytes(512, '\xff'), Bytes(512, '\0'), padded("not zstd at all")}) {
    CHECK(refusal(sample, sealed_by_hand(sample, header, kNonce, inside)) == Errc::corrupt);
  }
}

TEST_CASE("random bytes are no envelope, whatever they begin with") {
  const google::protobuf::LogSilencer quiet;
  const Sample sample;
  support::FakeRandom random(5);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = crypto::random_bytes(random, random.below(400));
    if (!bytes.empty()) bytes[0] = 1;
    if (bytes.size() > 5 && round % 2 == 0) bytes.replace(1, 4, Bytes("\x40\0\0\0", 4));
    if (!refusal(sample, bytes)) FAIL_CHECK("round " << round);
  }
}
