#pragma once

#include <string>

#include "core/membership/role.h"
#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

struct InviteRequest {
  membership::Role role = membership::Role::none;
  std::string team{};    ///< empty: the inviter's only team. A new name makes that team, with the inviter in it
  std::string user{};    ///< a member's name: one more device of hers. Empty: somebody new, named by role
  platform::Path out{};  ///< the ticket; never replaces a file
};

struct Invited {
  std::string user, team;
  bool known_user = false, new_team = false;
  std::int64_t expires_ms = 0;
};

/// Makes a ticket: pre-signs it into the membership log, then writes its file (0600, a secret). The entries are signed
/// with this device's key against the head just fetched, and stand in the vault's own log once the office took them.
/// Errors: unreachable (nothing was promised to anybody), not_permitted (not an administrator, or no office), usage
/// (several teams and none named), no_key (a team whose key this device lacks), already_exists (the file) …
Result<Invited> invite(vault::Vault& vault, const InviteRequest& request, MembershipLine& line);

}  // namespace wayside::enrol
