#include <catch2/catch_test_macros.hpp>

#include <random>
#include <thread>

#include "tests/e2e/needle_search.h"
#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr std::size_t kLargeBytes = 24'000'000;
constexpr std::size_t kLargeParts = 23;   // of 1 MiB, the padding among them
const std::string kCanary = "qvexjmolbratui";

/// Of no known type, with the canary at its beginning, its end and all through.
std::string a_file(std::size_t size) {
  std::mt19937_64 random(20260611);
  std::string out;
  while (out.size() < size) {
    out += kCanary;
    for (int i = 0; i < 512; ++i) {
      const auto eight = random();
      out.append(reinterpret_cast<const char*>(&eight), sizeof eight);
    }
  }
  out.resize(size - kCanary.size());
  return out + kCanary;
}

std::size_t parts_in(const fs::path& folder) {
  std::size_t count = 0;
  std::error_code gone;   // a file may be renamed while we look
  for (fs::recursive_directory_iterator at(folder / "blobs", gone), end; !gone && at != end; at.increment(gone))
    count += at->path().extension() != ".new" && at->is_regular_file(gone) ? 1 : 0;
  return count;
}

/// Kills `verb` once `enough` parts lie in `folder`; how many did by then.
std::size_t kill_amid(const Home& home, const Words& verb, const fs::path& folder, std::size_t enough) {
  auto child = home.start(verb);
  while (parts_in(folder) < enough && !child.wait(0)) std::this_thread::yield();
  child.kill();
  (void)child.wait(kPatience_ms);
  return parts_in(folder);
}

struct TwoHomes {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr;
  std::string case_id;

  TwoHomes() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    case_id = amina->ask({"put", "case", "--set", "status=open", "--set", "reference=R-1"}).at("ids").at(0);
  }
  std::string add(const std::string& name, const std::string& bytes) {
    const fs::path file = stage.root() / name;   // as on a stick: outside of what is searched
    write_file(file, bytes);
    return amina->ask({"attach", "add", case_id, file, "--kind", "letter"}).at("id");
  }
  Outcome export_at(const Home& home, const std::string& id, const std::string& to) {
    return home.run({"attach", "export", id, "--out", stage.root() / to});
  }
  void check_no_canary() {
    NeedleSearch search;
    search.add(kCanary);
    for (const fs::path& folder : {stage.office_data(), amina->path(), ben->path(), stage.temp()}) {
      for (const auto& found : search.in_folder(folder)) FAIL_CHECK(folder.filename().string() << "/" << found);
    }
  }
};

}  // namespace

TEST_CASE("a file added on one device is the same on another, is asked for when it is wanted, and readable nowhere between") {
  TwoHomes org;
  const std::string letter = a_file(40'000);
  const std::string id = org.add("letter.bin", letter);
  const json sent = org.amina->sync();
  CHECK(sent.at("attachments").at("sent").at("parts") == 1);
  CHECK(sent.at("attachments").at("waiting") == 0);
  CHECK(org.amina->sync().at("round_trips") == 1);

  CHECK(org.ben->sync().at("round_trips") <= 2);
  CHECK(org.ben->ask({"attach", "list", org.case_id}).at(0).at("parts_here") == 0);
  CHECK(parts_in(org.ben->path()) == 0);   // nobody has asked yet
  CHECK(org.ben->sync().at("pushed").at("envelopes") == 1);   // that he looked: the log of reads
  CHECK(org.ben->sync().at("round_trips") == 1);
  REQUIRE(org.export_at(*org.ben, id, "copy.bin").code == 0);
  CHECK(read_file(org.stage.root() / "copy.bin") == letter);
  fs::remove(org.stage.root() / "copy.bin");
  org.check_no_canary();

  const json status = org.stage.office({"status", "--data", org.stage.office_data(), "--json"}).answer();
  CHECK(status.contains("attachment_parts"));

  // Once it is here, no line is needed.
  org.stage.stop_office();
  CHECK(org.export_at(*org.ben, id, "again.bin").code == 0);
  CHECK(org.stage.office({"status", "--data", org.stage.office_data(), "--json"}).answer().at("attachment_parts") == 1);
}

TEST_CASE("sending and fetching a large file go on where they were killed") {
  TwoHomes org;
  const std::string film = a_file(kLargeBytes);
  const std::string id = org.add("film.bin", film);
  REQUIRE(parts_in(org.amina->path()) == kLargeParts);
  const std::size_t arrived = kill_amid(*org.amina, {"sync"}, org.stage.office_data(), 3);
  CHECK(arrived >= 3);
  const json rest = org.amina->sync();
  CHECK(rest.at("attachments").at("sent").at("parts") <= kLargeParts - arrived);
  CHECK(rest.at("attachments").at("waiting") == 0);
  CHECK(parts_in(org.stage.office_data()) == kLargeParts);

  (void)org.ben->sync();
  const std::size_t came = kill_amid(*org.ben, {"attach", "fetch", id}, org.ben->path(), 3);
  CHECK(came >= 3);
  const json fetched = org.ben->ask({"sync", "--attachments"}).at("attachments");
  CHECK(fetched.at("fetched").at("parts") == kLargeParts - came);
  CHECK(fetched.at("not_there") == 0);
  REQUIRE(org.export_at(*org.ben, id, "copy.bin").code == 0);
  CHECK((read_file(org.stage.root() / "copy.bin") == film));
  fs::remove(org.stage.root() / "copy.bin");
  org.check_no_canary();
}

TEST_CASE("without a line, and before the file is sent, a sentence says so and nothing is written") {
  TwoHomes org;
  const std::string id = org.add("letter.bin", a_file(20'000));
  (void)org.amina->sync();
  (void)org.ben->sync();
  // The office lost the file: for a colleague the same as one that was not sent yet.
  fs::remove_all(org.stage.office_data() / "blobs");
  const Outcome not_there = org.export_at(*org.ben, id, "copy.bin");
  CHECK(not_there.code == 1);
  CHECK(not_there.err.contains("the office does not have the rest yet"));
  CHECK(org.ben->run({"sync", "--attachments"}).err.contains("does not have every attachment yet"));
  org.stage.stop_office();
  const Outcome offline = org.export_at(*org.ben, id, "copy.bin");
  CHECK(offline.code == 5);
  CHECK(offline.err.contains("not all of this file is on this device"));
  CHECK_FALSE(fs::exists(org.stage.root() / "copy.bin"));
}

TEST_CASE("the locked courier sends files too, and an erased case takes them from the office and from every device") {
  TwoHomes org;
  const std::string id = org.add("letter.bin", a_file(20'000));
  org.stage.stop_office();
  CHECK(org.amina->run({"sync"}).code == 5);   // lists what waits, and reaches nobody
  org.stage.serve();
  const Outcome locked = org.amina->run({"sync", "--locked", "--json"});
  REQUIRE(locked.code == 0);
  CHECK(locked.answer().at("attachments").at("sent").at("parts") == 1);
  CHECK(org.amina->run({"sync", "--locked", "--json"}).answer().at("round_trips") == 1);
  CHECK(parts_in(org.stage.office_data()) == 1);
  (void)org.ben->sync();
  REQUIRE(org.export_at(*org.ben, id, "copy.bin").code == 0);

  (void)org.amina->ask({"erase", org.case_id, "--reason", "she asked", "--before-retention"});
  CHECK(parts_in(org.stage.office_data()) == 0);
  CHECK(parts_in(org.amina->path()) == 0);
  (void)org.ben->sync();
  CHECK(parts_in(org.ben->path()) == 0);
  CHECK(org.amina->sync().at("round_trips") <= 2);
  CHECK(org.amina->sync().at("round_trips") == 1);
}
