#include <fstream>
#include <iterator>

#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Parts of attachments on this device.
std::size_t parts(Home& home) {
  std::size_t count = 0;
  for (const auto& each : fs::recursive_directory_iterator(home.home() / "blobs")) count += each.is_regular_file() ? 1 : 0;
  return count;
}

struct WithCase : Home {
  WithCase() {
    solo();
    case_id = new_case();
  }
  Outcome add(const std::string& file) { return run({"attach", "add", case_id, file, "--kind", "letter"}); }
  /// Refused with that code, naming `says`; neither a record nor a part stays.
  void refuses(const std::string& file, int code, std::string_view says) {
    const json before = ask({"digest"});
    const std::size_t had = fs::exists(home() / "blobs") ? parts(*this) : 0;
    const auto outcome = add(file);
    INFO(file << ": " << outcome.code << " " << outcome.err);
    CHECK(outcome.code == code);
    CHECK(outcome.err.contains(says));
    CHECK(outcome.out.empty());
    CHECK(ask({"digest"}) == before);
    CHECK((fs::exists(home() / "blobs") ? parts(*this) : 0) == had);
  }
  std::string case_id;
};

}  // namespace

TEST_CASE("a file is attached, listed, exported as it was for its owner alone, and checked") {
  WithCase home;
  const std::string letter = "Dear Ms Shah,\nyour appointment is on Monday.\n";
  const json added = home.ask({"attach", "add", home.case_id, home.write("letter.txt", letter), "--kind", "letter", "--name", "From the court"});
  CHECK(added.at("bytes") == letter.size());
  const std::string id = added.at("id");
  const json listed = home.ask({"attach", "list", home.case_id});
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("name") == "From the court");
  CHECK(listed[0].at("parts_here") == listed[0].at("parts"));

  const auto out = home.path("copy.txt");
  CHECK(home.ask({"attach", "export", id, "--out", out.string()}).at("file") == out.string());
  CHECK(text_of(out) == letter);
  CHECK((fs::status(out).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  CHECK_FALSE(fs::exists(home.path(".copy.txt.part")));
  CHECK(home.ask({"attach", "check"}).at("attachments") == 1);
}

TEST_CASE("what cannot be attached is named with what to do, and leaves nothing behind") {
  WithCase home;
  home.refuses(home.path("nowhere.txt").string(), 1, "nowhere.txt");
  home.refuses(home.write("empty.txt", ""), 6, "is empty");
  fs::create_directories(home.path("photos"));
  home.refuses(home.path("photos").string(), 1, "photos");
  const auto large = home.path("film.bin");
  std::ofstream(large).put('x');
  fs::resize_file(large, (std::uintmax_t{100} << 20) + 1);   // takes no room on the disk
  home.refuses(large.string(), 6, "limit");
  const std::string letter = home.write("letter.txt", "Dear Ms Shah");
  fs::remove(letter);   // gone since somebody chose it
  home.refuses(letter, 1, "letter.txt");
  const auto unknown = home.run({"attach", "add", home.case_id, home.write("a.txt", "a"), "--kind", "no_such_kind"});
  CHECK(unknown.code == 6);
  CHECK(unknown.err.contains("kind"));
  CHECK(home.ask({"attach", "list", home.case_id}).empty());
}

TEST_CASE("an export is never written over a file, nor half, and says which part is missing") {
  WithCase home;
  const std::string id = home.ask({"attach", "add", home.case_id, home.write("letter.txt", "Dear Ms Shah"), "--kind", "letter"}).at("id");
  const auto kept = home.write("kept.txt", "mine");
  const auto over = home.run({"attach", "export", id, "--out", kept});
  CHECK(over.code == 1);
  CHECK(text_of(kept) == "mine");
  CHECK(home.run({"attach", "export", id, "--out", (home.path("no") / "such" / "folder.txt").string()}).code == 1);
  CHECK(home.run({"attach", "export", home.case_id, "--out", home.path("case.txt").string()}).code == 1);
  CHECK_FALSE(fs::exists(home.path("case.txt")));

  for (const auto& each : fs::recursive_directory_iterator(home.home() / "blobs")) {
    if (each.is_regular_file()) fs::remove(each.path());
  }
  const auto gone = home.run({"attach", "export", id, "--out", home.path("gone.txt").string()});
  CHECK(gone.code == 1);
  CHECK(gone.err.contains("not on this device"));
  CHECK_FALSE(fs::exists(home.path("gone.txt")));
  CHECK(home.ask({"attach", "check"}).at("missing").size() == 1);
  CHECK(home.ask({"attach", "list", home.case_id})[0].at("parts_here") == 0);
}

TEST_CASE("a part that was changed is damaged, and nothing of the file is given out") {
  WithCase home;
  const std::string id = home.ask({"attach", "add", home.case_id, home.write("letter.txt", "Dear Ms Shah"), "--kind", "letter"}).at("id");
  for (const auto& each : fs::recursive_directory_iterator(home.home() / "blobs")) {
    if (!each.is_regular_file()) continue;
    std::fstream part(each.path(), std::ios::in | std::ios::out | std::ios::binary);
    part.seekp(40);
    part.put('!');
  }
  CHECK(home.run({"attach", "export", id, "--out", home.path("copy.txt").string()}).code == 1);
  CHECK_FALSE(fs::exists(home.path("copy.txt")));
  const auto checked = home.run({"attach", "check", "--json"});
  CHECK(checked.code == 1);
  CHECK(checked.answer().at("damaged").size() == 1);
}
