#include "platform/atomic_folder.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "platform/files_posix.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

/// The disk fails at one step; what was done before is there.
class FailingFiles : public PosixFiles {
 public:
  explicit FailingFiles(int step) : left_(step) {}
  Result<std::unique_ptr<File>> open(const Path& path, OpenMode mode) override {
    if (--left_ == 0) return fail(Errc::disk_full, path.string());
    return PosixFiles::open(path, mode);
  }
  Result<void> sync_folder(const Path& path) override {
    if (--left_ == 0) return fail(Errc::io, path.string());
    return PosixFiles::sync_folder(path);
  }
  Result<void> rename(const Path& from, const Path& to) override {
    if (--left_ == 0) return fail(Errc::io, to.string());
    return PosixFiles::rename(from, to);
  }
  [[nodiscard]] bool failed() const { return left_ <= 0; }

 private:
  int left_;
};

const std::map<std::string, std::string> kFiles{{"a", "one"}, {"b", "two"}, {"c", ""}};

std::string text_of(const Path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t entries(const Path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a folder is written with all its files, for its owner alone") {
  support::TempFolder temp;
  PosixFiles files;
  const Path out = temp / "new" / "out";
  REQUIRE(write_folder(files, out, kFiles));
  CHECK(entries(out) == 3);
  CHECK(text_of(out / "b") == "two");
  using std::filesystem::perms;
  CHECK((std::filesystem::status(out).permissions() & (perms::group_all | perms::others_all)) == perms::none);
  CHECK((std::filesystem::status(out / "a").permissions() & (perms::group_all | perms::others_all)) == perms::none);
  CHECK(entries(temp / "new") == 1);

  CHECK(write_folder(files, out, kFiles).error().code == Errc::already_exists);
  std::filesystem::create_directories(temp / "empty");
  CHECK(write_folder(files, temp / "empty/", kFiles));
  CHECK(text_of(temp / "empty" / "a") == "one");
}

TEST_CASE("whatever the disk refuses, there is the whole folder or nothing of it") {
  for (int step = 1;; ++step) {
    support::TempFolder temp;
    std::filesystem::create_directories(temp / "place");
    FailingFiles files(step);
    const auto done = write_folder(files, temp / "place" / "out", kFiles);
    INFO("step " << step);
    if (done) {
      CHECK_FALSE(files.failed());
      CHECK(step > 5);
      return;
    }
    const bool whole = std::filesystem::exists(temp / "place" / "out");   // renamed, and only its durability is not sure
    if (whole) CHECK(entries(temp / "place" / "out") == kFiles.size());
    CHECK(entries(temp / "place") == (whole ? 1u : 0u));
    REQUIRE(step < 100);
  }
}
