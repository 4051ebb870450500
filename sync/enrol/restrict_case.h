#pragma once

#include <string>
#include <vector>

#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

/// Leaves a case to these workers, or, where nobody is named, gives it back to its team: an entry of the membership log, which the
/// office can read, with a pin of what those have written in the case so far who lose it. Reconcile before, so that this is all
/// that anybody has of theirs; and after, so that whoever is named has her keys.
/// A manager of the case's own team may, who is named herself where it is restricted already; and any administrator, who without the
/// case itself may only name more, or give it back.
/// Errors: not_permitted, not_found (the case), not_carried, usage (it is so already; it is shared with another team; who is named is
/// none of the team), bad_input, too_large (the reason; what was written), those of LogWriter::append.
Result<void> restrict_case(vault::Vault& vault, const RecordId& case_id, const std::vector<UserId>& users, const std::string& reason,
                           MembershipLine& line);

}  // namespace wayside::enrol
