#include "platform/clock_and_random.h"

#include <sodium.h>
#include <time.h>

#include <cstdlib>

namespace wayside::platform {
namespace {

std::int64_t ms_of(clockid_t clock) {
  timespec now{};
  if (::clock_gettime(clock, &now) != 0) std::abort();
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

std::int64_t SystemClock::wall_ms() { return ms_of(CLOCK_REALTIME); }
std::int64_t SystemClock::monotonic_ms() { return ms_of(CLOCK_BOOTTIME); }

SystemRandom::SystemRandom() {
  if (sodium_init() < 0) std::abort();
}

void SystemRandom::fill(std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace wayside::platform
