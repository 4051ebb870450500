#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <string_view>

#include "tests/sync/hostile/hostile_case.h"

/// wayside-hostile [--cases N] [--from N] [--heal N]: runs reconciles through a hostile office and counts what came of
/// them; after every N-th case an honest reconcile shows what is left.
/// Cases are numbered and each is the same whenever it runs: first every cut of every message of one night, then
/// mixtures.
int main(int argc, char** argv) try {
  using namespace wayside;
  std::uint64_t cases = 2000, from = 0, heal_each = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--heal" && i + 1 < argc) heal_each = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--cases" && i + 1 < argc) cases = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--from" && i + 1 < argc) from = std::strtoull(argv[++i], nullptr, 10);
    else return std::fprintf(stderr, "wayside-hostile [--cases N] [--from N] [--heal N]\n"), 2;
  }
  const auto began = std::chrono::steady_clock::now();
  hostile::World world(1);
  const std::uint64_t cuts = hostile::Mischief::cuts(world);
  std::uint64_t altered = 0, folded = 0, told = 0, broken = 0;
  std::map<hostile::Verdict::After, std::uint64_t> after;
  std::map<std::string, std::uint64_t> details;
  for (std::uint64_t number = from; number < from + cases; ++number) {
    const hostile::Verdict verdict = hostile::run_case(world, number, heal_each > 0 && number % heal_each == 0);
    altered += verdict.altered ? 1 : 0;
    folded += verdict.folded ? 1 : 0;
    told += verdict.told ? 1 : 0;
    ++after[verdict.after];
    if (verdict.after == hostile::Verdict::After::told_apart) ++details[verdict.detail.substr(0, 60)];
    broken += verdict.faults.empty() ? 0 : 1;
    if (!verdict.faults.empty() || verdict.after == hostile::Verdict::After::silently_apart) {
      std::printf("%s\n", verdict.story.c_str());
      for (const std::string& fault : verdict.faults) std::printf("  %s\n", fault.c_str());
      if (verdict.faults.empty()) std::printf("  silently apart afterwards\n");
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("cases %llu (cuts %llu), altered %llu, something folded %llu, told as an error %llu\n",
              (unsigned long long)cases, (unsigned long long)cuts, (unsigned long long)altered,
              (unsigned long long)folded, (unsigned long long)told);
  std::printf("promises broken %llu\n", (unsigned long long)broken);
  using After = hostile::Verdict::After;
  if (heal_each > 0) {
    std::printf("afterwards: same %llu, told apart %llu, silently apart %llu\n", (unsigned long long)after[After::same],
                (unsigned long long)after[After::told_apart], (unsigned long long)after[After::silently_apart]);
  }
  for (const auto& [what, times] : details) std::printf("  %6llu %s\n", (unsigned long long)times, what.c_str());
  std::printf("%.1f s\n", seconds);
  return broken == 0 && after[After::silently_apart] == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
