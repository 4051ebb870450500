#include "core/vault/kdf_policy.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;

// Links what ships, and no test's cheaper policy.
TEST_CASE("what ships derives keys at 512 MiB and three passes, and takes nothing below 256 MiB or above 2 GiB") {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  const vault::KdfPolicy& policy = vault::kdf_policy();
  CHECK(policy.usual.memory_bytes == 512 * kMiB);
  CHECK(policy.usual.passes == 3);
  CHECK(policy.floor.memory_bytes == 256 * kMiB);
  CHECK(policy.floor.passes == 3);
  CHECK(policy.ceiling.memory_bytes == 2048 * kMiB);
  CHECK(policy.ceiling.passes == 20);
}
