#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "core/membership/role.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

/// One entry of the membership log:
///
///     u8 version = 1 ‖ u32le body length ‖ body ‖ 64 bytes signature
///
/// body  EntryBody (formats.proto); hash = BLAKE2b-256(domain ‖ body); the signature covers the hash.
/// The hash of the newest entry is the log's head.
namespace wayside::membership {

inline constexpr std::size_t kMaxEntryBytes = std::size_t{64} << 10;

enum class SignerKind : std::uint32_t { unknown = 0, root = 1, device = 2, ticket = 3 };

struct Found { PublicKey root_public, recovery_public; LedgerId organisation_ledger; Bytes sealed_name; };
struct Team { TeamId team; Bytes sealed_name; LedgerId ledger; };
struct DeviceWrap { DeviceId device; Bytes sealed; };
struct Epoch {
  TeamId team;
  std::uint32_t number = 0;
  PublicKey public_key;             ///< X25519
  std::vector<DeviceWrap> wraps;    ///< its secret, for each device of the team
  Bytes previous_secret;            ///< the epoch before, encrypted under this one
  std::vector<TicketId> tickets;    ///< redeemed or expired since
};
struct TicketEntry {
  TicketId ticket;
  PublicKey public_key;             ///< Ed25519, one-time
  UserId user;
  Bytes sealed_name;
  Role role = Role::none;
  std::vector<TeamId> teams;
  std::int64_t expires_ms = 0;
};
struct DeviceEntry {
  DeviceId device;
  IncarnationId incarnation;
  PublicKey sign_public, box_public, courier_public;
  UserId user;
  std::optional<TicketId> ticket;   ///< nothing when the root admits it (solo)
  Bytes sealed_name;
  Signature proof;                  ///< by the device's own key, over device_proof_message()
  Role role = Role::none;           ///< solo only
  std::vector<TeamId> teams;        ///< solo only
};
struct RoleEntry { UserId user; Role role = Role::none; std::optional<TeamId> team; bool leaves = false; Bytes pin; };
struct Removal { std::optional<DeviceId> device; std::optional<UserId> user; Bytes sealed_reason; Bytes pin; };
struct Countersign { std::vector<EnvelopeId> envelopes; bool accept = false; Bytes sealed_reason; };
struct Branch { EntryHash kept, refused; };
struct Erase { LedgerId ledger; Bytes sealed_reason; };
struct OfficeKey { Digest tls_pin; PublicKey sign_public; std::string address; };
/// `name` and `version` stay empty: they stand in `sealed`, which the office cannot read (core/packs/sealed.h).
struct Pack { std::string name; std::uint32_t version = 0; Digest hash; Bytes sealed{}; };
/// A case is not shared with `team` any more; what its members had written that counts is pinned. `readers` go on reading.
struct Withdraw { LedgerId ledger; TeamId team; std::vector<TeamId> readers; Bytes sealed_reason; Bytes pin; };
/// From here on a case is read by these workers alone, or by its whole team again. `ledgers`: its own first, then its compartments.
struct Restrict { std::vector<LedgerId> ledgers; std::vector<UserId> users; Bytes sealed_reason; Bytes pin; };
inline constexpr std::size_t kMostNamed = 24;   ///< whose devices one envelope can carry grants for
struct UnknownKind {};              ///< written by a newer version: kept, and stops further appends

using EntryKind = std::variant<UnknownKind, Found, Team, Epoch, TicketEntry, DeviceEntry, RoleEntry, Removal,
                               Countersign, Branch, Erase, OfficeKey, Pack, Withdraw, Restrict>;

/// The least role of a device's holder that may sign each kind, by its index in EntryKind. A log checks it when an entry is
/// read, and whoever writes one before signing. Not in here: founding (the root alone), a device (its ticket or the root).
inline constexpr std::array<Role, std::variant_size_v<EntryKind>> kLeastRole = {
    Role::admin,   // of a kind that a newer version knows
    Role::admin,   // found
    Role::admin,   // team
    Role::admin,   // epoch
    Role::admin,   // ticket
    Role::admin,   // device
    Role::admin,   // role
    Role::admin,   // removal
    Role::admin,   // countersign
    Role::admin,   // branch
    Role::admin,   // erase: a manager asks, an administrator signs
    Role::admin,   // office key
    Role::admin,   // pack
    Role::manager, // withdraw: it has to be quick, and takes nothing from the organisation
    Role::manager, // restrict: of a case that is restricted already, one who is named
};
inline bool may_sign(Role role, const EntryKind& kind) { return role >= kLeastRole[kind.index()]; }

struct Entry {
  OrganisationId organisation;
  std::uint64_t number = 0;
  std::optional<EntryHash> previous;
  std::int64_t time_ms = 0;
  SignerKind signer_kind = SignerKind::unknown;
  Bytes signer;                     ///< 16: device or ticket; empty for the root
  EntryKind kind;
};

struct SignedEntry {
  Entry entry;
  EntryHash hash;
  Signature signature;
  Bytes bytes;                      ///< as sent
};

/// Encodes and signs.
SignedEntry sign_entry(const Entry& entry, const SecretBytes& signer_seed);
Result<SignedEntry> parse_entry(BytesView bytes);
bool signed_by(const SignedEntry& entry, const PublicKey& signer);

/// What a device signs with its own key, to prove that it holds what it names.
Bytes device_proof_message(const OrganisationId& organisation, const DeviceEntry& device);

}  // namespace wayside::membership
