#pragma once

#include "core/membership/log.h"

/// Who may speak to the office, and what each may do. The TLS handshake has proved that the client holds its key;
/// everything else is decided here, from the signed membership.
namespace wayside::office {

enum class Standing {
  stranger,        ///< nothing: 403
  ticket,          ///< an unused, unexpired ticket: reads membership, appends the one device that redeems it
  device,          ///< a member's courier: pushes, pulls, and appends what its holder may sign
  removed_device,  ///< may push, and all of it goes to quarantine
};

struct Caller {
  Standing standing = Standing::stranger;
  DeviceId device;
  TicketId ticket;
  /// Stranger: why, where it may be said: ticket_used, ticket_expired, or refused.
  Errc refusal = Errc::refused;
};

/// `tls_key` is the Ed25519 key of the client's certificate. The office's clock decides whether a ticket has expired.
Caller admit(const membership::Log& log, const PublicKey& tls_key, std::int64_t now_ms);

/// What the office checks of an entry beyond what every device checks (membership::Log::append): a ticket holder
/// appends only its own device, no ticket is redeemed after its time, no key is claimed twice, and nothing follows an
/// entry that this version does not understand.
/// Errors: not_permitted, ticket_expired, already_exists, newer_format.
Result<void> may_append(const membership::Log& log, const Caller& caller, const membership::SignedEntry& entry,
                        std::int64_t now_ms);

/// The same of an entry that the office had once and lost, from a device that holds it. Its ticket is judged by what it was
/// then: it had not run out when the backup was made (`backup_ms`), nor at the time that the entry itself names. So a
/// ticket found years later opens nothing, and a device that joined in what was lost is not shut out by a clock.
Result<void> may_give_back(const membership::Log& log, const membership::SignedEntry& entry, std::int64_t backup_ms);

/// Whether an error of an append says something of the entry; every other one is a failure of the office's own.
bool speaks_of_the_entry(Errc code);

/// Teams whose ledgers a user's devices get. None for somebody without a role.
std::vector<TeamId> reading_teams(const membership::Log& log, const UserId& user);

}  // namespace wayside::office
