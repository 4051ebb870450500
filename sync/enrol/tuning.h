#pragma once

#include <cstddef>
#include <cstdint>

namespace wayside::enrol {

/// An entry is signed against the head just fetched; somebody else may be quicker. An organisation signs a few a day,
/// so more than a handful of collisions means that something else is wrong.
inline constexpr int kAppendTries = 5;
/// A week is enough to meet a new colleague, and short for a thief who finds the file.
inline constexpr std::int64_t kTicketLifetime_ms = std::int64_t{7} * 24 * 60 * 60 * 1000;
/// A ticket as text, for dozens of teams.
inline constexpr std::size_t kMaxTicketFileBytes = std::size_t{64} << 10;

}  // namespace wayside::enrol
