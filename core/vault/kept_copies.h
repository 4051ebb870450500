#pragma once

#include <functional>

#include "core/vault/vault.h"

/// What was written here in cases that were put down, for an office that may have to be set up again from an older backup: then
/// nobody else may have it any more. Each envelope is kept with all of its wraps, sealed to the office (core/ledger/sealed_copy.h):
/// nobody opens it with this device, and the office learns nothing by it that it did not hold before. With the wraps, a refilled
/// office serves the case to its team as before, so no device ever has to take an envelope whose wraps are missing.
///
/// They go after kCopiesKept_ms; with the case's erasure at once; and when the case is whole on this device again.
namespace wayside::vault {

/// As old as a backup may be from which an office is set up again and still gets back what devices have put down since: a month of
/// backups, and a few days in which to notice. By the times that the office signs, from the first after the case was put
/// down: this device's clock lets none of them go.
inline constexpr std::int64_t kCopiesKept_ms = std::int64_t{35} * 24 * 60 * 60 * 1000;

/// Within the transaction that puts the ledger down, while its content is still here. Nothing without an office.
Result<void> keep_copies(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger);
/// The ledger was erased, or is whole here again.
Result<void> forget_copies(Vault& vault, store::Transaction& transaction, const LedgerId& ledger);

/// The office may have lost what it held: all copies go to it, once.
Result<void> send_copies(Vault& vault, Vault::Writing& writing);
/// Those that have yet to go, in the order in which they were written.
using CopyToSend = std::function<Result<void>(const EnvelopeId& id, BytesView sealed)>;
Result<void> each_copy_to_send(Vault& vault, const CopyToSend& each);
/// The office has answered these: they are kept, and do not go again.
Result<void> copies_were_sent(Vault& vault, Vault::Writing& writing, const std::vector<EnvelopeId>& answered);

/// Lets go of those that were kept long enough. Not while an office is yet to get them back.
Result<void> let_go_of_copies(Vault& vault);
/// How many there are.
Result<std::uint64_t> kept_copies(Vault& vault);

}  // namespace wayside::vault
