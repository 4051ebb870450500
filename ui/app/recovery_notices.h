#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/vault/vault.h"

namespace wayside::app {

/// What whoever opens a vault is told for 30 days: that a recovery kit of it was used, or the organisation's recovery
/// pages; until the next reconcile, that it was copied or put back, and that its lease ends soon; and what the weekly check has
/// found. One sentence each; usually none. What cannot be read is not told here: `verify` tells it.
std::vector<std::string> recovery_notices(vault::Vault& vault);

/// How the sentence begins that tells of a lease (core/vault/lease.h) which ends soon, or has.
inline constexpr std::string_view kLeaseWords = "This device has not reconciled for ";

}  // namespace wayside::app
