#pragma once

#include "core/base/ids.h"
#include "core/membership/log.h"
#include "core/packs/pack.h"
#include "platform/secret_bytes.h"

/// A pack as it travels: readable by members, not by the office.
///
///     u8 version = 1 ‖ nonce 24 ‖ XChaCha20-Poly1305 of (u32le length ‖ zstd frame of PackFiles ‖ zeros), in steps of 1 KiB
///
/// under the member key; the domain "wayside/pack/1" is the associated data. A membership entry of kind `pack` holds it.
///
/// As a file, signed by the device of the administrator who made it:
///
///     "WSPACK" ‖ 00 ‖ u8 version = 1 ‖ organisation 16 ‖ device 16 ‖ u32le length ‖ sealed ‖ signature 64
namespace wayside::packs {

/// A membership entry has at most 64 KiB; the rest of it needs less than 1.
inline constexpr std::size_t kMaxSealedBytes = std::size_t{62} << 10;

/// Errc::too_large when it does not fit in a membership entry: then it wants to be two packs.
Result<Bytes> seal(BytesView member_key, const Pack& pack, platform::Random& random);
/// Errc::corrupt, newer_format, bad_input, too_large.
Result<Pack> open(BytesView member_key, BytesView sealed);
/// What a membership entry says of it.
membership::Pack entry_of(BytesView sealed);

struct SignedPack {
  OrganisationId organisation;
  DeviceId device;
  Bytes sealed;
  Signature signature;
};

SignedPack sign(const OrganisationId& organisation, const DeviceId& device, const SecretBytes& device_seed, Bytes sealed);
Bytes encode(const SignedPack& pack);
/// Errc::bad_input when it is none, newer_format.
Result<SignedPack> parse_signed(BytesView bytes);
/// Whether an administrator's device of this organisation signed it: bad_input, not_a_member, not_permitted, bad_signature.
Result<void> check_signer(const SignedPack& pack, const membership::Log& log);

}  // namespace wayside::packs
