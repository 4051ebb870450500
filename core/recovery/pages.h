#pragma once

#include <array>

#include "core/recovery/recovery_page.h"

/// The other two pages that people print: a share of the organisation's secrets, and the kit of one vault. Both are a few
/// sentences and typed lines (typed_lines.h), whose bytes are
///
///     share  version 1 ‖ kind 2 ‖ number 1 ‖ needed 1 ‖ of 1 ‖ set 5 ‖ organisation 16 ‖ day u32be ‖ part 64 ‖ proof 16
///     kit    version 1 ‖ kind 1 ‖ slot 2 ‖ code 16
///
/// day: days since 1970. proof: BLAKE2b keyed with the two secrets over all before it, so that nobody without them makes
/// a page that fits. Titles and sentences need not be typed in again.
namespace wayside::recovery {

inline constexpr std::size_t kShares = 3, kSharesNeeded = 2;
inline constexpr std::size_t kPartBytes = 64;     ///< root seed ‖ recovery secret
inline constexpr std::size_t kProofBytes = 16;
inline constexpr std::size_t kCodeBytes = 16;

struct Share {
  OrganisationId organisation;
  Id<struct ShareSetTag, 5> set;                  ///< pages of one set fit together
  unsigned number = 0;                            ///< 1 to kShares
  std::uint32_t day = 0;
  SecretBytes part;
  SecretBytes proof;
};

/// What the proof covers.
SecretBytes proven_bytes(const Share& share);
SecretBytes share_text(const Share& share);
/// Errc::bad_input names the lines that are wrong, or the other kind of page that it is; Errc::newer_format.
Result<Share> parse_share(const SecretBytes& text);

/// Opens one vault without its passphrase and without its device's secret.
struct Kit {
  Id<struct SlotMarkTag, 2> slot;                 ///< the beginning of the name of the key slot that it opens
  SecretBytes code;
};

/// `device` is what the worker calls the vault.
SecretBytes kit_text(const Kit& kit, std::string_view device, std::int64_t now_ms);
/// As parse_share.
Result<Kit> parse_kit(const SecretBytes& text);

}  // namespace wayside::recovery
