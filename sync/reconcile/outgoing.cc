#include "core/vault/audit.h"
#include "core/vault/carry_mode.h"
#include "core/vault/kept_copies.h"
#include "core/vault/sharing.h"
#include "core/vault/unconfirmed.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

wire::pb::Parcel to_parcel(BytesView sealed, std::vector<Bytes> grants) {
  wire::pb::Parcel out;
  out.set_envelope(Bytes(sealed));
  for (Bytes& grant : grants) *out.add_grants() = std::move(grant);
  return out;
}

/// What the office lost of the membership log: its envelopes are judged by it, so it goes first.
Result<void> add_lost_entries(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const std::int64_t first, vault.store().meta_number(kEntriesToSend));
  if (first == 0) return {};
  store::Query entries = vault.store().database().query("SELECT number, entry FROM membership WHERE number >= ? ORDER BY number", first);
  for (;;) {
    WAYSIDE_TRY(const bool row, entries.next());
    if (!row) return {};
    WAYSIDE_TRY(const auto entry, membership::parse_entry(entries.blob(1)));
    WAYSIDE_OK(outbox.append_entry(entry.hash, entry.bytes));
  }
}

Result<bool> is_own(vault::Vault& vault, const EnvelopeId& id) {
  WAYSIDE_TRY(const auto row, vault.store().envelope(id));
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE n = ? AND own", row ? row->n : 0).next();
}

/// No page ever names what was sent late into a case that was withdrawn, or left to others: its answer has to be enough.
Result<bool> is_handed_over(vault::Vault& vault, const spool::Cursor& cursor, const EnvelopeId& id) {
  if (!vault::takes_cases_away(vault.membership())) return false;
  const auto trouble = cursor.trouble.find(id);
  if (trouble != cursor.trouble.end() && trouble->second.status != wire::pb::Taken::quarantined) return false;
  WAYSIDE_TRY(const auto row, vault.store().envelope(id));
  WAYSIDE_TRY(const auto ledger, vault.store().ledger(row ? row->ledger : 0));
  if (!ledger) return false;
  WAYSIDE_TRY(const auto lost, vault::lost(vault, *ledger));
  return lost.has_value();
}

/// A colleague has yet to open its ledger, or the share of this device was full.
bool may_be_taken_later(const spool::Cursor& cursor, const EnvelopeId& id) {
  const auto trouble = cursor.trouble.find(id);
  if (trouble == cursor.trouble.end()) return false;
  return trouble->second.status == wire::pb::Taken::not_permitted || trouble->second.status == wire::pb::Taken::no_room;
}

/// Whether anything waits here that the outbox does not hold yet.
Result<bool> has_more_to_send(vault::Vault& vault, const spool::Outbox& outbox) {
  bool more = false;
  WAYSIDE_OK(vault.store().each_outgoing([&](const ledger::EnvelopeRow& waiting) -> Result<void> {
    more = more || !outbox.contains(waiting.id);
    return {};
  }));
  return more;
}

}  // namespace

/// Sent once more is whatever was answered and is not held by the office for all that is known here: it was taken, and the
/// line was cut before its ledger came; it came too early, behind a frame that a power cut took, and was not permitted yet;
/// the share of this device was full; or it was kept apart, since an office that went back had lost the membership entry it names.
/// A removed device's late work is kept apart for good, and nothing tells it whether the office still has that: it goes again with
/// whatever builds on it.
Result<void> fill_outbox(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(const spool::Folded folded, spool::read_folded(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(const std::int64_t refused, vault.store().meta_number(kRefused));
  bool again = refused == 0;
  if (!again) {
    WAYSIDE_TRY(again, has_more_to_send(vault, outbox));
  }
  for (const EnvelopeId& id : outbox.answered(cursor.pushed_up_to)) {
    const auto trouble = cursor.trouble.find(id);
    const auto status = trouble == cursor.trouble.end() ? wire::pb::Taken::stored : static_cast<wire::pb::Taken::Status>(trouble->second.status);
    const bool kept_apart = status == wire::pb::Taken::quarantined && again;
    const bool taken = status == wire::pb::Taken::stored && folded.number >= cursor.inbox_number;   // else a page may name it yet
    if (kept_apart || taken || status == wire::pb::Taken::not_permitted || status == wire::pb::Taken::no_room) outbox.forget(id);
  }
  WAYSIDE_OK(add_lost_entries(vault, outbox));
  const auto late = [&outbox](const EnvelopeId& id, BytesView sealed, std::vector<Bytes> grants) -> Result<void> {
    if (outbox.contains(id)) return {};
    WAYSIDE_OK(outbox.append(id, to_parcel(sealed, std::move(grants))));
    return {};
  };
  WAYSIDE_OK(vault::each_late_to_send(vault, late));
  WAYSIDE_OK(vault.store().each_outgoing([&vault, &outbox](const ledger::EnvelopeRow& waiting) -> Result<void> {
    if (outbox.contains(waiting.id)) return {};
    WAYSIDE_TRY(auto grants, vault.store().grants_of_envelope(waiting.n));
    WAYSIDE_OK(outbox.append(waiting.id, to_parcel(waiting.sealed, std::move(grants))));
    return {};
  }));
  return vault::each_copy_to_send(vault, [&outbox](const EnvelopeId& id, BytesView sealed) -> Result<void> {
    if (!outbox.contains(id)) WAYSIDE_OK(outbox.append_copy(id, sealed));
    return {};
  });
}

Result<void> take_answers(vault::Vault& vault, spool::Outbox& outbox) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_TRY(auto writing, vault.begin());
  const std::vector<EnvelopeId> answered = outbox.answered(cursor.pushed_up_to);
  for (const EnvelopeId& id : answered) {
    // Of one's own, what was taken is held once a page of its ledger names it, and what was refused is visible as waiting:
    // nothing is forgotten. What a colleague wrote, and went there once more, is hers.
    WAYSIDE_TRY(const bool own, is_own(vault, id));
    WAYSIDE_TRY(const bool handed_over, is_handed_over(vault, cursor, id));
    if (!own || handed_over) WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), id));
  }
  WAYSIDE_OK(vault::late_was_sent(vault, writing, answered));
  std::vector<EnvelopeId> for_good = answered;
  std::erase_if(for_good, [&cursor](const EnvelopeId& id) { return may_be_taken_later(cursor, id); });
  WAYSIDE_OK(vault::copies_were_sent(vault, writing, for_good));
  WAYSIDE_OK(std::move(writing).commit());
  return outbox.drop_answered();
}

Result<void> hand_over(vault::Vault& vault) {
  WAYSIDE_TRY(const auto place, vault.office());
  if (!place) return {};
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (doubt != Doubt::none) return {};   // nothing is sent until the office has shown what it holds
  (void)vault::seal_audit(vault, vault::Sealing::if_due);   // they are durable, and go with a reconcile at the latest
  if (!vault.env().files.exists(layout.office())) WAYSIDE_OK(write_courier_files(vault));
  WAYSIDE_TRY(const bool any_mode, vault::has_carry_mode(vault));
  if (any_mode) WAYSIDE_OK(tell_carried(vault));   // cases that were made since: the office gives back only what is listed
  WAYSIDE_TRY(auto outbox, spool::Outbox::open(vault.env().files, layout));
  WAYSIDE_OK(fill_outbox(vault, outbox));
  return list_parts(vault);
}

}  // namespace wayside::reconcile
