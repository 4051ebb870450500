#pragma once

#include "sync/stick/messages.h"
#include "tests/support/fake_env.h"

namespace wayside::support {

/// Both ends of one correspondence.
struct Ends {
  explicit Ends(std::uint64_t seed = 1)
      : random(seed), office_seed(crypto::random_secret(random, 32)), courier_seed(crypto::random_secret(random, 32)),
        pair{OrganisationId::random(random), DeviceId::random(random), crypto::sign_public(office_seed), crypto::sign_public(courier_seed)} {}

  [[nodiscard]] stick::Seals office() const { return *stick::Seals::between(pair, office_seed); }
  [[nodiscard]] stick::Seals device() const { return *stick::Seals::between(pair, courier_seed); }

  FakeRandom random;
  SecretBytes office_seed, courier_seed;
  stick::Pair pair;
};

}  // namespace wayside::support
