#pragma once

#include <vector>

#include "core/vault/vault.h"

/// Who works on which case. A record in a team's own ledger says so, which every device of the team folds, those too that do not carry
/// the case; ids alone. Its id follows from team and case, so that two people who assign one case while apart write into one record,
/// and its workers are a set from which nobody is taken whom its author had not seen. It gives nobody a right: who may read a case
/// is decided by grants and membership.
namespace wayside::vault {

struct Assignment {
  RecordId case_id;
  LedgerId ledger;                       ///< the case's
  TeamId team;                           ///< in whose ledger it stands
  std::vector<UserId> workers{};         ///< sorted; nobody any more: none
};
/// Of all teams of which this device folds the ledger, in no order.
Result<std::vector<Assignment>> assignments(Vault& vault);

/// Assigns a case that this device knows, whether it carries it or not. False: it was so already. Errors: not_found (the case),
/// usage (the worker is in no team of this worker's that reads the case, or the case is left to others), not_permitted.
Result<bool> assign(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const UserId& to, const std::string& reason);
/// Takes an assignment back, in whichever team's ledger it stands. False: there was none.
Result<bool> unassign(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const UserId& from, const std::string& reason);

}  // namespace wayside::vault
