#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "platform/atomic_file.h"
#include "platform/files_posix.h"
#include "sync/stick/folder.h"
#include "sync/stick/sealed_letter.h"
#include "sync/stick/tuning.h"
#include "tests/support/fake_env.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::support;
namespace fs = std::filesystem;

namespace {

constexpr const char* kPath = "/usb";

struct FakeStick {
  FakeStick() { REQUIRE(world.files.make_folders(kPath)); }
  [[nodiscard]] stick::Folder open() { return *stick::Folder::open(world.files, kPath); }
  FakeEnv world;
};

}  // namespace

TEST_CASE("only names that may be ours are looked at") {
  FakeStick usb;
  const std::string whole(stick::kNameDigits, 'a'), unfinished(stick::kUnfinishedDigits, 'b');
  for (const std::string& name : {whole, unfinished, std::string("holiday.jpg"), std::string(31, 'a'), std::string(32, 'A'), std::string(32, 'g')})
    REQUIRE(platform::write_atomically(usb.world.files, platform::Path(kPath) / name, "x"));
  const auto names = usb.open().names();
  REQUIRE(names);
  CHECK(names->whole == std::vector<std::string>{whole});
  CHECK(names->unfinished == std::vector<std::string>{unfinished});
  CHECK_FALSE(names->more);
}

TEST_CASE("whatever fails while a file is written, no half of it has a whole one's name") {
  for (std::uint64_t at = 0;; ++at) {
    FakeStick usb;
    stick::Folder folder = usb.open();
    usb.world.files.fail_at(at, Errc::io, true);
    const auto written = folder.write(Bytes(9000, 'x'), usb.world.random);
    usb.world.files.forget_faults();
    const auto names = folder.names();
    REQUIRE(names);
    if (written) {
      CHECK(names->whole == std::vector<std::string>{*written});
      CHECK((*folder.read(*written, 9000) == Bytes(9000, 'x')));
      REQUIRE(at > 2);
      break;
    }
    CHECK(written.error().code == Errc::stick);
    CHECK(names->whole.empty());
    CHECK(names->unfinished.size() <= 1);
  }
}

TEST_CASE("a full stick keeps nothing of what did not fit, and a locked one is named in words") {
  FakeStick usb;
  stick::Folder folder = usb.open();
  usb.world.files.limit_growth(5000);
  const auto full = folder.write(Bytes(9000, 'x'), usb.world.random);
  CHECK((!full && full.error().code == Errc::disk_full));
  CHECK(usb.world.files.contents().empty());
  usb.world.files.heal();
  usb.world.files.fail_at(FileOperation::open, 0, Errc::read_only);
  const auto locked = folder.write("x", usb.world.random);
  REQUIRE_FALSE(locked);
  CHECK(locked.error().code == Errc::stick);
  CHECK(locked.error().detail == "Nothing may be written in that folder: the stick is locked, or somebody else's (/usb)");
}

TEST_CASE("a file is read to the length that is asked for, or not at all") {
  FakeStick usb;
  stick::Folder folder = usb.open();
  const std::string name = *folder.write(Bytes(100, 'x'), usb.world.random);
  CHECK(folder.first_bytes(name)->size() == stick::kHeadBytes);
  for (const std::uint64_t bytes : {std::uint64_t{99}, std::uint64_t{101}, UINT64_MAX}) {
    const auto read = folder.read(name, bytes);
    CHECK((!read && read.error().code == Errc::corrupt));
  }
  const std::string shorter = *folder.write("short", usb.world.random);
  CHECK(*folder.first_bytes(shorter) == "short");
}

TEST_CASE("links, pipes and folders that bear such a name are left alone, and nothing is waited for") {
  const TempFolder temp;
  platform::PosixFiles files;
  std::ofstream(temp / "secret") << Bytes(200, 's');
  const std::string link(32, 'a'), pipe(32, 'b'), inside(32, 'c');
  fs::create_symlink(temp / "secret", temp / link);
  REQUIRE(::mkfifo((temp / pipe).c_str(), 0600) == 0);
  fs::create_directory(temp / inside);
  auto folder = stick::Folder::open(files, temp.path());
  REQUIRE(folder);
  CHECK(folder->names()->whole.size() == 3);
  for (const std::string& name : {link, pipe, inside}) {
    const auto first = folder->first_bytes(name);
    CHECK((!first && first.error().code == Errc::not_permitted));
    CHECK_FALSE(folder->read(name, 200));
  }
}

TEST_CASE("no folder there, or no folder at all, is said in words") {
  const TempFolder temp;
  platform::PosixFiles files;
  std::ofstream(temp / "file") << "x";
  const auto missing = stick::Folder::open(files, temp / "nowhere"), file = stick::Folder::open(files, temp / "file");
  REQUIRE((!missing && !file));
  CHECK(missing.error().detail.starts_with("That folder is not there. Plug the stick in"));
  CHECK(file.error().detail.starts_with("That is no folder"));
}
