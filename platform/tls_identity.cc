#include "platform/tls_identity.h"

#include <sodium.h>

#include <algorithm>
#include <string>

namespace wayside::platform {
namespace {

constexpr std::size_t kKeyBytes = 32;

/// RFC 8410: the DER of an Ed25519 SubjectPublicKeyInfo before its 32 bytes of key.
constexpr std::array<unsigned char, 12> kSpkiPrefix = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                                       0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};

bool fill_in(X509* certificate, EVP_PKEY* key) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
         // Always valid: the membership log decides, and a wrong clock must not lock anybody out.
         ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20000101000000Z") == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("w"), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         X509_sign(certificate, key, nullptr) > 0;
}

}  // namespace

Result<TlsIdentity> TlsIdentity::from_seed(const SecretBytes& seed) {
  if (seed.size() != kKeyBytes) return fail(Errc::bad_input, "a TLS key of " + std::to_string(seed.size()) + " bytes");
  UniqueKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  UniqueCertificate certificate(X509_new());
  if (!key || !certificate || !fill_in(certificate.get(), key.get())) return fail(Errc::out_of_memory, "a certificate");
  return TlsIdentity{std::move(certificate), std::move(key)};
}

Pin spki_sha256(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  Pin pin{};  // all zero, the pin of no key, when there is nothing to encode
  if (size > 0) crypto_hash_sha256(pin.data(), der, static_cast<unsigned long long>(size));
  OPENSSL_free(der);
  return pin;
}

Pin pin_of(std::span<const unsigned char, 32> public_key) {
  std::array<unsigned char, kSpkiPrefix.size() + kKeyBytes> der{};
  std::copy(kSpkiPrefix.begin(), kSpkiPrefix.end(), der.begin());
  std::copy(public_key.begin(), public_key.end(), der.begin() + kSpkiPrefix.size());
  Pin pin{};
  crypto_hash_sha256(pin.data(), der.data(), der.size());
  return pin;
}

std::optional<std::array<unsigned char, 32>> ed25519_public_key(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  std::array<unsigned char, kKeyBytes> raw{};
  std::size_t size = raw.size();
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, raw.data(), &size) != 1 || size != raw.size()) {
    return std::nullopt;
  }
  return raw;
}

}  // namespace wayside::platform
