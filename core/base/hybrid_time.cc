#include "core/base/hybrid_time.h"

#include <algorithm>

namespace wayside {

HybridTime HybridClock::tick() {
  // Adding one to the whole number is the carry: 65,535 saves within one ms go on in the next.
  latest_ = std::max(hybrid_from_ms(clock_->wall_ms()), latest_ + 1);
  return latest_;
}

bool HybridClock::observe(HybridTime other) {
  if (wall_ms(other) > clock_->wall_ms() + kMaxLeadMs) return false;
  latest_ = std::max(latest_, other);
  return true;
}

}  // namespace wayside
