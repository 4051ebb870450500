#pragma once

#include "core/vault/vault.h"

/// Whether what was written here would survive this device: the office holds it under a head that it has signed, and
/// min(2, other devices that read the ledger) of colleagues have folded it and said so (core/vault/receipts.h).
namespace wayside::vault {

/// Of the whole ledger. False too while anything of it waits to be sent, and for a ledger that is not here. Nothing may be
/// dropped from this device before. A ledger in which nothing was written here is covered once the office has signed it.
Result<bool> covered_elsewhere(Vault& vault, const LedgerId& ledger);

/// Devices of the membership log, this one not among them, that a grant of the ledger lets read it.
Result<std::size_t> other_readers(Vault& vault, std::int64_t ledger);

/// Up to which lsn what was written here is covered by the receipts that are here, whatever the office has signed.
Result<std::uint64_t> receipted_up_to(Vault& vault, std::int64_t ledger);

/// Saves made here, those of the program itself not counted.
struct Uncovered {
  std::uint64_t only_here = 0;             ///< not known to be at the office
  std::uint64_t only_here_and_office = 0;  ///< there, and not yet folded by as many colleagues as it takes
};
Result<Uncovered> uncovered(Vault& vault);

}  // namespace wayside::vault
