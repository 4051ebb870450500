#pragma once

#include <string>

#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

/// Takes a case back from a team that it was shared with: an entry of the membership log, which the office can read, with a
/// pin of what that team's members have written in the case so far. Reconcile before, so that this is all that anybody has
/// of theirs. A manager of the case's own team may.
/// Errors: not_permitted, not_found (the case), usage (it is not shared with that team), bad_input, too_large (the
/// reason), those of LogWriter::append.
Result<void> withdraw_case(vault::Vault& vault, const RecordId& case_id, const TeamId& team, const std::string& reason, MembershipLine& line);

}  // namespace wayside::enrol
