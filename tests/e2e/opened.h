#pragma once

#include <memory>

#include "core/vault/vault.h"
#include "platform/real_env.h"
#include "tests/e2e/stage.h"

namespace wayside::e2e {

/// A device's vault, opened in the test's own process, for what no verb shows. The stage's command line must be the
/// cheap one, and the test links wayside_cheap_kdf_policy.
class Opened {
 public:
  Opened(const Stage& stage, const Home& home);
  vault::Vault& operator*() { return *vault_; }
  vault::Vault* operator->() { return vault_.get(); }
  platform::Env& env() { return env_; }

 private:
  platform::RealEnv real_;
  platform::Env env_;
  std::unique_ptr<vault::Vault> vault_;
};

}  // namespace wayside::e2e
