#pragma once

#include <vector>

#include "core/recovery/recovery_page.h"
#include "sync/office/ledger_store.h"

namespace wayside::office {

/// Two membership logs have one entry number twice, and this office holds one of them. With the recovery pages that one is kept: a
/// `branch` entry refuses each of `refused`, the entries of the other as a device's alarm names them (core/vault/branches.h).
/// Devices of that branch change over with their next reconcile. Named twice, an entry is refused once.
/// `entry`: number of the first that differs. How many were refused now.
/// Errors: not_permitted (pages of another organisation), not_found (no such entry here), already_exists (this office's own entry is
/// to be refused), and those of the store.
Result<std::size_t> keep_branch(platform::Env& env, LedgerStore& store, const recovery::OrganisationSecrets& secrets, std::uint64_t entry,
                                const std::vector<EntryHash>& refused);

}  // namespace wayside::office
