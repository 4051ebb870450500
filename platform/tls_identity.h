#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "platform/result.h"
#include "platform/secret_bytes.h"

namespace wayside::platform {

struct OpenSslFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using UniqueCertificate = std::unique_ptr<X509, OpenSslFree>;
using UniqueKey = std::unique_ptr<EVP_PKEY, OpenSslFree>;
using Pin = std::array<unsigned char, 32>;

/// Who one end of a TLS connection is: an Ed25519 key, in the self-signed certificate that TLS wants around it.
/// Nobody believes the certificate; both ends pin the key. It is a pure function of the seed, carries no name and
/// no date that a clock could contradict, and never touches a file.
struct TlsIdentity {
  UniqueCertificate certificate;
  UniqueKey key;

  /// `seed`: the 32 bytes of an Ed25519 seed; else Errc::bad_input.
  static Result<TlsIdentity> from_seed(const SecretBytes& seed);
};

/// SHA-256 of the certificate's SubjectPublicKeyInfo (DER), as RFC 7469 pins it.
Pin spki_sha256(const X509* certificate);

/// The same, of the certificate that an Ed25519 key of this public half will show.
Pin pin_of(std::span<const unsigned char, 32> public_key);

/// The Ed25519 public key in a certificate; nothing when it holds another kind.
std::optional<std::array<unsigned char, 32>> ed25519_public_key(const X509* certificate);

}  // namespace wayside::platform
