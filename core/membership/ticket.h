#pragma once

#include <string>

#include "core/base/ids.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

/// A one-time ticket: the file an admin hands to a new colleague. It is a secret; it lives in SecretBytes only.
///
///     u8 version = 1 ‖ organisation 16 ‖ root public 32 ‖ ticket 16 ‖ user 16 ‖ seed 32 ‖ office TLS pin 32 ‖
///     i64le expires ms ‖ u8 teams ‖ teams × (team 16 ‖ u32le epoch) ‖ u16le length ‖ address ‖ u16le length ‖ sealed
///
/// sealed = sealed box, to the X25519 key made from the seed, of: member key 32 ‖ teams × epoch secret 32.
/// As text: "WAYSIDE TICKET 1", base64 in lines of 64, "END".
namespace wayside::membership {

struct TicketTeam { TeamId team; std::uint32_t epoch = 0; };

struct Ticket {
  OrganisationId organisation;
  PublicKey root_public;
  TicketId ticket;
  UserId user;
  SecretBytes seed;                     ///< 32, Ed25519: signs the redeeming device's entry, and is its TLS key until then
  Digest office_pin;                    ///< SHA-256 of the office's SubjectPublicKeyInfo
  std::int64_t expires_ms = 0;
  std::vector<TicketTeam> teams;
  std::string office_address;           ///< HOST:PORT
  Bytes sealed;
};

struct TicketSecrets { SecretBytes member_key; std::vector<SecretBytes> epoch_secrets; };  ///< in the order of teams

Bytes seal_ticket_secrets(const SecretBytes& seed, const TicketSecrets& secrets);
Result<TicketSecrets> open_ticket_secrets(const Ticket& ticket);

SecretBytes ticket_text(const Ticket& ticket);
/// Errc::bad_input when it is no ticket, newer_format when it is of a later version.
Result<Ticket> parse_ticket(const SecretBytes& text);

}  // namespace wayside::membership
