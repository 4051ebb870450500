#pragma once

#include <vector>

#include "core/vault/vault.h"

/// Whom this device has invited and who is yet to begin: for her a snapshot is published with the next reconcile
/// (snapshot.h), by the device that invited her and by no other, so that a team does not publish as often as it has members.
namespace wayside::vault {

/// Fewer cases come as quickly one by one.
inline constexpr std::int64_t kWorthASnapshot = 200;
/// What came since an older one is a long tail.
inline constexpr std::int64_t kOldSnapshot_ms = std::int64_t{7} * 24 * 60 * 60 * 1000;

/// Where a snapshot would be worth it now; a team that is only being filled publishes none behind every import. Durable when it returns.
Result<void> expect_newcomer(Vault& vault, const TeamId& team);

/// `wants_snapshot`: the team has at least kWorthASnapshot cases, and none was published here for a newcomer since kOldSnapshot_ms.
struct Newcomers { TeamId team; bool wants_snapshot = false; };
/// Own teams with somebody expected.
Result<std::vector<Newcomers>> newcomers(Vault& vault);
/// Nobody is expected in that team any more. `published`: since a snapshot stands there for her.
Result<void> newcomer_served(Vault& vault, const TeamId& team, bool published);

}  // namespace wayside::vault
