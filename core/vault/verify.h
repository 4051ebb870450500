#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/vault/vault.h"

namespace wayside::vault {

struct Verification {
  std::uint64_t envelopes = 0, records = 0, ledgers = 0, pending = 0, quarantined = 0, erased = 0;   ///< erased: ledgers
  std::uint64_t unverified = 0;      ///< of these ledgers: shown as a colleague's snapshot says, until their envelopes come
  std::vector<std::string> faults;   ///< empty: all is well. Plain sentences without case data
  std::vector<std::string> notes;    ///< no faults: what happened to this vault once and is mended
};

/// Recomputes everything from the signed, chained ledgers: page tags and b-trees, every envelope's id, signature,
/// membership and chain, every record's state, the reviews, the anchor in the header.
/// Only what cannot be read at all is an error; what does not fit is a fault.
Result<Verification> verify(Vault& vault, const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

/// The same of one ledger, by its row: what does not fit.
Result<std::vector<std::string>> verify_ledger(Vault& vault, std::int64_t ledger);

}  // namespace wayside::vault
