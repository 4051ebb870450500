// What Files promises, held against both who keep it: the operating system's, and the disk of the simulator.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>

#include "platform/child_process.h"
#include "platform/files_posix.h"
#include "tests/support/fake_env.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

/// Runs `body` once per implementation, each time with an empty folder.
void on_each(const std::function<void(Files&, const Path&)>& body) {
  SECTION("operating system") {
    const support::TempFolder folder;
    PosixFiles files;
    body(files, folder.path());
  }
  SECTION("in memory") {
    support::FakeFiles files;
    REQUIRE(files.make_folders("/disk/home"));
    body(files, "/disk/home");
  }
}

std::string text_of(File& file, std::uint64_t offset = 0, std::size_t size = 100) {
  std::string text(size, '#');
  const auto got = file.read_at(offset, text);
  REQUIRE(got);
  text.resize(*got);
  return text;
}

std::unique_ptr<File> must_open(Files& files, const Path& path, OpenMode mode = OpenMode::create) {
  auto file = files.open(path, mode);
  REQUIRE(file);
  return *std::move(file);
}

void put(Files& files, const Path& path, BytesView text) {
  const auto file = must_open(files, path);
  REQUIRE(file->truncate(0));
  REQUIRE(file->write_at(0, text));
}

template <class T>
Errc code_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("reads are short only at the end, and writes beyond it fill with zeros") {
  on_each([](Files& files, const Path& home) {
    const auto file = must_open(files, home / "a");
    CHECK(text_of(*file).empty());
    REQUIRE(file->write_at(0, "hello"));
    CHECK(text_of(*file) == "hello");
    CHECK(text_of(*file, 3) == "lo");
    CHECK(text_of(*file, 5).empty());
    CHECK(text_of(*file, 5000).empty());
    REQUIRE(file->write_at(8, "!"));
    CHECK(text_of(*file) == std::string("hello\0\0\0!", 9));
    CHECK(file->size() == 9);
    REQUIRE(file->write_at(1, "E"));
    CHECK(text_of(*file, 0, 5) == "hEllo");
    REQUIRE(file->write_at(100, ""));
    CHECK(file->size() == 9);
  });
}

TEST_CASE("truncating cuts, and lengthens with zeros") {
  on_each([](Files& files, const Path& home) {
    const auto file = must_open(files, home / "a");
    REQUIRE(file->write_at(0, "hello"));
    REQUIRE(file->truncate(2));
    REQUIRE(file->truncate(4));
    CHECK(text_of(*file) == std::string("he\0\0", 4));
    REQUIRE(file->sync());
  });
}

TEST_CASE("two who opened one file see each other's writes") {
  on_each([](Files& files, const Path& home) {
    const auto one = must_open(files, home / "a");
    const auto two = must_open(files, home / "a", OpenMode::read);
    REQUIRE(one->write_at(0, "hello"));
    CHECK(text_of(*two) == "hello");
  });
}

TEST_CASE("each way of opening asks for a file that is there, or that is not") {
  on_each([](Files& files, const Path& home) {
    CHECK(code_of(files.open(home / "a", OpenMode::read)) == Errc::not_found);
    CHECK(code_of(files.open(home / "a", OpenMode::read_write)) == Errc::not_found);
    CHECK(code_of(files.open(home / "missing" / "a", OpenMode::create)) == Errc::not_found);
    CHECK(files.open(home / "a", OpenMode::create_new));
    CHECK(code_of(files.open(home / "a", OpenMode::create_new)) == Errc::already_exists);
    CHECK(files.open(home / "a", OpenMode::create));
    CHECK(files.open(home / "a", OpenMode::read_write));
    const auto reader = must_open(files, home / "a", OpenMode::read);
    CHECK_FALSE(reader->write_at(0, "x"));
    CHECK_FALSE(reader->truncate(0));
    CHECK(code_of(files.open(home / "missing", OpenMode::read)) == Errc::not_found);
  });
}

TEST_CASE("an error names its file and holds nothing of what was in it") {
  on_each([](Files& files, const Path& home) {
    const auto failed = files.open(home / "nowhere", OpenMode::read);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().detail.find("nowhere") != std::string::npos);
  });
}

TEST_CASE("renaming replaces, and the open file goes with its name") {
  on_each([](Files& files, const Path& home) {
    put(files, home / "old", "old");
    put(files, home / "new", "new");
    const auto opened = must_open(files, home / "new", OpenMode::read_write);
    REQUIRE(files.rename(home / "new", home / "old"));
    CHECK_FALSE(files.exists(home / "new"));
    CHECK(text_of(*must_open(files, home / "old", OpenMode::read)) == "new");
    REQUIRE(opened->write_at(0, "NEW"));
    CHECK(text_of(*must_open(files, home / "old", OpenMode::read)) == "NEW");
    CHECK(code_of(files.rename(home / "gone", home / "x")) == Errc::not_found);
    CHECK(code_of(files.rename(home / "old", home / "no" / "x")) == Errc::not_found);
    REQUIRE(files.rename(home / "old", home / "old"));
    CHECK(files.exists(home / "old"));
  });
}

TEST_CASE("a removed file lives on for whoever has it open, and removing nothing is done already") {
  on_each([](Files& files, const Path& home) {
    put(files, home / "a", "text");
    const auto opened = must_open(files, home / "a", OpenMode::read);
    REQUIRE(files.remove(home / "a"));
    CHECK_FALSE(files.exists(home / "a"));
    CHECK(text_of(*opened) == "text");
    CHECK(files.remove(home / "a"));
    CHECK(files.sync_folder(home));
  });
}

TEST_CASE("folders are made with their parents, and lists are sorted") {
  on_each([](Files& files, const Path& home) {
    REQUIRE(files.make_folders(home / "x" / "y" / "z"));
    REQUIRE(files.make_folders(home / "x" / "y" / "z"));
    REQUIRE(files.make_folders(home / "x" / "w/"));
    put(files, home / "x" / "b", "");
    put(files, home / "x" / "a", "");
    CHECK(files.exists(home / "x" / "y" / "z"));
    CHECK(files.list(home / "x") == std::vector<std::string>{"a", "b", "w", "y"});
    CHECK(files.list(home / "none") == std::vector<std::string>{});
    CHECK_FALSE(files.list(home / "x" / "a"));
    CHECK_FALSE(files.make_folders(home / "x" / "a" / "below"));
    CHECK_FALSE(files.remove(home / "x"));
    CHECK(files.remove(home / "x" / "w"));
    CHECK_FALSE(files.exists(home / "x" / "w"));
  });
}

TEST_CASE("a lock has one holder, in one process too, and ends with its file") {
  on_each([](Files& files, const Path& home) {
    {
      const auto held = files.lock(home / "lock");
      REQUIRE(held);
      CHECK(code_of(files.lock(home / "lock")) == Errc::busy);
      CHECK(files.open(home / "lock", OpenMode::read));  // reading is no locking, nor does its end free the lock
      CHECK(code_of(files.lock(home / "lock")) == Errc::busy);
      CHECK(files.lock(home / "other"));
    }
    CHECK(files.lock(home / "lock"));
  });
}

TEST_CASE("what is made is the owner's alone, whatever the umask") {
  for (const mode_t mask : {0, 0777}) {
    const support::TempFolder folder;
    PosixFiles files;
    const mode_t before = ::umask(mask);
    const auto file = files.open(folder / "file", OpenMode::create);
    const auto made = files.make_folders(folder / "folder");
    const auto lock = files.lock(folder / "lock");
    ::umask(before);
    REQUIRE(file);
    REQUIRE(made);
    REQUIRE(lock);
    struct stat status {};
    for (const char* name : {"file", "lock"}) {
      REQUIRE(::stat((folder / name).c_str(), &status) == 0);
      CHECK((status.st_mode & 07777) == 0600);
    }
    REQUIRE(::stat((folder / "folder").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0700);
  }
}

TEST_CASE("a full disk is a full disk") {
  if (::access("/dev/full", W_OK) != 0) SKIP("no /dev/full here");
  PosixFiles files;
  const auto file = files.open("/dev/full", OpenMode::read_write);
  REQUIRE(file);
  CHECK(code_of((*file)->write_at(0, "x")) == Errc::disk_full);
}

TEST_CASE("a folder that we may not write to is read only") {
  constexpr uid_t kNobody = 65534;
  const support::TempFolder folder;
  PosixFiles files;
  REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
  const bool is_root = ::geteuid() == 0;  // root may write everywhere, so it steps down for this
  if (is_root) REQUIRE(::seteuid(kNobody) == 0);
  const auto opened = files.open(folder / "a", OpenMode::create);
  const auto made = files.make_folders(folder / "b");
  const auto locked = files.lock(folder / "c");
  if (is_root) REQUIRE(::seteuid(0) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0700) == 0);
  CHECK(code_of(opened) == Errc::read_only);
  CHECK(code_of(made) == Errc::read_only);
  CHECK(code_of(locked) == Errc::read_only);
}

TEST_CASE("a lock of another process is busy, and free once that process is killed") {
  const support::TempFolder folder;
  PosixFiles files;
  const Path path = folder / "lock";
  auto holder = ChildProcess::start(
      {.program = "python3",
       .arguments = {"-c",
                     "import fcntl, sys, signal\n"
                     "f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True)\n"
                     "signal.pause()\n",
                     path.string()}});
  REQUIRE(holder);
  REQUIRE(*holder->read_line(30'000) == "held");
  CHECK(code_of(files.lock(path)) == Errc::busy);
  holder->kill();
  REQUIRE(holder->wait(30'000));
  CHECK(files.lock(path));
}

TEST_CASE("a child inherits none of our files") {
  const support::TempFolder folder;
  PosixFiles files;
  const auto file = files.open(folder / "secret-name", OpenMode::create);
  const auto lock = files.lock(folder / "secret-lock");
  REQUIRE(file);
  REQUIRE(lock);
  const auto listed = run_child({.program = "sh", .arguments = {"-c", "ls -l /proc/self/fd"}}, "", 30'000);
  REQUIRE(listed);
  CHECK(listed->exit.ok());
  CHECK(listed->output.find("secret") == std::string::npos);
}
