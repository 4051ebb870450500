#include <catch2/catch_test_macros.hpp>

#include "core/attachments/attachments.h"
#include "platform/atomic_file.h"
#include "tests/core/attachments/made_files.h"
#include "tests/ui/app/case_in_use.h"
#include "ui/app/case_files.h"
#include "ui/app/plain_copy.h"

namespace wayside::app::tests {
namespace {

namespace made = attachments::testing;

/// Priya's case, and a disk with files beside the vault.
struct FilesInUse : CaseInUse {
  FilesInUse() { setup.user_home = "/home/amina"; }

  void lay(const platform::Path& path, const Bytes& content) {
    support::need(amina.world->files.make_folders(path.parent_path()));
    support::need(platform::write_atomically(amina.world->files, path, content));
  }
  pb::Files files() { return now().case_().files(); }
  void add(const std::string& path, const std::string& kind = "photo", bool as_is = false, const std::string& name = "") {
    pb::Command command;
    auto& file = *command.mutable_add_file();
    file.set_case_id(id.str());
    file.set_path(path);
    file.set_kind(kind);
    file.set_name(name);
    file.set_keep_metadata(as_is);
    clerk->handle(command);
  }
  void open_file(const std::string& file_id) {
    pb::Command command;
    command.mutable_open_file()->set_file_id(file_id);
    clerk->handle(command);
  }
  void write_copy(const std::string& file_id, const std::string& path) {
    pb::Command command;
    command.mutable_export_file()->set_file_id(file_id);
    command.mutable_export_file()->set_path(path);
    clerk->handle(command);
  }
  void fetch(const std::string& file_id) {
    pb::Command command;
    command.mutable_fetch_file()->set_file_id(file_id);
    clerk->handle(command);
  }
  std::string added_photo() {
    lay("/home/amina/door.jpg", made::tagged(made::plain_jpeg(made::pixels())));
    start();
    open_case(id);
    add("/home/amina/door.jpg");
    return files().rows(0).file_id();
  }
  /// All sealed parts leave the disk, as on a colleague's device.
  void lose_parts() {
    for (const auto& [path, content] : amina.world->files.contents()) {
      if (path.find("/blobs/") != std::string::npos) support::need(amina.world->files.remove(path));
    }
  }
};

}  // namespace

TEST_CASE("a photo is added by its path, listed, and told to be without place and device") {
  FilesInUse desk;
  desk.added_photo();
  const pb::Files files = desk.files();
  REQUIRE(files.rows_size() == 1);
  CHECK(files.rows(0).name() == "door.jpg");
  CHECK(files.rows(0).second().starts_with("Other photo, "));
  CHECK(files.rows(0).second().ends_with("place and device taken out"));
  CHECK(files.rows(0).place() == "On this device");
  CHECK(files.rows(0).here());
  CHECK(files.added_count() == 1);
  CHECK(files.notice().tone() == pb::Notice::done);
  CHECK(files.notice().text().find("was taken out") != std::string::npos);
  CHECK(files.work().kind() == pb::FileWork::none);
  CHECK(desk.amina.world->files.exists("/home/amina/door.jpg"));
  const pb::Case shown = desk.now().case_();
  const auto tab = std::ranges::find(shown.tabs(), pb::CaseTab::files, &pb::CaseTab::shows);
  REQUIRE(tab != shown.tabs().end());
  CHECK(tab->count() == 1);
}

TEST_CASE("an opened photo has a picture in the snapshot, and none when it is closed, left or locked") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  CHECK_FALSE(desk.files().has_opened());
  const auto see = [&] {
    desk.open_file(photo);
    const pb::OpenedFile opened = desk.files().opened();
    CHECK(opened.width() == 48);
    CHECK(opened.height() == 32);
    CHECK(opened.rgba().size() == std::size_t{4} * 48 * 32);
    CHECK(opened.no_picture().empty());
  };
  see();
  SECTION("closed") { desk.open_file(""); }
  SECTION("another case") {
    desk.new_case();
    desk.open_case(desk.id);
  }
  SECTION("back to the list") {
    pb::Command command;
    command.mutable_open_case();
    desk.clerk->handle(command);
    CHECK_FALSE(desk.now().has_case_());
    desk.open_case(desk.id);
  }
  SECTION("locked") {
    desk.lock(true);
    CHECK_FALSE(desk.now().has_case_());
    desk.restart();
    desk.open_case(desk.id);
  }
  CHECK_FALSE(desk.files().has_opened());
}

TEST_CASE("nothing of a picture that is looked at touches the disk") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  const auto sealed_store = [](const auto& file) { return file.first.contains("store.db"); };   // the log of reads says who looked
  auto before = desk.amina.world->files.contents();
  desk.open_file(photo);
  REQUIRE_FALSE(desk.files().opened().rgba().empty());
  auto after = desk.amina.world->files.contents();
  std::erase_if(before, sealed_store);
  std::erase_if(after, sealed_store);
  CHECK(after == before);
}

TEST_CASE("a file that is no photo says what to do instead") {
  FilesInUse desk;
  desk.lay("/home/amina/words.txt", "plain words");
  desk.start();
  desk.open_case(desk.id);
  desk.add("/home/amina/words.txt", "letter");
  desk.open_file(desk.files().rows(0).file_id());
  CHECK(desk.files().opened().rgba().empty());
  CHECK(desk.files().opened().no_picture() == "Wayside shows photos (JPEG and PNG). To open this file, write a copy of it.");
}

TEST_CASE("a file that cannot be added is refused in a sentence, and nothing is kept") {
  FilesInUse desk;
  desk.lay("/home/amina/empty.jpg", "");
  desk.lay("/home/amina/photo.heic", Bytes("\0\0\0\x18""ftypheic\0\0\0\0mif1heic", 24));
  desk.start();
  desk.open_case(desk.id);
  struct Bad {
    const char *path, *kind, *begins;
    bool may_keep;
  };
  for (const Bad& bad : {Bad{"", "photo", "Write where the file is", false}, Bad{"photo.jpg", "photo", "Write the whole path", false},
                         Bad{"/home/amina/none.jpg", "photo", "There is no file at /home/amina/none.jpg.", false},
                         Bad{"/home/amina/empty.jpg", "photo", "empty.jpg is empty.", false},
                         Bad{"/home/amina/empty.jpg", "", "Choose what kind", false},
                         Bad{"/home/amina/photo.heic", "photo", "photo.heic: place and device cannot be taken out of image/heic", true}}) {
    INFO(bad.path << " " << bad.kind);
    desk.add(bad.path, bad.kind);
    const pb::Files files = desk.files();
    CHECK(files.notice().text().starts_with(bad.begins));
    CHECK(files.notice().text().find("Nothing was added.") != std::string::npos);
    CHECK(files.notice().tone() == pb::Notice::attention);
    CHECK(files.may_keep_as_is() == bad.may_keep);
    CHECK(files.rows_size() == 0);
    CHECK(files.added_count() == 0);
  }
  desk.add("/home/amina/photo.heic", "photo", true, "As it came");
  CHECK(desk.files().rows(0).name() == "As it came");
  CHECK_FALSE(desk.files().rows(0).stripped());
  CHECK_FALSE(desk.files().may_keep_as_is());
}

TEST_CASE("a full disk refuses a file, and the case is as it was") {
  FilesInUse desk;
  desk.lay("/home/amina/door.jpg", made::plain_jpeg(made::pixels()));
  desk.start();
  desk.open_case(desk.id);
  desk.amina.world->files.limit_growth(1000);
  desk.add("/home/amina/door.jpg");
  desk.amina.world->files.heal();
  CHECK(desk.files().notice().text() == "The disk is full. Nothing was added. Free some space, then add it again.");
  desk.open_case(desk.id);
  CHECK(desk.files().rows_size() == 0);
}

TEST_CASE("a copy is written where it was asked for, whole, and told to be unprotected") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  support::need(desk.amina.world->files.make_folders("/stick"));
  desk.write_copy(photo, "/stick/copy.jpg");
  CHECK(desk.files().written_count() == 1);
  CHECK(desk.files().notice().text().starts_with("Wrote /stick/copy.jpg. This copy is not protected any more"));
  const auto all = desk.amina.world->files.contents();
  REQUIRE(all.contains("/stick/copy.jpg"));
  CHECK(made::metadata_of(all.at("/stick/copy.jpg")).find(made::kDevice) == std::string::npos);
  desk.write_copy(photo, "/stick/");
  CHECK(desk.amina.world->files.exists("/stick/door.jpg"));
  desk.write_copy(photo, "/stick/copy.jpg");
  CHECK(desk.files().notice().text() == "There is something at /stick/copy.jpg already. Nothing was written. Choose another place, then try again.");
  desk.write_copy(photo, "copy.jpg");
  CHECK(desk.files().notice().text().find("Nothing was written.") != std::string::npos);
  CHECK(desk.files().written_count() == 2);
}

TEST_CASE("a file that is not on this device is fetched with progress, and its picture is there") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  const auto sealed = desk.amina.world->files.contents();
  desk.lose_parts();
  desk.open_case(desk.id);
  CHECK(desk.files().rows(0).place() == "Not on this device");
  desk.open_file(photo);
  CHECK(desk.files().opened().no_picture().starts_with("The file is not on this device yet."));
  desk.write_copy(photo, "/stick/copy.jpg");
  CHECK(desk.files().notice().text() == "Not all of this file is on this device. Nothing was written. Fetch it first.");
  std::vector<std::uint64_t> seen;
  desk.watcher.on_news = [&] { seen.push_back(desk.files().work().done()); };
  desk.clerk.reset();
  desk.setup.fetch = [&](vault::Vault&, const std::vector<Digest>& wanted, const reconcile::Options& options) -> Result<reconcile::Fetched> {
    CHECK(wanted.size() == 1);
    options.progress({reconcile::Progress::Phase::fetching_files, 1, 1});
    for (const auto& [path, content] : sealed) {
      if (path.find("/blobs/") != std::string::npos) desk.lay(path, content);
    }
    return reconcile::Fetched{};
  };
  desk.watcher.on_news = {};
  desk.start();
  desk.open_case(desk.id);
  desk.open_file(photo);
  desk.watcher.on_news = [&] { seen.push_back(desk.files().work().done()); };
  desk.fetch(photo);
  CHECK(std::ranges::find(seen, 1u) != seen.end());
  CHECK(desk.files().notice().text() == "door.jpg is on this device now.");
  CHECK(desk.files().rows(0).here());
  CHECK_FALSE(desk.files().opened().rgba().empty());
}

TEST_CASE("an office that is away, has not got it, or is stopped leaves the file as it was and says so") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  desk.lose_parts();
  desk.clerk.reset();
  Result<reconcile::Fetched> answer = reconcile::Fetched{};
  desk.setup.fetch = [&](vault::Vault&, const std::vector<Digest>&, const reconcile::Options&) { return answer; };
  desk.start();
  desk.open_case(desk.id);
  desk.open_file(photo);
  answer = fail(Errc::unreachable, "");
  desk.fetch(photo);
  CHECK(desk.files().notice().text() == "The office cannot be reached, and not all of door.jpg is on this device. Try again when there is a line.");
  answer = reconcile::Fetched{.not_there = 1};
  desk.fetch(photo);
  CHECK(desk.files().notice().text().starts_with("The office does not have all of door.jpg yet."));
  answer = reconcile::Fetched{.stopped_early = true};
  desk.fetch(photo);
  CHECK(desk.files().notice().text().starts_with("Fetching was stopped."));
  CHECK_FALSE(desk.files().rows(0).here());
  CHECK(desk.files().work().kind() == pb::FileWork::none);
}

TEST_CASE("who leaves the case while a file is fetched finds nothing of it in the next") {
  FilesInUse desk;
  const std::string photo = desk.added_photo();
  desk.lose_parts();
  desk.clerk.reset();
  desk.setup.fetch = [&](vault::Vault&, const std::vector<Digest>&, const reconcile::Options& options) -> Result<reconcile::Fetched> {
    desk.new_case();
    options.progress({reconcile::Progress::Phase::fetching_files, 1, 2});
    return reconcile::Fetched{};
  };
  desk.start();
  desk.open_case(desk.id);
  desk.fetch(photo);
  CHECK_FALSE(desk.files().has_work());
  CHECK_FALSE(desk.files().has_notice());
}

TEST_CASE("a path is read as people type, paste and drop it") {
  const platform::Path home = "/home/amina";
  CHECK(typed_path("  /home/amina/a b.jpg \n", home).value() == "/home/amina/a b.jpg");
  CHECK(typed_path("'/home/amina/a b.jpg'", home).value() == "/home/amina/a b.jpg");
  CHECK(typed_path("~/Pictures/a.jpg", home).value() == "/home/amina/Pictures/a.jpg");
  CHECK(typed_path("file:///home/amina/a%20b.jpg", home).value() == "/home/amina/a b.jpg");
  CHECK(typed_path("file:///home/amina/100%.jpg", home).value() == "/home/amina/100%.jpg");
  CHECK_FALSE(typed_path("   ", home));
  CHECK_FALSE(typed_path("a.jpg", home));
  CHECK_FALSE(typed_path("~/a.jpg", {}));
  CHECK_FALSE(typed_path("/home/amina/a.jpg\n/home/amina/b.jpg", home));
}

TEST_CASE("sizes are told as people say them") {
  CHECK(size_words(1) == "1 byte");
  CHECK(size_words(999) == "999 bytes");
  CHECK(size_words(1'499) == "1 kB");
  CHECK(size_words(999'499) == "999 kB");
  CHECK(size_words(999'500) == "1.0 MB");
  CHECK(size_words(104'857'600) == "104.9 MB");
}

}  // namespace wayside::app::tests
