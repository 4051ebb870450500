#pragma once

#include "platform/env.h"
#include "platform/result.h"

/// Names of people, teams and devices, as the membership log holds them: readable by members, not by the office.
///
///     u8 version = 1 ‖ nonce 24 ‖ XChaCha20-Poly1305 of (u16le length ‖ UTF-8 ‖ zeros), padded to 64, 128 or 192 bytes
///
/// The padding leaves three lengths to be seen. The domain "wayside/name/1" is the associated data.
namespace wayside::membership {

inline constexpr std::size_t kMaxNameBytes = 190;
inline constexpr std::size_t kMaxSealedNameBytes = 1 + 24 + 192 + 16;

/// `member_key` is the 32-byte key that all members of an organisation share.
/// Errc::bad_input when the name is empty or no UTF-8 text, Errc::too_large over kMaxNameBytes.
Result<Bytes> seal_name(BytesView member_key, std::string_view name, platform::Random& random);

/// Errc::corrupt when it was sealed under another key, or changed; Errc::newer_format for a later version byte.
Result<std::string> open_name(BytesView member_key, BytesView sealed);

}  // namespace wayside::membership
