#pragma once

#include "core/vault/vault.h"

/// How far the time of a change-set can be believed (ChangeSet.clock_quality). No merge is decided by it: it is for people who
/// read when something was written. A device learns how its clock stands from the times that its office signs.
namespace wayside::vault {

/// The office signs, a courier carries, pages are folded: a clock that is off by less is right.
inline constexpr std::int64_t kClockNear_ms = std::int64_t{5} * 60 * 1000;
/// A clock that nobody has compared for longer may have been set.
inline constexpr std::int64_t kClockBelieved_ms = std::int64_t{31} * 24 * 60 * 60 * 1000;

enum class ClockQuality : std::uint32_t {
  unknown = 0,      ///< never compared with an office's, or not for long
  near_office = 1,
  suspect = 2,      ///< it differed when they were compared, or has jumped since
};
/// Of the clock as it stands now. Reads the store once an opening.
Result<ClockQuality> clock_quality(Vault& vault);

/// The office signed that time at most `took_ms` ago. In a transaction that is written anyway.
Result<void> compare_clock(Vault& vault, Vault::Writing& writing, std::int64_t office_time_ms, std::int64_t took_ms);

}  // namespace wayside::vault
