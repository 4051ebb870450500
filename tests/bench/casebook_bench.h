#pragma once

#include <nlohmann/json.hpp>

#include "platform/env.h"

namespace wayside::bench {

struct CasebookOptions {
  platform::Path work;          ///< made anew; holds the vault and the baseline
  std::uint32_t cases = 50'000;
  std::uint32_t services = 2'000;
  std::uint32_t tries = 500;    ///< of each thing that is measured
};

/// One large casebook on one device, every part of it in use: how long a person waits for a case, a search, a match and
/// a check for duplicates, next to a look-up of the same cases in bare SQLCipher. Throws std::runtime_error when a step fails.
nlohmann::json run_casebook(const CasebookOptions& options);

}  // namespace wayside::bench
