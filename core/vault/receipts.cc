#include "core/vault/receipts.h"

#include <algorithm>

#include "core/vault/covered.h"
#include "core/vault/receipt_tables.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kGeneration = "receipts_generation";   // meta: 16 bytes
constexpr std::string_view kFrontier = "receipts_frontier";       // meta: 32 bytes
constexpr std::string_view kTime = "receipts_time";               // meta number: of the newest of this device
constexpr std::string_view kMore = "contradictions_more";         // meta number

Contradiction read_contradiction(const store::Query& row) {
  return {static_cast<Contradiction::Kind>(row.integer(0)),
          row.id<LedgerId>(1),
          row.id<DeviceId>(2),
          {static_cast<std::uint64_t>(row.integer(3)), row.id<Digest>(4)},
          {static_cast<std::uint64_t>(row.integer(5)), row.id<Digest>(6)},
          row.integer(7)};
}

constexpr std::string_view kAllKept =
    "SELECT kind, ledger, device, their_lsn, theirs, our_lsn, ours, noticed_ms FROM contradictions ORDER BY n";
constexpr std::string_view kUntold =
    "SELECT kind, ledger, device, their_lsn, theirs, our_lsn, ours, noticed_ms FROM contradictions WHERE NOT told ORDER BY n";

Result<std::vector<Contradiction>> kept(Vault& vault, std::string_view select) {
  std::vector<Contradiction> out;
  WAYSIDE_TRY(const bool any, has_receipt_tables(vault.store().database()));
  if (!any) return out;
  store::Query rows = vault.store().database().query(select);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(read_contradiction(rows));
  }
}

}  // namespace

Result<bool> has_receipt_tables(store::Database& database) {
  return database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seen_ledgers'").next();
}

Result<Contradictions> contradictions(Vault& vault) {
  Contradictions out;
  WAYSIDE_TRY(out.kept, kept(vault, kAllKept));
  WAYSIDE_TRY(const std::int64_t more, vault.store().meta_number(kMore));
  out.more = static_cast<std::uint64_t>(more);
  return out;
}

Result<std::vector<Contradiction>> untold_contradictions(Vault& vault) { return kept(vault, kUntold); }

Result<void> note_contradictions_told(Vault& vault, Vault::Writing&) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  return any ? database.run("UPDATE contradictions SET told = 1 WHERE NOT told") : Result<void>{};
}

Result<std::map<std::int64_t, LastReceipt>> receipts_of(Vault& vault, const DeviceId& device) {
  std::map<std::int64_t, LastReceipt> out;
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  if (!any) return out;
  store::Query rows = database.query("SELECT r.ledger, r.lsn, r.time FROM receipts r JOIN receipt_devices d ON d.n = r.device "
                                     "WHERE d.device = ?", device);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out[rows.integer(0)] = {static_cast<std::uint64_t>(rows.integer(1)), wall_ms(static_cast<HybridTime>(rows.integer(2)))};
  }
}

Result<Receipts> Receipts::begin(Vault& vault, Vault::Writing& writing, const GenerationId& generation) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const bool made, has_receipt_tables(store.database()));
  if (!made) WAYSIDE_OK(store.database().run_script(kReceiptTables));
  WAYSIDE_TRY(const auto kept, store.meta(kGeneration));
  if (!kept || *kept != generation.view()) {
    WAYSIDE_OK(store.database().run_script(kForgetPlaces));
    WAYSIDE_OK(store.set_meta(writing.transaction(), kGeneration, generation.view()));
  }
  return Receipts(vault, writing, generation);
}

Result<std::optional<std::int64_t>> Receipts::number_of(const LedgerId& ledger) {
  if (ledger.view() == vault_.identity().organisation.view()) return kMembershipLog;
  WAYSIDE_TRY(const auto row, vault_.store().ledger(ledger));
  return row ? std::optional(row->n) : std::nullopt;
}

Result<std::optional<std::int64_t>> Receipts::folded_here(const LedgerId& ledger) {
  if (ledger.view() == vault_.identity().organisation.view()) return kMembershipLog;
  WAYSIDE_TRY(const auto row, vault_.store().ledger(ledger));
  return row && row->presence != ledger::LedgerRow::Presence::put_down ? std::optional(row->n) : std::nullopt;
}

Result<LedgerId> Receipts::id_of(std::int64_t ledger) {
  if (ledger == kMembershipLog) return *LedgerId::from(vault_.identity().organisation.view());
  WAYSIDE_TRY(const auto row, vault_.store().ledger(ledger));
  return row ? row->id : LedgerId{};
}

Result<std::int64_t> Receipts::number_of(const DeviceId& device) {
  store::Database& database = vault_.store().database();
  {
    store::Query known = database.query("SELECT n FROM receipt_devices WHERE device = ?", device);
    WAYSIDE_TRY(const bool row, known.next());
    if (row) return known.integer(0);
  }
  WAYSIDE_OK(database.run("INSERT INTO receipt_devices(device) VALUES(?)", device));
  return database.last_row();
}

Result<std::optional<Digest>> Receipts::head_at(std::int64_t ledger, std::uint64_t lsn) {
  if (lsn == 0) return Digest{};
  store::Query row = vault_.store().database().query("SELECT head FROM seen_heads WHERE ledger = ? AND lsn = ?", ledger, lsn);
  WAYSIDE_TRY(const bool found, row.next());
  return found ? std::optional(row.id<Digest>(0)) : std::nullopt;
}

Result<std::uint64_t> Receipts::newest(std::int64_t ledger) {
  if (ledger == kMembershipLog) return vault_.membership().size();
  store::Query row = vault_.store().database().query("SELECT coalesce(max(lsn), 0) FROM seen_heads WHERE ledger = ?", ledger);
  WAYSIDE_OK(row.next());
  return static_cast<std::uint64_t>(row.integer(0));
}

Result<void> Receipts::note_place(std::int64_t ledger, const SeenPlace& place, const Placed& placed) {
  store::Database& database = vault_.store().database();
  WAYSIDE_TRY(const auto before, head_at(ledger, place.lsn));
  if (before == place.head) return {};
  if (before) WAYSIDE_OK(database.run("DELETE FROM seen_heads WHERE ledger = ? AND lsn >= ?", ledger, place.lsn));
  WAYSIDE_OK(database.run("INSERT INTO seen_heads(ledger, lsn, head, envelope, own) VALUES(?, ?, ?, ?, ?)", ledger, place.lsn,
                          place.head, placed.envelope, std::int64_t{placed.own}));
  if (placed.own) touched_.insert(ledger);

  std::vector<Theirs> waiting;
  {
    store::Query rows = database.query("SELECT d.device, a.device, a.head FROM receipts_ahead a JOIN receipt_devices d ON d.n = a.device "
                                       "WHERE a.ledger = ? AND a.lsn = ?", ledger, place.lsn);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      waiting.push_back({rows.id<DeviceId>(0), rows.integer(1), {place.lsn, rows.id<Digest>(2)}});
    }
  }
  for (const Theirs& each : waiting) {
    WAYSIDE_OK(database.run("DELETE FROM receipts_ahead WHERE ledger = ? AND device = ?", ledger, each.number));
    touched_.insert(ledger);
    WAYSIDE_OK(compare(ledger, each, place.head));
  }
  return {};
}

// ---- What colleagues say ----

Result<void> Receipts::take(BytesView bytes) {
  const auto receipt = ledger::parse_receipt(bytes);
  if (!receipt || receipt->organisation != vault_.identity().organisation || receipt->generation != generation_) return {};
  if (receipt->device == vault_.identity().device) return {};   // a copy of this vault, and no colleague
  const membership::DeviceInfo* device = vault_.membership().device(receipt->device);
  if (device == nullptr || !ledger::signed_by(*receipt, device->entry.sign_public)) return {};
  WAYSIDE_TRY(const std::int64_t number, number_of(receipt->device));
  for (const ledger::ReceiptPlace& place : receipt->places) {
    if (!place.covered) WAYSIDE_OK(take_place(*receipt, number, place));
  }
  return {};
}

Result<void> Receipts::take_place(const ledger::Receipt& receipt, std::int64_t device, const ledger::ReceiptPlace& place) {
  store::Database& database = vault_.store().database();
  WAYSIDE_TRY(const auto ledger, folded_here(place.ledger));
  if (!ledger) return {};   // nothing of it is here that could contradict; announcements say what is withheld as a whole
  {
    store::Query known = database.query("SELECT time FROM receipts WHERE ledger = ? AND device = ?", *ledger, device);
    WAYSIDE_TRY(const bool row, known.next());
    if (row && known.integer(0) >= static_cast<std::int64_t>(receipt.time)) return {};
  }
  WAYSIDE_OK(database.run("INSERT OR REPLACE INTO receipts(ledger, device, lsn, time) VALUES(?, ?, ?, ?)", *ledger, device, place.lsn,
                          receipt.time));
  WAYSIDE_OK(database.run("DELETE FROM receipts_ahead WHERE ledger = ? AND device = ?", *ledger, device));
  touched_.insert(*ledger);
  if (place.lsn == 0) return {};   // it holds nothing of it any more, which contradicts nobody
  WAYSIDE_TRY(const std::uint64_t here, newest(*ledger));
  if (place.lsn > here) {
    return database.run("INSERT INTO receipts_ahead(ledger, device, lsn, head) VALUES(?, ?, ?, ?)", *ledger, device, place.lsn, place.head);
  }
  const Theirs theirs{receipt.device, device, {place.lsn, place.head}};
  if (*ledger == kMembershipLog) {
    const membership::Log& log = vault_.membership();
    if (log.number_of(*EntryHash::from(place.head.view())) == place.lsn - 1) return {};
    return contradict(*ledger, theirs, {log.size(), *Digest::from(log.head()->view())});
  }
  WAYSIDE_TRY(const auto ours, head_at(*ledger, place.lsn));
  return ours ? compare(*ledger, theirs, *ours) : Result<void>{};
}

Result<void> Receipts::compare(std::int64_t ledger, const Theirs& theirs, const Digest& ours) {
  return theirs.place.head == ours ? Result<void>{} : contradict(ledger, theirs, {theirs.place.lsn, ours});
}

/// What belongs to another history covers nothing of this one.
Result<void> Receipts::contradict(std::int64_t ledger, const Theirs& theirs, const SeenPlace& ours) {
  WAYSIDE_OK(vault_.store().database().run("DELETE FROM receipts WHERE ledger = ? AND device = ?", ledger, theirs.number));
  WAYSIDE_TRY(const LedgerId id, id_of(ledger));
  return note({Contradiction::Kind::another_history, id, theirs.device, theirs.place, ours, vault_.env().clock.wall_ms()});
}

Result<void> Receipts::note(const Contradiction& found) {
  store::Database& database = vault_.store().database();
  {
    store::Query known = database.query("SELECT 1 FROM contradictions WHERE ledger = ? AND device = ? AND kind = ? AND generation = ?",
                                        found.ledger, found.device, static_cast<std::int64_t>(found.kind), generation_);
    WAYSIDE_TRY(const bool row, known.next());
    if (row) return {};
  }
  store::Query count = database.query("SELECT count(*) FROM contradictions");
  WAYSIDE_OK(count.next());
  if (count.integer(0) >= static_cast<std::int64_t>(kMaxContradictions)) {
    WAYSIDE_TRY(const std::int64_t more, vault_.store().meta_number(kMore));
    return vault_.store().set_meta_number(writing_.transaction(), kMore, more + 1);
  }
  return database.run("INSERT INTO contradictions(generation, ledger, device, kind, their_lsn, theirs, our_lsn, ours, noticed_ms, told) "
                      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                      generation_, found.ledger, found.device, static_cast<std::int64_t>(found.kind), found.theirs.lsn, found.theirs.head,
                      found.ours.lsn, found.ours.head, found.noticed_ms);
}

// ---- What the office has signed, and what it is told ----

Result<bool> Receipts::is_settled(Vault& vault, const Digest& frontier) {
  WAYSIDE_TRY(const auto noted, vault.store().meta(kFrontier));
  if (!noted || *noted != frontier.view()) return false;
  WAYSIDE_TRY(const bool ahead, vault.store().database().query("SELECT 1 FROM receipts_ahead LIMIT 1").next());
  return !ahead;
}

Result<void> Receipts::note_signed(const std::map<LedgerId, SeenPlace>& all, const Digest& frontier) {
  store::Database& database = vault_.store().database();
  std::map<LedgerId, std::pair<std::int64_t, SeenPlace>> noted;
  {
    store::Query rows = database.query("SELECT s.ledger, l.id, s.lsn, s.head FROM seen_ledgers s LEFT JOIN ledgers l ON l.n = s.ledger");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      const LedgerId id = rows.integer(0) == kMembershipLog ? *LedgerId::from(vault_.identity().organisation.view()) : rows.id<LedgerId>(1);
      noted[id] = {rows.integer(0), {static_cast<std::uint64_t>(rows.integer(2)), rows.id<Digest>(3)}};
    }
  }
  for (const auto& [id, place] : all) {
    const auto before = noted.find(id);
    if (before != noted.end() && before->second.second.lsn == place.lsn && before->second.second.head == place.head) continue;
    WAYSIDE_TRY(const auto ledger, folded_here(id));
    if (ledger) WAYSIDE_OK(note_signed(*ledger, place));
  }
  for (const auto& [id, place] : noted) {   // the office gives them to this device no more
    if (all.contains(id) || place.second.lsn == 0) continue;   // 0: taken back, whether the office has it yet or not
    WAYSIDE_OK(database.run("DELETE FROM seen_ledgers WHERE ledger = ?", place.first));
    WAYSIDE_OK(database.run("DELETE FROM receipts_ahead WHERE ledger = ?", place.first));
  }
  WAYSIDE_OK(look_for_withheld());
  return vault_.store().set_meta(writing_.transaction(), kFrontier, frontier.view());
}

Result<void> Receipts::note_signed(std::int64_t ledger, const SeenPlace& place) {
  if (ledger == kMembershipLog) {
    const auto head = vault_.membership().head();
    if (vault_.membership().size() != place.lsn || !head || head->view() != place.head.view()) return {};
  } else {
    WAYSIDE_TRY(const auto seen, head_at(ledger, place.lsn));
    if (seen && *seen != place.head) return {};
    // Folded before places were kept, or as one piece: from here on they are.
    if (!seen) WAYSIDE_OK(note_place(ledger, place, {}));
  }
  touched_.insert(ledger);
  return vault_.store().database().run("INSERT OR REPLACE INTO seen_ledgers(ledger, lsn, head, told, covered) VALUES(?1, ?2, ?3, 0, "
                                       "coalesce((SELECT covered FROM seen_ledgers WHERE ledger = ?1), 0))", ledger, place.lsn, place.head);
}

Result<void> Receipts::look_for_withheld() {
  store::Database& database = vault_.store().database();
  std::vector<std::pair<std::int64_t, Contradiction>> found;
  {
    store::Query rows = database.query("SELECT a.ledger, d.device, a.lsn, a.head, s.lsn, s.head FROM receipts_ahead a "
                                       "JOIN receipt_devices d ON d.n = a.device JOIN seen_ledgers s ON s.ledger = a.ledger AND s.lsn > 0 AND s.lsn < a.lsn");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      found.push_back({rows.integer(0), {Contradiction::Kind::withheld, {}, rows.id<DeviceId>(1),
                                         {static_cast<std::uint64_t>(rows.integer(2)), rows.id<Digest>(3)},
                                         {static_cast<std::uint64_t>(rows.integer(4)), rows.id<Digest>(5)}, vault_.env().clock.wall_ms()}});
    }
  }
  for (auto& [ledger, each] : found) {
    WAYSIDE_TRY(each.ledger, id_of(ledger));
    WAYSIDE_OK(note(each));
  }
  return {};
}

Result<std::vector<ledger::ReceiptPlace>> Receipts::untold(std::size_t most) {
  std::vector<std::pair<std::int64_t, ledger::ReceiptPlace>> rows_found;
  {
    store::Query rows = vault_.store().database().query("SELECT ledger, lsn, head FROM seen_ledgers WHERE NOT told ORDER BY ledger LIMIT ?", most);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      rows_found.push_back({rows.integer(0), {{}, static_cast<std::uint64_t>(rows.integer(1)), rows.id<Digest>(2), std::nullopt}});
    }
  }
  std::vector<ledger::ReceiptPlace> out;
  for (auto& [ledger, place] : rows_found) {
    WAYSIDE_TRY(place.ledger, id_of(ledger));
    out.push_back(place);
  }
  return out;
}

Result<HybridTime> Receipts::next_time() {
  WAYSIDE_TRY(const std::int64_t last, vault_.store().meta_number(kTime));
  const HybridTime next = std::max(hybrid_from_ms(vault_.env().clock.wall_ms()), static_cast<HybridTime>(last) + 1);
  WAYSIDE_OK(vault_.store().set_meta_number(writing_.transaction(), kTime, static_cast<std::int64_t>(next)));
  return next;
}

Result<void> Receipts::note_told(const std::vector<ledger::ReceiptPlace>& places) {
  for (const ledger::ReceiptPlace& place : places) {
    WAYSIDE_TRY(const auto ledger, number_of(place.ledger));
    if (!ledger) continue;
    WAYSIDE_OK(vault_.store().database().run("UPDATE seen_ledgers SET told = 1 WHERE ledger = ? AND lsn = ? AND head = ?", *ledger,
                                             place.lsn, place.head));
  }
  return {};
}

Result<void> Receipts::forget_told(Vault& vault, Vault::Writing& writing) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  if (!any) return {};
  WAYSIDE_OK(database.run_script("UPDATE seen_ledgers SET told = 0, covered = 0; DELETE FROM receipts; DELETE FROM receipts_ahead;"));
  return vault.store().set_meta(writing.transaction(), kFrontier, {});
}

Result<void> Receipts::forget_ledger(Vault& vault, store::Transaction& transaction, std::int64_t ledger) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(const bool any, has_receipt_tables(database));
  if (!any) return {};
  for (const std::string_view each : {"DELETE FROM seen_heads WHERE ledger = ?", "DELETE FROM receipts WHERE ledger = ?",
                                      "DELETE FROM receipts_ahead WHERE ledger = ?"}) {
    WAYSIDE_OK(database.run(each, ledger));
  }
  WAYSIDE_OK(database.run("UPDATE seen_ledgers SET lsn = 0, head = ?, told = 0, covered = 0 WHERE ledger = ?", Digest{}, ledger));
  return vault.store().set_meta(transaction, kFrontier, {});
}

Result<void> Receipts::finish() {
  for (const std::int64_t ledger : touched_) {
    if (ledger == kMembershipLog) continue;
    WAYSIDE_TRY(const std::uint64_t up_to, receipted_up_to(vault_, ledger));
    WAYSIDE_OK(vault_.store().database().run("UPDATE seen_ledgers SET covered = min(?, lsn) WHERE ledger = ? AND covered != min(?1, lsn)",
                                             up_to, ledger));
  }
  return {};
}

}  // namespace wayside::vault
