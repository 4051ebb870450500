#include "tests/sync/session/office_model.h"

#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/ledger/envelope.h"
#include "core/membership/entry.h"
#include "sync/wire/codec.h"
#include "sync/wire/heads.h"

namespace wayside::session::testing {

using namespace wire::pb;
using platform::HttpAnswer;
using platform::HttpCall;

namespace {

constexpr std::size_t kDeliveryBytes = 64;
constexpr std::size_t kHttpBytes = 200;

}  // namespace

Written Writer::write(const LedgerId& ledger, std::size_t bytes) {
  Sequence& sequence = sequences_[ledger];
  wayside::ledger::Header header;
  header.organisation = organisation_;
  header.ledger = ledger;
  header.device = device_;
  header.incarnation = *IncarnationId::from(device_.view());
  header.seq = ++sequence.seq;
  if (header.seq > 1) header.prev = sequence.prev;
  const Bytes key(crypto::kKeyBytes, 'k');
  const auto sealed = wayside::ledger::seal_envelope(header, crypto::random_bytes(random_, bytes), key, crypto::Signer(SecretBytes(32)), random_);
  sequence.prev = sealed->id;
  Written written{sealed->id, ledger, {}};
  written.parcel.set_envelope(sealed->bytes);
  if (header.seq == 1) written.parcel.add_grants(Bytes(160, 'w'));
  return written;
}

OfficeModel::OfficeModel(std::uint64_t seed)
    : random_(seed), organisation_(OrganisationId::random(random_)), generation_(GenerationId::random(random_)),
      root_(crypto::random_secret(random_, 32)), sign_(crypto::random_secret(random_, 32)) {
  for (int i = 0; i < 3; ++i) add_membership_entry();
}

Bytes OfficeModel::next_entry() {
  membership::Entry entry;
  entry.organisation = organisation_;
  entry.number = entries_.size();
  entry.previous = membership_head_;
  entry.signer_kind = membership::SignerKind::root;
  entry.kind = membership::Pack{"pack", static_cast<std::uint32_t>(random_.below(1000)), {}};
  return membership::sign_entry(entry, root_).bytes;
}

void OfficeModel::add_membership_entry() {
  entries_.push_back(next_entry());
  membership_head_ = membership::parse_entry(entries_.back())->hash;
}

AppendAnswer OfficeModel::append(const AppendRequest& request) {
  AppendAnswer answer;
  const auto entry = membership::parse_entry(request.entry());
  if (std::ranges::find(entries_, request.entry()) != entries_.end()) {
    answer.set_status(AppendAnswer::taken);
  } else if (!entry) {
    answer.set_status(AppendAnswer::refused);
    answer.set_reason(std::string(name_of(entry.error().code)));
  } else if (entry->entry.previous != membership_head_) {
    answer.set_status(AppendAnswer::stale);
  } else {
    entries_.push_back(request.entry());
    membership_head_ = entry->hash;
    answer.set_status(AppendAnswer::taken);
  }
  answer.set_size(entries_.size());
  return answer;
}

void OfficeModel::store(const DeviceId& device, const Written& written) {
  wire::LedgerHead& head = ledgers_[written.ledger];
  head.ledger = written.ledger;
  head.head = ledger::next_head(head.head, written.id);
  by_id_[written.id] = rows_.size();
  rows_.push_back({written.ledger, ++head.lsn, written.id, device, written.parcel});
}

void OfficeModel::roll_back(std::size_t envelopes) {
  std::vector<Row> kept(rows_.begin(), rows_.end() - static_cast<std::ptrdiff_t>(envelopes));
  rows_.clear();
  ledgers_.clear();
  by_id_.clear();
  for (const Row& row : kept) store(row.device, {row.id, row.ledger, row.parcel});
}

PushAnswer OfficeModel::push(const DeviceId& device, const PushRequest& request) {
  PushAnswer answer;
  answer.set_generation(generation_.str());
  for (const Parcel& parcel : request.parcels()) {
    Taken& taken = *answer.add_taken();
    const auto parsed = wayside::ledger::parse_envelope(parcel.envelope());
    if (!parsed) {
      taken.set_status(Taken::malformed);
    } else if (const auto fixed = answers_.find(parsed->id); fixed != answers_.end()) {
      taken = fixed->second;
    } else if (const auto known = by_id_.find(parsed->id); known != by_id_.end()) {
      taken.set_status(Taken::known);
      taken.set_lsn(rows_[known->second].lsn);
    } else {
      store(device, {parsed->id, parsed->header.ledger, parcel});
      taken.set_status(Taken::stored);
      taken.set_lsn(rows_.back().lsn);
    }
  }
  answer.set_position(rows_.size());
  return answer;
}

std::vector<wire::LedgerHead> OfficeModel::heads(const DeviceId& device) const {
  std::vector<wire::LedgerHead> all;
  for (const auto& [id, head] : ledgers_)
    if (!unsubscribed_.contains({device, id})) all.push_back(head);
  if (const auto log = wire::membership_head(organisation_, entries_.size(), membership_head_)) all.push_back(*log);
  return all;
}

void OfficeModel::add_delivery(const DeviceId& device, std::size_t index, bool whole, PullAnswer& answer) const {
  const Row& row = rows_[index];
  Delivery& delivery = *answer.add_deliveries();
  delivery.set_lsn(row.lsn);
  delivery.set_position(index + 1);
  delivery.set_ledger(row.ledger.str());
  if (row.device == device && !whole)
    delivery.set_id(row.id.str());
  else
    *delivery.mutable_parcel() = row.parcel;
}

PullAnswer OfficeModel::pull(const DeviceId& device, const PullRequest& request) {
  PullAnswer answer;
  answer.set_generation(generation_.str());
  for (std::size_t i = request.membership(); i < entries_.size(); ++i) answer.add_membership(entries_[i]);
  const auto all_heads = heads(device);
  const Digest digest = wire::frontier_digest(all_heads);
  answer.set_equal(request.wants_size() == 0 && request.frontier() == digest.view());

  std::size_t room = std::min<std::size_t>(max_page_bytes, request.page_bytes());
  bool full = false;
  const auto add = [&](std::size_t row, bool whole) {
    const std::size_t bytes = kDeliveryBytes + (whole ? rows_[row].parcel.ByteSizeLong() : 0);
    full = full || (answer.deliveries_size() > 0 && bytes > room);
    if (full) return false;
    room -= std::min(room, bytes);
    add_delivery(device, row, whole, answer);
    return true;
  };
  for (const Want& want : request.wants())
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].ledger.view() == want.ledger() && rows_[i].lsn > want.after_lsn()) add(i, true);
  std::uint64_t position = request.position();
  if (!answer.equal()) {
    for (std::size_t i = request.position(); i < rows_.size() && !full; ++i) {
      if (unsubscribed_.contains({device, rows_[i].ledger})) continue;
      if (add(i, rows_[i].device != device)) position = i + 1;
    }
  }
  answer.set_more(full);
  answer.set_position(full ? position : rows_.size());
  if (!full) {
    const bool unexplained = !answer.equal() && answer.deliveries_size() == 0 && answer.membership_size() == 0;
    wire::Heads statement{organisation_, generation_, rows_.size(), 0, digest, {}};
    for (const auto& head : all_heads) {
      const bool changed = std::any_of(rows_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(request.position(), rows_.size())),
                                       rows_.end(), [&](const Row& row) { return row.ledger == head.ledger; });
      if (unexplained || changed) statement.changed.push_back(head);
    }
    answer.set_heads(wire::sign_heads(statement, sign_));
  }
  misbehave(answer);
  return answer;
}

void OfficeModel::misbehave(PullAnswer& answer) {
  auto& deliveries = *answer.mutable_deliveries();
  if (happens(faults.duplicate) && !deliveries.empty())
    *answer.add_deliveries() = Delivery(deliveries[static_cast<int>(random_.below(static_cast<std::uint64_t>(deliveries.size())))]);
  if (happens(faults.withhold) && !deliveries.empty())
    deliveries.DeleteSubrange(static_cast<int>(random_.below(static_cast<std::uint64_t>(deliveries.size()))), 1);
  if (happens(faults.shuffle))
    for (int i = deliveries.size() - 1; i > 0; --i)
      deliveries.SwapElements(i, static_cast<int>(random_.below(static_cast<std::uint64_t>(i) + 1)));
}

support::FakeNetwork::Handler OfficeModel::handler(const DeviceId& device) {
  return [this, device](const HttpCall& call) -> Result<HttpAnswer> {
    if (happens(faults.lose_request)) return fail(Errc::unreachable, "cut before it arrived");
    HttpAnswer answer;
    answer.status = 200;
    if (happens(faults.later)) {
      Refusal refusal;
      refusal.set_later_ms(4711);
      answer.status = 503;
      answer.body = wire::encode(refusal);
    } else if (call.path == "/v1/push") {
      answer.body = wire::encode(push(device, *wire::decode<PushRequest>(call.body)));
    } else if (call.path == "/v1/pull") {
      answer.body = wire::encode(pull(device, *wire::decode<PullRequest>(call.body)));
    } else {
      answer.body = wire::encode(append(*wire::decode<AppendRequest>(call.body)));
    }
    if (happens(faults.lose_answer)) return fail(Errc::unreachable, "cut before the answer");
    answer.bytes_up = kHttpBytes + call.body.size();
    answer.bytes_down = kHttpBytes + answer.body.size();
    return answer;
  };
}

}  // namespace wayside::session::testing
