#pragma once

#include <string>
#include <vector>

#include "core/vault/sharing.h"
#include "core/vault/writing_key.h"

/// A case that named workers read alone, not their whole team: a survivor may be a colleague, or a colleague's sister. Who they
/// are is said in one of two ways. A new case names them in its own first envelope, offline too: it has no key that the team
/// could open, and the office gives it to the devices alone that it was granted to. One of them may name more, by another
/// envelope. Of a case that was the team's an entry of the membership log says it (membership::Restrict), since that takes a
/// right away; from the first such entry on entries alone say it, and one that names nobody gives the case back to the team.
///
/// Its compartments follow it. Whoever is named reads it only while she is in the case's own team.
namespace wayside::vault {

/// The workers to whom this case, or the case of this compartment, is left now. Nobody: its whole team reads it.
/// Costs no statement while nothing is restricted.
Result<std::vector<UserId>> circle_of(Vault& vault, const ledger::LedgerRow& ledger);
/// Those whom its own envelopes name, whatever the membership log says since.
Result<std::vector<UserId>> named_by_itself(Vault& vault, const ledger::LedgerRow& ledger);
/// Notes that envelopes of the case name these too. True: somebody is named who was not.
Result<bool> note_named(Vault& vault, store::Transaction& transaction, const ledger::LedgerRow& ledger, const std::vector<UserId>& users);
/// What an envelope that counts says about it: its first one leaves the case to its author and to whom it names, a later one adds
/// to those, and to nobody's case otherwise. True: see above.
Result<bool> note_named_in(Vault& vault, store::Transaction& transaction, const ledger::LedgerRow& ledger, const ledger::ChangeSet& change,
                           bool opens);

/// Whether it is left to named workers of whom this one is none.
Result<bool> left_to_others(Vault& vault, const ledger::LedgerRow& ledger);
/// For a ledger of which nothing may be here: what the membership log says.
bool left_to_others(const Vault& vault, const LedgerId& ledger);

/// Whom keys of a case, or of a compartment of one, are granted to: the devices of those named, this one first, or the team;
/// of a compartment the devices of the team.
Result<Readers> readers_of(Vault& vault, const ledger::LedgerRow& ledger);
/// The devices of these workers that are in that team, this one first.
std::vector<DeviceId> devices_of_workers(const Vault& vault, const std::vector<UserId>& users, const TeamId& team);

struct RestrictedCase { ledger::LedgerRow ledger; std::vector<UserId> users; };
/// All cases on this device that are left to named workers, of whom this one is.
Result<std::vector<RestrictedCase>> restricted_cases(Vault& vault);

/// "Amina, Ben", in the order of their names.
std::string names_of(const Vault& vault, const std::vector<UserId>& users);

/// What a list of workers has to be: members of that team with a device, at least one, membership::kMostNamed at most, each once.
/// Errc::usage says who is not.
Result<void> check_named(const Vault& vault, const TeamId& team, const std::vector<UserId>& users);

/// Names more workers of a case that names its own, by an envelope; anybody who is named may, offline too. `users`: all of them
/// afterwards. Errors: usage (it takes an entry: somebody is left out, or the membership log has spoken), those of check_named.
Result<void> name_more(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const std::vector<UserId>& users,
                       const std::string& reason);

/// Grants every key of restricted cases, and of cases that were given back to their team, to whom lacks it: a worker who was
/// named since, a device that joined since. How many ledgers had some.
Result<std::size_t> grant_restricted(Vault& vault, Vault::Writing& writing);

/// How many cases the membership log leaves to workers of whom nobody has a device in any team any more: the recovery pages alone
/// open them.
std::size_t left_to_nobody(const membership::Log& log);

}  // namespace wayside::vault
