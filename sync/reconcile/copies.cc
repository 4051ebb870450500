#include "core/vault/twin.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {

Result<bool> settle_copy(vault::Vault& vault, spool::Outbox& outbox, bool shown) {
  WAYSIDE_TRY(const bool noted, vault::twin_noted(vault));
  if (!noted && !shown) return false;
  WAYSIDE_OK(vault::begin_incarnation(vault, vault::Copy::twin));
  WAYSIDE_OK(outbox.clear());
  WAYSIDE_OK(tell_incarnation(vault));
  return true;
}

Result<void> tell_incarnation(vault::Vault& vault) {
  WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  return inbox.tell_incarnation(vault.identity().incarnation);
}

}  // namespace wayside::reconcile
