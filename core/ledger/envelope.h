#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include "platform/env.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

/// One change-set as it is stored, sent and verified:
///
///     u8 version = 1 ‖ u32le header length ‖ header ‖ u32le ciphertext length ‖ ciphertext ‖ 64 bytes signature
///
/// header      EnvelopeHeader (formats.proto); its last field is `commit`
/// (key, commit) = BLAKE2b-512 keyed with the case key over domain ‖ header without commit
/// ciphertext  XChaCha20-Poly1305 of (u32le length ‖ zstd frame ‖ zeros up to the padded size); the header is associated data
/// id          BLAKE2b-256(domain ‖ u32le header length ‖ header ‖ ciphertext)
/// signature   Ed25519 by the device over the id. Nothing but the signature lies outside the id.
namespace wayside::ledger {

inline constexpr std::size_t kMaxEnvelopeBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxChangeSetBytes = std::size_t{1} << 20;   ///< before compression
inline constexpr std::uint8_t kEnvelopeVersion = 1;

struct Header {
  std::uint32_t suite = 1;
  OrganisationId organisation;
  LedgerId ledger;
  DeviceId device;
  IncarnationId incarnation;
  std::uint64_t seq = 0;                        ///< 1, 2, 3 … per (device, incarnation, ledger)
  std::optional<EnvelopeId> prev;               ///< nothing at seq 1
  KeyGenerationId key_generation;
  EntryHash membership_head;
  std::vector<Digest> blobs;
  std::vector<GrantHash> grants;                ///< of the grants that travel with it
};

/// What anybody can read from an envelope without a key. Views point into the bytes it was parsed from.
struct ParsedEnvelope {
  Header header;
  EnvelopeId id;
  Signature signature;
  BytesView header_bytes;
  BytesView ciphertext;
  BytesView nonce;
  Digest commit;
};

/// Errc::bad_input (with what is wrong), Errc::too_large, or Errc::newer_format for another version byte.
/// Everything is bounded by kMaxEnvelopeBytes; the signature is not checked here.
Result<ParsedEnvelope> parse_envelope(BytesView bytes);

bool signed_by(const ParsedEnvelope& envelope, const PublicKey& device);

struct Sealed { EnvelopeId id; Bytes bytes; };

/// Compresses, pads, encrypts and signs. Errc::too_large when the change-set or the envelope would pass its limit.
Result<Sealed> seal_envelope(const Header& header, BytesView change_set, BytesView case_key,
                             const crypto::Signer& device, platform::Random& random);

/// The change-set's bytes. Errc::no_key when the key is not the one committed to; Errc::corrupt otherwise.
Result<Bytes> open_envelope(const ParsedEnvelope& envelope, BytesView case_key);

/// The office's chain over a ledger: BLAKE2b-256("wayside/ledger-head/1" ‖ previous head, 32 zero bytes at first ‖ envelope id).
Digest next_head(const Digest& previous, const EnvelopeId& envelope);

/// Padmé (Nikitin et al., PETS 2019) over at least 512 bytes: lengths leak O(log log n) bits.
std::size_t padded_size(std::size_t bytes);

}  // namespace wayside::ledger
