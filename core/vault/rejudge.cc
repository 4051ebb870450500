#include <set>

#include "core/vault/ingest.h"
#include "core/vault/judging.h"
#include "core/vault/refold.h"
#include "core/vault/sharing.h"

// What an entry of the membership log changes about envelopes that came before it. Which of them count is a function of
// envelopes and membership, so an envelope that was folded may have to be kept apart, and the other way round.
// One that was folded keeps its row in the ledger table, for the vault's chain; its row in quarantine holds no bytes.

namespace wayside::vault {
namespace {

struct PlacedRow { std::int64_t n = 0; LedgerId id; };

/// From where on a device's envelopes in a ledger may be late.
std::uint64_t pinned_up_to(const membership::DeviceInfo& device, const IncarnationId& incarnation, const LedgerId& ledger) {
  std::uint64_t out = 0;
  for (const membership::Cut& cut : device.cuts) {
    const auto places = cut.pin.find({device.entry.device, incarnation});
    if (places == cut.pin.end()) continue;
    const auto place = places->second.find(ledger);
    if (place != places->second.end()) out = std::max(out, place->second.seq);
  }
  return out;
}

std::set<DeviceId> devices_of(const membership::Log& log, const membership::EntryKind& kind) {
  std::set<DeviceId> out;
  const auto* removal = std::get_if<membership::Removal>(&kind);
  const auto* role = std::get_if<membership::RoleEntry>(&kind);
  const bool of_a_case = std::holds_alternative<membership::Withdraw>(kind) || std::holds_alternative<membership::Restrict>(kind);
  for (const auto& [id, device] : log.devices()) {
    const bool cut_now = !device.cuts.empty() && device.cuts.back().number + 1 == log.size();
    if (of_a_case && cut_now) out.insert(id);
    if (removal != nullptr && (removal->device == id || removal->user == device.entry.user)) out.insert(id);
    if (role != nullptr && !role->pin.empty() && role->user == device.entry.user) out.insert(id);
  }
  return out;
}

Result<std::vector<PlacedRow>> all_ledgers(Vault& vault) {
  std::vector<PlacedRow> out;
  store::Query rows = vault.store().database().query("SELECT n, id FROM ledgers ORDER BY n");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back({rows.integer(0), rows.id<LedgerId>(1)});
  }
}

Result<std::vector<std::pair<std::int64_t, IncarnationId>>> authors_of(Vault& vault, const DeviceId& device) {
  std::vector<std::pair<std::int64_t, IncarnationId>> out;
  store::Query rows = vault.store().database().query("SELECT n, incarnation FROM authors WHERE device = ?", device);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back({rows.integer(0), rows.id<IncarnationId>(1)});
  }
}

}  // namespace

Result<void> Ingest::rejudge(const membership::EntryKind& kind) {
  const std::set<DeviceId> devices = devices_of(vault_.membership(), kind);
  const auto* decided = std::get_if<membership::Countersign>(&kind);
  if (devices.empty() && decided == nullptr) return {};
  std::set<LedgerId> within;   // none: it concerns all of them
  if (const auto* withdraw = std::get_if<membership::Withdraw>(&kind)) within = {withdraw->ledger};
  if (const auto* restrict = std::get_if<membership::Restrict>(&kind)) within = {restrict->ledgers.begin(), restrict->ledgers.end()};
  std::set<std::int64_t> touched;
  std::vector<EnvelopeId> again;
  for (const DeviceId& device : devices) {
    WAYSIDE_OK(set_late_apart(device, within, touched));
    WAYSIDE_TRY(const auto apart, late_work(vault_, device));
    again.insert(again.end(), apart.begin(), apart.end());
  }
  if (decided != nullptr) again.insert(again.end(), decided->envelopes.begin(), decided->envelopes.end());
  std::deque<Bytes> arrivals;
  for (const EnvelopeId& id : again) WAYSIDE_OK(judge_again(id, touched, arrivals));
  for (const std::int64_t ledger : touched) WAYSIDE_OK(refold(vault_, writing_, ledger));
  return retry(std::move(arrivals));
}

/// Whether an envelope of the ledger table counts as membership stands now.
Result<bool> Ingest::counts(BytesView sealed) {
  WAYSIDE_TRY(const auto envelope, ledger::parse_envelope(sealed));
  const auto head = vault_.membership().number_of(envelope.header.membership_head);
  WAYSIDE_TRY(const auto row, vault_.store().ledger(envelope.header.ledger));
  if (!head || !row) return false;
  WAYSIDE_TRY(const auto objection, vault::objection(vault_, *row, place_of(envelope), *head));
  return !objection;
}

Result<void> Ingest::set_apart(const ledger::EnvelopeRow& row, std::set<std::int64_t>& touched) {
  if (row.sealed.empty()) return {};   // nothing is left of it that could count
  WAYSIDE_TRY(const bool good, counts(row.sealed));
  if (good) return {};
  WAYSIDE_TRY(const auto envelope, ledger::parse_envelope(row.sealed));
  WAYSIDE_OK(vault_.store().database().run(
      "INSERT INTO quarantine(id, why, since_ms, device, ledger, sealed, grants) VALUES(?, ?, ?, ?, ?, x'', x'') "
      // A spoilt copy of it, perhaps, that came later.
      "ON CONFLICT(id) DO UPDATE SET why = excluded.why, sealed = x'', grants = x'' WHERE why != excluded.why",
      row.id, static_cast<std::int64_t>(Errc::removed), vault_.env().clock.wall_ms(), envelope.header.device, envelope.header.ledger));
  if (vault_.store().database().changed_rows() == 0) return {};
  touched.insert(row.ledger);
  ++totals_.quarantined;
  return {};
}

Result<void> Ingest::set_late_apart(const DeviceId& device, const std::set<LedgerId>& within, std::set<std::int64_t>& touched) {
  const membership::DeviceInfo& info = *vault_.membership().device(device);
  WAYSIDE_TRY(const auto authors, authors_of(vault_, device));
  WAYSIDE_TRY(const auto ledgers, all_ledgers(vault_));
  for (const auto& [author, incarnation] : authors) {
    for (const PlacedRow& ledger : ledgers) {
      if (!within.empty() && !within.contains(ledger.id)) continue;
      std::vector<ledger::EnvelopeRow> rows;
      {
        store::Query beyond = vault_.store().database().query(
            "SELECT n, id, sealed FROM envelopes WHERE ledger = ? AND author = ? AND seq >= ? ORDER BY seq", ledger.n, author,
            pinned_up_to(info, incarnation, ledger.id));
        for (;;) {
          WAYSIDE_TRY(const bool row, beyond.next());
          if (!row) break;
          rows.push_back({beyond.integer(0), beyond.id<EnvelopeId>(1), ledger.n, Bytes(beyond.blob(2))});
        }
      }
      for (const ledger::EnvelopeRow& row : rows) WAYSIDE_OK(set_apart(row, touched));
    }
  }
  return {};
}

Result<void> Ingest::judge_again(const EnvelopeId& id, std::set<std::int64_t>& touched, std::deque<Bytes>& arrivals) {
  ledger::LedgerStore& store = vault_.store();
  bool apart = false;
  Parcel parcel;
  {
    store::Query row = store.database().query("SELECT sealed, grants FROM quarantine WHERE id = ? AND why = ?", id,
                                              static_cast<std::int64_t>(Errc::removed));
    WAYSIDE_TRY(apart, row.next());
    if (apart) parcel = {Bytes(row.blob(0)), ledger::unpack_grants(row.blob(1))};
  }
  WAYSIDE_TRY(const auto held, store.envelope(id));
  if (!apart) return held ? set_apart(*held, touched) : Result<void>{};
  const bool in_place = parcel.envelope.empty();
  if (in_place && (!held || held->sealed.empty())) return {};
  WAYSIDE_TRY(const bool good, counts(in_place ? held->sealed : parcel.envelope));
  if (!good) return {};
  WAYSIDE_OK(store.database().run("DELETE FROM quarantine WHERE id = ?", id));
  if (in_place) {
    touched.insert(held->ledger);
    ++totals_.applied;
    return {};
  }
  WAYSIDE_TRY(const Outcome outcome, take(parcel));
  if (outcome == Outcome::applied) ++totals_.applied;
  add_arrivals(parcel, outcome, arrivals);
  return {};
}

Result<void> Ingest::change_over(const std::vector<Bytes>& entries) {
  WAYSIDE_OK(membership(entries));
  // What somebody had no right to may be among what is here, and what counted only by the other branch is late work.
  WAYSIDE_TRY(const auto ledgers, all_ledgers(vault_));
  for (const PlacedRow& each : ledgers) WAYSIDE_OK(judge_ledger(each.id));
  return {};
}

/// It was just learnt whose the ledger is, or who shares it: what counts follows anew for all of it that is here.
Result<void> Ingest::judge_ledger(const LedgerId& id) {
  WAYSIDE_TRY(const auto row, vault_.store().ledger(id));
  if (!row || row->erased) return {};
  WAYSIDE_OK(note_shares_again(vault_, writing_.transaction(), *row));
  WAYSIDE_TRY(const auto keys, vault_.store().case_keys(row->n));
  for (const ledger::LedgerStore::WritingKey& each : keys) {
    if (each.made_at != ledger::LedgerStore::kForOpening) continue;
    WAYSIDE_TRY(const auto made_at, made_under(vault_, *row, each.generation));
    if (made_at) WAYSIDE_OK(vault_.store().put_case_key(writing_.transaction(), row->n, each.generation, each.key.view(), *made_at));
  }
  std::vector<ledger::EnvelopeRow> here;
  WAYSIDE_OK(vault_.store().each_envelope(row->n, [&](const ledger::EnvelopeRow& each) -> Result<void> { return here.push_back(each), Result<void>{}; }));
  std::set<std::int64_t> touched;
  for (const ledger::EnvelopeRow& each : here) WAYSIDE_OK(set_apart(each, touched));
  WAYSIDE_TRY(const auto apart, kept_apart(vault_, id));
  std::deque<Bytes> arrivals;
  for (const EnvelopeId& each : apart) WAYSIDE_OK(judge_again(each, touched, arrivals));
  for (const std::int64_t ledger : touched) WAYSIDE_OK(refold(vault_, writing_, ledger));
  return retry(std::move(arrivals));
}

membership::EnvelopePlace place_of(const ledger::ParsedEnvelope& envelope) {
  const ledger::Header& header = envelope.header;
  return {header.device, header.incarnation, header.ledger, header.seq, envelope.id};
}

Result<std::vector<EnvelopeId>> late_work(Vault& vault, const DeviceId& device) {
  std::vector<EnvelopeId> out;
  store::Query rows = vault.store().database().query("SELECT id FROM quarantine WHERE why = ? AND device = ? ORDER BY since_ms, id",
                                                     static_cast<std::int64_t>(Errc::removed), device);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.id<EnvelopeId>(0));
  }
}

Result<std::uint64_t> undecided(Vault& vault) {
  std::uint64_t out = 0;
  store::Query rows = vault.store().database().query("SELECT id FROM quarantine WHERE why != ?", static_cast<std::int64_t>(Errc::erased));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const membership::Decision* decided = vault.membership().decision(rows.id<EnvelopeId>(0));
    if (decided == nullptr || decided->accept) ++out;
  }
}

}  // namespace wayside::vault
