#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/membership/ticket.h"
#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

struct JoinRequest {
  platform::Path home;
  platform::Path ticket_file;
  std::string device_name;
  std::string address;  ///< overrides the ticket's; empty: the ticket's
};

/// Makes the line to an office for one TLS key: a CourierLine, but for tests. The key outlives the line.
using OpenLine =
    std::function<std::unique_ptr<MembershipLine>(const CourierLine::Office&, const SecretBytes& tls_seed)>;

/// Reads a ticket file. Errc::bad_input, newer_format, not_found.
Result<membership::Ticket> read_ticket(platform::Files& files, const platform::Path& file);

/// Redeems a ticket: a vault in `home`, this device in the membership log, the log in the vault, the spool ready for a
/// courier, and the ticket file gone.
///
/// The vault is made first, so that a crash after the office has admitted the device loses nothing: joining again with
/// the same ticket and passphrase goes on where it stopped, whatever had been done.
/// Errors: ticket_expired, ticket_used (by another device), ticket_unknown, unreachable, wrong_office (also: the log
/// was founded by another root than the ticket names), already_exists (another vault is there), wrong_passphrase (the
/// vault of the first try has another), corrupt …
Result<std::unique_ptr<vault::Vault>> join(platform::Env& env, const JoinRequest& request,
                                           const SecretString& passphrase, const OpenLine& open_line);

}  // namespace wayside::enrol
