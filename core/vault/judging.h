#pragma once

#include "core/membership/rights.h"
#include "core/vault/vault.h"

/// Whether an envelope counts: what the membership log says of the device that signed it (Log::objection), and what the table of
/// rights says of its author in that ledger (core/membership/rights.h), both at the head that it names. What a ledger is, and with
/// whom it is shared, its own envelopes say; so the answer follows from envelopes and the log, whatever comes first. When an
/// envelope comes that says so, those of its ledger are judged again (core/vault/rejudge.cc).
namespace wayside::vault {

/// A ledger to whoever judges. One that nobody opened is written by any member of a team.
Result<membership::LedgerPlace> place_of_ledger(Vault& vault, const ledger::LedgerRow& ledger);

Result<bool> may(Vault& vault, membership::Right right, const ledger::LedgerRow& ledger, const UserId& user, std::uint64_t head);
/// This worker, as membership stands now.
Result<bool> may_now(Vault& vault, membership::Right right, const ledger::LedgerRow& ledger);

/// What speaks against an envelope: not_a_member; or removed, when its author had no right to write there, or lost one before it
/// came, and no administrator has accepted it.
Result<std::optional<Errc>> objection(Vault& vault, const ledger::LedgerRow& ledger, const membership::EnvelopePlace& place, std::uint64_t head);

/// Whether a first envelope may say that of its ledger: a case or a compartment is opened by a member of the team it is for, and
/// a ledger that membership names is what membership says.
bool opens_rightly(const membership::Log& log, const ledger::Opening& opening, const LedgerId& ledger, const UserId& author, std::uint64_t head);

/// Under which head a key generation was made: the oldest of those envelopes that bring a grant of it and whose author had the
/// right. Nothing: none that is here.
Result<std::optional<std::uint64_t>> made_under(Vault& vault, const ledger::LedgerRow& ledger, const KeyGenerationId& generation);

}  // namespace wayside::vault
