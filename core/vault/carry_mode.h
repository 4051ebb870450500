#pragma once

#include <set>
#include <vector>

#include "core/vault/drafts.h"
#include "core/vault/vault.h"

/// Whether a device carries every case of its teams, or those alone that are assigned to its worker (assigning.h), that she chose with
/// `carry add`, that she made here, and that a restriction leaves to her by name. Of all others nothing ever comes to it: what is
/// not on a device nobody can be made to show. Its teams' own ledgers and the organisation's it carries in any case.
///
/// Who oversees others (managers, administrators) carries every case: the logs of reads and the newcomers' keys are granted to
/// them, and no list could name those before they come.
namespace wayside::vault {

enum class CarryMode : std::uint8_t { all, assigned };

/// Whether there is anything to settle about it: one number where nobody ever chose.
Result<bool> has_carry_mode(Vault& vault);
/// What holds now. `assigned` only while the worker oversees nobody.
Result<CarryMode> carry_mode(Vault& vault);
/// From now on. What has to go goes with the next reconciles, as soon as it may (settle_assigned in carrying.h); what is missing comes with them.
/// Errors: usage (a vault without an office), not_permitted (who oversees others).
Result<void> set_carry_mode(Vault& vault, Vault::Writing& writing, CarryMode mode);

/// What the worker says of one case, while assigned ones are carried: she wants it though it is not assigned to her, or not though it is.
/// What she says of it otherwise is nothing new, and nothing while all are carried.
enum class Choice : std::uint8_t { declined = 0, chosen = 1 };
Result<void> note_choice(Vault& vault, Vault::Writing& writing, const LedgerId& of_case, Choice choice);
Result<void> forget_choice(Vault& vault, Vault::Writing& writing, const LedgerId& of_case);
/// What she declined and is not hers any more may be assigned to her anew; who was made a manager carries everything.
Result<void> settle_choices(Vault& vault, Vault::Writing& writing);
/// Which ledger somebody means by the id of a case that was never here: an assignment says it, else it is taken for the ledger's own.
Result<LedgerId> ledger_to_choose(Vault& vault, BytesView id);

/// The cases that a device carrying assigned ones wants, be they here or not.
Result<std::set<LedgerId>> wanted_cases(Vault& vault);
/// Of these, the ones of which nothing is here yet.
Result<std::vector<LedgerId>> wanted_and_not_here(Vault& vault);

/// A case's envelope says which compartments it has: they are wanted with it. Costs nothing while all cases are carried.
Result<void> note_compartments(Vault& vault, store::Transaction& transaction, const LedgerId& of_case, const std::vector<ledger::Compartment>& named);

/// Ledgers by id, sorted: what a courier fetches alone (`only`), or what it does not.
struct CarryList { bool only = false; std::vector<LedgerId> ledgers; };
Result<CarryList> carry_list(Vault& vault);

}  // namespace wayside::vault
