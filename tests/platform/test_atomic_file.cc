#include <catch2/catch_test_macros.hpp>

#include "platform/atomic_file.h"
#include "platform/files_posix.h"
#include "tests/support/fake_env.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;
using support::FakeFiles;

namespace {

const Path kFile = "/home/header";
const std::string kOld(700, 'o');
const std::string kNew(1500, 'n');

void prepare(FakeFiles& files) {
  REQUIRE(files.make_folders("/home"));
  REQUIRE(write_atomically(files, kFile, kOld));
}

}  // namespace

TEST_CASE("an atomic write replaces the whole content and leaves no other file") {
  const support::TempFolder folder;
  PosixFiles files;
  const Path path = folder / "header";
  REQUIRE(write_atomically(files, path, kNew));
  REQUIRE(write_atomically(files, path, kOld));
  CHECK(read_all(files, path, 10'000) == kOld);
  CHECK(files.list(folder.path())->size() == 1);
}

TEST_CASE("a longer temp file that a crash left behind does no harm") {
  FakeFiles files;
  prepare(files);
  const auto left = files.open("/home/header.new", OpenMode::create);
  REQUIRE((*left)->write_at(0, std::string(5000, '?')));
  REQUIRE(write_atomically(files, kFile, kNew));
  CHECK(read_all(files, kFile, 10'000) == kNew);
}

TEST_CASE("with any one operation failing, the old content or the new is there, whole, and success means new") {
  for (const Errc code : {Errc::io, Errc::disk_full, Errc::read_only}) {
    for (const bool for_ever : {false, true}) {
      for (std::uint64_t n = 0;; ++n) {
        FakeFiles files;
        prepare(files);
        const auto before = files.counts().operations;
        files.fail_at(n, code, for_ever);
        const auto written = write_atomically(files, kFile, kNew);
        const auto used = files.counts().operations - before;
        files.heal();
        const auto content = read_all(files, kFile, 10'000);
        INFO("operation " << n);
        REQUIRE(content);
        CHECK((*content == kOld || *content == kNew));
        if (written) CHECK(*content == kNew);
        else CHECK(written.error().code == code);
        files.crash(0);
        const auto after = read_all(files, kFile, 10'000);
        REQUIRE(after);
        CHECK((*after == kOld || *after == kNew));
        if (n >= used) break;
      }
    }
  }
}

TEST_CASE("with the power off at any operation, the old content or the new is there after it, whole") {
  for (std::uint64_t n = 0;; ++n) {
    bool done = false;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      FakeFiles files;
      prepare(files);
      files.power_off_at(n);
      done = write_atomically(files, kFile, kNew).has_value();
      files.crash(seed);
      const auto content = read_all(files, kFile, 10'000);
      INFO("operation " << n << ", seed " << seed);
      REQUIRE(content);
      CHECK((*content == kOld || *content == kNew));
      if (done) CHECK(*content == kNew);
      REQUIRE(write_atomically(files, kFile, "again"));
      CHECK(read_all(files, kFile, 10'000) == "again");
    }
    if (done) break;
  }
}

TEST_CASE("a full disk leaves the old content and no temp file") {
  FakeFiles files;
  prepare(files);
  files.limit_growth(100);
  const auto written = write_atomically(files, kFile, kNew);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Errc::disk_full);
  CHECK(read_all(files, kFile, 10'000) == kOld);
  CHECK(files.list("/home")->size() == 1);
}

TEST_CASE("reading keeps to its limit") {
  FakeFiles files;
  prepare(files);
  CHECK(read_all(files, kFile, kOld.size()) == kOld);
  CHECK(read_all(files, kFile, kOld.size() - 1).error().code == Errc::too_large);
  CHECK(read_secret(files, kFile, kOld.size())->view() == kOld);
  CHECK(read_secret(files, kFile, kOld.size() - 1).error().code == Errc::too_large);
  CHECK(read_all(files, "/home/none", 10).error().code == Errc::not_found);
}
