#include "sync/spool/cursor.h"

namespace wayside::spool {
namespace {

using wire::pb::CursorFrame;
using wire::pb::Taken;

/// About 1.2 MB of frame.
constexpr int kLedgersPerFrame = 20'000;

void set_number(std::uint64_t& field, std::uint64_t value) {
  if (value != 0) field = value;
}

void set_bytes(Bytes& field, const Bytes& value) {
  if (!value.empty()) field = value;
}

}  // namespace

Result<void> apply(Cursor& cursor, const CursorFrame& change) {
  Cursor next = change.whole() ? Cursor{} : std::move(cursor);
  set_bytes(next.generation, change.generation());
  set_number(next.position, change.position());
  set_number(next.membership, change.membership());
  set_bytes(next.membership_head, change.membership_head());
  set_number(next.pushed_up_to, change.pushed_up_to());
  set_number(next.inbox_number, change.inbox_number());
  set_number(next.inbox_from, change.inbox_from());
  set_bytes(next.parts_sent, change.parts_sent());
  set_number(next.seen, change.seen());
  set_bytes(next.accepted, change.accepted());
  set_number(next.receipts, change.receipts());
  set_bytes(next.receipt_sent, change.receipt_sent());
  set_number(next.history, change.history());
  set_number(next.history_up_to, change.history_up_to());
  if (change.has_sending()) next.sending = Sending{change.sending().incarnation(), change.sending().before(), change.sending().token()};
  if (change.sending_taken() && next.sending) next.sending->taken = true;
  if (change.anew() != 0) next.anew = change.anew() == kFetchingAnew;
  for (const auto& ledger : change.ledgers()) {
    const auto id = LedgerId::from(ledger.ledger());
    const auto head = Digest::from(ledger.head());
    if (!id || !head) return fail(Errc::corrupt, "a ledger of a cursor");
    if (ledger.lsn() == 0)
      next.ledgers.erase(*id);
    else
      next.ledgers[*id] = {ledger.lsn(), *head};
  }
  for (const auto& trouble : change.trouble()) {
    const auto id = EnvelopeId::from(trouble.id());
    if (!id) return fail(Errc::corrupt, "an envelope of a cursor");
    if (trouble.status() == Taken::stored || trouble.status() == Taken::known)
      next.trouble.erase(*id);
    else
      next.trouble[*id] = {trouble.status(), trouble.other()};
  }
  cursor = std::move(next);
  return {};
}

wire::pb::SendingToken sending_message(const Sending& sending) {
  wire::pb::SendingToken out;
  out.set_incarnation(sending.incarnation);
  out.set_before(sending.before);
  out.set_token(sending.token);
  return out;
}

std::vector<CursorFrame> whole_frames(const Cursor& cursor) {
  std::vector<CursorFrame> frames(1);
  CursorFrame& first = frames.front();
  first.set_whole(true);
  first.set_generation(cursor.generation);
  first.set_position(cursor.position);
  first.set_membership(cursor.membership);
  first.set_membership_head(cursor.membership_head);
  first.set_pushed_up_to(cursor.pushed_up_to);
  first.set_inbox_number(cursor.inbox_number);
  first.set_inbox_from(cursor.inbox_from);
  first.set_parts_sent(cursor.parts_sent);
  first.set_seen(cursor.seen);
  first.set_accepted(cursor.accepted);
  first.set_receipts(cursor.receipts);
  first.set_receipt_sent(cursor.receipt_sent);
  first.set_history(cursor.history);
  first.set_history_up_to(cursor.history_up_to);
  if (cursor.sending) {
    *first.mutable_sending() = sending_message(*cursor.sending);
    first.set_sending_taken(cursor.sending->taken);
  }
  if (cursor.anew) first.set_anew(kFetchingAnew);
  for (const auto& [id, trouble] : cursor.trouble) {
    auto& out = *first.add_trouble();
    out.set_id(id.str());
    out.set_status(trouble.status);
    out.set_other(trouble.other);
  }
  for (const auto& [id, point] : cursor.ledgers) {
    if (frames.back().ledgers_size() == kLedgersPerFrame) frames.emplace_back();
    auto& out = *frames.back().add_ledgers();
    out.set_ledger(id.str());
    out.set_lsn(point.lsn);
    out.set_head(point.head.str());
  }
  return frames;
}

Cursor start_over(const Cursor& cursor, std::uint64_t inbox_from, const Bytes& generation) {
  const bool same = generation.empty() || generation == cursor.generation;
  Cursor again;
  again.generation = same ? cursor.generation : generation;
  again.pushed_up_to = cursor.pushed_up_to;
  again.inbox_number = cursor.inbox_number;
  again.inbox_from = inbox_from;
  again.anew = true;
  if (!same) return again;
  again.trouble = cursor.trouble;
  again.accepted = cursor.accepted;
  return again;
}

}  // namespace wayside::spool
