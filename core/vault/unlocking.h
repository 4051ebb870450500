#pragma once

#include "core/vault/header.h"

/// From what a person knows and what her computer keeps to the key of the store.
namespace wayside::vault {

inline constexpr std::string_view kLockName = "lock";   ///< in a vault's folder: held while a program has it open

/// Errc::no_device_secret when the key store answers and has none.
Result<SecretBytes> load_device_secret(platform::Env& env, const DeviceId& vault);
Result<void> save_device_secret(platform::Env& env, const DeviceId& vault, const SecretBytes& secret);

/// Errors: wrong_passphrase, weak_parameters, out_of_memory, not_a_vault (no slot for a passphrase).
Result<SecretBytes> store_key_of(const Header& header, const SecretString& passphrase, const SecretBytes& device_secret);

/// The slot of that kind, or nullptr.
const KeySlot* slot_of(const Header& header, SlotKind kind);

}  // namespace wayside::vault
