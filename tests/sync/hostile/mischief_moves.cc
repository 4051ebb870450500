#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/membership/grant.h"
#include "sync/wire/codec.h"
#include "sync/wire/heads.h"
#include "tests/sync/hostile/mischief.h"

namespace wayside::hostile {

using support::need;
using wire::pb::Delivery;
using wire::pb::PullAnswer;
using wire::pb::PushAnswer;
using wire::pb::Taken;

const std::vector<Mischief::NamedBytes> Mischief::kBytesMoves{
    {"bits flipped", &Mischief::flip_bits},         {"cut", &Mischief::cut},       {"extended", &Mischief::extend},
    {"a piece twice", &Mischief::repeat_a_piece},   {"emptied", &Mischief::empty}, {"rubbish", &Mischief::rubbish},
    {"another message", &Mischief::another_answer},
};

const std::vector<Mischief::NamedPull> Mischief::kPullMoves{
    {"delivery dropped", &Mischief::drop_delivery},
    {"delivery twice", &Mischief::repeat_delivery},
    {"deliveries reordered", &Mischief::reorder},
    {"lsn changed", &Mischief::renumber},
    {"parcels swapped", &Mischief::swap_parcels},
    {"ledgers swapped", &Mischief::swap_ledgers},
    {"grants swapped", &Mischief::swap_grants},
    {"grants dropped", &Mischief::drop_grants},
    {"grant forged", &Mischief::forge_grant},
    {"foreign envelope", &Mischief::foreign_envelope},
    {"envelope changed", &Mischief::spoil_envelope},
    {"envelope cut", &Mischief::cut_envelope},
    {"signature changed", &Mischief::spoil_signature},
    {"grant changed", &Mischief::spoil_grant},
    {"version raised", &Mischief::later_version},
    {"another id", &Mischief::name_another_id},
    {"said to be his own", &Mischief::claim_own},
    {"entry dropped", &Mischief::drop_entry},
    {"entry changed", &Mischief::spoil_entry},
    {"entries reordered", &Mischief::reorder_entries},
    {"entry forged", &Mischief::forge_entry},
    {"more denied or promised", &Mischief::say_more},
    {"equal said", &Mischief::say_equal},
    {"position moved", &Mischief::move_position},
    {"another generation", &Mischief::another_generation},
    {"heads dropped", &Mischief::drop_heads},
    {"old heads", &Mischief::old_heads},
    {"heads forged", &Mischief::forge_heads},
    {"page emptied", &Mischief::empty_page},
};

const std::vector<Mischief::NamedPush> Mischief::kPushMoves{
    {"status changed", &Mischief::change_status},
    {"lsn of a push changed", &Mischief::change_lsn},
    {"an answer too few", &Mischief::drop_status},
};

// ---- Of bytes -------------------------------------------------------------------------------------------------------

void Mischief::flip_bits(Bytes& bytes) {
  for (std::uint64_t flips = 1 + below(4); flips > 0 && !bytes.empty(); --flips) {
    char& byte = bytes[below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << below(8)));
  }
}
void Mischief::cut(Bytes& bytes) { bytes.resize(below(bytes.size() + 1)); }
void Mischief::extend(Bytes& bytes) { bytes += crypto::random_bytes(random_, 1 + below(40)); }
void Mischief::repeat_a_piece(Bytes& bytes) {
  if (bytes.empty()) return;
  const std::size_t from = below(bytes.size());
  bytes.insert(below(bytes.size()), bytes.substr(from, 1 + below(200)));
}
void Mischief::empty(Bytes& bytes) { bytes.clear(); }
void Mischief::rubbish(Bytes& bytes) { bytes = "\1" + crypto::random_bytes(random_, below(400)); }
void Mischief::another_answer(Bytes& bytes) {
  // Of this night, of another one, or of another device.
  if (!answers_.empty() && percent(50)) bytes = answers_[below(answers_.size())];
  else bytes = world_.library[below(world_.library.size())].answer;
}

// ---- Of a page ------------------------------------------------------------------------------------------------------

Delivery* Mischief::any_delivery(PullAnswer& page, bool with_parcel) {
  std::vector<Delivery*> all;
  for (Delivery& each : *page.mutable_deliveries()) {
    if (!with_parcel || each.has_parcel()) all.push_back(&each);
  }
  return all.empty() ? nullptr : all[below(all.size())];
}

const HonestParcel& Mischief::any_honest() {
  auto at = world_.honest.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(below(world_.honest.size())));
  return at->second;
}

void Mischief::drop_delivery(PullAnswer& page) {
  if (page.deliveries_size() > 0)
    page.mutable_deliveries()->DeleteSubrange(
        static_cast<int>(below(static_cast<std::uint64_t>(page.deliveries_size()))), 1);
}
void Mischief::repeat_delivery(PullAnswer& page) {
  if (const Delivery* any = any_delivery(page, false)) {
    const Delivery copy = *any;
    *page.add_deliveries() = copy;
  }
}
void Mischief::reorder(PullAnswer& page) {
  for (int i = page.deliveries_size() - 1; i > 0; --i)
    page.mutable_deliveries()->SwapElements(i, static_cast<int>(below(static_cast<std::uint64_t>(i) + 1)));
}
void Mischief::renumber(PullAnswer& page) {
  if (Delivery* any = any_delivery(page, false)) any->set_lsn(percent(80) ? below(8) : UINT64_MAX - below(2));
}
void Mischief::swap_parcels(PullAnswer& page) {
  Delivery* one = any_delivery(page, true);
  Delivery* two = any_delivery(page, true);
  if (one != two) one->mutable_parcel()->Swap(two->mutable_parcel());
}
void Mischief::swap_ledgers(PullAnswer& page) {
  Delivery* one = any_delivery(page, false);
  Delivery* two = any_delivery(page, false);
  if (one != two) one->mutable_ledger()->swap(*two->mutable_ledger());
}
void Mischief::swap_grants(PullAnswer& page) {
  Delivery* one = any_delivery(page, true);
  Delivery* two = any_delivery(page, true);
  if (one != two) one->mutable_parcel()->mutable_grants()->Swap(two->mutable_parcel()->mutable_grants());
}
void Mischief::drop_grants(PullAnswer& page) {
  if (Delivery* any = any_delivery(page, true)) any->mutable_parcel()->clear_grants();
}
/// A key of the office's own choice, wrapped for Ben: his public key stands in the log.
void Mischief::forge_grant(PullAnswer& page) {
  Delivery* any = any_delivery(page, true);
  if (any == nullptr) return;
  const auto parsed = ledger::parse_envelope(any->parcel().envelope());
  if (!parsed) return;
  crypto::SessionBox box(random_);
  const membership::Grant grant{parsed->header.ledger,
                                parsed->header.key_generation,
                                membership::ReaderKind::device,
                                world_.ben_device.str(),
                                0,
                                {}};
  const Bytes forged = membership::make_grant(grant, world_.fleet.log().device(world_.ben_device)->entry.box_public,
                                              crypto::random_bytes(random_, crypto::kKeyBytes), box);
  if (percent(50) && any->parcel().grants_size() > 0) any->mutable_parcel()->set_grants(0, forged);
  else any->mutable_parcel()->add_grants(forged);
}
/// One that another team wrote, or that Ben has, in the place of this one.
void Mischief::foreign_envelope(PullAnswer& page) {
  Delivery* any = any_delivery(page, false);
  if (any == nullptr) any = page.add_deliveries();
  const HonestParcel& other = any_honest();
  any->mutable_parcel()->set_envelope(other.envelope);
  any->mutable_parcel()->clear_grants();
  for (const Bytes& grant : other.grants) any->mutable_parcel()->add_grants(grant);
  const auto parsed = need(ledger::parse_envelope(other.envelope));
  if (any->ledger().empty() || percent(50)) any->set_ledger(parsed.header.ledger.str());
  if (any->lsn() == 0 || percent(50)) any->set_lsn(1 + below(5));
}
void Mischief::spoil_envelope(PullAnswer& page) {
  if (Delivery* any = any_delivery(page, true)) flip_bits(*any->mutable_parcel()->mutable_envelope());
}
void Mischief::cut_envelope(PullAnswer& page) {
  if (Delivery* any = any_delivery(page, true)) cut(*any->mutable_parcel()->mutable_envelope());
}
void Mischief::spoil_signature(PullAnswer& page) {
  Delivery* any = any_delivery(page, true);
  if (any == nullptr || any->parcel().envelope().size() < 64) return;
  Bytes& envelope = *any->mutable_parcel()->mutable_envelope();
  char& byte = envelope[envelope.size() - 1 - below(64)];
  byte = static_cast<char>(byte ^ (1 << below(8)));
}
void Mischief::spoil_grant(PullAnswer& page) {
  Delivery* any = any_delivery(page, true);
  if (any != nullptr && any->parcel().grants_size() > 0) flip_bits(*any->mutable_parcel()->mutable_grants(0));
}
void Mischief::later_version(PullAnswer& page) {
  Delivery* any = any_delivery(page, true);
  if (any == nullptr || any->parcel().envelope().empty()) return;
  const auto parsed = ledger::parse_envelope(any->parcel().envelope());
  if (parsed) any->set_id(parsed->id.str());  // whoever cannot read it must believe the id that is named
  any->mutable_parcel()->mutable_envelope()->front() = 2;
}
void Mischief::name_another_id(PullAnswer& page) {
  if (Delivery* any = any_delivery(page, false)) any->set_id(crypto::random_bytes(random_, 32));
}
void Mischief::claim_own(PullAnswer& page) {
  Delivery* any = any_delivery(page, true);
  if (any == nullptr) return;
  const auto parsed = ledger::parse_envelope(any->parcel().envelope());
  if (parsed) any->set_id(parsed->id.str());
  any->clear_parcel();
}
void Mischief::drop_entry(PullAnswer& page) {
  if (page.membership_size() > 0) page.mutable_membership()->DeleteSubrange(0, 1);
}
void Mischief::spoil_entry(PullAnswer& page) {
  if (page.membership_size() > 0)
    flip_bits(*page.mutable_membership(static_cast<int>(below(static_cast<std::uint64_t>(page.membership_size())))));
}
void Mischief::reorder_entries(PullAnswer& page) {
  if (page.membership_size() > 1) page.mutable_membership()->SwapElements(0, page.membership_size() - 1);
}
/// The office makes itself an administrator: with its own key, in the root's or in Amina's name.
void Mischief::forge_entry(PullAnswer& page) {
  const membership::Log& log = world_.fleet.log();
  const std::size_t number = page.membership_size() > 0
                                 ? need(membership::parse_entry(world_.fleet.entries().back())).entry.number + 1
                                 : log.size();
  const bool as_root = percent(50);
  membership::Entry entry{
      log.organisation(),
      number,
      log.head(),
      1'750'000'200'000,
      as_root ? membership::SignerKind::root : membership::SignerKind::device,
      as_root ? Bytes{} : (**world_.amina).identity().device.str(),
      membership::RoleEntry{UserId::random(random_), membership::Role::admin, world_.fleet.main_team(), false, {}}};
  if (percent(50)) {
    // An epoch whose secret the office knows: the next case key would be wrapped for it.
    entry.kind = membership::Epoch{world_.fleet.main_team(), 2, crypto::new_box_pair(random_).public_key, {}, {}, {}};
  }
  page.add_membership(membership::sign_entry(entry, world_.office_sign).bytes);
}
void Mischief::say_more(PullAnswer& page) { page.set_more(!page.more()); }
void Mischief::say_equal(PullAnswer& page) { page.set_equal(!page.equal()); }
void Mischief::move_position(PullAnswer& page) { page.set_position(percent(50) ? UINT64_MAX - below(3) : below(20)); }
void Mischief::another_generation(PullAnswer& page) { page.set_generation(crypto::random_bytes(random_, 16)); }
void Mischief::drop_heads(PullAnswer& page) { page.clear_heads(); }
/// A statement that the office did sign, another day or for another device.
void Mischief::old_heads(PullAnswer& page) {
  for (std::size_t tries = 0; tries < 20; ++tries) {
    const auto old = wire::decode<PullAnswer>(world_.library[below(world_.library.size())].answer);
    if (!old || old->heads().empty()) continue;
    page.set_heads(old->heads());
    return;
  }
}
/// With the office's own key, or a stranger's: what it says of one ledger is not so.
void Mischief::forge_heads(PullAnswer& page) {
  auto heads = wire::parse_heads(page.heads());
  if (!heads) return;
  if (!heads->changed.empty()) {
    wire::LedgerHead& any = heads->changed[below(heads->changed.size())];
    if (percent(30)) any.lsn += below(3);
    else if (percent(50)) any.head.bytes[0] = static_cast<char>(any.head.bytes[0] ^ 1);
    else heads->changed.erase(heads->changed.begin());
  }
  if (percent(50)) heads->frontier = wire::frontier_digest(heads->changed);
  if (percent(20)) heads->frontier = Digest{};
  const SecretBytes stranger = crypto::random_secret(random_, crypto::kKeyBytes);
  page.set_heads(wire::sign_heads(*heads, percent(50) ? world_.office_sign : stranger));
}
void Mischief::empty_page(PullAnswer& page) {
  page.clear_membership();
  page.clear_deliveries();
}

// ---- Of an answer to a push -----------------------------------------------------------------------------------------

void Mischief::change_status(PushAnswer& answer) {
  if (answer.taken_size() == 0) return;
  Taken& any = *answer.mutable_taken(static_cast<int>(below(static_cast<std::uint64_t>(answer.taken_size()))));
  any.set_status(static_cast<Taken::Status>(below(8)));
  if (percent(50)) any.set_other(crypto::random_bytes(random_, 32));
}
void Mischief::change_lsn(PushAnswer& answer) {
  if (answer.taken_size() == 0) return;
  Taken& any = *answer.mutable_taken(static_cast<int>(below(static_cast<std::uint64_t>(answer.taken_size()))));
  any.set_lsn(percent(80) ? below(6) : UINT64_MAX);
}
void Mischief::drop_status(PushAnswer& answer) {
  if (answer.taken_size() > 0) answer.mutable_taken()->RemoveLast();
}

}  // namespace wayside::hostile
