#pragma once

#include "core/base/ids.h"
#include "platform/env.h"

/// The office's own two keys. They admit nobody and open no case: the first proves to devices that they talk to their office,
/// the second signs what it states about ledgers, and opens copies kept for it (core/ledger/sealed_copy.h). Membership names both.
///
/// File: "WAYSIDE OFFICE KEYS\n" ‖ u8 version = 1 ‖ TLS seed 32 ‖ signing seed 32 ‖ BLAKE2b-256 of all before it.
namespace wayside::office {

struct OfficeKeys {
  SecretBytes tls_seed;   ///< Ed25519
  SecretBytes sign_seed;  ///< Ed25519

  static OfficeKeys random(platform::Random& random);
  [[nodiscard]] Digest tls_pin() const;  ///< SHA-256 of the SubjectPublicKeyInfo that devices will see
  [[nodiscard]] PublicKey sign_public() const;
};

/// Errc::already_exists rather than replacing keys.
Result<void> save_keys(platform::Files& files, const platform::Path& path, const OfficeKeys& keys);
/// Errors: not_found, corrupt, newer_format, io.
Result<OfficeKeys> load_keys(platform::Files& files, const platform::Path& path);

}  // namespace wayside::office
