#pragma once

#include <vector>

#include "core/vault/vault.h"

namespace wayside::vault {

/// Grants as an envelope of a ledger brought them, late work among it.
struct BroughtGrants {
  std::vector<Bytes> grants;
  DeviceId device;
  UserId author;
  std::uint64_t head = 0;    ///< number of the membership entry that the envelope was signed under
};
/// Of everybody who was admitted and names a head that is known here.
Result<std::vector<BroughtGrants>> brought_grants(Vault& vault, const ledger::LedgerRow& ledger);

}  // namespace wayside::vault
