#pragma once

#include "core/casework/erasing.h"
#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

struct EraseRequest {
  RecordId case_id;
  std::string reason;               ///< why, for the certificate: no case content. Together with its ground 190 bytes
  bool before_retention = false;    ///< although the time is not over
};

/// Signs a certificate for each ledger of the case, into the membership log: this vault lets go of it at once, the office
/// when it takes the entry, every other device with its next reconcile. Nobody brings it back. Whoever calls reconciles
/// before, so that a hold that a colleague has sent counts, and finishes afterwards (reconcile::let_go_of_erased).
/// Without a line the vault has no office (`solo`). Compartments that once went with their case and were not known to a
/// certificate's author get theirs too.
/// Errors: those of casework::check_may_erase and LogWriter::append, not_found (the case), bad_input and too_large (reason).
Result<std::vector<LedgerId>> erase_case(vault::Vault& vault, const EraseRequest& request, MembershipLine* line);

}  // namespace wayside::enrol
