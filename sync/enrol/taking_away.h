#pragma once

#include <string>
#include <vector>

#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

/// Taking rights away, and deciding about what was written meanwhile. All of it is an administrator's, online: entries
/// are signed against the head just fetched. Reconcile first: what is pinned is what this vault has accepted by then.
namespace wayside::enrol {

struct RightsTaken {
  std::vector<DeviceId> devices;      ///< whose right it was
  std::vector<TeamId> renewed;        ///< teams that have a new epoch now, which those devices were not given
  std::uint64_t pinned = 0;           ///< ledgers in which their work counts as far as it was accepted
};

/// First a new epoch for each team that the device reads, then the entry that removes it: at no moment is anything new
/// written under a key that it holds. Its work so far counts; what comes later is kept apart until somebody decides.
/// Errors: not_permitted (no administrator, or not in one of the device's teams), usage (this very device; the last
/// administrator of the organisation or of a team), not_found, already_exists (removed before), too_large (the reason),
/// unreachable …
Result<RightsTaken> remove_device(vault::Vault& vault, const DeviceId& device, const std::string& reason, MembershipLine& line);
/// With all her devices and her unused tickets.
Result<RightsTaken> remove_user(vault::Vault& vault, const UserId& user, const std::string& reason, MembershipLine& line);

/// A lower role takes a right to write, so it is pinned; it reads what it read before, so no key changes.
Result<RightsTaken> change_role(vault::Vault& vault, const UserId& user, membership::Role role, MembershipLine& line);
Result<RightsTaken> leave_team(vault::Vault& vault, const UserId& user, const TeamId& team, MembershipLine& line);

/// The administrator's word about envelopes of one device that are kept apart; it counts on every device. Accepting is for
/// late work only: nobody can vouch for what was forged. Errors: usage, and those above.
Result<void> decide(vault::Vault& vault, const DeviceId& device, const std::vector<EnvelopeId>& envelopes, bool accept,
                    const std::string& reason, MembershipLine& line);

/// Gives a team a new epoch when one of its devices lacks the newest: it joined with a ticket from before. Asks nobody
/// when there is no such team. How many were renewed.
Result<std::size_t> renew_epochs(vault::Vault& vault, MembershipLine& line);

}  // namespace wayside::enrol
