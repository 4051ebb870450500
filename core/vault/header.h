#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include "core/ledger/store_schema.h"
#include "platform/env.h"

/// The plaintext header of a vault, in HOME/header:
///
///     8 bytes magic "WSVAULT\0" ‖ u8 version = 1 ‖ u32le length ‖ VaultHeader (formats.proto) ‖ 32 bytes BLAKE2b-256
///
/// It names no organisation and no case. The checksum tells a damaged file from a wrong passphrase.
namespace wayside::vault {

inline constexpr std::uint32_t kStoreVersion = ledger::kStoreSchemaVersion;

enum class SlotKind : std::uint32_t { unknown = 0, passphrase = 1, recovery = 2, reduced = 3 };

/// The store key, wrapped under a key made from a passphrase and the device's secret.
struct KeySlot {
  SlotKind kind = SlotKind::unknown;
  Bytes salt;                       ///< 16
  crypto::KdfCost cost{};
  Bytes nonce;                      ///< 24
  Bytes wrap;                       ///< 48
  Digest commit;                    ///< to the wrapping key
  Id<struct SlotTag, 16> slot;
};

/// Anchored outside the store, so that an old page pasted back is noticed.
struct Anchor { std::uint64_t envelopes = 0; Digest chain; Digest mac; };

struct Header {
  DeviceId vault;
  std::string label;                ///< what the worker calls this device
  std::vector<KeySlot> slots;
  PublicKey draft_public;           ///< X25519
  std::optional<Anchor> anchor;
  std::uint32_t store_version = kStoreVersion;
};

Bytes encode(const Header& header);
/// Errors: not_a_vault (missing magic, truncated, checksum), newer_format.
Result<Header> decode_header(BytesView bytes);

Result<Header> read_header(platform::Env& env, const platform::Path& home);
/// Atomically: an interrupted write leaves the old header.
Result<void> write_header(platform::Env& env, const platform::Path& home, const Header& header);

/// The key that wraps: BLAKE2b-512 keyed with the device secret over domain ‖ Argon2id(passphrase) ‖ slot parameters.
/// Errors: weak_parameters, out_of_memory.
Result<KeySlot> make_slot(platform::Random& random, const SecretString& passphrase, const SecretBytes& device_secret,
                          const SecretBytes& store_key);
/// The same for a recovery code (16 bytes) in place of a passphrase, and without a device's secret.
Result<KeySlot> make_recovery_slot(platform::Random& random, const SecretBytes& code, const SecretBytes& store_key);
Result<SecretBytes> open_recovery_slot(const KeySlot& slot, const SecretBytes& code);

/// Errors: wrong_passphrase, weak_parameters, out_of_memory.
Result<SecretBytes> open_slot(const KeySlot& slot, const SecretString& passphrase, const SecretBytes& device_secret);

}  // namespace wayside::vault
