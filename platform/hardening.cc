#include "platform/hardening.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

namespace wayside::platform {
namespace {

constexpr std::size_t kOpenSslLockedBytes = 64 * 1024;  // a power of two: some hundred private keys
constexpr std::size_t kOpenSslSmallestBytes = 32;       // an Ed25519 key

}  // namespace

void harden_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef WAYSIDE_SANITIZED
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  // Guarded memory counts against this limit, whose soft half is small by default.
  rlimit locked{};
  if (::getrlimit(RLIMIT_MEMLOCK, &locked) == 0) {
    locked.rlim_cur = locked.rlim_max;
    ::setrlimit(RLIMIT_MEMLOCK, &locked);
  }
  ::umask(S_IRWXG | S_IRWXO);
  std::signal(SIGPIPE, SIG_IGN);
  CRYPTO_secure_malloc_init(kOpenSslLockedBytes, kOpenSslSmallestBytes);
}

}  // namespace wayside::platform
