#pragma once

#include "core/recovery/recovery_page.h"
#include "sync/office/ledger_store.h"

/// What the operator signs at the office with the recovery pages.
namespace wayside::office {

/// Errors: not_permitted (pages of another organisation), corrupt.
Result<void> check_pages(const membership::Log& log, const recovery::OrganisationSecrets& secrets);

/// Signs with the root, entry after entry, each on the head of the last.
class RootWriter {
 public:
  RootWriter(platform::Env& env, LedgerStore& store, const SecretBytes& root_seed) : env_(env), store_(store), root_seed_(root_seed) {}
  Result<void> append(membership::EntryKind kind);

 private:
  platform::Env& env_;
  LedgerStore& store_;
  const SecretBytes& root_seed_;
};

}  // namespace wayside::office
