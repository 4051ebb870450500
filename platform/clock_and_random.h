#pragma once

#include "platform/env.h"

namespace wayside::platform {

/// CLOCK_REALTIME, and CLOCK_BOOTTIME for the monotonic one: a lid that was closed for an hour counts as an hour.
class SystemClock : public Clock {
 public:
  std::int64_t wall_ms() override;
  std::int64_t monotonic_ms() override;
};

/// libsodium's generator, which is the kernel's.
class SystemRandom : public Random {
 public:
  SystemRandom();
  void fill(std::span<unsigned char> out) override;
};

}  // namespace wayside::platform
