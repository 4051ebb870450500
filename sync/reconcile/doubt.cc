#include <algorithm>

#include "core/attachments/blobs.h"
#include "core/vault/kept_copies.h"
#include "core/vault/receipts.h"
#include "core/vault/unconfirmed.h"
#include "core/vault/unsent_parts.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

constexpr std::string_view kDoubt = "office_in_doubt";

Result<void> set_doubt(vault::Vault& vault, vault::Vault::Writing& writing, Doubt doubt) {
  return vault.store().set_meta_number(writing.transaction(), kDoubt, static_cast<std::int64_t>(doubt));
}

Result<spool::Cursor> cursor_of(vault::Vault& vault) {
  return spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home())));
}

}  // namespace

Result<Doubt> doubt_of(vault::Vault& vault) {
  WAYSIDE_TRY(const std::int64_t number, vault.store().meta_number(kDoubt));
  return static_cast<Doubt>(number);
}

Result<void> note_doubt(vault::Vault& vault, vault::Vault::Writing& writing) {
  WAYSIDE_OK(vault::doubt_all(vault, writing));
  WAYSIDE_OK(vault::Receipts::forget_told(vault, writing));
  return set_doubt(vault, writing, Doubt::noted);
}

/// A crash between any two of these does them once more.
Result<void> ask_for_all(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_OK(outbox.clear());
  WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(const auto generation, generation_in_force(vault));
  WAYSIDE_OK(generation ? inbox.ask_for_all(generation->str()) : inbox.ask_for_all());
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(set_doubt(vault, writing, Doubt::asking));
  return std::move(writing).commit();
}

Result<void> ask_again(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(set_doubt(vault, writing, Doubt::noted));
  return std::move(writing).commit();
}

Result<std::optional<Lost>> end_doubt(vault::Vault& vault) {
  WAYSIDE_TRY(const spool::Cursor cursor, cursor_of(vault));
  WAYSIDE_TRY(const auto generation, generation_in_force(vault));
  if (cursor.anew || (generation && cursor.generation != generation->view())) return std::optional<Lost>{};
  Lost lost;
  attachments::Blobs blobs(vault.env().files, vault.home());
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(lost.envelopes, vault::send_unconfirmed(vault, writing));
  WAYSIDE_OK(vault::send_copies(vault, writing));   // of cases that it does not show this device
  WAYSIDE_OK(vault::note_parts_again(vault, writing.transaction(), [&blobs](const Digest& part) { return blobs.has(part); }));
  lost.entries = vault.membership().size() - std::min(vault.membership().size(), cursor.membership);
  if (lost.entries > 0) {
    WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kEntriesToSend, static_cast<std::int64_t>(cursor.membership)));
  }
  WAYSIDE_OK(set_doubt(vault, writing, Doubt::none));
  WAYSIDE_OK(std::move(writing).commit());
  return lost;
}

Result<void> end_doubt_unseen(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::send_own_again(vault, writing));
  WAYSIDE_OK(vault::send_copies(vault, writing));
  WAYSIDE_OK(set_doubt(vault, writing, Doubt::none));
  return std::move(writing).commit();
}

Result<bool> office_went_back(vault::Vault& vault) {
  WAYSIDE_TRY(const spool::Cursor cursor, cursor_of(vault));
  if (cursor.membership < vault.membership().size()) return true;
  if (vault.role() == membership::Role::none) return false;   // the office gives it nothing any more
  std::vector<ledger::LedgerRow> absent;
  {
    store::Query rows = vault.store().database().query("SELECT id FROM ledgers WHERE kind > 0");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      if (cursor.ledgers.contains(rows.id<LedgerId>(0))) continue;
      WAYSIDE_TRY(auto ledger, vault.store().ledger(rows.id<LedgerId>(0)));
      if (ledger) absent.push_back(*std::move(ledger));
    }
  }
  for (const ledger::LedgerRow& ledger : absent) {
    WAYSIDE_TRY(const bool read_here, vault::is_read_here(vault, ledger));
    WAYSIDE_TRY(const bool answered, vault::was_answered(vault, ledger.n));
    if (read_here && answered) return true;
  }
  return false;
}

}  // namespace wayside::reconcile
