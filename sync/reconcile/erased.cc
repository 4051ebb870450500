#include "core/vault/carrying.h"
#include "core/vault/erasure.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/forget.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {

Result<void> let_go_of_erased(vault::Vault& vault, vault::Drafts* drafts) {
  WAYSIDE_OK(vault::finish_erasures(vault, drafts));
  WAYSIDE_TRY(const std::int64_t to_clear, vault.store().meta_number(vault::kSpoolToClear));
  if (to_clear == 0) return {};
  // First, so that no courier which comes meanwhile fetches again what is put down.
  WAYSIDE_OK(tell_carried(vault));
  WAYSIDE_TRY(const auto ledgers, not_kept_here(vault));
  WAYSIDE_TRY(const auto put_down, vault::put_down_ledgers(vault));
  const spool::Layout layout(spool_folder(vault.home()));
  auto cleared = spool::forget_ledgers(vault.env().files, layout, ledgers);
  if (cleared && !put_down.empty()) cleared = spool::forget_places(vault.env().files, layout, put_down);
  if (!cleared && cleared.error().code == Errc::busy) return {};
  WAYSIDE_OK(cleared);
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), vault::kSpoolToClear, 0));
  return std::move(writing).commit();
}

}  // namespace wayside::reconcile
