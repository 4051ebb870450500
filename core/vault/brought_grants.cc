#include "core/vault/brought_grants.h"

#include "core/ledger/envelope.h"

namespace wayside::vault {

Result<std::vector<BroughtGrants>> brought_grants(Vault& vault, const ledger::LedgerRow& ledger) {
  const membership::Log& log = vault.membership();
  std::vector<BroughtGrants> out;
  store::Query rows = vault.store().database().query(
      "SELECT grants, sealed FROM envelopes WHERE ledger = ?1 AND grants != x'' UNION ALL "
      "SELECT grants, sealed FROM quarantine WHERE ledger = ?2 AND why = ?3 AND grants != x''",
      ledger.n, ledger.id, static_cast<std::int64_t>(Errc::removed));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const auto envelope = ledger::parse_envelope(rows.blob(1));
    const auto head = envelope ? log.number_of(envelope->header.membership_head) : std::nullopt;
    const membership::DeviceInfo* device = envelope ? log.device(envelope->header.device) : nullptr;
    if (head && device != nullptr) out.push_back({ledger::unpack_grants(rows.blob(0)), envelope->header.device, device->entry.user, *head});
  }
}

}  // namespace wayside::vault
