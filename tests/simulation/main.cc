#include <iostream>

#include "core/schema/schema.h"
#include "tests/simulation/world.h"

using namespace wayside::simulation;

int main(int argc, char** argv) {
  const std::uint64_t first = argc > 1 ? std::stoull(argv[1]) : 1;
  const std::uint64_t seeds = argc > 2 ? std::stoull(argv[2]) : 1;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    World::Tell tell;
    if (seeds == 1) tell = [](const std::string& line) { std::cout << line << "\n"; };
    const Outcome outcome = play(make_plan(seed), tell);
    if (outcome.violation) std::cout << "seed " << seed << ": " << outcome.violation->kind << ": " << outcome.violation->text << "\n";
  }
  return 0;
}
