#include "tests/simulation/shrink.h"

#include <algorithm>

namespace wayside::simulation {

Plan shrink(const Plan& plan, const std::string& kind, unsigned runs) {
  Plan best = plan;
  const auto still_breaks = [&](const Plan& shorter) {
    --runs;
    const Outcome outcome = play(shorter);
    return outcome.violation && outcome.violation->kind == kind;
  };
  bool shorter = true;
  while (shorter && runs > 0) {
    shorter = false;
    for (std::size_t size = std::max<std::size_t>(best.steps.size() / 2, 1); runs > 0; size /= 2) {
      for (std::size_t at = 0; at < best.steps.size() && runs > 0;) {
        Plan without = best;
        const auto begin = without.steps.begin() + static_cast<std::ptrdiff_t>(at);
        without.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, without.steps.size() - at)));
        if (still_breaks(without)) {
          best = std::move(without);
          shorter = true;
        } else {
          at += size;
        }
      }
      if (size == 1) break;
    }
  }
  return best;
}

std::string story_of(const Plan& plan) {
  std::string story;
  const Outcome outcome = play(plan, [&](const std::string& sentence) { story += "  " + sentence + "\n"; });
  std::string out = "seed " + std::to_string(plan.seed) + ", " + std::to_string(plan.devices) + " devices: ";
  out += outcome.violation ? outcome.violation->kind + "\n" : "nothing is broken\n";
  out += story;
  return out + "Play it again: wayside-sim --seed " + std::to_string(plan.seed) + " --keep " +
         numbers_text(plan.steps) + "\n";
}

}  // namespace wayside::simulation
