#pragma once

#include <set>
#include <vector>

#include "core/ledger/change_set.h"
#include "core/ledger/envelope.h"
#include "core/vault/drafts.h"
#include "core/vault/vault.h"

/// Lawful erasure, as every device carries it out when it takes the certificate: an entry of the membership log that names
/// a ledger. What is gone at once, in the transaction of the entry: records, reviews, search words, keys, wraps, sealed
/// bytes, the case's id, what waited or was kept apart. What lies outside of the store follows: parts of attachments,
/// drafts, the pages of the log; `finish_erasures` is repeated until it is done. What comes later is kept apart without
/// its content (Ingest).
namespace wayside::vault {

/// The part inside the store. Compartments of the case go with it, also those that the certificate's author never saw.
/// A ledger that this device does not have is fine.
Result<void> erase_ledger(Vault& vault, store::Transaction& transaction, const LedgerId& ledger);

/// What an envelope that opens a ledger says of it, as far as this device has the key: late work is kept apart without being
/// folded, and a compartment of an erased case must not lie there. Nothing: it opens none, or cannot be read here.
Result<std::optional<ledger::Opening>> opening_in(Vault& vault, std::int64_t ledger, const ledger::ParsedEnvelope& envelope);

/// The same part for a ledger whose content leaves this device alone (carrying.h): what waited or was kept apart goes now, the
/// rest is noted for `finish_erasures`.
Result<void> note_what_is_left(Vault& vault, store::Transaction& transaction, const ledger::LedgerRow& row);

/// Files that go with the next `finish_erasures`: those that this envelope named.
Result<void> note_files_left(Vault& vault, store::Transaction& transaction, const EnvelopeId& envelope, const std::vector<Digest>& parts);

/// Ledgers that the log names as erased and the store still holds: written by a version that knew the entry alone.
Result<std::vector<LedgerId>> erasures_not_carried_out(Vault& vault);

/// Ledgers without anything: those of certificates, and compartments that went with them. For the spool.
Result<std::set<LedgerId>> erased_ledgers(Vault& vault);

/// Compartments that went with their case although no certificate names them, since nobody knew of them then. The office
/// keeps their sealed bytes until an administrator signs for these too.
Result<std::vector<LedgerId>> uncertified_erasures(Vault& vault);

/// Removes what is left outside of the store, then rewrites the store's log. Does nothing when nothing is left. `drafts`:
/// the drafts of this vault when somebody has them open; nullptr: opens them here.
Result<void> finish_erasures(Vault& vault, Drafts* drafts);

/// Meta number: 1 while a spool may still hold sealed bytes of an erased ledger (sync/spool/forget.h).
inline constexpr std::string_view kSpoolToClear = "spool_to_clear";

}  // namespace wayside::vault
