#include "core/vault/kdf_policy.h"

namespace wayside::vault {

/// For tests alone: milliseconds instead of seconds, and no floor worth the name.
const KdfPolicy& kdf_policy() {
  static constexpr KdfPolicy kPolicy{.usual = {1 << 16, 1}, .floor = {1 << 13, 1}, .ceiling = {std::uint64_t{2048} << 20, 20}};
  return kPolicy;
}

}  // namespace wayside::vault
