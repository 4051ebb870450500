#include "core/vault/receipts.h"
#include "core/vault/snapshot.h"

#include "sync/reconcile/parts.h"
#include "sync/session/session.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/receipt_file.h"
#include "sync/wire/tuning.h"

namespace wayside::reconcile {
namespace {

using vault::Receipts;
using vault::SeenPlace;

/// As many as one request carries, each ledger with its share of a receipt's frame.
constexpr std::size_t kMostPlaces =
    wire::kMaxReceiptsBytes / (ledger::kMaxReceiptBytes / ledger::kMaxReceiptPlaces + 1) / ledger::kMaxReceiptPlaces * ledger::kMaxReceiptPlaces;

/// Notes the places of one page, ledger after ledger.
class Placing {
 public:
  Placing(vault::Vault& vault, Receipts& receipts) : vault_(vault), receipts_(receipts) {}

  /// One whose place before is not known here has none: the chain begins where the office's signature is next seen.
  Result<void> place(const Delivered& each) {
    if (ledger_ != each.ledger) WAYSIDE_OK(turn_to(each.ledger));
    if (!row_) return {};
    if (last_.lsn + 1 != each.lsn) {
      WAYSIDE_TRY(auto before, receipts_.head_at(*row_, each.lsn - 1));
      if (!before) {   // what a snapshot covers may come after what is newer
        WAYSIDE_TRY(before, vault::covered_head(vault_, *row_, each.lsn - 1));
      }
      if (!before) return {};
      last_.head = *before;
    }
    last_ = {each.lsn, ledger::next_head(last_.head, each.id)};
    WAYSIDE_TRY(const auto envelope, vault_.store().envelope(each.id));
    Receipts::Placed placed{envelope ? envelope->n : 0, false};
    if (envelope) {
      WAYSIDE_TRY(placed.own, vault_.store().database().query("SELECT 1 FROM envelopes WHERE n = ? AND own", envelope->n).next());
    }
    return receipts_.note_place(*row_, last_, placed);
  }

 private:
  Result<void> turn_to(const LedgerId& ledger) {
    WAYSIDE_TRY(const auto row, vault_.store().ledger(ledger));
    ledger_ = ledger;
    const bool folded = row && row->presence != ledger::LedgerRow::Presence::put_down;
    row_ = folded ? std::optional(row->n) : std::nullopt;
    last_ = {};
    return {};
  }

  vault::Vault& vault_;
  Receipts& receipts_;
  std::optional<LedgerId> ledger_;
  std::optional<std::int64_t> row_;
  SeenPlace last_;
};

std::map<LedgerId, SeenPlace> places_of(const spool::Cursor& cursor, const OrganisationId& organisation) {
  std::map<LedgerId, SeenPlace> out;
  for (const auto& [ledger, point] : cursor.ledgers) out[ledger] = {point.lsn, point.head};
  const auto log = wire::membership_head(organisation, cursor.membership, EntryHash::from(cursor.membership_head));
  if (log) out[log->ledger] = {log->lsn, log->head};
  return out;
}

/// What the office has signed last is what the courier holds, and all of that is folded.
Result<bool> is_whole(vault::Vault& vault, const spool::Cursor& cursor, const wire::Heads& heads) {
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  WAYSIDE_TRY(const auto in_force, generation_in_force(vault));
  WAYSIDE_TRY(const auto folded, spool::read_folded(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  const bool of_now = heads.generation.view() == cursor.generation && (!in_force || *in_force == heads.generation);
  return doubt == Doubt::none && of_now && folded.number >= cursor.inbox_number &&
         session::frontier_of(cursor, vault.identity().organisation) == heads.frontier;
}

/// Written anew only when they say something else than what lies there.
Result<void> lay_ready(vault::Vault& vault, const spool::Layout& layout, Receipts& receipts, const GenerationId& generation) {
  WAYSIDE_TRY(const auto places, receipts.untold(kMostPlaces));
  WAYSIDE_TRY(const auto there, spool::read_receipts(vault.env().files, layout));
  std::vector<ledger::ReceiptPlace> there_already;
  for (const auto& each : there ? *ledger::parse_receipts(there->receipts) : std::vector<ledger::Receipt>{}) {
    if (each.generation == generation) there_already.insert(there_already.end(), each.places.begin(), each.places.end());
  }
  if (places == there_already) return {};
  ledger::Receipt frame{vault.identity().organisation, vault.identity().device, generation, 0, {}, {}};
  WAYSIDE_TRY(frame.time, receipts.next_time());
  Bytes bytes;
  for (const ledger::Receipt& each : ledger::sign_receipts(frame, places, vault.signer())) bytes += ledger::encode_receipt(each);
  return spool::write_receipts(vault.env().files, layout, bytes);
}

}  // namespace

Result<void> note_places(vault::Vault& vault, vault::Vault::Writing& writing, const wire::pb::PullAnswer& page,
                         const std::vector<Delivered>& delivered) {
  const auto generation = GenerationId::from(page.generation());
  if (!generation || (delivered.empty() && page.receipts().empty())) return {};
  WAYSIDE_TRY(const auto in_force, generation_in_force(vault));
  if (in_force && *in_force != *generation) return {};
  WAYSIDE_TRY(Receipts receipts, Receipts::begin(vault, writing, *generation));
  Placing placing(vault, receipts);
  for (const Delivered& each : delivered) WAYSIDE_OK(placing.place(each));
  for (const Bytes& each : page.receipts()) WAYSIDE_OK(receipts.take(each));
  return receipts.finish();
}

Result<void> settle_receipts(vault::Vault& vault, const Folding& folding) {
  if (!folding.heads || folding.stopped_early) return {};
  // Nobody signs that she has seen what a colleague's snapshot alone says.
  WAYSIDE_TRY(const auto snapshot, vault::snapshot_use(vault));
  if (snapshot && snapshot->unchecked > 0) return {};
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, layout));
  WAYSIDE_TRY(const bool whole, is_whole(vault, cursor, *folding.heads));
  if (!whole) return {};
  WAYSIDE_TRY(const auto ready, spool::read_receipts(vault.env().files, layout));
  const bool sent = ready && cursor.receipt_sent == ready->digest.view();
  WAYSIDE_TRY(const bool settled, Receipts::is_settled(vault, folding.heads->frontier));
  if (settled && !sent) return {};

  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(Receipts receipts, Receipts::begin(vault, writing, folding.heads->generation));
  for (const auto& each : sent ? *ledger::parse_receipts(ready->receipts) : std::vector<ledger::Receipt>{}) {
    if (each.generation == folding.heads->generation) WAYSIDE_OK(receipts.note_told(each.places));
  }
  WAYSIDE_OK(receipts.note_signed(places_of(cursor, vault.identity().organisation), folding.heads->frontier));
  WAYSIDE_OK(receipts.finish());
  WAYSIDE_OK(lay_ready(vault, layout, receipts, folding.heads->generation));
  return std::move(writing).commit();
}

}  // namespace wayside::reconcile
