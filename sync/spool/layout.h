#pragma once

#include <optional>
#include <string>

#include "core/base/ids.h"
#include "platform/env.h"

/// What a spool is on disk. It holds sealed envelopes, wraps, ids and counters: nothing that opens a case, so a courier
/// works while the vault is locked. One writer each:
///
///     outbox/00000001.seg …   the vault's     envelopes to send, in order
///     folded.seg              the vault's     how far it has folded the inbox
///     office                  the vault's     OfficeAddress: where and whom
///     parts                   the vault's     addresses of attachments' parts to send; there while there are any
///     receipt                 the vault's     what it has seen of the office's ledgers, signed; there while the office lacks it
///     carry_list              the vault's     ledgers that this device carries, or does not; there unless it carries all
///     stick                   the courier's   what was asked over a stick and is not answered yet; once one was used
///     courier.key             the vault's     32 bytes: the Ed25519 seed of this device's TLS certificate
///     inbox/00000001.seg …    the courier's   pages as the office gave them
///     cursors.seg             the courier's   where it stands with the office
///     last_run                the courier's   how the newest run ended that nobody watched
///     courier.lock            the courier's   held while one is at work
namespace wayside::spool {

struct Layout {
  explicit Layout(platform::Path folder) : root(std::move(folder)) {}
  platform::Path root;
  [[nodiscard]] platform::Path outbox() const { return root / "outbox"; }
  [[nodiscard]] platform::Path inbox() const { return root / "inbox"; }
  [[nodiscard]] platform::Path cursors() const { return root / "cursors.seg"; }
  [[nodiscard]] platform::Path folded() const { return root / "folded.seg"; }
  [[nodiscard]] platform::Path office() const { return root / "office"; }
  [[nodiscard]] platform::Path parts() const { return root / "parts"; }
  [[nodiscard]] platform::Path receipt() const { return root / "receipt"; }
  [[nodiscard]] platform::Path carry_list() const { return root / "carry_list"; }
  [[nodiscard]] platform::Path stick() const { return root / "stick"; }
  [[nodiscard]] platform::Path courier_key() const { return root / "courier.key"; }
  [[nodiscard]] platform::Path last_run() const { return root / "last_run"; }
  [[nodiscard]] platform::Path courier_lock() const { return root / "courier.lock"; }
};

/// Where the office is found and whom it must prove to be. No secret.
struct Office {
  std::string address;          ///< HOST:PORT
  Digest tls_pin;               ///< SHA-256 of its SubjectPublicKeyInfo
  OrganisationId organisation;
  DeviceId device;              ///< ours
  PublicKey courier_public;     ///< ours
  /// Whose answers in files it must sign. Nothing: the vault has not been opened since an earlier version wrote this.
  std::optional<PublicKey> sign_public{};
};

/// Durable when it returns; a reader finds the old one or the new, whole.
Result<void> write_office(platform::Files& files, const Layout& layout, const Office& office);
/// Errc::not_found when this device has no office; corrupt, newer_format.
Result<Office> read_office(platform::Files& files, const Layout& layout);

/// Durable, 0600. `seed` is 32 bytes.
Result<void> write_courier_key(platform::Files& files, const Layout& layout, const SecretBytes& seed);
/// Errc::not_found, corrupt (not 32 bytes).
Result<SecretBytes> read_courier_key(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
