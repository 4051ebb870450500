#pragma once

#include "core/vault/audit.h"
#include "core/vault/formats.pb.h"

/// What waits to be sealed: rows of the table `audit_waiting`, made with the first entry. Only audit*.cc use this.
namespace wayside::vault::audit_waiting {

inline constexpr std::string_view kLedgers = "audit_ledgers";     ///< meta: ids of this vault's own, 16 each; the last one is written
inline constexpr std::string_view kSealed = "audit_sealed";       ///< meta: a Tip, of what stands in envelopes
inline constexpr std::string_view kNoted = "audit_noted";         ///< meta: a Tip, of all

/// Number of an entry, and the chain over all entries up to it: one that was taken out of the table or altered shows.
/// In the store: u64le number ‖ chain 32.
struct Tip {
  std::uint64_t number = 0;
  Digest chain;
  friend bool operator==(const Tip&, const Tip&) = default;
};
Result<Tip> tip(Vault& vault, std::string_view name);
Result<void> set_tip(Vault& vault, Vault::Writing& writing, std::string_view name, const Tip& tip);
Tip next(const Tip& before, BytesView entry);

struct Row { std::uint64_t number = 0; Bytes entry; };
/// Oldest first.
Result<std::vector<Row>> rows(Vault& vault);
Result<std::uint64_t> count(Vault& vault);

pb::AuditEntry encode(const AuditEntry& entry, HybridTime time);
AuditEntry decode(const pb::AuditEntry& entry);

Result<std::vector<LedgerId>> own_ledgers(Vault& vault);

}  // namespace wayside::vault::audit_waiting
