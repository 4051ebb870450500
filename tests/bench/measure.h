#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "platform/env.h"

/// What a process can say about itself and about a folder.
namespace wayside::bench {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// VmHWM of this process: the most memory it ever had resident.
std::uint64_t peak_rss_bytes();
/// Sets VmHWM back to what is resident now.
void reset_peak_rss();
std::uint64_t folder_bytes(const platform::Path& folder);

}  // namespace wayside::bench
