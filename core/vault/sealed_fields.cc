#include "core/vault/sealed_fields.h"

#include "core/ledger/sealed_values.h"
#include "core/vault/refold.h"

namespace wayside::vault {
namespace {

/// Two devices may have made a ledger for the same compartment while apart, so each is looked into.
Result<std::optional<SecretBytes>> key_of(Vault& vault, const std::vector<ledger::LedgerRow>& ledgers, const ledger::SealedValues& block) {
  for (const ledger::LedgerRow& each : ledgers) {
    if (each.compartment != block.compartment) continue;
    auto key = vault.store().case_key(each.n, block.generation);
    if (key) return std::optional(*std::move(key));
    if (key.error().code != Errc::no_key) return std::unexpected(key.error());
  }
  return std::optional<SecretBytes>{};
}

}  // namespace

Result<void> open_sealed_fields(Vault& vault, std::int64_t ledger, ledger::ChangeSet& change) {
  if (change.sealed.empty()) return {};
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  if (!row || !row->team) return {};
  WAYSIDE_TRY(const auto ledgers, vault.store().compartments_of_team(*row->team));
  for (const ledger::SealedValues& block : change.sealed) {
    WAYSIDE_TRY(const auto key, key_of(vault, ledgers, block));
    if (key) (void)ledger::open_values(change, block, row->id, key->view());   // what does not fit stays sealed
  }
  return {};
}

Result<void> fold_opened_fields(Vault& vault, Vault::Writing& writing, const LedgerId& ledger) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  const bool of_team = row && row->kind == ledger::LedgerKind::compartment && row->team && row->subject == row->team->view();
  if (!of_team) return {};
  WAYSIDE_TRY(const auto waiting, vault.store().ledgers_with_sealed_values(*row->team));
  for (const std::int64_t each : waiting) WAYSIDE_OK(refold(vault, writing, each));
  return {};
}

}  // namespace wayside::vault
