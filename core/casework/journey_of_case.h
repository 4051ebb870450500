#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/journey.h"

/// Where a household has lived, from the stays of its case.
namespace wayside::casework {

struct JourneyOfCase {
  rules::Journey journey;
  std::vector<RecordId> without_start;   ///< stays that no journey can place
};
/// The need began when the case was opened. Errc::bad_input: a stay that ends before it starts.
Result<JourneyOfCase> journey_of_case(const CaseFacts& facts, rules::Day on);

/// "Gap: nobody knows where she was from 2026-01-10 to 2026-02-01, 22 days."
std::string sentence_of(const rules::JourneyFlag& flag);

}  // namespace wayside::casework
