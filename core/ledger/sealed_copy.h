#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include "platform/env.h"
#include "platform/result.h"

/// One envelope with the wraps that travelled with it, sealed so that the organisation's office alone can open it: not even
/// the device that sealed it (core/vault/kept_copies.h says what for).
///
///     u8 version = 1 ‖ envelope id 32 ‖ ephemeral public 32 ‖ nonce 24 ‖ commit 32 ‖ AEAD(key, nonce, all before it, content)
///     content = u32le length ‖ envelope ‖ its wraps, u32le length ‖ bytes each
///
/// The key comes of what the ephemeral key and the office's signing key agree on (X25519 of both), and is bound to the
/// organisation, the envelope's id and both keys.
namespace wayside::ledger {

inline constexpr std::uint8_t kSealedCopyVersion = 1;
inline constexpr std::size_t kSealedCopyHeadBytes = 1 + 32 + 32 + crypto::kNonceBytes + 32;
/// No envelope with the wraps that an office takes makes a longer one.
inline constexpr std::size_t kMaxSealedCopyBytes = std::size_t{1} << 21;

/// Seals any number of copies with one ephemeral key, whose secret is wiped with this object.
class CopySealer {
 public:
  /// `office`: its Ed25519 key, which the membership log names. Errc::no_key when it is no public key.
  static Result<CopySealer> to(const PublicKey& office, const OrganisationId& organisation, platform::Random& random);
  /// Errc::too_large.
  [[nodiscard]] Result<Bytes> seal(const EnvelopeId& id, BytesView envelope, const std::vector<Bytes>& grants);

 private:
  CopySealer(const PublicKey& office, const OrganisationId& organisation, const PublicKey& ephemeral, SecretBytes agreed, platform::Random& random)
      : office_(office), organisation_(organisation), ephemeral_(ephemeral), agreed_(std::move(agreed)), random_(&random) {}

  PublicKey office_;
  OrganisationId organisation_;
  PublicKey ephemeral_;
  SecretBytes agreed_;
  platform::Random* random_;
};

struct Copied {
  Bytes envelope;
  std::vector<Bytes> grants;
};

/// With the office's signing seed. The envelope in it has the id that the copy names, unless it is of a newer version, which is
/// kept unread; whether it is what it says is for the office to judge as of any other. Errors: bad_input (not a sealed copy),
/// newer_format, too_large, no_key (sealed to another office's key, or for another organisation), corrupt.
Result<Copied> open_copy(const SecretBytes& office_seed, const OrganisationId& organisation, BytesView sealed);

/// What stands inside, from whoever sealed it. Errc::bad_input.
Result<Copied> read_copied(BytesView content);

}  // namespace wayside::ledger
