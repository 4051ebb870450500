#include "sync/office/request_rate.h"

#include <algorithm>

namespace wayside::office {

namespace {

constexpr double kMinute_ms = 60'000;

}  // namespace

std::optional<std::int64_t> RequestRate::refuse(const PublicKey& client, std::int64_t now_monotonic_ms) {
  const double a_minute = static_cast<double>(per_minute_);
  const double at_once = a_minute * static_cast<double>(kRequestMinutesAtOnce);
  const auto [place, is_new] = left_.try_emplace(client, Left{now_monotonic_ms, at_once});
  Left& left = place->second;
  left.requests = std::min(at_once, left.requests + static_cast<double>(now_monotonic_ms - left.at_ms) / kMinute_ms * a_minute);
  left.at_ms = now_monotonic_ms;
  if (left.requests >= 1) {
    left.requests -= 1;
    return std::nullopt;
  }
  return static_cast<std::int64_t>(kMinute_ms);
}

}  // namespace wayside::office
