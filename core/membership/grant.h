#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/crypto/crypto.h"

/// One reader's wrapped copy of a case key: u8 version = 1 ‖ Grant (core/ledger/formats.proto).
namespace wayside::membership {

enum class ReaderKind : std::uint32_t { unknown = 0, team_epoch = 1, device = 2, recovery = 3 };

struct Grant {
  LedgerId ledger;
  KeyGenerationId key_generation;
  ReaderKind reader_kind = ReaderKind::unknown;
  Bytes reader;                     ///< 16: team, device, or organisation (for recovery)
  std::uint32_t epoch = 0;          ///< of the team
  Bytes wrap;
};

inline constexpr std::size_t kMaxGrantBytes = 512;

/// Wraps `case_key` for the holder of `reader_public`'s secret, in a box of the session. Returns the grant's bytes.
Bytes make_grant(const Grant& without_wrap, const PublicKey& reader_public, BytesView case_key, crypto::SessionBox& box);
Result<Grant> parse_grant(BytesView bytes);
GrantHash hash_of_grant(BytesView bytes);
/// Over the sorted hashes: what an announcement says of a ledger's grants.
Digest grants_digest(std::vector<GrantHash> hashes);

}  // namespace wayside::membership
