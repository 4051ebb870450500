#pragma once

#include <optional>

#include "core/crypto/crypto.h"

/// One file on a stick: a message between one device and its office that nobody else can tell from random bytes.
///
///     nonce 24 ‖ AEAD(key of the direction, nonce, nothing, head 48) ‖ AEAD(key of the file, nonce, sealed head, padded message)
///     head = u8 version = 1 ‖ u8 kind ‖ u16le 0 ‖ u32le number ‖ about 32 ‖ u32le length of the message ‖ u32le padding
///
/// The padding ends at the Padmé length of max(message, kLeastPadded), and then a random length on: by its size alone a file
/// is no more than a file, where lengths out of a short list would say whose program wrote it.
///
/// Not a sealed box: that would begin with a point of a curve, whose top bit is always 0, and a few dozen files would show
/// what they are. Both ends know each other's keys, so nothing has to stand in the clear: they agree on a secret from
/// the device's courier key and the office's signing key (X25519 of both). A reader finds what is for it by trying 88 bytes.
namespace wayside::stick {

/// Who writes to whom. The keys are Ed25519; `office` is the one that signs its heads.
struct Pair {
  OrganisationId organisation;
  DeviceId device;
  PublicKey office;
  PublicKey courier;
};

enum class Direction : std::uint8_t { to_office = 1, to_device = 2 };

inline constexpr std::size_t kHeadBytes = 24 + 48 + 16;

/// What its reader sees of a file without reading all of it. It says what the file is about, and its signed message decides.
struct Label {
  std::uint8_t kind = 0;
  std::uint32_t number = 0;
  Digest about;

  friend bool operator==(const Label&, const Label&) = default;
};

struct Head {
  Label label;
  std::uint32_t length = 0;      ///< of the message
  std::uint32_t padding = 0;
  [[nodiscard]] std::uint64_t file_bytes() const;
  crypto::Key key;
};

/// The keys of one pair.
class Seals {
 public:
  /// `own_seed` is the courier's or the office's. Errc::no_key when the other's is no public key.
  static Result<Seals> between(const Pair& pair, const SecretBytes& own_seed);

  /// Errc::too_large over wire::kMaxStickMessageBytes.
  [[nodiscard]] Result<Bytes> seal(Direction direction, const Label& label, BytesView message, platform::Random& random) const;
  /// Of the first kHeadBytes of a file. Nothing when it is not of this pair and direction.
  [[nodiscard]] std::optional<Head> open_head(Direction direction, BytesView first) const;

  [[nodiscard]] const Pair& pair() const { return pair_; }

 private:
  Seals(const Pair& pair, crypto::Key to_office, crypto::Key to_device)
      : pair_(pair), to_office_(std::move(to_office)), to_device_(std::move(to_device)) {}

  Pair pair_;
  crypto::Key to_office_, to_device_;
};

/// The message of a whole file whose head was opened. Errc::corrupt when it is torn or changed.
Result<Bytes> open_message(const Head& head, BytesView file);

}  // namespace wayside::stick
