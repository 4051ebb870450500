#pragma once

#include <vector>

#include "core/ledger/change_set.h"
#include "platform/env.h"

/// Values of fields that have a compartment (where somebody lives, who an order is against) lie inside their case's
/// change-set in a block under a key of their own, so that whoever is given the case is not given these with it.
///
/// key of the ledger  BLAKE2b-512 keyed with the compartment's key over domain ‖ ledger: its first half
/// (key, commit)      BLAKE2b-512 keyed with that over domain ‖ u32le compartment ‖ generation ‖ nonce
/// sealed             XChaCha20-Poly1305 of a ValueList, padded to a multiple of 64 bytes (ISO 7816-4), so that its length
///                    does not tell one address from another
namespace wayside::ledger {

/// Puts the values of those writes (indices, ascending) into a block of `change`. The writes keep theirs in memory.
void seal_values(ChangeSet& change, const LedgerId& ledger, std::uint32_t compartment, std::vector<std::uint32_t> writes,
                 const KeyGenerationId& generation, BytesView key, platform::Random& random);

/// Gives the writes that `block` names their values. False, and nothing is changed, when it was not made with that key or
/// does not hold as many values: they stay sealed.
bool open_values(ChangeSet& change, const SealedValues& block, const LedgerId& ledger, BytesView key);

}  // namespace wayside::ledger
