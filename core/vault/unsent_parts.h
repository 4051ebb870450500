#pragma once

#include <functional>
#include <vector>

#include "core/vault/vault.h"

/// Parts of attachments written here that the office is not known to hold. Noted in the transaction that saves the
/// record which names them, by the envelope's id, so that no crash forgets one; a vault without an office notes none.
namespace wayside::vault {

struct UnsentParts {
  EnvelopeId envelope;
  LedgerId ledger;
  std::vector<Digest> addresses;
};

/// When the office may have lost some: of every envelope here whose parts are all on this device, whoever wrote it.
Result<void> note_parts_again(Vault& vault, store::Transaction& transaction, const std::function<bool(const Digest&)>& is_here);
Result<void> note_unsent_parts(Vault& vault, store::Transaction& transaction, const UnsentParts& parts);
/// One read of the index where there are none.
Result<std::vector<UnsentParts>> unsent_parts(Vault& vault);
Result<bool> has_unsent_parts(Vault& vault, const LedgerId& ledger);
/// The office holds them.
Result<void> clear_unsent_parts(Vault& vault, store::Transaction& transaction, const EnvelopeId& envelope);
/// Of a ledger that is erased.
Result<void> clear_unsent_parts(Vault& vault, store::Transaction& transaction, const LedgerId& ledger);

}  // namespace wayside::vault
