#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::platform;
using support::FakeFiles;
using support::FileOperation;

namespace {

const Path kHome = "/home";

std::unique_ptr<File> must_open(FakeFiles& files, const Path& path, OpenMode mode = OpenMode::create) {
  auto file = files.open(path, mode);
  REQUIRE(file);
  return *std::move(file);
}

std::string text_at(FakeFiles& files, const Path& path) {
  const auto all = files.contents();
  const auto found = all.find(path.string());
  return found == all.end() ? "(none)" : found->second;
}

/// A disk with one durable file "a" that holds "old".
std::unique_ptr<FakeFiles> disk() {
  auto files = std::make_unique<FakeFiles>();
  REQUIRE(files->make_folders(kHome));
  const auto file = must_open(*files, kHome / "a");
  REQUIRE(file->write_at(0, "old"));
  REQUIRE(file->sync());
  REQUIRE(files->sync_folder(kHome));
  return files;
}

}  // namespace

TEST_CASE("a crash keeps what was synced, whatever the seed") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto files = disk();
    files->crash(seed);
    CHECK(text_at(*files, kHome / "a") == "old");
  }
}

TEST_CASE("with seed 0 a crash loses all that was not synced") {
  const auto files = disk();
  REQUIRE(must_open(*files, kHome / "a")->write_at(0, "NEW!"));
  const auto made = must_open(*files, kHome / "b");
  REQUIRE(made->write_at(0, "b"));
  REQUIRE(made->sync());  // the content is durable, its name is not
  files->crash(0);
  CHECK(text_at(*files, kHome / "a") == "old");
  CHECK_FALSE(files->exists(kHome / "b"));
}

TEST_CASE("over many seeds an unsynced write is lost, kept and torn at sectors, and nothing else happens") {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto files = disk();
    REQUIRE(must_open(*files, kHome / "a")->write_at(0, std::string(512, 'x') + std::string(100, 'y')));
    files->crash(seed);
    outcomes.insert(text_at(*files, kHome / "a"));
  }
  const std::string x(512, 'x');
  const std::string y(100, 'y');
  const std::set<std::string> possible = {"old", x + y, x, "old" + std::string(509, '\0') + y};
  CHECK(outcomes == possible);
}

TEST_CASE("over many seeds unsynced names come and go each by itself, and a rename is never half done") {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto files = disk();
    const auto made = must_open(*files, kHome / "b");
    REQUIRE(made->write_at(0, "new"));
    REQUIRE(made->sync());
    REQUIRE(files->rename(kHome / "b", kHome / "a"));
    files->crash(seed);
    outcomes.insert(text_at(*files, kHome / "a") + "/" + text_at(*files, kHome / "b"));
  }
  CHECK(outcomes == std::set<std::string>{"old/(none)", "old/new", "new/(none)"});
}

TEST_CASE("a removed name may come back until its folder is synced") {
  const auto files = disk();
  REQUIRE(files->remove(kHome / "a"));
  files->crash(0);
  CHECK(text_at(*files, kHome / "a") == "old");
  REQUIRE(files->remove(kHome / "a"));
  REQUIRE(files->sync_folder(kHome));
  files->crash(0);
  CHECK_FALSE(files->exists(kHome / "a"));
}

TEST_CASE("one seed tells one story") {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    std::map<std::string, Bytes> first;
    for (int again = 0; again < 2; ++again) {
      const auto files = disk();
      const auto file = must_open(*files, kHome / "a");
      for (int i = 0; i < 10; ++i) REQUIRE(file->write_at(static_cast<std::uint64_t>(i) * 700, std::string(900, 'x')));
      must_open(*files, kHome / "b");
      must_open(*files, kHome / "c");
      files->crash(seed);
      if (again == 0) first = files->contents();
      else CHECK(files->contents() == first);
    }
  }
}

TEST_CASE("after a crash open files are dead and locks are free; after a kill all that was written is there") {
  const auto files = disk();
  const auto file = must_open(*files, kHome / "a");
  auto lock = files->lock(kHome / "lock");
  REQUIRE(lock);
  REQUIRE(file->write_at(0, "NEW"));
  files->kill_process();
  CHECK(text_at(*files, kHome / "a") == "NEW");
  CHECK(file->write_at(0, "x").error().code == Errc::io);
  CHECK(file->sync().error().code == Errc::io);
  const auto second = files->lock(kHome / "lock");
  REQUIRE(second);
  lock->reset();  // the dead holder's end frees nobody else's lock
  CHECK(files->lock(kHome / "lock").error().code == Errc::busy);
  files->crash(0);
  CHECK((*second)->size().error().code == Errc::io);
}

TEST_CASE("the chosen operation fails, once or from then on, and has done nothing") {
  const auto files = disk();
  const auto file = must_open(*files, kHome / "a");
  files->fail_at(1, Errc::io);
  REQUIRE(file->write_at(0, "1"));
  CHECK(file->write_at(1, "2").error().code == Errc::io);
  CHECK(text_at(*files, kHome / "a") == "1ld");
  REQUIRE(file->write_at(1, "2"));

  files->fail_at(FileOperation::sync, 0, Errc::io, true);
  REQUIRE(file->write_at(2, "3"));
  CHECK_FALSE(file->sync());
  CHECK_FALSE(file->sync());
  files->crash(0);
  CHECK(text_at(*files, kHome / "a") == "old");

  files->fail_at(FileOperation::rename, 0, Errc::read_only);
  CHECK(files->rename(kHome / "a", kHome / "b").error().code == Errc::read_only);
  CHECK(text_at(*files, kHome / "a") == "old");
}

TEST_CASE("power off during a write leaves that write to the seed, and all after it undone") {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto files = disk();
    const auto file = must_open(*files, kHome / "a");
    files->power_off_at(0);
    CHECK_FALSE(file->write_at(0, "NEW"));
    CHECK_FALSE(file->write_at(0, "LATER"));
    CHECK_FALSE(files->remove(kHome / "a"));
    CHECK_FALSE(files->open(kHome / "a", OpenMode::read));
    files->crash(seed);
    outcomes.insert(text_at(*files, kHome / "a"));
    CHECK(files->open(kHome / "a", OpenMode::read));
  }
  CHECK(outcomes == std::set<std::string>{"old", "NEW"});
}

TEST_CASE("a disk tells whether its power is gone, and forgets faults that have not struck without growing larger") {
  FakeFiles files;
  auto file = *files.open("/file", OpenMode::create);
  files.power_off_at(1);
  CHECK(file->write_at(0, "a"));
  CHECK_FALSE(files.is_off());
  CHECK_FALSE(file->write_at(1, "b"));
  CHECK(files.is_off());
  files.crash(0);
  CHECK_FALSE(files.is_off());

  file = *files.open("/file", OpenMode::create);
  files.limit_growth(1);
  files.fail_at(0, Errc::io, true);
  files.forget_faults();
  CHECK(file->write_at(0, "a"));
  CHECK(file->write_at(1, "b").error().code == Errc::disk_full);
}

TEST_CASE("a disk fills up: what does not fit is refused whole, and what does not grow still works") {
  const auto files = disk();
  const auto file = must_open(*files, kHome / "a");
  files->limit_growth(4);
  REQUIRE(file->write_at(3, "4567"));
  CHECK(file->write_at(7, "8").error().code == Errc::disk_full);
  CHECK(file->truncate(8).error().code == Errc::disk_full);
  REQUIRE(file->write_at(0, "1234567"));
  CHECK(text_at(*files, kHome / "a") == "1234567");
  REQUIRE(file->truncate(0));
  REQUIRE(file->write_at(0, "fits"));
  files->heal();
  REQUIRE(file->write_at(0, std::string(5000, 'x')));
}

TEST_CASE("writes, syncs and renames are counted") {
  const auto files = disk();
  const auto before = files->counts();
  const auto file = must_open(*files, kHome / "a");
  REQUIRE(file->write_at(0, "four"));
  REQUIRE(file->write_at(0, "three"));
  REQUIRE(file->sync());
  REQUIRE(files->rename(kHome / "a", kHome / "b"));
  REQUIRE(files->sync_folder(kHome));
  CHECK(files->counts().opens - before.opens == 1);
  CHECK(files->counts().writes - before.writes == 2);
  CHECK(files->counts().written_bytes - before.written_bytes == 9);
  CHECK(files->counts().syncs - before.syncs == 1);
  CHECK(files->counts().renames - before.renames == 1);
  CHECK(files->counts().folder_syncs - before.folder_syncs == 1);
  CHECK(files->counts().operations - before.operations == 6);
}

TEST_CASE("a copy is another disk, and tampering shows at once and stays") {
  const auto files = disk();
  const auto clone = files->copy();
  REQUIRE(must_open(*files, kHome / "a")->write_at(0, "NEW"));
  CHECK(text_at(*clone, kHome / "a") == "old");
  clone->tamper(kHome / "a", "forged");
  clone->crash(1);
  CHECK(text_at(*clone, kHome / "a") == "forged");
}
