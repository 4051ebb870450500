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

}  // namespace wayside::casework
