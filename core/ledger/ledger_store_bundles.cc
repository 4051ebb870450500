#include <algorithm>

#include "core/ledger/apply.h"
#include "core/ledger/ledger_store.h"

// Records that stand bundled, and how they become rows.

namespace wayside::ledger {
namespace {

/// Made with the first bundle; most stores never have one. `ledgers`: their rows, i64le each, 0 for one that is not wanted;
/// `counts`: how many records each has, the same way. `digest`: what the bundle held of that ledger, once it is unfolded.
constexpr std::string_view kTables = R"sql(
  CREATE TABLE IF NOT EXISTS bundles(n INTEGER PRIMARY KEY, ledgers BLOB NOT NULL, counts BLOB NOT NULL, ids BLOB NOT NULL,
    reviews INTEGER NOT NULL, since_ms INTEGER NOT NULL, content BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS bundled_ledgers(ledger INTEGER PRIMARY KEY REFERENCES ledgers(n), bundle INTEGER NOT NULL,
    digest BLOB NOT NULL DEFAULT x'');
)sql";

/// From here on indexes are written at the end, in order.
constexpr std::size_t kMany = 8;

Bytes pack(const std::vector<std::int64_t>& rows) {
  Bytes out;
  for (const std::int64_t row : rows) {
    for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(static_cast<std::uint64_t>(row) >> shift));
  }
  return out;
}

std::vector<std::int64_t> unpack(BytesView packed) {
  std::vector<std::int64_t> out;
  for (; packed.size() >= 8; packed.remove_prefix(8)) {
    std::uint64_t row = 0;
    for (std::size_t i = 8; i-- > 0;) row = row << 8 | static_cast<unsigned char>(packed[i]);
    out.push_back(static_cast<std::int64_t>(row));
  }
  return out;
}

Result<std::vector<std::int64_t>> numbers(store::Query rows) {
  std::vector<std::int64_t> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.integer(0));
  }
}

Result<bool> has_table(store::Database& database, std::string_view name) {
  return database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", store::SqlText{name}).next();
}

}  // namespace

Result<bool> LedgerStore::any_bundles() {
  if (bundles_ == Bundles::unknown || bundles_as_of_rollback_ != database_.rollbacks()) {
    bundled_ids_.reset();
    WAYSIDE_TRY(bool some, has_table(database_, "bundles"));
    if (some) {
      WAYSIDE_TRY(some, database_.query("SELECT 1 FROM bundles LIMIT 1").next());
    }
    bundles_ = some ? Bundles::some : Bundles::none;
    bundles_as_of_rollback_ = database_.rollbacks();
  }
  return bundles_ == Bundles::some;
}

Result<void> LedgerStore::index_new_ledgers(store::Transaction& transaction) {
  WAYSIDE_OK(ledgers_by_id_.catch_up(transaction, 0));
  return ledgers_by_subject_.catch_up(transaction, 0);
}

Result<void> LedgerStore::put_bundle(store::Transaction& transaction, const Bundle& bundle, const std::vector<std::int64_t>& ledgers,
                                     std::int64_t now_ms) {
  WAYSIDE_TRY(const bool before, any_bundles());
  if (!before) WAYSIDE_OK(database_.run_script(kTables));
  WAYSIDE_OK(database_.run("INSERT INTO bundles(ledgers, counts, ids, reviews, since_ms, content) VALUES(?, ?, ?, ?, ?, ?)", pack(ledgers),
                           pack({bundle.counts.begin(), bundle.counts.end()}), bundle.ids, bundle.reviews, now_ms, bundle.content));
  const std::int64_t n = database_.last_row();
  for (const std::int64_t ledger : ledgers) {
    if (ledger != 0) WAYSIDE_OK(database_.run("INSERT OR REPLACE INTO bundled_ledgers(ledger, bundle) VALUES(?, ?)", ledger, n));
  }
  bundles_ = Bundles::some;
  bundled_ids_.reset();
  return std::ranges::find(ledgers, 0) == ledgers.end() ? Result<void>{} : unfold_one(transaction, n, false);
}

Result<void> LedgerStore::read_bundled_ids() {
  if (bundled_ids_) return {};
  auto& all = bundled_ids_.emplace();
  store::Query rows = database_.query("SELECT ledgers, counts, ids FROM bundles");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) break;
    const auto ledgers = unpack(rows.blob(0));
    const auto counts = unpack(rows.blob(1));
    BytesView ids = rows.blob(2);
    for (std::size_t i = 0; i < std::min(ledgers.size(), counts.size()); ++i) {
      for (std::int64_t left = counts[i]; left > 0 && ids.size() >= RecordId::size_bytes; --left) {
        if (ledgers[i] != 0) all.emplace_back(*RecordId::from(ids.substr(0, RecordId::size_bytes)), ledgers[i]);
        ids.remove_prefix(RecordId::size_bytes);
      }
    }
  }
  std::ranges::sort(all);
  return {};
}

/// One id may stand in several: somebody's mistake or lie, on which every device has to come to the same end.
Result<void> LedgerStore::unfold_with(const RecordId& id) {
  WAYSIDE_TRY(const bool any, any_bundles());
  if (!any) return {};
  WAYSIDE_OK(read_bundled_ids());
  std::vector<std::int64_t> found;
  for (auto at = std::ranges::lower_bound(*bundled_ids_, std::pair{id, std::int64_t{0}}); at != bundled_ids_->end() && at->first == id; ++at) {
    found.push_back(at->second);
  }
  for (const std::int64_t ledger : found) WAYSIDE_OK(unfold_with(ledger));
  return {};
}

Result<bool> LedgerStore::is_bundled(std::int64_t ledger) {
  return database_.query("SELECT 1 FROM bundled_ledgers WHERE ledger = ? AND digest = x''", ledger).next();
}

/// Of its bundle that ledger alone: the others stay as they are, and the bundle's row is not written.
Result<void> LedgerStore::unfold_with(std::int64_t ledger) {
  WAYSIDE_TRY(const bool any, any_bundles());
  if (!any) return {};
  WAYSIDE_TRY(const bool bundled, is_bundled(ledger));
  if (!bundled) return {};
  WAYSIDE_TRY(auto transaction, store::Transaction::join(database_));
  BundledLedger records;
  std::int64_t since_ms = 0;
  {
    store::Query row = database_.query("SELECT ledgers, ids, content, since_ms FROM bundles WHERE n = (SELECT bundle FROM bundled_ledgers WHERE ledger = ?)", ledger);
    WAYSIDE_TRY(const bool there, row.next());
    const auto ledgers = there ? unpack(row.blob(0)) : std::vector<std::int64_t>{};
    const auto place = static_cast<std::size_t>(std::ranges::find(ledgers, ledger) - ledgers.begin());
    auto content = there ? unfold_bundle(row.blob(1), row.blob(2), place) : BundledLedger{};
    // What cannot be read holds nothing: the comparison with the envelopes finds it out, and a reader is not kept waiting.
    if (content) records = *std::move(content);
    since_ms = there ? row.integer(3) : 0;
  }
  WAYSIDE_OK(put_rows(transaction, ledger, std::move(records), since_ms, false));
  return std::move(transaction).commit();
}

Result<bool> LedgerStore::unfold_some(std::size_t most) {
  WAYSIDE_TRY(const bool any, any_bundles());
  if (!any) return false;
  WAYSIDE_TRY(const auto some, numbers(database_.query("SELECT n FROM bundles ORDER BY n LIMIT ?", static_cast<std::int64_t>(std::min<std::size_t>(most, INT32_MAX)))));
  WAYSIDE_OK(unfold(some));
  WAYSIDE_TRY(const bool more, database_.query("SELECT 1 FROM bundles LIMIT 1").next());
  if (!more) bundles_ = Bundles::none;
  return more;
}

Result<void> LedgerStore::unfold_all() {
  WAYSIDE_TRY(const bool more, unfold_some(SIZE_MAX));
  return more ? fail(Errc::corrupt, "bundles of records") : Result<void>{};
}

Result<void> LedgerStore::unfold(const std::vector<std::int64_t>& bundles) {
  if (bundles.empty()) return {};
  WAYSIDE_TRY(auto transaction, store::Transaction::join(database_));
  const bool many = bundles.size() >= kMany;
  WAYSIDE_TRY(const auto newest, numbers(database_.query("SELECT coalesce(max(n), 0) FROM records")));
  for (const std::int64_t bundle : bundles) WAYSIDE_OK(unfold_one(transaction, bundle, many));
  if (many) {
    WAYSIDE_OK(records_by_id_.catch_up(transaction, newest.front()));
    WAYSIDE_OK(records_by_ledger_.catch_up(transaction, newest.front()));
  }
  return std::move(transaction).commit();
}

Result<void> LedgerStore::unfold_one(store::Transaction& transaction, std::int64_t bundle, bool many) {
  std::vector<std::int64_t> ledgers;
  Result<std::vector<BundledLedger>> content{};
  std::int64_t since_ms = 0;
  {
    store::Query row = database_.query("SELECT ledgers, ids, content, since_ms FROM bundles WHERE n = ?", bundle);
    WAYSIDE_TRY(const bool there, row.next());
    if (!there) return {};
    ledgers = unpack(row.blob(0));
    content = unfold_bundle(row.blob(1), row.blob(2));
    since_ms = row.integer(3);
  }
  if (!content) content.emplace();
  content->resize(ledgers.size());
  for (std::size_t i = 0; i < ledgers.size(); ++i) {
    WAYSIDE_TRY(const bool bundled, is_bundled(ledgers[i]));
    if (bundled) WAYSIDE_OK(put_rows(transaction, ledgers[i], std::move((*content)[i]), since_ms, many));
  }
  return database_.run("DELETE FROM bundles WHERE n = ?", bundle);
}

Result<void> LedgerStore::put_rows(store::Transaction& transaction, std::int64_t ledger, BundledLedger&& records, std::int64_t since_ms, bool many) {
  WAYSIDE_OK(database_.run("UPDATE bundled_ledgers SET digest = ? WHERE ledger = ?", digest_of(records), ledger));
  if (records.empty()) return {};
  std::int64_t first = 0, last = 0;
  for (BundledRecord& record : records) {
    WAYSIDE_TRY(last, put_row(transaction, std::move(record), ledger, since_ms, many));
    if (first == 0) first = last;
  }
  WAYSIDE_TRY(const auto reviews, numbers(database_.query("SELECT count(*) FROM reviews WHERE record BETWEEN ? AND ?", first, last)));
  if (reviews.front() == 0) return {};
  // They are counted where they stand now.
  return database_.run("UPDATE bundles SET reviews = max(0, reviews - ?) WHERE n = (SELECT bundle FROM bundled_ledgers WHERE ledger = ?)",
                       reviews.front(), ledger);
}

/// The number of its row.
Result<std::int64_t> LedgerStore::put_row(store::Transaction& transaction, BundledRecord&& record, std::int64_t ledger, std::int64_t since_ms, bool many) {
  WAYSIDE_OK(database_.run("INSERT INTO records(id, ledger, type, state) VALUES(?, ?, ?, ?)", record.id, ledger, record.state.type, record.encoded));
  const RecordRow row{database_.last_row(), record.id, ledger, std::move(record.state)};
  if (!many) {
    WAYSIDE_OK(records_by_id_.added(transaction, record.id.view(), row.n));
    WAYSIDE_OK(records_by_ledger_.added(transaction, key_of(ledger), row.n));
  }
  for (const auto& [field, state] : row.state.fields) WAYSIDE_OK(keep_review_in_step(*this, row, field, false, since_ms));
  return row.n;
}

Result<std::optional<Digest>> LedgerStore::bundled_digest(std::int64_t ledger) {
  WAYSIDE_OK(unfold_with(ledger));
  WAYSIDE_TRY(const bool ever, has_table(database_, "bundled_ledgers"));
  if (!ever) return std::nullopt;
  store::Query row = database_.query("SELECT digest FROM bundled_ledgers WHERE ledger = ?", ledger);
  WAYSIDE_TRY(const bool there, row.next());
  return there ? std::optional(row.id<Digest>(0)) : std::nullopt;
}

Result<void> LedgerStore::forget_bundled(store::Transaction& transaction, std::int64_t ledger) {
  WAYSIDE_TRY(const bool ever, has_table(database_, "bundled_ledgers"));
  if (!ever) return {};
  // Not that ledger alone: its bundle would still hold what it said.
  WAYSIDE_TRY(const auto bundles, numbers(database_.query("SELECT bundle FROM bundled_ledgers WHERE ledger = ?", ledger)));
  for (const std::int64_t bundle : bundles) WAYSIDE_OK(unfold_one(transaction, bundle, false));
  return database_.run("DELETE FROM bundled_ledgers WHERE ledger = ?", ledger);
}

Result<std::uint64_t> LedgerStore::open_reviews() {
  WAYSIDE_TRY(const bool any, any_bundles());
  store::Query count = any ? database_.query("SELECT (SELECT count(*) FROM reviews) + (SELECT coalesce(sum(reviews), 0) FROM bundles)")
                           : database_.query("SELECT count(*) FROM reviews");
  WAYSIDE_OK(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

}  // namespace wayside::ledger
