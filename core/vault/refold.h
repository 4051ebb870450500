#pragma once

#include <map>
#include <set>

#include "core/ledger/change_set.h"
#include "core/vault/vault.h"

/// Folding a ledger anew from its sealed envelopes: when an entry of the membership log says that some do not count, or
/// count again, and to verify what the store shows.
namespace wayside::vault {

using Folded = std::map<RecordId, ledger::RecordState>;

struct OpenedEnvelope { ledger::ParsedEnvelope envelope; ledger::ChangeSet change; ledger::Author author; };
/// Opens one of the ledger table. Errors: no_key, corrupt, not_a_member …
Result<OpenedEnvelope> open_stored(Vault& vault, const ledger::EnvelopeRow& row);
void fold_into(Folded& records, const OpenedEnvelope& opened);

/// Envelopes of a ledger that do not count: their ids stand in quarantine as removed, wherever their bytes lie. (A spoilt
/// copy of one that counts may stand there too, for another reason.)
Result<std::set<EnvelopeId>> kept_apart(Vault& vault, const LedgerId& ledger);

/// Makes the ledger's records, reviews and heads what its envelopes say that are not kept apart.
Result<void> refold(Vault& vault, Vault::Writing& writing, std::int64_t ledger);

}  // namespace wayside::vault
