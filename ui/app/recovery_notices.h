#pragma once

#include <string>
#include <vector>

#include "core/vault/vault.h"

namespace wayside::app {

/// What whoever opens a vault is told for 30 days: that a recovery kit of it was used, or the organisation's recovery
/// pages; and until the next reconcile, that it was copied or put back. One sentence each; usually none. What cannot be read is not told here: `verify` tells it.
std::vector<std::string> recovery_notices(vault::Vault& vault);

}  // namespace wayside::app
