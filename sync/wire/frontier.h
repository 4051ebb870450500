#pragma once

#include <optional>
#include <vector>

#include "core/base/ids.h"

/// Where a ledger stands, and where all of a device's ledgers stand together.
/// The membership log counts as one more ledger: its id is the organisation's, its lsn the number of entries, its head
/// the hash of the newest entry.
namespace wayside::wire {

struct LedgerHead {
  LedgerId ledger;
  std::uint64_t lsn = 0;  ///< of the newest envelope: 1, 2, 3 …
  Digest head;

  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

/// The membership log as a ledger. An empty log has no place in a frontier.
std::optional<LedgerHead> membership_head(const OrganisationId& organisation, std::uint64_t entries,
                                          const std::optional<EntryHash>& head);

/// BLAKE2b-256("wayside/frontier/1" ‖ for each: ledger 16 ‖ u64le lsn ‖ head 32). Sorts by ledger id first.
Digest frontier_digest(std::vector<LedgerHead> heads);

}  // namespace wayside::wire
