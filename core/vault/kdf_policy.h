#pragma once

#include "core/crypto/crypto.h"

namespace wayside::vault {

/// What key derivation may cost. Programs that ship link kdf_policy.cc; test programs link a cheaper one instead
/// (tests/support/cheap_kdf_policy.cc), so that no shipped program holds a way below the floor.
struct KdfPolicy {
  crypto::KdfCost usual;     ///< for a new slot
  crypto::KdfCost floor;     ///< below it a header is refused, whoever wrote it
  crypto::KdfCost ceiling;   ///< above it too: a header must not be able to exhaust the machine
};

const KdfPolicy& kdf_policy();

}  // namespace wayside::vault
