#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>

#include "core/base/ids.h"
#include "platform/env.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

/// libsodium behind types. No algorithm of our own.
namespace wayside::crypto {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSealOverheadBytes = 48;

/// A 32-byte secret for the length of a call: on the stack, wiped when it ends, neither copied nor printed.
/// What lives longer is a SecretBytes.
class Key {
 public:
  Key() = default;
  ~Key();
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  static Result<Key> from(BytesView bytes);          ///< Errc::corrupt unless 32 bytes
  static Key random(platform::Random& random);
  [[nodiscard]] unsigned char* data() { return bytes_.data(); }
  [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }
  [[nodiscard]] BytesView view() const { return {reinterpret_cast<const char*>(bytes_.data()), kKeyBytes}; }
  [[nodiscard]] SecretBytes to_secret() const;

 private:
  std::array<unsigned char, kKeyBytes> bytes_{};
};

// ---- Hashing: BLAKE2b, always with a domain ("wayside/envelope/1"), so that no two uses can be confused ----

Digest hash(std::string_view domain, std::initializer_list<BytesView> parts);
Digest keyed_hash(BytesView key, std::string_view domain, std::initializer_list<BytesView> parts);
/// BLAKE2b-512 keyed with `key`, split: an encryption key and a commitment to it.
struct Committed { Key key; Digest commit; };
Committed derive_committed(BytesView key, std::string_view domain, std::initializer_list<BytesView> parts);

// ---- XChaCha20-Poly1305 ----

Bytes aead_seal(BytesView key, BytesView nonce, BytesView associated, BytesView plaintext);
/// Errc::corrupt when the tag does not fit.
Result<Bytes> aead_open(BytesView key, BytesView nonce, BytesView associated, BytesView sealed);
/// The same for plaintext that is itself a secret.
Result<SecretBytes> aead_open_secret(BytesView key, BytesView nonce, BytesView associated, BytesView sealed);

// ---- Padding (ISO 7816-4), so that a length says less ----

/// To the next multiple of `block` bytes; always at least one byte more.
Bytes pad(BytesView plaintext, std::size_t block);
std::optional<Bytes> unpad(BytesView padded, std::size_t block);

// ---- Ed25519 ----

PublicKey sign_public(const SecretBytes& seed);
Signature sign(const SecretBytes& seed, BytesView message);
/// Signs often with one key: expands the seed once, where `sign` does it each time (as much work as signing itself).
class Signer {
 public:
  explicit Signer(const SecretBytes& seed);
  [[nodiscard]] Signature sign(BytesView message) const;

 private:
  SecretBytes expanded_;
};
bool verify(const PublicKey& signer, BytesView message, const Signature& signature);

// ---- X25519 sealed boxes ----

struct BoxPair { PublicKey public_key; SecretBytes secret; };
BoxPair new_box_pair(platform::Random& random);
PublicKey box_public(const SecretBytes& secret);
Bytes seal_to(const PublicKey& reader, BytesView plaintext);
/// Errc::no_key when it was sealed to another reader or changed.
Result<SecretBytes> open_sealed(const PublicKey& reader, const SecretBytes& secret, BytesView sealed);

/// What two Ed25519 key pairs agree on, by the X25519 form of their keys: the same from either side, and known to nobody else.
/// Never a key by itself: keyed_hash makes one of it, with a domain. Errc::no_key when `other` is no public key.
Result<SecretBytes> agree(const SecretBytes& own_seed, const PublicKey& other);

/// The same promise for many small boxes in a row: one ephemeral key pair for as long as this lives, instead of one a box.
///
///     sealed = ephemeral public 32 ‖ nonce 24 ‖ crypto_box (X25519, XSalsa20-Poly1305): 72 bytes more than the plaintext
///
/// The ephemeral secret and what was agreed from it are wiped with this object. Boxes of one session can be told to be
/// of one session, as their envelopes can by the device they name.
class SessionBox {
 public:
  explicit SessionBox(platform::Random& random);
  Bytes seal_to(const PublicKey& reader, BytesView plaintext);

 private:
  platform::Random& random_;
  BoxPair ephemeral_;
  std::map<PublicKey, SecretBytes> agreed_;
};
inline constexpr std::size_t kSessionBoxOverheadBytes = 32 + 24 + 16;

/// Opens such boxes for one reader; agrees once with each session it meets.
class SessionBoxReader {
 public:
  /// `secret` is the reader's X25519 secret and outlives this.
  explicit SessionBoxReader(const SecretBytes& secret) : secret_(&secret) {}
  /// Errc::no_key when it was sealed to another reader or changed.
  Result<SecretBytes> open(BytesView sealed);

 private:
  const SecretBytes* secret_;
  std::map<PublicKey, SecretBytes> agreed_;
};

// ---- Argon2id ----

struct KdfCost { std::uint64_t memory_bytes; std::uint32_t passes; };
/// Errc::out_of_memory when the memory cannot be had.
Result<SecretBytes> argon2id(const SecretString& passphrase, BytesView salt16, KdfCost cost);

SecretBytes random_secret(platform::Random& random, std::size_t size);
Bytes random_bytes(platform::Random& random, std::size_t size);

}  // namespace wayside::crypto
