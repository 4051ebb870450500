#pragma once

#include <nlohmann/json.hpp>

#include "platform/env.h"

namespace wayside::bench {

struct NightOptions {
  platform::Path work;            ///< made anew; holds the office and both vaults
  std::uint32_t cases = 10'000;   ///< a tenth of them get one changed record a night
};

/// Two devices carry all cases. By day one of them changes a record in a tenth of the cases; by night the other reconciles,
/// over TLS with a real office and a real courier: once in one go, and on the second night with a cut after each page.
/// `kept` says whether all promises were: at most 3 round trips besides pages, at most 1.2 times the sealed bytes of the
/// changes, and after cuts no page fetched twice. Throws std::runtime_error when a step fails.
nlohmann::json run_night(const NightOptions& options);

}  // namespace wayside::bench
