#pragma once

#include <string>

#include "core/vault/vault.h"

namespace wayside::vault {

/// Founds an organisation of one, with its own root: this worker holds every role, and there is no office.
/// `user_name` and `device_name` are sealed like everybody's. Errors: those of Vault::create, bad_input for a name.
Result<std::unique_ptr<Vault>> create_solo(platform::Env& env, const platform::Path& home, const SecretString& passphrase,
                                           std::string_view user_name, std::string_view device_name);

/// Fresh keys for a new device; no epoch secrets yet. The member key is made anew when `member_key` is empty.
DeviceKeys make_device_keys(platform::Random& random, SecretBytes member_key);

/// What the membership log says of this device: its public keys, its sealed name, and the proof that it holds them.
Result<membership::DeviceEntry> device_entry(const Identity& identity, const DeviceKeys& keys, std::optional<TicketId> ticket,
                                             std::string_view device_name, platform::Random& random);

}  // namespace wayside::vault
