#pragma once

#include "core/vault/vault.h"

namespace wayside::vault {

/// Looks again at every record that holds a field of a pack, after other packs came into force: a field that nobody knew
/// before is searched now, and its values may be in conflict, or no longer. Notes which packs it was done for.
Result<void> look_again_at_pack_records(Vault& vault, store::Transaction& transaction);

/// Whether it was done for the packs in force: not so when an older version could make nothing of one.
Result<bool> looked_at_pack_records(Vault& vault);

}  // namespace wayside::vault
