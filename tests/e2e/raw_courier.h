#pragma once

#include <vector>

#include "platform/network_curl.h"
#include "platform/real_env.h"
#include "sync/spool/layout.h"
#include "sync/wire/wire.pb.h"
#include "tests/e2e/stage.h"

namespace wayside::e2e {

/// A device's transport in the hands of somebody who sends whatever she likes: its courier key and its spool, as a
/// thief finds them.
class RawCourier {
 public:
  RawCourier(const Stage& stage, const Home& home);

  /// What waits in the outbox, in order.
  std::vector<wire::pb::Parcel> outbox();
  /// Posts any bytes to a path of the office's.
  platform::HttpAnswer post(Bytes body, const std::string& path = "/v1/push");
  /// Everything that the office gives this device, from the beginning.
  std::vector<wire::pb::Delivery> pull_all();
  /// Parcels as one request; how each was answered.
  std::vector<wire::pb::Taken::Status> push(const std::vector<wire::pb::Parcel>& parcels);

 private:
  platform::RealEnv real_;
  spool::Layout layout_;
  std::string address_;
  spool::Office office_;
  SecretBytes key_;
  platform::CurlNetwork network_;
};

}  // namespace wayside::e2e
