#pragma once

#include "core/vault/vault.h"

/// Single fields that have a compartment: where somebody lives, who an order is against. Their values lie in their case's
/// change-sets under a key of their own (core/ledger/sealed_values.h), which a ledger of the case's team grants to the
/// team. Who is given a case in another way sees that there is a value, and not which.
namespace wayside::vault {

/// Puts in the values of a change-set of that ledger whose keys this device holds; the others stay ledger::kSealedValue.
Result<void> open_sealed_fields(Vault& vault, std::int64_t ledger, ledger::ChangeSet& change);

/// Keys of that ledger have come: when they are a compartment's, the cases that waited for them are folded anew.
Result<void> fold_opened_fields(Vault& vault, Vault::Writing& writing, const LedgerId& ledger);

}  // namespace wayside::vault
