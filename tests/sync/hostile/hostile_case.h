#pragma once

#include "tests/sync/hostile/mischief.h"

namespace wayside::hostile {

struct Verdict {
  std::vector<std::string> faults;  ///< broken promises: must be empty
  std::string story;
  bool altered = false;  ///< something was done to at least one message
  bool folded = false;   ///< pages reached the vault
  bool told = false;     ///< the reconcile, or folding, ended in an error
  /// What an honest reconcile afterwards comes to.
  enum class After { not_tried, same, told_apart, silently_apart };
  After after = After::not_tried;
  std::string detail;  ///< of the error that tells
};

/// One reconcile of Ben's through a hostile office, then, with `heal`, an honest one.
Verdict run_case(World& world, std::uint64_t number, bool heal);

}  // namespace wayside::hostile
