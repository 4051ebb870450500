#pragma once

#include "tests/simulation/world.h"

namespace wayside::simulation {

/// What many seeds came to.
struct Tally {
  std::uint64_t seeds = 0, steps = 0, saves = 0, requests = 0, lost_writes = 0, torn_writes = 0;
  std::map<Deed, std::uint64_t> counts;
  std::map<std::uint64_t, Violation> broken;  ///< by seed
  double seconds = 0;                         ///< of processors, all jobs together
};

/// Plays `seeds` seeds from `first` on, in `jobs` processes of one thread each. With `stop_at_first` each process ends
/// at the first seed that breaks a promise. A process that dies is a broken promise of the seed that it played.
Tally play_many(std::uint64_t first, std::uint64_t seeds, unsigned jobs, bool stop_at_first);

/// Steps, faults by kind, seconds, as a table in Markdown.
std::string figures_of(const Tally& tally);

}  // namespace wayside::simulation
