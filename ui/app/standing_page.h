#pragma once

#include "core/vault/vault.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// Where a case stands by the rules of casework: risk, safe contact, what is due, where she has lived, what a referral lacks
/// to be sent and the case to be closed. Each part with the reasons that the rules give; a part whose records cannot be true
/// together says so, and keeps none of the others away.
Result<pb::Standing> read_standing(vault::Vault& vault, const RecordId& case_id, std::int64_t now_ms);

}  // namespace wayside::app
