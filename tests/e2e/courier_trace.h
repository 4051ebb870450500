#pragma once

#include <string>
#include <vector>

#include "tests/e2e/stage.h"

namespace wayside::e2e {

/// What a verb and its courier did with files, as the kernel saw it (strace).
struct CourierTrace {
  Outcome outcome;                          ///< of the verb
  std::vector<std::string> of_courier;      ///< paths that it named: opened, made, renamed, deleted, looked at
  std::vector<std::string> of_others;       ///< of the verb's own process
  std::vector<std::string> programs;        ///< that the courier started
};

/// Fails the test when strace cannot be had: platform/debian/install-deps.sh installs it.
CourierTrace trace(const Stage& stage, const Home& home, const Words& verb);

}  // namespace wayside::e2e
