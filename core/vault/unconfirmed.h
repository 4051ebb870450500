#pragma once

#include <functional>
#include <vector>

#include "core/vault/vault.h"

/// Everything that the office once held, while it is asked to show it again: because it contradicted itself, or because
/// one of the two was put back. What it shows is confirmed; what is left in the end it has lost, and gets from here.
namespace wayside::vault {

/// Every envelope that the office has had counts as unconfirmed from now on.
Result<void> doubt_all(Vault& vault, Vault::Writing& writing);

/// The office holds this one, and it waits for no answer any more. One that is not here is no matter.
Result<void> confirm(Vault& vault, Vault::Writing& writing, const EnvelopeId& id);

/// Whether the office has ever had anything of a ledger that is here.
Result<bool> was_answered(Vault& vault, std::int64_t ledger);

/// Whether an honest office gives this worker what stands in that ledger: it is her team's or, where it is no one team's, granted
/// to a team of hers or to this device. Who is in no team any more is shown nothing of the organisation's ledger either.
Result<bool> is_read_here(Vault& vault, const ledger::LedgerRow& ledger);

/// Whether anything of it waits for an answer of the office: what was written here, and what it lost and gets again.
Result<bool> waits_to_be_sent(Vault& vault, std::int64_t ledger);

/// What is still unconfirmed goes to the office again, whoever wrote it, late work too. How many envelopes, of ledgers that are
/// read here: of others an honest office shows nothing any more.
Result<std::uint64_t> send_unconfirmed(Vault& vault, Vault::Writing& writing);

/// All that was written here goes to the office again, which shows this device nothing.
Result<void> send_own_again(Vault& vault, Vault::Writing& writing);

/// Late work that goes to the office again. It was never folded, so it stands in no ledger here: the vault's own list of what
/// waits for an answer does not name it.
using LateParcel = std::function<Result<void>(const EnvelopeId& id, BytesView sealed, std::vector<Bytes> grants)>;
Result<void> each_late_to_send(Vault& vault, const LateParcel& each);
/// The office answered these, late work or not.
Result<void> late_was_sent(Vault& vault, Vault::Writing& writing, const std::vector<EnvelopeId>& answered);

}  // namespace wayside::vault
