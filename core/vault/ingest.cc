#include "core/vault/ingest.h"

#include <algorithm>
#include <utility>

#include "core/ledger/apply.h"
#include "core/ledger/formats.pb.h"
#include "core/membership/grant.h"
#include "core/vault/branches.h"
#include "core/vault/carry_mode.h"
#include "core/vault/erasure.h"
#include "core/vault/judging.h"
#include "core/vault/restricting.h"
#include "core/vault/sealed_fields.h"
#include "core/vault/sharing.h"
#include "core/vault/snapshot.h"
#include "core/vault/twin.h"

namespace wayside::vault {
namespace {

constexpr std::size_t kMaxGrants = 64;

/// Which compartment a ledger says it is, in its first envelope; 0: none.
std::uint32_t own_compartment(const ledger::ChangeSet& change, const LedgerId& ledger) {
  const auto own = std::find_if(change.compartments.begin(), change.compartments.end(),
                                [&](const ledger::Compartment& each) { return each.ledger == ledger; });
  return own == change.compartments.end() ? 0 : own->number;
}

/// Exactly the grants that the signed header names: none missing, none slipped in.
bool grants_fit(const ledger::Header& header, const std::vector<Bytes>& grants) {
  if (grants.size() != header.grants.size() || grants.size() > kMaxGrants) return false;
  std::vector<GrantHash> named = header.grants;
  std::vector<GrantHash> got;
  for (const Bytes& grant : grants) got.push_back(membership::hash_of_grant(grant));
  std::sort(named.begin(), named.end());
  std::sort(got.begin(), got.end());
  return named == got;
}

}  // namespace

Result<void> Ingest::membership(const std::vector<Bytes>& entries) {
  for (const Bytes& bytes : entries) {
    WAYSIDE_TRY(const membership::SignedEntry entry, membership::parse_entry(bytes));
    if (entry.entry.number < vault_.membership().size()) {
      if (vault_.membership().number_of(entry.hash) != entry.entry.number) return fail(Errc::fork, "membership log");
      continue;
    }
    if (entry.entry.number == 0 && vault_.membership().size() == 0 && entry.entry.organisation != vault_.identity().organisation) {
      return fail(Errc::wrong_office, "another organisation");
    }
    if (waits_for_decision(entry.entry.kind)) {
      WAYSIDE_TRY(const bool decided, are_decided(vault_, entries));
      if (!decided) return fail(Errc::fork, "membership log: two branches, and the recovery pages have not decided yet");
    }
    WAYSIDE_OK(writing_.append_membership(entry));
    if (const auto* branch = std::get_if<membership::Branch>(&entry.entry.kind)) WAYSIDE_OK(retry({branch->refused.str()}));
    if (const auto* epoch = std::get_if<membership::Epoch>(&entry.entry.kind)) WAYSIDE_OK(take_epoch(*epoch));
    WAYSIDE_OK(rejudge(entry.entry.kind));
    WAYSIDE_OK(retry({entry.hash.str()}));
  }
  return {};
}

Result<Outcome> Ingest::parcel(const Parcel& parcel) {
  WAYSIDE_TRY(const Outcome outcome, take(parcel));
  switch (outcome) {
    case Outcome::applied: ++totals_.applied; break;
    case Outcome::known: ++totals_.known; break;
    case Outcome::pending: ++totals_.pending; break;
    case Outcome::quarantined: ++totals_.quarantined; break;
  }
  std::deque<Bytes> arrivals;
  add_arrivals(parcel, outcome, arrivals);
  WAYSIDE_OK(retry(std::move(arrivals)));
  return outcome;
}

/// What others may have waited for: the envelope, once it is applied or kept apart, and keys, whatever became of it.
void Ingest::add_arrivals(const Parcel& parcel, Outcome outcome, std::deque<Bytes>& arrivals) {
  if (outcome == Outcome::applied || outcome == Outcome::quarantined) {
    // Parsed once more: cheaper than carrying the id through every way out of `take`.
    if (const auto envelope = ledger::parse_envelope(parcel.envelope)) arrivals.push_back(envelope->id.str());
  }
  for (Bytes& ledger : fresh_keys_) arrivals.push_back(std::move(ledger));
  fresh_keys_.clear();
}

Result<Outcome> Ingest::take(const Parcel& parcel) {
  const auto parsed = ledger::parse_envelope(parcel.envelope);
  if (!parsed) {
    return keep_apart(parcel, crypto::hash("wayside/unreadable/1", {parcel.envelope}).view(), parsed.error().code, nullptr,
                      Form::unverified);
  }
  const ledger::ParsedEnvelope& envelope = *parsed;
  const membership::Log& log = vault_.membership();
  if (envelope.header.organisation != vault_.identity().organisation) {
    return keep_apart(parcel, envelope.id.view(), Errc::bad_input, &envelope, Form::unverified);
  }
  // Before all else: nothing of an erased case may wait here, not even for its author's membership.
  WAYSIDE_TRY(const auto place, vault_.store().ledger(envelope.header.ledger));
  // Put down by choice: the office keeps it, and sends all of it once it is wanted again.
  if (place && place->presence == ledger::LedgerRow::Presence::put_down) {
    WAYSIDE_OK(clear_spool_later());
    return Outcome::known;
  }
  // Left to others: the office gives it to nobody else, and whoever does gets it kept nowhere.
  if ((!place || place->presence != ledger::LedgerRow::Presence::here) && is_left_to_others(envelope.header.ledger)) {
    WAYSIDE_OK(clear_spool_later());
    return Outcome::known;
  }
  if ((place && place->erased) || log.erased(envelope.header.ledger)) {
    WAYSIDE_OK(clear_spool_later());
    WAYSIDE_TRY(const bool had_it, vault_.store().has_envelope(envelope.id));
    return had_it ? Outcome::known : keep_id_of_erased(envelope);
  }
  const auto head_number = log.number_of(envelope.header.membership_head);
  if (!head_number) {
    // Nobody can tell yet whether these bytes are its author's: each copy waits for itself.
    const Digest copy = crypto::hash("wayside/unverified/1", {parcel.envelope, ledger::pack_grants(parcel.grants)});
    return wait(parcel, copy.view(), WaitsFor::membership, envelope.header.membership_head.view());
  }
  const membership::DeviceInfo* device = log.device(envelope.header.device);
  if (device == nullptr || !log.member_at(envelope.header.device, *head_number)) {
    return keep_apart(parcel, envelope.id.view(), Errc::not_a_member, &envelope, Form::unverified);
  }
  if (!ledger::signed_by(envelope, device->entry.sign_public)) {
    return keep_apart(parcel, envelope.id.view(), Errc::bad_signature, &envelope, Form::unverified);
  }
  // Only now may it count as known: an id in the store was verified, and this one carries a good signature.
  WAYSIDE_TRY(const auto held, vault_.store().envelope(envelope.id));
  if (held && !held->sealed.empty()) return Outcome::known;
  if (!grants_fit(envelope.header, parcel.grants)) {
    return keep_apart(parcel, envelope.id.view(), Errc::no_key, &envelope, Form::unverified);
  }
  WAYSIDE_TRY(const Outcome outcome, apply(parcel, envelope, *device, *head_number, held ? std::optional(held->n) : std::nullopt));
  // A grant gives its reader the key whatever becomes of its envelope, so it tells with whom the case is shared.
  if (outcome != Outcome::applied && !parcel.grants.empty()) {
    WAYSIDE_TRY(const auto row, vault_.store().ledger(envelope.header.ledger));
    if (row && !row->erased) WAYSIDE_OK(note_shares_of(parcel, *row, device->entry.user, *head_number));
  }
  return outcome;
}

/// Whoever came back with the recovery pages opens what nobody else does any more.
bool Ingest::is_left_to_others(const LedgerId& ledger) const {
  if (!left_to_others(vault_, ledger)) return false;
  const membership::DeviceInfo* device = vault_.membership().device(vault_.identity().device);
  return device == nullptr || !vault_.membership().admitted_by_recovery(*device);
}

Result<Outcome> Ingest::apply(const Parcel& parcel, const ledger::ParsedEnvelope& envelope,
                              const membership::DeviceInfo& device, std::uint64_t head_number, std::optional<std::int64_t> set_aside) {
  ledger::LedgerStore& store = vault_.store();
  store::Transaction& transaction = writing_.transaction();
  const ledger::Header& header = envelope.header;
  WAYSIDE_TRY(const ledger::LedgerRow row, store.ensure_ledger(transaction, header.ledger));
  WAYSIDE_TRY(const std::int64_t author, store.author_number(transaction, header.device, header.incarnation));
  // First of all: what this one waits for may wait for the key that it brings.
  // Also of late work: a colleague may have gone on under that key before she heard that the right was gone.
  WAYSIDE_OK(take_grants(parcel, envelope, row, device.entry.user, head_number));
  WAYSIDE_TRY(const auto objection, vault::objection(vault_, row, place_of(envelope), head_number));
  if (objection) {
    WAYSIDE_TRY(const auto opening, opening_in(vault_, row.n, envelope));
    WAYSIDE_TRY(const bool of_erased, opening && opening->parent ? is_erased(*opening->parent) : Result<bool>(false));
    if (of_erased) return erase_late_compartment(*opening, row, envelope);
    return keep_apart(parcel, envelope.id.view(), *objection, &envelope, Form::verified);
  }
  WAYSIDE_TRY(const bool unchecked, is_unchecked(row.n));
  WAYSIDE_TRY(const Chain chain, check_chain(row, author, envelope, head_number));
  if (chain.fault) {
    if (chain.fault == Errc::fork) WAYSIDE_OK(heed_own_key(vault_, writing_, header));
    return keep_apart(parcel, envelope.id.view(), *chain.fault, &envelope, Form::verified);
  }
  if (!chain.complete && !unchecked) return wait(parcel, envelope.id.view(), WaitsFor::previous, header.prev->view());
  const auto key = key_for(row, envelope, unchecked);
  if (!key && key.error().code != Errc::no_key) return std::unexpected(key.error());
  if (!key) return wait(parcel, envelope.id.view(), WaitsFor::key, header.ledger.view());

  const auto plain = ledger::open_envelope(envelope, key->view());
  auto change = plain ? ledger::decode_change_set(*plain, header.device)
                            : Result<ledger::ChangeSet>(std::unexpected(plain.error()));
  if (!change) return keep_apart(parcel, envelope.id.view(), change.error().code, &envelope, Form::verified);
  if (change->author != device.entry.user) return keep_apart(parcel, envelope.id.view(), Errc::not_permitted, &envelope, Form::verified);
  std::vector<EnvelopeId> builds_on = change->deps;
  for (const EnvelopeId& dep : change->deps) {
    WAYSIDE_TRY(const bool present, is_present(dep));
    if (!present && !unchecked) return wait(parcel, envelope.id.view(), WaitsFor::dependency, dep.view());
  }
  if (header.prev) builds_on.push_back(*header.prev);

  if (change->opening && change->opening->parent) {
    WAYSIDE_TRY(const bool late, is_erased(*change->opening->parent));
    if (late) return erase_late_compartment(*change->opening, row, envelope);
  }
  if (change->opening && !opens_rightly(vault_.membership(), *change->opening, row.id, device.entry.user, head_number)) {
    return keep_apart(parcel, envelope.id.view(), Errc::not_permitted, &envelope, Form::verified);
  }
  ledger::LedgerRow opened = row;
  const bool opens = change->opening && row.kind == ledger::LedgerKind::unknown && row.presence == ledger::LedgerRow::Presence::here;
  if (change->opening) WAYSIDE_OK(store.open_ledger(transaction, row.n, *change->opening, own_compartment(*change, row.id)));
  if (opens) {
    opened.kind = change->opening->kind;
    opened.team = change->opening->team;
    opened.parent = change->opening->parent;
    WAYSIDE_OK(take_grants(parcel, envelope, opened, device.entry.user, head_number));
  }
  WAYSIDE_OK(note_shares_of(parcel, opened, device.entry.user, head_number));
  WAYSIDE_OK(note_named_of(opened, *change, opens));
  WAYSIDE_OK(note_compartments(vault_, transaction, row.id, change->compartments));
  WAYSIDE_OK(open_sealed_fields(vault_, row.n, *change));
  WAYSIDE_TRY(const std::vector<EnvelopeId> before, store.heads(row.n));
  if (opens) WAYSIDE_OK(note_opening(row, !before.empty()));
  vault_.clock().observe(change->time);
  ledger::LedgerStore::NewEnvelope placed{.ledger = row.n, .author = author, .seq = header.seq, .own = false, .id = envelope.id,
                                          .sealed = parcel.envelope, .grants = parcel.grants, .totals = {}};
  if (set_aside) {
    WAYSIDE_OK(store.put_again(transaction, *set_aside, placed, builds_on));
  } else {
    placed.totals = writing_.totals_with(envelope.id);
    WAYSIDE_OK(store.append(transaction, placed, builds_on));
    WAYSIDE_OK(heed_own_key(vault_, writing_, header));
  }
  const auto role = static_cast<std::uint32_t>(vault_.membership().role_at(device.entry.user, head_number));
  const ledger::Verified verified{envelope.id, header.device, row.n, {device.entry.user, change->time, role},
                                  before.empty() && !unchecked};
  if (parcel.covered && unchecked) change->records.clear();
  // Colleagues announced it before they knew.
  std::erase_if(change->announcements, [&](const ledger::Announcement& each) { return vault_.membership().erased(each.ledger); });
  WAYSIDE_OK(ledger::apply(store, transaction, verified, *change, vault_.env().clock.wall_ms()));
  WAYSIDE_OK(store.database().run("DELETE FROM quarantine WHERE id = ?", envelope.id));
  return Outcome::applied;
}

Result<void> Ingest::note_shares_of(const Parcel& parcel, const ledger::LedgerRow& row, const UserId& author, std::uint64_t head_number) {
  if (parcel.grants.empty()) return {};
  WAYSIDE_TRY(const bool news, note_shares(vault_, writing_.transaction(), row, parcel.grants, author, head_number));
  if (news) WAYSIDE_OK(judge_if_any_apart(row.id));
  return {};
}

/// Whoever was named may have written before this came.
Result<void> Ingest::note_named_of(const ledger::LedgerRow& row, const ledger::ChangeSet& change, bool opens) {
  WAYSIDE_TRY(const bool news, note_named_in(vault_, writing_.transaction(), row, change, opens));
  if (!news) return {};
  WAYSIDE_TRY(auto ledgers, vault_.store().compartments_of(row.id));
  ledgers.push_back(row);
  for (const ledger::LedgerRow& each : ledgers) WAYSIDE_OK(judge_if_any_apart(each.id));
  return {};
}

/// Until now any member of a team might write in it, and nobody could tell whom it is shared with.
Result<void> Ingest::note_opening(const ledger::LedgerRow& row, bool holds_more) {
  if (holds_more) {
    to_judge_.insert(row.id);
    return {};
  }
  return judge_if_any_apart(row.id);
}

Result<void> Ingest::judge_if_any_apart(const LedgerId& ledger) {
  WAYSIDE_TRY(const bool any, vault_.store().database().query("SELECT 1 FROM quarantine WHERE ledger = ? AND why = ?", ledger,
                                                              static_cast<std::int64_t>(Errc::removed)).next());
  if (any) to_judge_.insert(ledger);
  return {};
}

/// In one device's sequence no place is taken twice, each envelope names the one before it, and none is judged by an
/// older membership than that.
Result<Ingest::Chain> Ingest::check_chain(const ledger::LedgerRow& row, std::int64_t author,
                                          const ledger::ParsedEnvelope& envelope, std::uint64_t head_number) {
  ledger::LedgerStore& store = vault_.store();
  const ledger::Header& header = envelope.header;
  WAYSIDE_TRY(const auto rival, store.at_place(row.n, author, header.seq));
  if (rival) return Chain{true, Errc::fork};
  if (!header.prev) return Chain{true, std::nullopt};
  WAYSIDE_TRY(const auto before, store.sealed_at_place(row.n, author, header.seq - 1));
  if (!before) {
    WAYSIDE_TRY(const auto elsewhere, store.envelope(*header.prev));
    if (elsewhere && !elsewhere->sealed.empty()) return Chain{true, Errc::fork};
    if (elsewhere) return Chain{true, std::nullopt};   // written anew here since, so its place is empty
    WAYSIDE_TRY(const bool apart, is_present(*header.prev));
    return Chain{apart, std::nullopt};
  }
  WAYSIDE_TRY(const auto previous, ledger::parse_envelope(*before));
  if (previous.id != *header.prev) return Chain{true, Errc::fork};
  const auto previous_head = vault_.membership().number_of(previous.header.membership_head);
  if (previous_head && head_number < *previous_head) return Chain{true, Errc::stale_head};
  return Chain{true, std::nullopt};
}

/// Applied, or kept apart: a bad envelope never holds up those that were built on it.
Result<bool> Ingest::is_present(const EnvelopeId& id) {
  WAYSIDE_TRY(const bool applied, vault_.store().has_envelope(id));
  if (applied) return true;
  return vault_.store().database().query("SELECT 1 FROM quarantine WHERE id = ?", id).next();
}

Result<Outcome> Ingest::wait(const Parcel& parcel, BytesView id, WaitsFor why, BytesView waits_for) {
  WAYSIDE_OK(vault_.store().database().run(
      "INSERT INTO pending(id, waits_for, why, since_ms, sealed, grants) VALUES(?, ?, ?, ?, ?, ?) "
      "ON CONFLICT(id) DO UPDATE SET waits_for = excluded.waits_for, why = excluded.why, grants = excluded.grants",
      id, waits_for, static_cast<std::int64_t>(why), vault_.env().clock.wall_ms(), parcel.envelope, ledger::pack_grants(parcel.grants)));
  return Outcome::pending;
}

/// A copy whose signature or grants do not fit never takes the place of a verified one; the other way round it does.
Result<Outcome> Ingest::keep_apart(const Parcel& parcel, BytesView id, Errc why, const ledger::ParsedEnvelope* envelope,
                                   Form form) {
  std::optional<DeviceId> device;
  std::optional<LedgerId> ledger;
  if (envelope != nullptr) {
    device = envelope->header.device;
    ledger = envelope->header.ledger;
  }
  // What is of a later version may be right: only that version can tell.
  if (form == Form::unverified && why != Errc::newer_format) ++totals_.unverified;
  if (form == Form::verified) WAYSIDE_OK(vault_.store().database().run("DELETE FROM quarantine WHERE id = ?", id));
  WAYSIDE_OK(vault_.store().database().run(
      "INSERT OR IGNORE INTO quarantine(id, why, since_ms, device, ledger, sealed, grants) VALUES(?, ?, ?, ?, ?, ?, ?)",
      id, static_cast<std::int64_t>(why), vault_.env().clock.wall_ms(), device, ledger, parcel.envelope, ledger::pack_grants(parcel.grants)));
  return Outcome::quarantined;
}

Result<bool> Ingest::is_erased(const LedgerId& ledger) {
  if (vault_.membership().erased(ledger)) return true;
  WAYSIDE_TRY(const auto row, vault_.store().ledger(ledger));
  return row && row->erased;
}

Result<bool> Ingest::is_unchecked(std::int64_t ledger) {
  if (!snapshot_in_use_) {
    WAYSIDE_TRY(const auto use, snapshot_use(vault_));
    snapshot_in_use_ = use && use->unchecked > 0;
  }
  return *snapshot_in_use_ ? vault::is_unchecked(vault_, ledger) : Result<bool>(false);
}

/// The page that brought what is not kept here holds its bytes. Offices have such: of a compartment that no certificate names,
/// and of a case whose certificate they lost.
Result<void> Ingest::clear_spool_later() {
  if (!vault_.membership().office()) return {};
  return vault_.store().set_meta_number(writing_.transaction(), kSpoolToClear, 1);
}

/// Neither its sealed bytes nor its wraps: with a wrap, a key of this device would open it.
Result<Outcome> Ingest::keep_id_of_erased(const ledger::ParsedEnvelope& envelope) {
  return keep_apart({}, envelope.id.view(), Errc::erased, &envelope, Form::verified);
}

/// A compartment that a colleague made while apart, of a case that was erased meanwhile: it goes with its case.
Result<Outcome> Ingest::erase_late_compartment(const ledger::Opening& opening, const ledger::LedgerRow& row,
                                               const ledger::ParsedEnvelope& envelope) {
  WAYSIDE_OK(vault_.store().open_ledger(writing_.transaction(), row.n, opening));
  WAYSIDE_OK(erase_ledger(vault_, writing_.transaction(), row.id));
  WAYSIDE_OK(clear_spool_later());
  return keep_id_of_erased(envelope);
}

/// What waited for what arrived (an envelope, a membership entry, a ledger's key) is tried again, and what waited for
/// those, and so on: a queue, so that a long chain needs no deep stack.
Result<void> Ingest::retry(std::deque<Bytes> arrivals) {
  while (!arrivals.empty()) {
    const Bytes need = std::move(arrivals.front());
    arrivals.pop_front();
    if (const auto ledger = LedgerId::from(need)) WAYSIDE_OK(fold_opened_fields(vault_, writing_, *ledger));
    std::vector<std::pair<Bytes, Parcel>> waiting;
    {
      store::Query query = vault_.store().database().query("SELECT id, sealed, grants FROM pending WHERE waits_for = ?", need);
      for (;;) {
        WAYSIDE_TRY(const bool row, query.next());
        if (!row) break;
        waiting.push_back({Bytes(query.blob(0)), {Bytes(query.blob(1)), ledger::unpack_grants(query.blob(2))}});
      }
    }
    for (const auto& [row_id, parcel] : waiting) {
      WAYSIDE_OK(vault_.store().database().run("DELETE FROM pending WHERE id = ?", row_id));
      WAYSIDE_TRY(const Outcome outcome, take(parcel));
      if (outcome == Outcome::applied) ++totals_.applied;
      if (outcome == Outcome::quarantined) ++totals_.quarantined;
      add_arrivals(parcel, outcome, arrivals);
    }
  }
  if (to_judge_.empty()) return {};
  const std::set<LedgerId> ledgers = std::exchange(to_judge_, {});
  for (const LedgerId& each : ledgers) WAYSIDE_OK(judge_ledger(each));
  return {};
}

}  // namespace wayside::vault
