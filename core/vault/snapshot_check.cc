#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/vault/refold.h"
#include "core/vault/restricting.h"
#include "core/vault/snapshot.h"
#include "core/vault/snapshot.pb.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kUse = "snapshot";

Result<std::optional<pb::SnapshotUse>> read_use(Vault& vault) {
  WAYSIDE_TRY(const auto value, vault.store().meta(kUse));
  if (!value) return std::nullopt;
  pb::SnapshotUse use;
  if (!use.ParseFromString(*value)) return fail(Errc::corrupt, "store: snapshot");
  return use;
}

Result<void> set_trust(Vault& vault, Vault::Writing& writing, Trust trust) {
  WAYSIDE_TRY(auto use, read_use(vault));
  if (!use) return {};
  use->set_state(static_cast<std::uint32_t>(trust));
  return vault.store().set_meta(writing.transaction(), kUse, use->SerializeAsString());
}

Result<std::vector<EnvelopeId>> seen_before(Vault& vault, std::int64_t ledger) {
  std::vector<EnvelopeId> out;
  store::Query rows = vault.store().database().query("SELECT id FROM snapshot_seen WHERE ledger = ?", ledger);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.id<EnvelopeId>(0));
  }
}

/// What the covered envelopes of one ledger say.
struct Said {
  Folded folded;
  std::optional<ledger::Opening> opening;
  std::set<EnvelopeId> heads;
  bool waits = false;       ///< one of them has not been judged yet
  bool apart = false;       ///< one of them does not count any more: what they said then cannot be told
};

Result<Said> fold_covered(Vault& vault, const LedgerId& ledger, const std::vector<EnvelopeId>& ids) {
  Said out;
  std::set<EnvelopeId> built_on;
  WAYSIDE_TRY(const auto apart, kept_apart(vault, ledger));
  for (const EnvelopeId& id : ids) {
    WAYSIDE_TRY(const auto row, vault.store().envelope(id));
    if (!row || apart.contains(id)) {
      WAYSIDE_TRY(const bool known, vault.store().database().query("SELECT 1 FROM quarantine WHERE id = ?", id).next());
      (known ? out.apart : out.waits) = true;
      continue;
    }
    WAYSIDE_TRY(const OpenedEnvelope opened, open_stored(vault, *row));
    fold_into(out.folded, opened);
    out.heads.insert(id);
    if (opened.envelope.header.prev) built_on.insert(*opened.envelope.header.prev);
    built_on.insert(opened.change.deps.begin(), opened.change.deps.end());
    if (opened.change.opening && !out.opening) out.opening = opened.change.opening;
  }
  for (const EnvelopeId& id : built_on) out.heads.erase(id);
  return out;
}

Digest digest_of(const Said& said) {
  ledger::BundledLedger all;
  for (const auto& [id, state] : said.folded) all.push_back({id, state, ledger::encode(state)});
  return ledger::digest_of(all);
}

bool named_so(const ledger::LedgerRow& row, const std::optional<ledger::Opening>& opening) {
  return opening && opening->kind == row.kind && opening->subject == row.subject && opening->team == row.team;
}

/// What somebody says that a ledger is for goes; its first envelope says so when it comes.
Result<void> unname(Vault& vault, const ledger::LedgerRow& row) {
  store::Database& database = vault.store().database();
  WAYSIDE_OK(database.run("DELETE FROM ledgers_by_subject WHERE id = ? AND n = ?", row.subject, row.n));
  return database.run("UPDATE ledgers SET kind = 0, subject = NULL, team = NULL WHERE n = ?", row.n);
}

/// From its envelopes alone. Whoever said what it is for may have lied, so they say that too.
Result<void> make_true(Vault& vault, Vault::Writing& writing, std::int64_t n, const std::optional<ledger::Opening>& opening) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(n));
  if (!row) return fail(Errc::not_found, "ledger");
  const bool fits = named_so(*row, opening);
  if (!fits) WAYSIDE_OK(unname(vault, *row));
  WAYSIDE_OK(forget_unchecked(vault, writing.transaction(), n));
  if (!fits && opening) WAYSIDE_OK(vault.store().open_ledger(writing.transaction(), n, *opening));
  return refold(vault, writing, n);
}

enum class Found { same, different, waits };

Result<bool> holds_more_than(Vault& vault, std::int64_t ledger, std::size_t envelopes) {
  store::Query count = vault.store().database().query("SELECT count(*) FROM envelopes WHERE ledger = ?", ledger);
  WAYSIDE_OK(count.next());
  return static_cast<std::size_t>(count.integer(0)) != envelopes;
}

/// Compares one ledger of which every covered envelope has come. The same: it is like any other from here on.
Result<Found> compare(Vault& vault, Vault::Writing& writing, std::int64_t n, const std::vector<EnvelopeId>& ids, bool heads_fit) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(n));
  if (!row) return fail(Errc::not_found, "ledger");
  WAYSIDE_TRY(Said said, fold_covered(vault, row->id, ids));
  if (said.waits) return Found::waits;
  WAYSIDE_TRY(const auto told, vault.store().bundled_digest(n));
  // Values under a key that has not come yet cannot be compared: what the envelopes show stands, and nobody is to blame.
  const bool closed = std::ranges::any_of(said.folded, [](const auto& record) { return ledger::holds_sealed_value(record.second); });
  const bool comparable = !said.apart && !closed;
  const bool same = heads_fit && (!comparable || (named_so(*row, said.opening) && told == digest_of(said)));
  if (!comparable || !same) {
    WAYSIDE_OK(make_true(vault, writing, n, said.opening));
    return same ? Found::same : Found::different;
  }
  WAYSIDE_TRY(const bool more_since, holds_more_than(vault, n, ids.size()));
  WAYSIDE_OK(forget_unchecked(vault, writing.transaction(), n));
  // What was written since builds on some of its heads.
  if (more_since) WAYSIDE_OK(refold(vault, writing, n));
  else WAYSIDE_OK(vault.store().put_heads(writing.transaction(), n, {said.heads.begin(), said.heads.end()}));
  return Found::same;
}

Result<Found> settle_one(Vault& vault, Vault::Writing& writing, std::int64_t n, const std::set<LedgerId>& carried) {
  WAYSIDE_TRY(const auto row, vault.store().ledger(n));
  WAYSIDE_TRY(const auto ids, seen_before(vault, n));
  bool whole = false, heads_fit = false;
  {
    store::Query seen = vault.store().database().query("SELECT lsn = seen, head = seen_head FROM snapshot_ledgers WHERE ledger = ?", n);
    WAYSIDE_OK(seen.next());
    whole = seen.integer(0) != 0;
    heads_fit = seen.integer(1) != 0;
  }
  if (whole) return compare(vault, writing, n, ids, heads_fit);
  const auto teams = vault.membership().teams_of(vault.identity().user);
  const bool left_team = row && row->team && std::ranges::find(teams, *row->team) == teams.end();
  if (!left_team || (row && carried.contains(row->id))) return Found::different;
  // Its envelopes are not given to this device any more: what cannot be compared is not kept, and nobody is to blame.
  WAYSIDE_OK(make_true(vault, writing, n, std::nullopt));
  return Found::same;
}

Result<std::vector<std::int64_t>> some_unchecked(Vault& vault, std::size_t most) {
  std::vector<std::int64_t> out;
  store::Query rows = vault.store().database().query("SELECT ledger FROM snapshot_ledgers ORDER BY ledger LIMIT ?", static_cast<std::int64_t>(most));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.integer(0));
  }
}

}  // namespace

Result<std::optional<SnapshotUse>> snapshot_use(Vault& vault) {
  WAYSIDE_TRY(const auto use, read_use(vault));
  if (!use) return std::nullopt;
  SnapshotUse out{DeviceId::from(use->publisher()).value_or(DeviceId{}), use->generation(), use->position(), use->loaded_ms(),
                  static_cast<Trust>(use->state()), use->ledgers(), use->records(), 0};
  store::Query rows = vault.store().database().query("SELECT count(*) FROM snapshot_ledgers");
  WAYSIDE_OK(rows.next());
  out.unchecked = static_cast<std::uint64_t>(rows.integer(0));
  return out;
}

Result<Frontier> covered_frontier(Vault& vault) {
  Frontier out;
  WAYSIDE_TRY(const auto use, snapshot_use(vault));
  if (!use || use->trust != Trust::unverified) return out;
  out.generation = use->generation;
  out.position = use->position;
  store::Query rows = vault.store().database().query("SELECT l.id, s.lsn, s.head FROM snapshot_ledgers s JOIN ledgers l ON l.n = s.ledger");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.ledgers.push_back({rows.id<LedgerId>(0), static_cast<std::uint64_t>(rows.integer(1)), rows.id<Digest>(2)});
  }
}

Result<SnapshotCheck> SnapshotCheck::open(Vault& vault) {
  SnapshotCheck out(vault);
  WAYSIDE_TRY(const auto use, read_use(vault));
  out.in_use_ = use && use->state() == static_cast<std::uint32_t>(Trust::unverified);
  return out;
}

Result<SnapshotCheck::Progress*> SnapshotCheck::progress_of(std::int64_t ledger) {
  const auto known = pages_.find(ledger);
  if (known != pages_.end()) return &known->second;
  store::Query row = vault_->store().database().query("SELECT lsn, seen, seen_head FROM snapshot_ledgers WHERE ledger = ?", ledger);
  WAYSIDE_TRY(const bool there, row.next());
  if (!there) return nullptr;
  Progress progress{static_cast<std::uint64_t>(row.integer(0)), static_cast<std::uint64_t>(row.integer(1)), row.id<Digest>(2), {}};
  return &pages_.emplace(ledger, std::move(progress)).first->second;
}

Result<bool> SnapshotCheck::covers(const LedgerId& id, std::uint64_t lsn, const EnvelopeId& envelope) {
  if (!in_use_) return false;
  WAYSIDE_TRY(const auto row, vault_->store().ledger(id));
  if (!row) return false;
  WAYSIDE_TRY(Progress* progress, progress_of(row->n));
  if (progress == nullptr || lsn > progress->lsn) return false;
  if (lsn != progress->seen + 1) return true;   // came before, when all was fetched again
  progress->seen = lsn;
  progress->head = ledger::next_head(progress->head, envelope);
  progress->ids.push_back(envelope);
  return true;
}

Result<void> SnapshotCheck::end_page(Vault::Writing& writing) {
  store::Database& database = vault_->store().database();
  bool false_now = false;
  for (auto& [ledger, progress] : pages_) {
    if (progress.ids.empty()) continue;
    WAYSIDE_TRY(auto ids, seen_before(*vault_, ledger));
    ids.insert(ids.end(), progress.ids.begin(), progress.ids.end());
    Found found = Found::waits;
    if (progress.seen == progress.lsn && !false_now) {
      store::Query told = database.query("SELECT head FROM snapshot_ledgers WHERE ledger = ?", ledger);
      WAYSIDE_OK(told.next());
      const bool heads_fit = told.id<Digest>(0) == progress.head;
      WAYSIDE_TRY(found, compare(*vault_, writing, ledger, ids, heads_fit));
    }
    if (found == Found::different) false_now = true;
    if (found != Found::waits) continue;
    WAYSIDE_OK(database.run("UPDATE snapshot_ledgers SET seen = ?, seen_head = ? WHERE ledger = ?", progress.seen, progress.head, ledger));
    for (const EnvelopeId& id : progress.ids) WAYSIDE_OK(database.run("INSERT OR IGNORE INTO snapshot_seen(id, ledger) VALUES(?, ?)", id, ledger));
  }
  pages_.clear();
  if (!false_now) return {};
  in_use_ = false;
  return set_trust(*vault_, writing, Trust::false_);
}

Result<void> settle_snapshot(Vault& vault, const std::set<LedgerId>& carried) {
  WAYSIDE_TRY(const auto use, read_use(vault));
  if (!use || use->state() != static_cast<std::uint32_t>(Trust::unverified)) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const auto left, some_unchecked(vault, SIZE_MAX >> 1));
  Trust trust = Trust::verified;
  for (const std::int64_t ledger : left) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
    if (row && left_to_others(vault, row->id)) {   // it does not come any more, and goes from here
      trust = Trust::unverified;
      continue;
    }
    WAYSIDE_TRY(const Found found, settle_one(vault, writing, ledger, carried));
    if (found == Found::waits) trust = Trust::unverified;
    if (found != Found::different) continue;
    trust = Trust::false_;
    break;
  }
  WAYSIDE_OK(set_trust(vault, writing, trust));
  return std::move(writing).commit();
}

Result<bool> drop_useless_snapshot(Vault& vault, std::size_t most) {
  WAYSIDE_TRY(const auto use, read_use(vault));
  const auto trust = use ? static_cast<Trust>(use->state()) : Trust::verified;
  if (trust != Trust::false_ && trust != Trust::let_go) return false;
  WAYSIDE_TRY(const auto some, some_unchecked(vault, most));
  if (some.empty()) return false;
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const std::int64_t ledger : some) WAYSIDE_OK(make_true(vault, writing, ledger, std::nullopt));
  WAYSIDE_OK(std::move(writing).commit());
  return some.size() == most;
}

Result<void> let_go_of_snapshot(Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(set_trust(vault, writing, Trust::let_go));
  return std::move(writing).commit();
}

Result<std::optional<Digest>> covered_head(Vault& vault, std::int64_t ledger, std::uint64_t lsn) {
  WAYSIDE_TRY(const bool covered, is_unchecked(vault, ledger));
  if (!covered) return std::nullopt;
  store::Query row = vault.store().database().query("SELECT head FROM snapshot_ledgers WHERE ledger = ? AND lsn = ?", ledger, lsn);
  WAYSIDE_TRY(const bool there, row.next());
  return there ? std::optional(row.id<Digest>(0)) : std::nullopt;
}

Result<bool> is_unchecked(Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(const auto use, read_use(vault));
  if (!use || use->state() == static_cast<std::uint32_t>(Trust::verified)) return false;
  return vault.store().database().query("SELECT 1 FROM snapshot_ledgers WHERE ledger = ?", ledger).next();
}

Result<std::vector<Bytes>> snapshot_grants(Vault& vault, std::int64_t ledger) {
  store::Query row = vault.store().database().query("SELECT grants FROM snapshot_ledgers WHERE ledger = ?", ledger);
  WAYSIDE_TRY(const bool there, row.next());
  return there ? ledger::unpack_grants(row.blob(0)) : std::vector<Bytes>{};
}

Result<void> forget_unchecked(Vault& vault, store::Transaction& transaction, std::int64_t ledger) {
  WAYSIDE_TRY(const auto use, read_use(vault));
  if (!use) return {};
  WAYSIDE_OK(vault.store().forget_bundled(transaction, ledger));
  WAYSIDE_OK(vault.store().database().run("DELETE FROM snapshot_seen WHERE ledger = ?", ledger));
  return vault.store().database().run("DELETE FROM snapshot_ledgers WHERE ledger = ?", ledger);
}

}  // namespace wayside::vault
