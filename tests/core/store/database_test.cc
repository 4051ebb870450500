#include "core/store/database.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>

#include "core/crypto/crypto.h"
#include "tests/core/store/recording_files.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::store;
using support::FakeFiles;
using support::FileOperation;

namespace {

const platform::Path kFile = "/vault/store.db";
constexpr std::string_view kTable = "CREATE TABLE saves(n INTEGER PRIMARY KEY, words BLOB NOT NULL UNIQUE)";

SecretBytes key_of(unsigned char byte) {
  SecretBytes key(32);
  std::fill_n(key.data(), key.size(), byte);
  return key;
}

/// A machine whose disk can be swapped.
struct World {
  support::FakeClock clock;
  support::FakeRandom random;
  std::unique_ptr<FakeFiles> files = std::make_unique<FakeFiles>();
  support::FakeKeyStore keys;
  support::FakeNetwork network;
  platform::Env env() { return {clock, random, *files, keys, network}; }

  World() { REQUIRE(files->make_folders("/vault")); }
  Result<std::unique_ptr<Database>> open(Database::Mode mode = Database::Mode::existing) {
    platform::Env world = env();
    return Database::open(world, kFile, mode, key_of(7));
  }
};

Result<void> save(Database& database, std::int64_t n, BytesView words) {
  WAYSIDE_TRY(auto transaction, Transaction::begin(database));
  WAYSIDE_OK(database.run("INSERT INTO saves(n, words) VALUES(?, ?)", n, words));
  return std::move(transaction).commit();
}

Bytes words_of(std::int64_t n) {
  support::FakeRandom random(static_cast<std::uint64_t>(n) + 1);
  return crypto::random_bytes(random, 100 + static_cast<std::size_t>(n) * 997 % 9'000);
}

std::set<std::int64_t> saves_in(Database& database) {
  std::set<std::int64_t> out;
  Query all = database.query("SELECT n, words FROM saves");
  for (;;) {
    const auto row = all.next();
    REQUIRE(row);
    if (!*row) return out;
    if (all.blob(1) == words_of(all.integer(0))) out.insert(all.integer(0));
  }
}

/// What a day does to a store: saves, a save taken back, a checkpoint in between. Adds what was acknowledged.
void day(Database& database, std::set<std::int64_t>& acknowledged) {
  for (std::int64_t n = 100; n < 106; ++n) {
    if (save(database, n, words_of(n))) acknowledged.insert(n);
    if (n == 102) (void)database.checkpoint();
    if (n == 103) {
      if (auto dropped = Transaction::begin(database)) (void)database.run("INSERT INTO saves(n, words) VALUES(999, x'00')");
    }
  }
}

/// A closed store with ten saves.
World prepared() {
  World world;
  auto database = world.open(Database::Mode::create_new);
  REQUIRE(database);
  REQUIRE((*database)->run_script(kTable));
  for (std::int64_t n = 0; n < 10; ++n) REQUIRE(save(**database, n, words_of(n)));
  return world;
}

bool includes(const std::set<std::int64_t>& all, const std::set<std::int64_t>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

std::set<std::int64_t> first_ten() { return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; }

}  // namespace

TEST_CASE("a store opens with its key and nothing else, and is left as it was") {
  World world = prepared();
  const Bytes before = world.files->contents().at(kFile);
  platform::Env env = world.env();
  CHECK(Database::open(env, kFile, Database::Mode::existing, key_of(8)).error().code == Errc::not_a_vault);
  CHECK(Database::open_plain(env, kFile, Database::Mode::existing).error().code == Errc::not_a_vault);
  CHECK(world.files->contents().at(kFile) == before);
  auto database = world.open();
  REQUIRE(database);
  CHECK(saves_in(**database) == first_ten());
}

TEST_CASE("a wrong key leaves no log where the program stands") {
  // SQLCipher takes the argument of `cipher_log` for a file's name unless it is one of its own words.
  const auto names = [] {
    std::set<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::current_path())) out.insert(entry.path().filename());
    return out;
  };
  const auto before = names();
  World world = prepared();
  platform::Env env = world.env();
  CHECK(Database::open(env, kFile, Database::Mode::existing, key_of(8)).error().code == Errc::not_a_vault);
  for (const char* name : {"NONE", "off", "OFF"}) CHECK((before.contains(name) || !names().contains(name)));
}

TEST_CASE("a plain SQLite file is refused, and nothing is written into it") {
  World world;
  platform::Env env = world.env();
  {
    auto plain = Database::open_plain(env, kFile, Database::Mode::create_new);
    REQUIRE(plain);
    REQUIRE((*plain)->run_script(kTable));
    REQUIRE((*plain)->checkpoint());
  }
  const Bytes before = world.files->contents().at(kFile);
  CHECK(before.starts_with("SQLite format 3"));
  CHECK(world.open().error().code == Errc::not_a_vault);
  CHECK(world.files->contents().at(kFile) == before);
}

TEST_CASE("making a store does not overwrite one, and opening does not make one") {
  World world = prepared();
  CHECK(world.open(Database::Mode::create_new).error().code == Errc::already_exists);
  World empty;
  CHECK(empty.open().error().code == Errc::not_found);
  CHECK_FALSE(empty.files->exists(kFile));
}

TEST_CASE("a store that is cut short, or has a page changed, is refused or found by the integrity check") {
  World world = prepared();
  const Bytes good = world.files->contents().at(kFile);
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{4096}, good.size() / 2}) {
    World cut = prepared();
    cut.files->tamper(kFile, good.substr(0, size));
    auto database = cut.open();
    if (database) CHECK_FALSE((*database)->check_integrity());
  }
  for (std::size_t page = 0; page < good.size() / 4096; ++page) {
    World changed = prepared();
    Bytes bad = good;
    bad[page * 4096 + 2000] ^= 1;
    changed.files->tamper(kFile, bad);
    auto database = changed.open();
    INFO("page " << page);
    if (database) CHECK_FALSE((*database)->check_integrity());
  }
}

TEST_CASE("who joins a transaction leaves it to its owner, and is one itself where none is open") {
  World world;
  auto database = *world.open(Database::Mode::create_new);
  REQUIRE(database->run_script(kTable));
  const auto joined_save = [&](std::int64_t n) -> Result<void> {
    WAYSIDE_TRY(auto joined, Transaction::join(*database));
    WAYSIDE_OK(database->run("INSERT INTO saves(n, words) VALUES(?, ?)", n, words_of(n)));
    return std::move(joined).commit();
  };
  REQUIRE(joined_save(1));
  {
    auto owner = Transaction::begin(*database);
    REQUIRE(owner);
    REQUIRE(joined_save(2));
    { const auto given_up = Transaction::join(*database); }   // undoes nothing: it is not its own
    CHECK(saves_in(*database) == std::set<std::int64_t>{1, 2});
  }
  CHECK(saves_in(*database) == std::set<std::int64_t>{1});
}

TEST_CASE("a failed constraint is named, and the transaction can be given up") {
  World world = prepared();
  auto database = world.open();
  REQUIRE(database);
  CHECK(save(**database, 3, "other words").error().code == Errc::already_exists);
  CHECK(save(**database, 50, words_of(50)));
  CHECK((*database)->check_integrity());
}

TEST_CASE("one save is one sync of one file, checkpoints apart") {
  World world = prepared();
  auto database = world.open();
  REQUIRE(database);
  REQUIRE(save(**database, 20, words_of(20)));   // the first one also makes the write-ahead log
  for (std::int64_t n = 21; n < 121; ++n) {
    const auto before = (*database)->syncs();
    const auto disk_before = world.files->counts().syncs;
    REQUIRE(save(**database, n, words_of(n)));
    const auto after = (*database)->syncs();
    CHECK(after.wal + after.store - before.wal - before.store == 1);
    CHECK(world.files->counts().syncs - disk_before == 1);
  }
}

TEST_CASE("no file is ever opened but the store, its write-ahead log and, while it is made, its journal") {
  World world;
  test::RecordingFiles recording(*world.files);
  platform::Env env{world.clock, world.random, recording, world.keys, world.network};
  {
    auto database = Database::open(env, kFile, Database::Mode::create_new, key_of(7));
    REQUIRE(database);
    REQUIRE((*database)->run_script(kTable));
    auto transaction = Transaction::begin(**database);
    REQUIRE(transaction);
    // More than any cache, sorter or statement journal holds in memory without being told to.
    for (std::int64_t n = 0; n < 6'000; ++n) REQUIRE((*database)->run("INSERT INTO saves VALUES(?, ?)", n, Bytes(2'000, static_cast<char>(n)) + std::to_string(n)));
    REQUIRE((*database)->run("UPDATE saves SET words = words || x'00' WHERE n % 2 = 0"));
    REQUIRE_FALSE((*database)->run("UPDATE saves SET words = x'01'"));   // fails half-way: a statement is undone
    Query sorted = (*database)->query("SELECT words FROM saves ORDER BY substr(words, 2) || n DESC");
    while (*sorted.next()) {}
    REQUIRE((*database)->run("CREATE TEMP TABLE t AS SELECT * FROM saves LIMIT 2000"));
    REQUIRE(std::move(*transaction).commit());
    REQUIRE((*database)->checkpoint());
  }
  const std::set<std::string> expected{"/vault/store.db", "/vault/store.db-wal", "/vault/store.db-journal"};
  for (const std::string& name : recording.opened) CHECK(expected.contains(name));
  CHECK(recording.opened.contains("/vault/store.db-wal"));
}

TEST_CASE("no word that was saved stands on the disk, in the store or in its log") {
  World world;
  const Bytes canary = "canary-Xq7wPz-canary";
  const auto found = [&](FakeFiles& files) {
    for (const auto& [name, content] : files.contents()) {
      if (content.find(canary) != Bytes::npos || content.find("saves") != Bytes::npos) return true;
    }
    return false;
  };
  auto database = world.open(Database::Mode::create_new);
  REQUIRE(database);
  REQUIRE((*database)->run_script(kTable));
  for (std::int64_t n = 0; n < 50; ++n) REQUIRE(save(**database, n, canary + std::to_string(n) + Bytes(5'000, 'x')));
  CHECK_FALSE(found(*world.files));
  REQUIRE((*database)->checkpoint());
  CHECK_FALSE(found(*world.files));
}

TEST_CASE("whatever operation fails with a full disk, an I/O error or a read-only disk, what was saved stays and work goes on") {
  for (const Errc code : {Errc::disk_full, Errc::io, Errc::read_only}) {
    for (const bool all_after : {false, true}) {
      std::uint64_t faults = 0;
      for (std::uint64_t n = 0;; ++n) {
        World world = prepared();
        auto database = world.open();
        REQUIRE(database);
        const std::uint64_t before = world.files->counts().operations;
        std::set<std::int64_t> acknowledged = first_ten();
        world.files->fail_at(n, code, all_after);
        day(**database, acknowledged);
        const bool reached = world.files->counts().operations > before + n;
        world.files->heal();
        INFO(name_of(code) << " at operation " << n << (all_after ? " and after" : ""));
        CHECK(includes(saves_in(**database), acknowledged));
        CHECK(save(**database, 500, words_of(500)));
        acknowledged.insert(500);
        CHECK((*database)->check_integrity());
        database->reset();
        auto again = world.open();
        REQUIRE(again);
        CHECK(includes(saves_in(**again), acknowledged));
        CHECK_FALSE(saves_in(**again).contains(999));
        if (!reached) break;
        ++faults;
      }
      CHECK(faults > 20);
    }
  }
}

TEST_CASE("a failed save says what failed: a full disk is a full disk") {
  World world = prepared();
  auto database = world.open();
  REQUIRE(database);
  world.files->limit_growth(0);
  CHECK(save(**database, 20, words_of(20)).error().code == Errc::disk_full);
  world.files->heal();
  world.files->fail_at(FileOperation::write, 0, Errc::read_only);
  CHECK(save(**database, 20, words_of(20)).error().code == Errc::read_only);
  CHECK(save(**database, 20, words_of(20)));
}

TEST_CASE("a fault that harmed nothing is not blamed for a later failure") {
  World world = prepared();
  auto database = world.open();
  REQUIRE(database);
  REQUIRE((*database)->run("PRAGMA wal_autocheckpoint = 1"));
  // The save is durable in the log; only the checkpoint after it fails, which SQLite passes over.
  world.files->fail_at(FileOperation::sync, 2, Errc::disk_full);
  REQUIRE(save(**database, 20, words_of(20)));
  REQUIRE(save(**database, 21, words_of(21)));
  world.files->heal();
  CHECK(save(**database, 20, "again").error().code == Errc::already_exists);
}

TEST_CASE("power lost at any operation, writes dropped or torn: every acknowledged save is there, and the store is whole") {
  std::uint64_t points = 0;
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u}) {
    for (std::uint64_t n = 0;; ++n) {
      World world = prepared();
      std::set<std::int64_t> acknowledged = first_ten();
      std::uint64_t before = 0;
      {
        auto database = world.open();
        REQUIRE(database);
        before = world.files->counts().operations;
        world.files->power_off_at(n);
        day(**database, acknowledged);
      }
      const bool reached = world.files->counts().operations > before + n;
      world.files->crash(seed * 1'000 + (seed == 0 ? 0 : n));
      INFO("power off at operation " << n << ", seed " << seed);
      auto again = world.open();
      REQUIRE(again);
      CHECK((*again)->check_integrity());
      CHECK(includes(saves_in(**again), acknowledged));
      CHECK_FALSE(saves_in(**again).contains(999));
      CHECK(save(**again, 500, words_of(500)));
      if (!reached) break;
      ++points;
    }
  }
  CHECK(points > 100);
}

TEST_CASE("a process killed at any operation loses no acknowledged save") {
  for (std::uint64_t n = 0;; ++n) {
    World world = prepared();
    std::set<std::int64_t> acknowledged = first_ten();
    std::uint64_t before = 0;
    {
      auto database = world.open();
      REQUIRE(database);
      before = world.files->counts().operations;
      world.files->power_off_at(n);
      day(**database, acknowledged);
    }
    const bool reached = world.files->counts().operations > before + n;
    world.files->kill_process();
    INFO("killed at operation " << n);
    auto again = world.open();
    REQUIRE(again);
    CHECK(includes(saves_in(**again), acknowledged));
    CHECK((*again)->check_integrity());
    if (!reached) break;
  }
}

TEST_CASE("queries give what was bound, and hold their row while another runs") {
  World world = prepared();
  auto opened = world.open();
  REQUIRE(opened);
  Database& database = **opened;
  REQUIRE(database.run_script("CREATE TABLE kinds(a INTEGER, b BLOB, c TEXT, d)"));
  const SecretBytes secret = key_of(3);
  REQUIRE(database.run("INSERT INTO kinds VALUES(?, ?, ?, ?)", std::int64_t{-5}, secret, SqlText{"O'Brien; DROP TABLE kinds"}, std::nullopt));
  Query row = database.query("SELECT a, b, c, d FROM kinds");
  REQUIRE(*row.next());
  Query inner = database.query("SELECT a, b, c, d FROM kinds");   // the same text, a statement of its own
  REQUIRE(*inner.next());
  CHECK_FALSE(*inner.next());
  CHECK(row.integer(0) == -5);
  CHECK(row.secret(1).equals(secret));
  CHECK(row.text(2) == "O'Brien; DROP TABLE kinds");
  CHECK(row.is_null(3));
  CHECK(row.id<RecordId>(1).is_zero());   // another length
  CHECK_FALSE(*row.next());
  Query wrong = database.query("SELECT nothing FROM nowhere");
  CHECK_FALSE(wrong.next());
}
