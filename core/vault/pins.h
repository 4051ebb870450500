#pragma once

#include <set>

#include "core/vault/vault.h"

namespace wayside::vault {

/// The last envelope of each of these devices, in each ledger here, that counts: what is pinned when a right is taken.
Result<membership::Pin> last_accepted(Vault& vault, const std::set<DeviceId>& devices);

}  // namespace wayside::vault
