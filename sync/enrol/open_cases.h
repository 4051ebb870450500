#pragma once

#include "core/recovery/recovery_page.h"
#include "core/vault/vault.h"
#include "sync/reconcile/reconcile.h"

namespace wayside::enrol {

struct OpenedCases {
  std::uint64_t change_sets = 0;   ///< that could not be read before
  std::uint64_t granted = 0;       ///< ledgers whose keys the teams were given anew
  std::uint64_t waiting = 0;       ///< envelopes that no key here opens
};

/// With the organisation's pages: fetches what the office holds, opens every case through its recovery grant, and grants
/// its keys to the teams' newest epochs, so that colleagues who join can read it. Recorded in the vault first. Asked again
/// it does what is left. Errors: bad_input (pages of another organisation), not_permitted (no office), and those of
/// reconcile; what was opened by then stays so.
Result<OpenedCases> open_cases(vault::Vault& vault, const recovery::OrganisationSecrets& secrets, const reconcile::Options& options);

}  // namespace wayside::enrol
