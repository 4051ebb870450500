#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/referral.h"

/// Who waits for a place or for support, over all cases of the vault.
namespace wayside::casework {

struct WaitingReferral {
  RecordId referral, case_id;
  std::optional<RecordId> service;
  std::string other_service, requested_offer;
  rules::Day since;
  std::int64_t days = 0;
};
struct WaitingList {
  std::vector<WaitingReferral> waiting;                       ///< longest first
  std::vector<std::pair<RecordId, std::string>> problems;     ///< referrals that say what cannot be, and what
};
/// At the end of that day. Where a desk has not dated the place on the list, the day on which the state was written counts.
Result<WaitingList> waiting_list(Vault& vault, rules::Day on);

}  // namespace wayside::casework
