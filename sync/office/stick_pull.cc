#include "sync/office/stick_pull.h"

#include <algorithm>
#include <vector>

#include "core/ledger/envelope.h"
#include "sync/wire/codec.h"
#include "sync/wire/heads.h"

namespace wayside::office {
namespace {

namespace pb = wire::pb;
using namespace wire::pb;

constexpr std::size_t kHeldBytes = LedgerId::size_bytes + 8;
/// Ledgers asked for by lsn at once, and rounds of that in vain: as a device does over a line (sync/session/tuning.h).
constexpr int kWants = 1024;
constexpr unsigned kMostInVain = 2;

std::uint64_t lsn_at(BytesView bytes) {
  std::uint64_t lsn = 0;
  for (unsigned i = 0; i < 8; ++i) lsn |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return lsn;
}

std::vector<const Delivery*> in_order(const PullAnswer& answer) {
  std::vector<const Delivery*> out;
  for (const Delivery& each : answer.deliveries()) out.push_back(&each);
  std::ranges::stable_sort(out, {}, [](const Delivery* each) { return std::pair(BytesView(each->ledger()), each->lsn()); });
  return out;
}

}  // namespace

Result<StickPull> StickPull::begin(BytesView body, BytesView held) {
  StickPull out;
  WAYSIDE_TRY(out.request_, wire::decode<PullRequest>(body));
  if (held.size() % kHeldBytes != 0) return fail(Errc::bad_input, "what a device holds");
  for (; !held.empty(); held.remove_prefix(kHeldBytes))
    out.held_[*LedgerId::from(held.substr(0, LedgerId::size_bytes))] = lsn_at(held.substr(LedgerId::size_bytes));
  return out;
}

std::vector<StickPull::Taken> StickPull::taken_of(BytesView request, BytesView answer) {
  std::vector<Taken> out;
  const auto sent = wire::decode<PushRequest>(request);
  const auto answered = wire::decode<PushAnswer>(answer);
  if (!sent || !answered || sent->parcels_size() != answered->taken_size()) return out;
  for (int i = 0; i < sent->parcels_size(); ++i) {
    const pb::Taken& taken = answered->taken(i);
    const auto envelope = ledger::parse_envelope(sent->parcels(i).envelope());
    if (!envelope || (taken.status() != pb::Taken::stored && taken.status() != pb::Taken::known)) continue;
    out.push_back({envelope->id, envelope->header.ledger, taken.lsn()});
  }
  return out;
}

void StickPull::note(const std::vector<Taken>& taken) {
  for (const Taken& each : taken) {
    taken_.insert(each.id);
    std::uint64_t& held = held_[each.ledger];
    if (each.lsn == held + 1) ++held;
  }
}

std::optional<Bytes> StickPull::question() const { return done_ ? std::nullopt : std::optional(wire::encode(request_)); }

/// True when it brought anything.
bool StickPull::advance(const PullAnswer& answer) {
  std::set<LedgerId> asked;
  for (const Want& want : request_.wants()) asked.insert(*LedgerId::from(want.ledger()));
  bool gained = answer.membership_size() > 0;
  for (const Delivery* each : in_order(answer)) {
    const LedgerId ledger = *LedgerId::from(each->ledger());
    const auto id = EnvelopeId::from(each->id());
    const bool counts = each->has_parcel() || asked.contains(ledger) || (id && taken_.contains(*id));
    std::uint64_t& held = held_[ledger];
    if (!counts || each->lsn() != held + 1) continue;
    ++held;
    gained = true;
  }
  request_.set_membership(request_.membership() + static_cast<std::uint64_t>(answer.membership_size()));
  request_.set_position(std::max(request_.position(), answer.position()));
  request_.clear_frontier();
  request_.clear_receipt();
  if (answer.receipts_up_to() != 0) request_.set_receipts(answer.receipts_up_to());
  for (Want& want : *request_.mutable_wants()) want.set_after_lsn(held_[*LedgerId::from(want.ledger())]);
  return gained;
}

Result<bool> StickPull::take(BytesView body) {
  WAYSIDE_TRY(const PullAnswer answer, wire::decode<PullAnswer>(body));
  const std::uint64_t before = request_.position();
  const bool looked = request_.frontier().empty() && request_.wants().empty();
  const bool gained = advance(answer);
  if (answer.more()) {
    done_ = !gained && request_.position() == before;
    return true;
  }
  if (answer.equal() || answer.carry_list_unknown() || answer.heads().empty()) {
    done_ = true;
    return true;
  }
  WAYSIDE_TRY(const bool shows, look_at_heads(answer, gained));
  return shows || gained || !looked || answer.receipts_size() > 0;
}

/// At the end of a round. All heads: what is missing by them is asked for. Else they are asked for: with nothing else to say the
/// office names every one. Whether they show what the device does not know.
Result<bool> StickPull::look_at_heads(const PullAnswer& answer, bool gained) {
  WAYSIDE_TRY(const wire::Heads heads, wire::parse_heads(answer.heads()));
  request_.clear_wants();
  if (wire::frontier_digest(heads.changed) != heads.frontier) {
    in_vain_ = gained ? 0 : in_vain_ + 1;
    done_ = in_vain_ > kMostInVain;
    return false;
  }
  std::size_t known = 0, missing = 0;
  for (const wire::LedgerHead& each : heads.changed) {
    const auto held = held_.find(each.ledger);
    if (held != held_.end() && held->second > 0) ++known;
    // The membership log's own head is among them: of that the office has sent all.
    const std::uint64_t have = held == held_.end() ? 0 : held->second;
    if (each.ledger.view() == heads.organisation.view() || have >= each.lsn) continue;
    ++missing;
    if (request_.wants_size() == kWants) continue;
    Want& want = *request_.add_wants();
    want.set_ledger(each.ledger.str());
    want.set_after_lsn(have);
  }
  in_vain_ = gained ? 0 : in_vain_ + 1;
  done_ = missing == 0 || in_vain_ > kMostInVain;
  const auto holds = static_cast<std::size_t>(std::ranges::count_if(held_, [](const auto& each) { return each.second > 0; }));
  return missing > 0 || known < holds;   // what it does not get any more leaves its cursor
}

}  // namespace wayside::office
