#include <CLI/CLI.hpp>

#include <iostream>

#include "tests/simulation/many.h"
#include "tests/simulation/shrink.h"

using namespace wayside::simulation;

namespace {

constexpr unsigned kShrinkRuns = 600;

int play_one(std::uint64_t seed, const std::string& keep) {
  Plan plan = make_plan(seed);
  if (!keep.empty() && !keep_only(plan, keep)) {
    std::cerr << "--keep: not a list of steps like 0-3,7,12-14\n";
    return 2;
  }
  const std::string story = story_of(plan);
  std::cout << story;
  return story.find("BROKEN") == std::string::npos ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Plays an organisation through faults of every kind, and checks what Wayside promises"};
  std::uint64_t seed = 0, first = 1, seeds = 300;
  unsigned jobs = 1;
  std::string keep;
  bool stop_at_first = false, expect_broken = false;
  app.add_option("--seed", seed, "tell the story of one seed");
  app.add_option("--keep", keep, "of that seed only these steps, like 0-3,7,12-14");
  app.add_option("--first-seed", first, "begin with this seed")->capture_default_str();
  app.add_option("--seeds", seeds, "how many")->capture_default_str();
  app.add_option("--jobs", jobs, "processes")->capture_default_str()->check(CLI::Range(1, 256));
  app.add_flag("--stop-at-first", stop_at_first, "end at the first seed that breaks a promise");
  app.add_flag("--expect-broken", expect_broken,
               "for tests of the simulator: 0 when it finds something, after the first");
  CLI11_PARSE(app, argc, argv);
  if (seed != 0) return play_one(seed, keep);

  const Tally tally = play_many(first, seeds, jobs, stop_at_first || expect_broken);
  if (expect_broken) {
    if (tally.broken.empty()) {
      std::cout << "nothing was found in " << tally.seeds << " seeds\n";
      return 1;
    }
    const auto& [number, violation] = *tally.broken.begin();
    std::cout << "found with seed " << number << ": " << violation.kind << ": " << violation.text << "\n";
    return 0;
  }
  std::cout << figures_of(tally);
  for (const auto& [number, violation] : tally.broken)
    std::cout << "\nseed " << number << ": " << violation.kind << ": " << violation.text << "\n";
  if (tally.broken.empty()) return 0;
  const auto& [number, violation] = *tally.broken.begin();
  if (violation.kind == "the program died") {
    std::cout << "Play it again: wayside-sim --seed " << number << "\n";
    return 1;
  }
  std::cout << "\nThe first of them, made as short as it still breaks:\n"
            << story_of(shrink(make_plan(number), violation.kind, kShrinkRuns));
  return 1;
}
