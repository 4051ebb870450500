#include "sync/session/pages.h"

#include <algorithm>

#include "core/ledger/envelope.h"
#include "core/membership/entry.h"
#include "sync/wire/frontier.h"

namespace wayside::session {
namespace {

using spool::Point;
using wire::pb::Delivery;
using wire::pb::PullAnswer;
using wire::pb::Taken;

void advance(State& state, const LedgerId& ledger, const EnvelopeId& id) {
  Point& point = state.cursor.ledgers[ledger];
  point = {point.lsn + 1, ledger::next_head(point.head, id)};
}

std::uint64_t held(const State& state, const LedgerId& ledger) {
  const auto found = state.cursor.ledgers.find(ledger);
  return found == state.cursor.ledgers.end() ? 0 : found->second.lsn;
}

void record_ledgers(const State& state, const std::set<LedgerId>& changed, Gain& gain) {
  for (const LedgerId& ledger : changed) {
    const Point& point = state.cursor.ledgers.at(ledger);
    auto& out = *gain.change.add_ledgers();
    out.set_ledger(ledger.str());
    out.set_lsn(point.lsn);
    out.set_head(point.head.str());
  }
  if (!changed.empty()) gain.change_has_content = true;
}

void record_trouble(State& state, const Sent& sent, const Taken& taken, Gain& gain) {
  const bool well = taken.status() == Taken::stored || taken.status() == Taken::known;
  if (well && !state.cursor.trouble.contains(sent.id)) return;
  auto& out = *gain.change.add_trouble();
  out.set_id(sent.id.str());
  out.set_status(static_cast<std::uint32_t>(taken.status()));
  out.set_other(taken.other());
  if (well)
    state.cursor.trouble.erase(sent.id);
  else
    state.cursor.trouble[sent.id] = {static_cast<std::uint32_t>(taken.status()), taken.other()};
}

bool is_status(Taken::Status status) { return Taken::Status_IsValid(status) && status != Taken::unknown; }

/// Whose envelope a delivery brings. Nothing when it fits no place in `ledger`: not parsable, or of another ledger.
std::optional<EnvelopeId> envelope_of(const Delivery& delivery, const LedgerId& ledger) {
  const auto named = EnvelopeId::from(delivery.id());
  if (!delivery.has_parcel()) return named;
  const auto parsed = ledger::parse_envelope(delivery.parcel().envelope());
  if (!parsed) return parsed.error().code == Errc::newer_format ? named : std::nullopt;
  if (parsed->header.ledger != ledger || (named && *named != parsed->id)) return std::nullopt;
  return parsed->id;
}

Result<void> take_membership(State& state, const PullAnswer& answer, Gain& gain) {
  for (const Bytes& bytes : answer.membership()) {
    WAYSIDE_TRY(const auto signed_entry, membership::parse_entry(bytes));
    const membership::Entry& entry = signed_entry.entry;
    if (entry.number < state.cursor.membership) continue;   // held already
    const Bytes previous = entry.previous ? entry.previous->str() : Bytes{};
    if (entry.number != state.cursor.membership || previous != state.cursor.membership_head)
      return fail(Errc::fork, "membership entry " + std::to_string(entry.number) + " does not follow ours");
    ++state.cursor.membership;
    state.cursor.membership_head = signed_entry.hash.str();
    gain.page.add_membership(bytes);
    gain.page_has_content = gain.change_has_content = true;
  }
  gain.change.set_membership(state.cursor.membership);
  gain.change.set_membership_head(state.cursor.membership_head);
  return {};
}

/// An id alone, and it is none that was just sent: a twin of this device may have written it, or a later life of it that a
/// backup was put back over. So it is asked for by lsn, since then all comes whole that the office has.
bool comes_without_need(const State& state, const Delivery& delivery, const LedgerId& ledger) {
  if (delivery.has_parcel() || state.asked.contains(ledger)) return false;
  const auto id = EnvelopeId::from(delivery.id());
  return id && !state.taken.contains(*id);
}

void take_delivery(State& state, const Delivery& delivery, Gain& gain, std::set<LedgerId>& changed) {
  const LedgerId ledger = *LedgerId::from(delivery.ledger());
  const std::uint64_t next = held(state, ledger) + 1;
  if (delivery.lsn() < next || state.broken.contains(ledger)) return;
  if (!state.carry.carries(ledger)) return;   // an answer of before, which the office repeats
  if (delivery.lsn() > next || comes_without_need(state, delivery, ledger)) {
    std::uint64_t& known = state.gaps[ledger];
    known = std::max(known, delivery.lsn());
    return;
  }
  const auto id = envelope_of(delivery, ledger);
  if (!id) {
    state.broken.insert(ledger);
    return;
  }
  advance(state, ledger, *id);
  state.repairs = 0;
  changed.insert(ledger);
  *gain.page.add_deliveries() = delivery;
  gain.page_has_content = true;
  if (delivery.has_parcel()) {
    ++state.counts.pulled_envelopes;
    state.counts.pulled_bytes += delivery.parcel().ByteSizeLong();
  }
}

/// By ledger and lsn, whatever the order of arrival.
std::vector<const Delivery*> in_order(const PullAnswer& answer) {
  std::vector<const Delivery*> deliveries;
  deliveries.reserve(static_cast<std::size_t>(answer.deliveries_size()));
  for (const Delivery& delivery : answer.deliveries())
    if (delivery.ledger().size() == LedgerId::size_bytes) deliveries.push_back(&delivery);
  std::stable_sort(deliveries.begin(), deliveries.end(), [](const Delivery* a, const Delivery* b) {
    return std::pair(BytesView(a->ledger()), a->lsn()) < std::pair(BytesView(b->ledger()), b->lsn());
  });
  return deliveries;
}

void close_gaps(State& state) {
  std::erase_if(state.gaps, [&](const auto& gap) { return held(state, gap.first) >= gap.second; });
}

/// How the office's head of one ledger lies to ours.
Result<void> compare_head(State& state, const wire::LedgerHead& theirs) {
  const bool is_membership = theirs.ledger.view() == state.organisation.view();
  Point ours{state.cursor.membership, Digest::from(state.cursor.membership_head).value_or(Digest{})};
  if (!is_membership) {
    const auto found = state.cursor.ledgers.find(theirs.ledger);
    ours = found == state.cursor.ledgers.end() ? Point{} : found->second;
  }
  if (theirs.lsn < ours.lsn) return fail(Errc::fork, "the office went back in ledger " + to_text(theirs.ledger));
  if (theirs.lsn == ours.lsn && theirs.head != ours.head)
    return fail(Errc::fork, "the office holds another history of ledger " + to_text(theirs.ledger));
  if (theirs.lsn > ours.lsn && !is_membership) state.gaps[theirs.ledger] = theirs.lsn;
  return {};
}

/// The heads are those of every ledger that the office gives this device. Whatever else the cursor names is not
/// compared any more; it stays in the vault.
bool drop_uncarried(State& state, const wire::Heads& heads, Gain& gain) {
  std::set<LedgerId> carried;
  for (const wire::LedgerHead& each : heads.changed) carried.insert(each.ledger);
  for (const auto& [ledger, point] : state.cursor.ledgers) {
    if (carried.contains(ledger)) continue;
    auto& out = *gain.change.add_ledgers();
    out.set_ledger(ledger.str());
    out.set_head(point.head.str());   // lsn 0
    gain.change_has_content = true;
  }
  std::erase_if(state.cursor.ledgers, [&](const auto& entry) { return !carried.contains(entry.first); });
  return gain.change_has_content;
}

/// Positions only grow within a generation: what the office has once named it can never be before again.
void note_position(State& state, std::uint64_t position, Gain& gain) {
  if (position <= state.cursor.seen) return;
  state.cursor.seen = position;
  gain.change.set_seen(position);
}

}  // namespace

bool is_another(const State& state, const Bytes& generation) {
  return generation.size() == GenerationId::size_bytes && !state.cursor.generation.empty() && state.cursor.generation != generation;
}

Result<void> meet_generation(State& state, const Bytes& generation, Gain& gain) {
  if (generation.size() != GenerationId::size_bytes) return fail(Errc::bad_input, "an answer without a generation");
  if (state.cursor.generation.empty()) gain.change_has_content = true;
  state.cursor.generation = generation;
  gain.change.set_generation(generation);
  gain.page.set_generation(generation);
  return {};
}

Result<void> take_push_answer(State& state, const wire::pb::PushAnswer& answer, Gain& gain) {
  if (static_cast<std::size_t>(answer.taken_size()) != state.sent.size())
    return fail(Errc::bad_input, "an answer for " + std::to_string(answer.taken_size()) + " envelopes of " +
                                     std::to_string(state.sent.size()));
  if (!std::ranges::all_of(answer.taken(), [](const Taken& taken) { return is_status(taken.status()); }))
    return fail(Errc::newer_format, "an answer to an envelope that this version does not know");
  std::set<LedgerId> changed;
  for (std::size_t i = 0; i < state.sent.size(); ++i) {
    const Sent& sent = state.sent[i];
    const Taken& taken = answer.taken(static_cast<int>(i));
    record_trouble(state, sent, taken, gain);
    state.forked = state.forked || taken.status() == Taken::fork;
    state.full = state.full || taken.status() == Taken::no_room;
    if (taken.status() != Taken::stored && taken.status() != Taken::known) continue;
    if (sent.copy && taken.status() == Taken::known) continue;   // the office had not lost it
    if (!sent.copy) state.taken.insert(sent.id);                 // of what is kept for the office alone the id is not enough
    ++state.counts.pushed_envelopes;
    state.counts.pushed_bytes += sent.bytes;
    if (!sent.ledger || taken.lsn() != held(state, *sent.ledger) + 1) continue;
    advance(state, *sent.ledger, sent.id);
    changed.insert(*sent.ledger);
    Delivery& delivery = *gain.page.add_deliveries();   // as a page would name it later
    delivery.set_lsn(taken.lsn());
    delivery.set_ledger(sent.ledger->str());
    delivery.set_id(sent.id.str());
    gain.page_has_content = true;
  }
  gain.page.set_more(true);
  record_ledgers(state, changed, gain);
  note_position(state, answer.position(), gain);
  state.cursor.pushed_up_to = state.sent_up_to;
  gain.change.set_pushed_up_to(state.cursor.pushed_up_to);
  gain.change_has_content = true;
  state.outbox_done += state.sent.size();
  state.sent.clear();
  close_gaps(state);
  return {};
}

Result<void> take_page(State& state, const PullAnswer& answer, Gain& gain) {
  const std::uint64_t position_before = state.position;
  WAYSIDE_OK(take_membership(state, answer, gain));
  std::set<LedgerId> changed;
  for (const Delivery* delivery : in_order(answer)) take_delivery(state, *delivery, gain, changed);
  record_ledgers(state, changed, gain);
  close_gaps(state);

  state.position = std::max(state.position, answer.position());
  if (answer.more() && !gain.page_has_content && state.position == position_before)
    return fail(Errc::bad_input, "the office promises more and sends nothing new");
  // While something before the position is missing, the cursor stays where all is held.
  if (state.gaps.empty() && state.broken.empty() && state.position > state.cursor.position) {
    state.cursor.position = state.position;
    gain.change.set_position(state.position);
    gain.change_has_content = true;
  }
  gain.page.set_position(answer.position());
  gain.page.set_more(answer.more());
  gain.page.set_equal(answer.equal());
  if (!answer.heads().empty()) {
    gain.page.set_heads(answer.heads());
    gain.page_has_content = true;
  }
  state.more = answer.more();
  state.heads = answer.heads();
  return {};
}

void take_receipts(State& state, const PullAnswer& answer, Gain& gain) {
  if (!state.receipts.empty()) {
    state.receipts.clear();
    state.cursor.receipt_sent = state.receipts_digest;
    gain.change.set_receipt_sent(state.cursor.receipt_sent);
    gain.change_has_content = true;
  }
  for (const Bytes& receipt : answer.receipts()) {
    gain.page.add_receipts(receipt);
    gain.page_has_content = true;
  }
  if (answer.receipts_up_to() == 0 || answer.receipts_up_to() == state.cursor.receipts) return;
  state.cursor.receipts = answer.receipts_up_to();
  gain.change.set_receipts(state.cursor.receipts);
  gain.change_has_content = true;
}

void drop_uncarried_ledgers(State& state, Gain& gain) {
  std::erase_if(state.cursor.ledgers, [&](const auto& held) {
    if (state.carry.carries(held.first)) return false;
    auto& out = *gain.change.add_ledgers();   // lsn 0
    out.set_ledger(held.first.str());
    out.set_head(held.second.head.str());
    gain.change_has_content = true;
    return true;
  });
}

Result<Comparison> compare_heads(State& state, Gain& gain) {
  WAYSIDE_TRY(const wire::Heads heads, wire::parse_heads(state.heads));
  if (heads.organisation != state.organisation) return fail(Errc::bad_input, "heads of another organisation");
  if (heads.generation.view() != state.cursor.generation) return fail(Errc::bad_input, "heads of another generation");
  // First of all: of what was just sent this device may know the position alone, and its own frontier is then no newer.
  if (heads.position < std::max(state.cursor.seen, state.cursor.position)) return Comparison::outdated;
  if (heads.frontier == frontier_of(state.cursor, state.organisation)) return Comparison::all_here;
  for (const wire::LedgerHead& theirs : heads.changed) WAYSIDE_OK(compare_head(state, theirs));
  if (!state.gaps.empty() || wire::frontier_digest(heads.changed) != heads.frontier) return Comparison::missing;
  return drop_uncarried(state, heads, gain) ? Comparison::carried_no_more : Comparison::missing;
}

Digest frontier_of(const spool::Cursor& cursor, const OrganisationId& organisation) {
  std::vector<wire::LedgerHead> heads;
  heads.reserve(cursor.ledgers.size() + 1);
  for (const auto& [ledger, point] : cursor.ledgers) heads.push_back({ledger, point.lsn, point.head});
  const auto log = wire::membership_head(organisation, cursor.membership, EntryHash::from(cursor.membership_head));
  if (log) heads.push_back(*log);
  return wire::frontier_digest(std::move(heads));
}

}  // namespace wayside::session
