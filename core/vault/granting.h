#pragma once

#include <string_view>

#include "core/vault/writing_key.h"

/// Grants of keys that a ledger has already, for readers who come later.
namespace wayside::vault {

/// One envelope of the ledger that holds nothing and brings these grants, as many as one carries (core/vault/save.cc).
Result<void> seal_grants(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const Readers& readers, std::string_view form,
                         std::vector<Bytes> grants);

/// Grants every key of the ledger that this device holds to those readers who lack it, with as many envelopes as it takes. How
/// many grants were made.
Result<std::size_t> grant_keys(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const Readers& readers, std::string_view form);

/// Grants the compartments that this device holds to devices which joined their teams since. How many ledgers had some.
Result<std::size_t> grant_compartments(Vault& vault, Vault::Writing& writing);

/// Grants every other key that this device holds to the newest epoch of its team, where an epoch was lost since and whoever
/// joins now could not open it. How many ledgers had some.
Result<std::size_t> grant_after_recovery(Vault& vault, Vault::Writing& writing);

/// As many as one envelope takes: a reader takes 64.
inline constexpr std::size_t kMostGrants = 60;

}  // namespace wayside::vault
