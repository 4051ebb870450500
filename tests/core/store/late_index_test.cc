#include "core/store/late_index.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::store;

namespace {

template <class T>
T need(Result<T> result) {
  if (!result) FAIL(name_of(result.error().code) << " " << result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

constexpr LateIndex::Layout kNames{.name = "names",
                                   .recent = "SELECT n, name FROM people WHERE n > ?",
                                   .find = "SELECT n FROM people_by_name WHERE name = ?",
                                   .insert = "INSERT OR IGNORE INTO people_by_name(name, n) VALUES(?, ?)",
                                   .remove = "DELETE FROM people_by_name WHERE name = ? AND n = ?",
                                   .count = "SELECT count(*) FROM people_by_name",
                                   .key_bytes = 4,
                                   .batch = 8};
constexpr std::string_view kTables =
    "CREATE TABLE late_indexes(name TEXT PRIMARY KEY, up_to INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE people(n INTEGER PRIMARY KEY, name BLOB);"
    "CREATE TABLE people_by_name(name BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(name, n)) WITHOUT ROWID;";

using Rows = std::vector<std::int64_t>;

/// A table of people whose names are four letters, on a disk that outlives the database.
struct Town {
  support::FakeClock clock;
  support::FakeRandom random;
  support::FakeFiles files;
  support::FakeKeyStore keys;
  support::FakeNetwork network;
  std::unique_ptr<Database> database;
  std::unique_ptr<LateIndex> index;
  std::multimap<Bytes, std::int64_t> model;

  Town() {
    REQUIRE(files.make_folders("/town"));
    open(Database::Mode::create_new);
    need(database->run_script(kTables));
  }
  void open(Database::Mode mode) {
    index.reset();
    database.reset();
    platform::Env env{clock, random, files, keys, network};
    database = need(Database::open_plain(env, "/town/people.db", mode));
    index = std::make_unique<LateIndex>(*database, kNames);
  }
  std::int64_t insert(Transaction& transaction, const Bytes& name) {
    need(database->run("INSERT INTO people(name) VALUES(?)", name));
    const std::int64_t n = database->last_row();
    need(index->added(transaction, name, n));
    return n;
  }
  void add(const std::vector<Bytes>& names, bool keep = true) {
    auto transaction = need(Transaction::begin(*database));
    for (const Bytes& name : names) {
      const std::int64_t n = insert(transaction, name);
      if (keep) model.emplace(name, n);
    }
    if (keep) need(std::move(transaction).commit());
  }
  std::int64_t in_tree() {
    Query count = database->query("SELECT count(*) FROM people_by_name");
    REQUIRE(need(count.next()));
    return count.integer(0);
  }
  Rows expected(const Bytes& name) const {
    Rows out;
    for (auto [at, end] = model.equal_range(name); at != end; ++at) out.push_back(at->second);
    std::sort(out.begin(), out.end());
    return out;
  }
};

Bytes name_of(int number) {
  Bytes out = "a000";
  for (int i = 3; i > 0; --i, number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return out;
}

}  // namespace

TEST_CASE("a key is found from the moment on that it is added, and the tree is written once for a whole batch") {
  Town town;
  for (int i = 0; i < 7; ++i) {
    town.add({name_of(i)});
    CHECK(need(town.index->find(name_of(i))) == Rows{i + 1});
  }
  CHECK(town.in_tree() == 0);
  town.add({name_of(7)});
  CHECK(town.in_tree() == 8);
  for (int i = 0; i < 8; ++i) CHECK(need(town.index->find(name_of(i))) == Rows{i + 1});
  CHECK(need(town.index->find("none")).empty());
}

TEST_CASE("several rows of one key are found in their order, in the tree and before it") {
  Town town;
  town.add({"mary", "anna", "mary"});
  CHECK(need(town.index->find("mary")) == Rows{1, 3});
  town.add({"jane", "jane", "jane", "jane", "jane", "mary"});
  CHECK(need(town.index->find("mary")) == Rows{1, 3, 9});
  CHECK(need(town.index->find("jane")) == Rows{4, 5, 6, 7, 8});
}

TEST_CASE("what the tree does not hold yet is read back at the next opening") {
  Town town;
  town.add({"mary", "anna", "jane"});
  town.open(Database::Mode::existing);
  CHECK(need(town.index->find("anna")) == Rows{2});
  town.add({name_of(1), name_of(2), name_of(3), name_of(4), name_of(5)});
  CHECK(town.in_tree() == 8);
  town.open(Database::Mode::existing);
  CHECK(need(town.index->find("anna")) == Rows{2});
  CHECK(town.index->check().has_value());
}

TEST_CASE("a transaction that is undone leaves nothing to be found, not even when it wrote a batch") {
  for (const int names : {1, 3, 8, 20}) {
    Town town;
    town.add({"mary", "anna"});
    std::vector<Bytes> undone;
    for (int i = 0; i < names; ++i) undone.push_back(name_of(i));
    town.add(undone, false);
    for (const Bytes& name : undone) CHECK(need(town.index->find(name)).empty());
    CHECK(need(town.index->find("mary")) == Rows{1});
    // The undone rows' numbers are used again, by others.
    town.add({"jane"});
    CHECK(need(town.index->find("jane")) == Rows{3});
    CHECK(need(town.index->find(name_of(0))).empty());
    CHECK(town.index->check().has_value());
  }
}

TEST_CASE("a row that gets its key late, or a number used before, is found too") {
  Town town;
  town.add({name_of(0), name_of(1)});
  need(town.database->run("INSERT INTO people(name) VALUES(NULL)"));   // row 3: no key yet
  town.add({name_of(3), name_of(4), name_of(5), name_of(6), name_of(7), name_of(8)});
  REQUIRE(town.in_tree() == 8);
  auto transaction = need(Transaction::begin(*town.database));
  need(town.database->run("UPDATE people SET name = ? WHERE n = 3", Bytes("late")));
  need(town.index->added(transaction, "late", 3));
  need(std::move(transaction).commit());
  CHECK(need(town.index->find("late")) == Rows{3});
  CHECK(town.index->check().has_value());
}

TEST_CASE("any sequence of additions, undone ones and openings finds what a plain map holds") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    support::FakeRandom random(seed);
    Town town;
    for (int step = 0; step < 30; ++step) {
      std::vector<Bytes> names(random.below(12));
      for (Bytes& name : names) name = name_of(static_cast<int>(random.below(25)));
      town.add(names, random.below(4) != 0);
      if (random.below(6) == 0) town.open(Database::Mode::existing);
    }
    INFO("seed " << seed);
    for (int i = 0; i < 25; ++i) CHECK(need(town.index->find(name_of(i))) == town.expected(name_of(i)));
    CHECK(town.index->check().has_value());
  }
}

TEST_CASE("a row that cannot be found, and an entry without a row, are told of by the index's name") {
  Town lost;
  lost.add({"mary"});
  need(lost.index->find("mary"));
  need(lost.database->run("INSERT INTO people(name) VALUES(?)", Bytes("anna")));
  const auto unfound = lost.index->check();
  REQUIRE_FALSE(unfound.has_value());
  CHECK(unfound.error().code == Errc::corrupt);
  CHECK(unfound.error().detail == "names");

  Town stray;
  stray.add({"mary"});
  need(stray.database->run("INSERT INTO people_by_name(name, n) VALUES(?, 99)", Bytes("anna")));
  CHECK_FALSE(stray.index->check().has_value());
}

TEST_CASE("very many rows are indexed at once, also where a number is used again and where others wait for their batch") {
  Town town;
  for (int i = 0; i < 20; ++i) town.add({name_of(i)});
  {
    auto transaction = need(Transaction::begin(*town.database));
    for (const int gone : {19, 18}) {
      need(town.index->removed(transaction, name_of(gone), gone + 1));
      need(town.database->run("DELETE FROM people WHERE n = ?", std::int64_t{gone} + 1));
      town.model.erase(name_of(gone));
    }
    const std::int64_t newest = 18;
    for (int i = 100; i < 200; ++i) {
      need(town.database->run("INSERT INTO people(name) VALUES(?)", name_of(i)));
      town.model.emplace(name_of(i), town.database->last_row());
    }
    need(town.index->catch_up(transaction, newest));
    need(std::move(transaction).commit());
  }
  for (const bool again : {false, true}) {
    if (again) town.open(Database::Mode::existing);
    for (const auto& [name, row] : town.model) CHECK(need(town.index->find(name)) == town.expected(name));
    CHECK(need(town.index->find(name_of(19))).empty());
    CHECK(town.index->check().has_value());
  }
}
