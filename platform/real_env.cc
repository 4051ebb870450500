#include "platform/real_env.h"

#include "platform/clock_and_random.h"
#include "platform/files_posix.h"
#include "platform/key_store.h"
#include "platform/network_curl.h"

namespace wayside::platform {

struct RealEnv::Parts {
  explicit Parts(const Environment& environment)
      : keys(make_linux_key_store(files, default_keys_folder(environment), environment)), network(environment) {}

  SystemClock clock;
  SystemRandom random;
  PosixFiles files;
  std::unique_ptr<KeyStore> keys;
  CurlNetwork network;
};

RealEnv::RealEnv(const Environment& environment) : parts_(std::make_unique<Parts>(environment)) {}
RealEnv::~RealEnv() = default;

Env RealEnv::env() { return {parts_->clock, parts_->random, parts_->files, *parts_->keys, parts_->network}; }

}  // namespace wayside::platform
