#pragma once

#include <cstdint>

#include "platform/env.h"

namespace wayside {

/// Hybrid logical time: ms since 1970 in the upper 48 bits, a counter in the lower 16 that carries into the ms.
/// It orders what one device saw; it never rejects and, but for the policy `latest`, never decides a loss.
/// Source: Kulkarni et al., "Logical Physical Clocks", 2014.
using HybridTime = std::uint64_t;

inline std::int64_t wall_ms(HybridTime time) { return static_cast<std::int64_t>(time >> 16); }
inline HybridTime hybrid_from_ms(std::int64_t ms) { return static_cast<HybridTime>(ms < 0 ? 0 : ms) << 16; }

/// Every time it gives is later than every time it gave or was shown. The caller persists `latest`.
class HybridClock {
 public:
  HybridClock(platform::Clock& clock, HybridTime latest) : clock_(&clock), latest_(latest) {}

  /// The next time of this device.
  HybridTime tick();
  /// Takes in a time from elsewhere. One more than `kMaxLeadMs` ahead of this device's clock is suspect:
  /// it is applied by whoever holds it, but does not drag this clock along; then false.
  bool observe(HybridTime other);
  [[nodiscard]] HybridTime latest() const { return latest_; }

  static constexpr std::int64_t kMaxLeadMs = std::int64_t{24} * 3600 * 1000;  ///< a day: wrong time zones pass

 private:
  platform::Clock* clock_;
  HybridTime latest_;
};

}  // namespace wayside
