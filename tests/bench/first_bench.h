#pragma once

#include <nlohmann/json.hpp>

#include "platform/env.h"

namespace wayside::bench {

struct FirstOptions {
  platform::Path work;            ///< made anew; holds the office and three vaults
  std::uint32_t cases = 10'000;   ///< of the standard workload
  std::uint32_t changes = 100;    ///< records changed after the snapshot, at most a tenth of the cases
};

/// One device has all cases, publishes a snapshot, and goes on working. Then two newcomers join: one begins with the snapshot
/// and what came after it, one folds every envelope. Each time is taken until its cases are there to work with, once without
/// and once with the search index; then the first one's envelopes are fetched and compared. `kept` says whether the first was
/// at least five times as quick, and all three then hold the same. Throws std::runtime_error when a step fails.
nlohmann::json run_first(const FirstOptions& options);

}  // namespace wayside::bench
