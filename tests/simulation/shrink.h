#pragma once

#include "tests/simulation/world.h"

namespace wayside::simulation {

/// The same story with as few steps as still break the same promise: steps are left out in halves, quarters and so on
/// down to single ones, over and over, for at most `runs` replays.
Plan shrink(const Plan& plan, const std::string& kind, unsigned runs);

/// A broken seed in plain words: what was broken, step by step how, and the command that plays it again.
std::string story_of(const Plan& plan);

}  // namespace wayside::simulation
