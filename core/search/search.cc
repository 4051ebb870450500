#include "core/search/search.h"

#include <algorithm>
#include <unordered_set>

#include "core/ledger/view.h"
#include "core/schema/display.h"
#include "core/store/words.h"

namespace wayside::search {
namespace {

struct Words {
  std::string names;   ///< the record type's title fields
  std::string words;   ///< every other searchable field
};

void add(std::string& out, std::string_view text) {
  if (!out.empty()) out.push_back('\n');
  out.append(text);
}

/// What a record shows as text: all values, also those that wait for a review.
Words words_of(const ledger::RecordState& state) {
  Words out;
  const schema::RecordType* type = schema::current().type(state.type);
  if (type == nullptr) return out;
  for (const schema::Field& field : type->fields) {
    const ledger::FieldState* held = state.field(field.id);
    if (!field.search || held == nullptr) continue;
    const bool title = std::find(type->title.begin(), type->title.end(), field.name) != type->title.end();
    for (const ledger::Held& each : held->held) {
      if (each.value == ledger::kSealedValue) continue;
      add(title ? out.names : out.words, schema::display(field, decode_value(each.value)));
    }
  }
  return out;
}

enum class Known { yes, no };

/// `known`: whether the index may hold the record already. A record without words has no row in it.
Result<void> index_record(vault::Vault& vault, std::int64_t n, Known known) {
  WAYSIDE_TRY(const auto row, vault.store().record(n));
  store::Database& database = vault.store().database();
  // FTS5 has no upsert; a row taken out takes its old words out of the index (secure-delete).
  if (known == Known::yes) WAYSIDE_OK(database.run("DELETE FROM search_index WHERE rowid = ?", n));
  if (!row) return {};
  WAYSIDE_OK(database.run("INSERT OR IGNORE INTO record_types(type, record) VALUES(?, ?)", row->state.type, n));
  const Words words = words_of(row->state);
  if (words.names.empty() && words.words.empty()) return {};
  return database.run("INSERT INTO search_index(rowid, names, words) VALUES(?, ?, ?)", n, store::SqlText{words.names},
                      store::SqlText{words.words});
}

/// New records lie beyond the watermark; older ones that changed stand in the queue.
struct Waiting {
  std::vector<std::int64_t> changed;
  std::vector<std::int64_t> made;
  std::int64_t queue_up_to = 0;
  std::int64_t records_up_to = 0;
  std::size_t taken = 0;
};

Result<Waiting> next_waiting(vault::Vault& vault, std::size_t limit) {
  store::Database& database = vault.store().database();
  Waiting out;
  WAYSIDE_TRY(out.records_up_to, vault.store().meta_number(ledger::kIndexedUpTo));
  store::Query changed = database.query("SELECT n, record FROM search_queue ORDER BY n LIMIT ?", static_cast<std::int64_t>(limit));
  for (;;) {
    WAYSIDE_TRY(const bool row, changed.next());
    if (!row) break;
    out.queue_up_to = changed.integer(0);
    out.changed.push_back(changed.integer(1));
  }
  store::Query made = database.query("SELECT n FROM records WHERE n > ? ORDER BY n LIMIT ?", out.records_up_to,
                                     static_cast<std::int64_t>(limit - out.changed.size()));
  for (;;) {
    WAYSIDE_TRY(const bool row, made.next());
    if (!row) break;
    out.records_up_to = made.integer(0);
    out.made.push_back(out.records_up_to);
  }
  out.taken = out.changed.size() + out.made.size();
  return out;
}

/// Those of the table (core/ledger/store_schema.h). Marks belong to words: Gujarati and Punjabi write vowels as marks.
const std::vector<const char*> kTokenizer{"remove_diacritics", "2", "categories", "L* N* Co M*"};

/// `"word"* AND "word"*`, restricted to one column: quoting makes every query text harmless. Cut as the index is cut,
/// since it keeps no phrases.
std::string match_text(const std::vector<std::string>& words, std::string_view column) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out.append(" AND ");
    if (!column.empty()) out.append(column).append(" : ");
    out.append("\"").append(word).append("\"*");
  }
  return out;
}

/// No query needs more words, and FTS5 bounds its expressions.
constexpr std::size_t kMaxWords = 64;

Result<std::vector<std::string>> words_of_query(vault::Vault& vault, std::string_view text) {
  WAYSIDE_TRY(std::vector<std::string> words, store::words_of(vault.store().database(), kTokenizer, text));
  if (words.size() > kMaxWords) words.resize(kMaxWords);
  return words;
}

constexpr std::string_view kFind =
    "SELECT records.n, records.id, records.type FROM search_index JOIN records ON records.n = search_index.rowid "
    "WHERE search_index MATCH ?1 AND (?2 IS NULL OR records.type = ?2) ORDER BY search_index.rowid DESC LIMIT ?3";

Result<void> collect(vault::Vault& vault, const std::string& match, const Query& query,
                     std::unordered_set<std::int64_t>& seen, std::vector<Hit>& out) {
  store::Query rows = vault.store().database().query(kFind, store::SqlText{match}, query.type, static_cast<std::int64_t>(query.limit));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row || out.size() >= query.limit) return {};
    if (seen.insert(rows.integer(0)).second) {
      out.push_back({rows.id<RecordId>(1), rows.integer(0), static_cast<std::uint32_t>(rows.integer(2))});
    }
  }
}

}  // namespace

Result<std::size_t> catch_up(vault::Vault& vault, std::size_t limit) {
  constexpr std::size_t kRecordsOfABundle = 512;   // about
  WAYSIDE_TRY(const bool bundles_left, vault.store().unfold_some(std::max<std::size_t>(1, limit / kRecordsOfABundle)));
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(Waiting waiting, next_waiting(vault, limit));
  if (waiting.taken == 0) return std::size_t{bundles_left ? 1U : 0U};
  // A record edited several times is indexed once; one that is new is indexed as it is now.
  const std::int64_t made_from = waiting.made.empty() ? waiting.records_up_to + 1 : waiting.made.front();
  std::erase_if(waiting.changed, [&](std::int64_t record) { return record >= made_from; });
  std::sort(waiting.changed.begin(), waiting.changed.end());
  waiting.changed.erase(std::unique(waiting.changed.begin(), waiting.changed.end()), waiting.changed.end());
  WAYSIDE_TRY(auto transaction, store::Transaction::begin(database));
  for (const std::int64_t record : waiting.changed) WAYSIDE_OK(index_record(vault, record, Known::yes));
  for (const std::int64_t record : waiting.made) WAYSIDE_OK(index_record(vault, record, Known::no));
  WAYSIDE_OK(database.run("DELETE FROM search_queue WHERE n <= ?", waiting.queue_up_to));
  WAYSIDE_OK(vault.store().set_meta_number(transaction, ledger::kIndexedUpTo, waiting.records_up_to));
  WAYSIDE_OK(std::move(transaction).commit());
  return waiting.taken;
}

Result<void> catch_up_all(vault::Vault& vault) {
  constexpr std::size_t kSlice = 16384;   // one commit and one FTS segment for this many records
  WAYSIDE_OK(vault.store().unfold_all());
  for (;;) {
    WAYSIDE_TRY(const std::size_t done, catch_up(vault, kSlice));
    if (done == 0) return {};
  }
}

Result<std::vector<Hit>> find(vault::Vault& vault, const Query& query) {
  WAYSIDE_OK(catch_up_all(vault));
  std::vector<Hit> out;
  std::unordered_set<std::int64_t> seen;
  WAYSIDE_TRY(const auto words, words_of_query(vault, query.text));
  if (words.empty()) return out;
  WAYSIDE_OK(collect(vault, match_text(words, "names"), query, seen, out));
  if (out.size() < query.limit) WAYSIDE_OK(collect(vault, match_text(words, ""), query, seen, out));
  return out;
}

Result<std::size_t> count(vault::Vault& vault, const Query& query) {
  WAYSIDE_OK(catch_up_all(vault));
  WAYSIDE_TRY(const auto words, words_of_query(vault, query.text));
  const std::string match = match_text(words, "");
  if (match.empty()) return std::size_t{0};
  store::Query rows = vault.store().database().query(
      "SELECT count(*) FROM search_index JOIN records ON records.n = search_index.rowid "
      "WHERE search_index MATCH ?1 AND (?2 IS NULL OR records.type = ?2)",
      store::SqlText{match}, query.type);
  WAYSIDE_TRY(const bool row, rows.next());
  return row ? static_cast<std::size_t>(rows.integer(0)) : std::size_t{0};
}

Result<void> check(vault::Vault& vault) {
  WAYSIDE_OK(catch_up_all(vault));
  store::Database& database = vault.store().database();
  WAYSIDE_OK(database.run("INSERT INTO search_index(search_index) VALUES('integrity-check')"));
  {
    store::Query strays = database.query("SELECT 1 FROM search_index WHERE rowid NOT IN (SELECT n FROM records) LIMIT 1");
    WAYSIDE_TRY(const bool stray, strays.next());
    if (stray) return fail(Errc::corrupt, "search index holds what no record does");
  }
  store::Query rows = database.query(
      "SELECT records.n, records.type, records.state, search_index.names, search_index.words FROM records "
      "LEFT JOIN search_index ON search_index.rowid = records.n ORDER BY records.n");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    WAYSIDE_TRY(const auto state, ledger::decode_record_state(rows.blob(2), static_cast<std::uint32_t>(rows.integer(1))));
    const Words words = words_of(state);
    if (rows.text(3) != words.names || rows.text(4) != words.words) return fail(Errc::corrupt, "search index");
  }
}

Result<void> rebuild(vault::Vault& vault) {
  store::Database& database = vault.store().database();
  WAYSIDE_TRY(auto transaction, store::Transaction::begin(database));
  WAYSIDE_OK(database.run("DELETE FROM search_index"));
  WAYSIDE_OK(database.run("DELETE FROM record_types"));
  WAYSIDE_OK(database.run("DELETE FROM search_queue"));
  WAYSIDE_OK(vault.store().set_meta_number(transaction, ledger::kIndexedUpTo, 0));
  WAYSIDE_OK(std::move(transaction).commit());
  return catch_up_all(vault);
}

}  // namespace wayside::search
