#include "core/vault/kdf_policy.h"

namespace wayside::vault {

const KdfPolicy& kdf_policy() {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  static constexpr KdfPolicy kPolicy{.usual = {512 * kMiB, 3}, .floor = {256 * kMiB, 3}, .ceiling = {2048 * kMiB, 20}};
  return kPolicy;
}

}  // namespace wayside::vault
