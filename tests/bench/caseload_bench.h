#pragma once

#include <nlohmann/json.hpp>

#include "platform/env.h"

namespace wayside::bench {

struct CaseloadOptions {
  platform::Path input;        ///< cases.ndjson, edits.ndjson, queries.ndjson
  platform::Path work;         ///< made anew; holds vaults, office and baselines
  int devices = 3;             ///< as many as edits.ndjson names
};

/// Plays the standard workload on real vaults (a process each) and a real office over loopback TLS, next to bare
/// SQLCipher on the same disk. Throws std::runtime_error with a sentence when a step fails.
nlohmann::json run_caseload(const CaseloadOptions& options);

}  // namespace wayside::bench
