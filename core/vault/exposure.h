#pragma once

#include <string>
#include <vector>

#include "core/vault/vault.h"

/// What a device held that was lost, or taken away: as far as this vault can know, which is from the grants of the ledgers it
/// carries and from what the device has signed (core/vault/receipts.h).
namespace wayside::vault {

struct HeldLedger {
  ledger::LedgerRow ledger;
  bool reported = false;              ///< it has signed that it holds it; else it may, since a grant of it opens there
  std::uint64_t up_to = 0;            ///< reported: the last entry that it is known to have; what came after it may have too
  std::int64_t when_ms = 0;           ///< reported: by its own clock
  std::uint64_t newest = 0;           ///< the last entry that is known here
  std::uint64_t own_after = 0;        ///< of what came after, what the device wrote itself and so has
};

struct Exposure {
  std::vector<HeldLedger> ledgers;    ///< in the order in which they came here. Erased ones are not among them
  bool ever_reported = false;         ///< false: it never reconciled with this office's generation, or says nothing
  std::uint64_t not_here = 0;         ///< cases that colleagues have announced and that this vault does not carry: it may hold them
};

/// Errc::not_found for a device that the membership log does not know.
Result<Exposure> exposure_of(Vault& vault, const DeviceId& device);

}  // namespace wayside::vault
