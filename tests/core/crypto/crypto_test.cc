#include "core/crypto/crypto.h"

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <type_traits>

#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::crypto;

namespace {

SecretBytes secret_of(BytesView bytes) {
  SecretBytes out(bytes.size());
  std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}
SecretBytes numbered(unsigned char byte) { return secret_of(Bytes(32, static_cast<char>(byte))); }

SecretString typed(std::string_view text) {
  SecretString out;
  REQUIRE(out.append(text));
  return out;
}

}  // namespace

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(!std::is_copy_constructible_v<SecretBytes>);

TEST_CASE("a hash depends on its domain, its key and its bytes, and not on how the bytes were cut") {
  const Digest plain = hash("wayside/a/1", {"one", "two"});
  CHECK(plain == hash("wayside/a/1", {"onetwo"}));
  CHECK(plain != hash("wayside/b/1", {"onetwo"}));
  CHECK(plain != hash("wayside/a/1", {"onetwO"}));
  CHECK(hash("ab", {"c"}) != hash("a", {"bc"}));   // the domain's length is hashed too
  CHECK(keyed_hash("key", "d", {"x"}) != keyed_hash("kez", "d", {"x"}));
  CHECK(keyed_hash({}, "d", {"x"}) == hash("d", {"x"}));
}

TEST_CASE("the hash is BLAKE2b-256 over length and text of the domain, then the bytes") {
  // printf '\001dx' | b2sum -l 256
  CHECK(to_hex(hash("d", {"x"}).view()) == "9ef284f8592c7033f9455583d89765f29a4861e6fd4364f1e49e4c4ed64d919b");
}

TEST_CASE("a committed key and its commitment follow from the key and every byte, and tell nothing of each other") {
  const Bytes key(32, 'k');
  const Committed one = derive_committed(key, "d", {"header"});
  const Committed same = derive_committed(key, "d", {"head", "er"});
  CHECK(one.key.view() == same.key.view());
  CHECK(one.commit == same.commit);
  CHECK(one.key.view() != one.commit.view());
  for (const Committed& other : {derive_committed(Bytes(32, 'l'), "d", {"header"}), derive_committed(key, "e", {"header"}), derive_committed(key, "d", {"headeR"})}) {
    CHECK(other.key.view() != one.key.view());
    CHECK(other.commit != one.commit);
  }
}

TEST_CASE("what is sealed opens with its key, nonce and associated bytes, and with nothing else") {
  const Bytes key(32, 'k'), nonce(24, 'n');
  for (const std::size_t size : {0, 1, 15, 16, 17, 1'000}) {
    const Bytes plain(size, 'p');
    const Bytes sealed = aead_seal(key, nonce, "header", plain);
    CHECK(sealed.size() == size + kTagBytes);
    CHECK(aead_open(key, nonce, "header", sealed).value() == plain);
    CHECK(aead_open(Bytes(32, 'l'), nonce, "header", sealed).error().code == Errc::corrupt);
    CHECK(aead_open(key, Bytes(24, 'm'), "header", sealed).error().code == Errc::corrupt);
    CHECK(aead_open(key, nonce, "Header", sealed).error().code == Errc::corrupt);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
      Bytes bad = sealed;
      bad[at] = static_cast<char>(bad[at] ^ 0x80);
      if (aead_open(key, nonce, "header", bad)) FAIL_CHECK("byte " << at);
      if (aead_open(key, nonce, "header", BytesView(sealed).substr(0, at))) FAIL_CHECK("cut at " << at);
    }
  }
  CHECK(aead_open(Bytes(31, 'k'), nonce, "", Bytes(40, 'x')).error().code == Errc::corrupt);
  CHECK(aead_open(key, Bytes(23, 'n'), "", Bytes(40, 'x')).error().code == Errc::corrupt);
  CHECK(aead_open_secret(key, nonce, "", aead_seal(key, nonce, "", "secret"))->view() == "secret");
  CHECK_FALSE(aead_open_secret(key, nonce, "", aead_seal(key, nonce, "", "")));
}

TEST_CASE("a signature is its signer's, over its message") {
  const SecretBytes seed = numbered(1);
  const PublicKey signer = sign_public(seed);
  const Signature signature = sign(seed, "message");
  CHECK(verify(signer, "message", signature));
  CHECK_FALSE(verify(signer, "messagE", signature));
  CHECK_FALSE(verify(sign_public(numbered(2)), "message", signature));
  for (std::size_t at = 0; at < signature.bytes.size(); ++at) {
    Signature bad = signature;
    bad.bytes[at] = static_cast<char>(bad.bytes[at] ^ 1);
    if (verify(signer, "message", bad)) FAIL_CHECK("byte " << at);
  }
  CHECK_FALSE(verify(PublicKey{}, "message", signature));
  CHECK_FALSE(verify(PublicKey{}, "message", Signature{}));
}

TEST_CASE("Ed25519 is the one of RFC 8032, test 1") {
  const SecretBytes seed = secret_of(from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  CHECK(to_hex(sign_public(seed).view()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(to_hex(sign(seed, "").view()) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

TEST_CASE("a sealed box opens for its reader alone") {
  support::FakeRandom random(1);
  const BoxPair reader = new_box_pair(random);
  const BoxPair other = new_box_pair(random);
  CHECK(box_public(reader.secret) == reader.public_key);
  const Bytes sealed = seal_to(reader.public_key, "a key");
  CHECK(sealed.size() == 5 + kSealOverheadBytes);
  CHECK(open_sealed(reader.public_key, reader.secret, sealed)->view() == "a key");
  CHECK(open_sealed(other.public_key, other.secret, sealed).error().code == Errc::no_key);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes bad = sealed;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (open_sealed(reader.public_key, reader.secret, bad)) FAIL_CHECK("byte " << at);
    if (open_sealed(reader.public_key, reader.secret, BytesView(sealed).substr(0, at))) FAIL_CHECK("cut at " << at);
  }
}

TEST_CASE("boxes of one session open for their readers alone, each with a nonce of its own") {
  support::FakeRandom random(1);
  const BoxPair ben = new_box_pair(random);
  const BoxPair eve = new_box_pair(random);
  SessionBox session(random);
  SessionBox another(random);
  SessionBoxReader as_ben(ben.secret);
  SessionBoxReader as_eve(eve.secret);
  const Bytes one = session.seal_to(ben.public_key, "a key");
  const Bytes two = session.seal_to(ben.public_key, "a key");
  const Bytes from_another = another.seal_to(ben.public_key, "a key");
  CHECK(one.size() == 5 + kSessionBoxOverheadBytes);
  CHECK(one != two);
  for (const Bytes& sealed : {one, two, from_another}) {
    CHECK(as_ben.open(sealed)->view() == "a key");
    CHECK(as_eve.open(sealed).error().code == Errc::no_key);
  }
  for (std::size_t at = 0; at < one.size(); ++at) {
    Bytes bad = one;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (as_ben.open(bad)) FAIL_CHECK("byte " << at);
    if (as_ben.open(BytesView(one).substr(0, at))) FAIL_CHECK("cut at " << at);
  }
  CHECK_FALSE(as_ben.open(Bytes(100, '\0')));   // a public key of low order agrees on nothing
}

TEST_CASE("key derivation depends on passphrase, salt and cost, and refuses a salt of another length") {
  const Bytes salt(16, 's');
  const KdfCost cheap{1 << 13, 1};
  const auto one = argon2id(typed("words"), salt, cheap);
  REQUIRE(one);
  CHECK(argon2id(typed("words"), salt, cheap)->equals(*one));
  CHECK_FALSE(argon2id(typed("wordS"), salt, cheap)->equals(*one));
  CHECK_FALSE(argon2id(typed("words"), Bytes(16, 't'), cheap)->equals(*one));
  CHECK_FALSE(argon2id(typed("words"), salt, {1 << 13, 2})->equals(*one));
  CHECK_FALSE(argon2id(typed("words"), salt, {1 << 14, 1})->equals(*one));
  CHECK(argon2id(typed("words"), Bytes(15, 's'), cheap).error().code == Errc::corrupt);
  CHECK(argon2id(typed(""), salt, cheap));
}

TEST_CASE("a key is moved, never copied, and leaves zeros behind") {
  Key key = *Key::from(Bytes(32, 'k'));
  const Key moved = std::move(key);
  CHECK(moved.view() == Bytes(32, 'k'));
  CHECK(key.view() == Bytes(32, '\0'));  // NOLINT(bugprone-use-after-move): that is what is looked at
  CHECK(Key::from("short").error().code == Errc::corrupt);
  CHECK(moved.to_secret().view() == Bytes(32, 'k'));
}
