#pragma once

#include <map>
#include <optional>

#include "core/base/ids.h"
#include "sync/office/tuning.h"

namespace wayside::office {

/// How often one key may ask: on average so many requests a minute, some minutes' worth of them at once. Kept in memory alone.
class RequestRate {
 public:
  explicit RequestRate(std::uint64_t per_minute = kRequestsPerMinute) : per_minute_(per_minute) {}

  /// Counts one request of `client`. Nothing when it may be served, else after how many ms the client is to come back:
  /// when it may ask for a minute again.
  std::optional<std::int64_t> refuse(const PublicKey& client, std::int64_t now_monotonic_ms);

 private:
  struct Left { std::int64_t at_ms = 0; double requests = 0; };
  std::uint64_t per_minute_;
  std::map<PublicKey, Left> left_;   ///< of keys that were admitted: as many as there are devices and tickets
};

}  // namespace wayside::office
