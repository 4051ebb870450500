#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "platform/hardening.h"

namespace {

/// Runs in a child of its own, since there is no way back.
int weaknesses_after_hardening() {
  wayside::platform::harden_process();
  int weaknesses = 0;
  rlimit core{};
  if (::getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0) weaknesses |= 1;
#ifndef WAYSIDE_SANITIZED
  if (::prctl(PR_GET_DUMPABLE) != 0) weaknesses |= 2;
#endif
  if (::umask(0) != 077) weaknesses |= 4;
  if (std::signal(SIGPIPE, SIG_DFL) != SIG_IGN) weaknesses |= 8;
  return weaknesses;
}

}  // namespace

TEST_CASE("a hardened process dumps no core, lets nobody look in, makes files for its owner, and outlives its peers") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(weaknesses_after_hardening());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
