#include <sodium.h>

#include <catch2/catch_test_macros.hpp>

#include "platform/tls_identity.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

SecretBytes seed_of(unsigned char first) {
  SecretBytes seed(32);
  seed.data()[0] = first;
  return seed;
}

std::array<unsigned char, 32> public_key_of(const SecretBytes& seed) {
  std::array<unsigned char, 32> key{};
  SecretBytes secret(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  return key;
}

Bytes der_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  REQUIRE(size > 0);
  Bytes bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

TEST_CASE("the certificate holds the key that libsodium makes of the seed") {
  const auto identity = TlsIdentity::from_seed(seed_of(1));
  REQUIRE(identity);
  CHECK(ed25519_public_key(identity->certificate.get()) == public_key_of(seed_of(1)));
  CHECK(X509_verify(identity->certificate.get(), identity->key.get()) == 1);
}

TEST_CASE("the pin of a key is the pin of its certificate") {
  const auto identity = TlsIdentity::from_seed(seed_of(2));
  REQUIRE(identity);
  CHECK(spki_sha256(identity->certificate.get()) == pin_of(public_key_of(seed_of(2))));
  CHECK(spki_sha256(identity->certificate.get()) != pin_of(public_key_of(seed_of(3))));
}

TEST_CASE("the pin of RFC 8032's first test key is what openssl prints for it") {
  // openssl pkey -in key.pem -pubout -outform der | sha256sum
  const Bytes raw = from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const std::span<const unsigned char, 32> key(as_uchar(BytesView(raw)), 32);
  const Pin pin = pin_of(key);
  CHECK(to_hex({reinterpret_cast<const char*>(pin.data()), pin.size()}) ==
        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
}

TEST_CASE("one seed makes one certificate, whatever the clock says, and it names nobody") {
  const auto one = TlsIdentity::from_seed(seed_of(4));
  const auto two = TlsIdentity::from_seed(seed_of(4));
  REQUIRE(one);
  REQUIRE(two);
  const Bytes der = der_of(one->certificate.get());
  CHECK(der == der_of(two->certificate.get()));
  CHECK(der.find("ayside") == Bytes::npos);
}

TEST_CASE("a seed of another length is refused") {
  CHECK(TlsIdentity::from_seed(SecretBytes(31)).error().code == Errc::bad_input);
  CHECK(TlsIdentity::from_seed(SecretBytes(64)).error().code == Errc::bad_input);
  CHECK(TlsIdentity::from_seed(SecretBytes()).error().code == Errc::bad_input);
}
