#pragma once

#include "core/recovery/pages.h"

/// Shamir's scheme through libgfshare: three pages, of which any two give the organisation's secrets back, and one says
/// nothing of them. Randomness is `random`'s, never the library's own.
///
/// The library holds its coefficients in ordinary memory for the length of a call, and overwrites them as it ends.
namespace wayside::recovery {

using ShareSet = std::array<Share, kShares>;

/// Errc::out_of_memory.
Result<ShareSet> split(const OrganisationSecrets& secrets, std::int64_t now_ms, platform::Random& random);

/// In either order. Errc::bad_input: two pages of two organisations or of two sets, one page twice, or pages that were
/// made to look like some of this organisation's.
Result<OrganisationSecrets> combine(const Share& one, const Share& other, platform::Random& random);

}  // namespace wayside::recovery
