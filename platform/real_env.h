#pragma once

#include <memory>

#include "platform/env.h"
#include "platform/paths.h"

namespace wayside::platform {

/// The real outside world: the system's clock, randomness, files and key store, and a network over TLS.
/// Owns what its Env refers to. One thread posts to the network at a time.
class RealEnv {
 public:
  /// Keys lie where `environment` says (paths.h, key_store.h).
  explicit RealEnv(const Environment& environment = process_environment());
  ~RealEnv();
  RealEnv(const RealEnv&) = delete;
  RealEnv& operator=(const RealEnv&) = delete;

  Env env();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wayside::platform
