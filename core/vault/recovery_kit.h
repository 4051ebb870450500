#pragma once

#include <optional>
#include <vector>

#include "core/vault/vault.h"

/// What was done with paper: this vault's recovery kits, and the organisation's pages. Making one and opening with one (Vault::make_kit, Vault::recover) are
/// recorded in the store before the header changes, so that no use goes unseen; the record is sealed like all else.
namespace wayside::vault {

struct KitUse {
  std::int64_t time_ms = 0;
  bool newest_kit = false;        ///< of the kit that opens the vault now; else of one that was replaced
};
struct KitStanding {
  bool there = false;             ///< a kit opens this vault
  std::int64_t made_ms = 0;       ///< 0: not known
  std::vector<KitUse> uses;       ///< oldest first, of the last 200 events
  std::vector<std::int64_t> pages_used_ms{};   ///< the organisation's pages, on this device
};
Result<KitStanding> kit_standing(Vault& vault);

/// Opening cases here with the organisation's pages; recorded before the first is opened.
Result<void> record_pages_used(Vault& vault);

/// How long everybody who opens the vault is told of a use.
inline constexpr std::int64_t kTellUse_ms = std::int64_t{30} * 24 * 60 * 60 * 1000;

}  // namespace wayside::vault
