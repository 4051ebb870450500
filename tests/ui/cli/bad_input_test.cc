#include <catch2/generators/catch_generators.hpp>
#include <fstream>

#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

namespace {

/// The exit code, and a sentence that says what to do, with nothing on stdout.
void check_refusal(const Outcome& outcome, int code, std::string_view says) {
  INFO("stderr: " << outcome.err);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.contains(says));
}

void flip(const fs::path& file, std::uint64_t offset) {
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  bytes.seekg(static_cast<std::streamoff>(offset));
  const int byte = bytes.get();
  bytes.seekp(static_cast<std::streamoff>(offset));
  bytes.put(static_cast<char>(byte ^ 1));
}

}  // namespace

TEST_CASE("wrong usage ends with 2 and does nothing") {
  Home home;
  for (const Words& words : std::vector<Words>{{},
                                               {"frobnicate"},
                                               {"put"},
                                               {"get"},
                                               {"solo"},
                                               {"get", "x", "--no-such-flag"},
                                               {"drafts"},
                                               {"sync", "--courier", "pigeon"},
                                               {"sync", "--courier", "folder"},
                                               {"sync", "--path", "x"},
                                               {"sync", "--courier", "folder", "--path", "x", "--locked", "--unwatched"},
                                               {"sync", "--courier", "folder", "--path", "x", "--limit-rate", "9"},
                                               {"invite", "--role", "king", "--out", "x"}}) {
    const auto outcome = home.run(words);
    INFO((words.empty() ? "nothing" : words.front()) << ": " << outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_FALSE(outcome.err.empty());
  }
  CHECK_FALSE(fs::exists(home.home()));
}

TEST_CASE("a wrong passphrase ends with 3") {
  Home home;
  home.solo();
  home.write("passphrase", "six other words altogether\n");
  check_refusal(home.run({"list", "person", "--json"}), 3, "passphrase did not match");
  check_refusal(home.run({"put", "case", "--set", "reference=C", "status=open"}), 3, "Nothing has changed");
}

TEST_CASE("a vault copied without its device secret does not open with the right passphrase") {
  Home home;
  home.solo();
  fs::remove_all(home.keys());
  check_refusal(home.run({"digest"}), 3, "secret of this device is missing");
}

TEST_CASE("a folder without a vault, or with a spoiled header, is named with what to do") {
  Home home;
  check_refusal(home.run({"digest"}), 1, "`join` or `solo`");
  home.solo();
  const auto header = home.home() / "header";
  SECTION("truncated") { fs::resize_file(header, GENERATE(0, 5, 20, 60)); }
  SECTION("not ours") { home.write("home/header", std::string(400, 'x')); }
  SECTION("a flipped bit") { flip(header, fs::file_size(header) / 2); }
  check_refusal(home.run({"digest"}), 1, "no whole vault");
}

TEST_CASE("a header of a newer version asks for an upgrade") {
  Home home;
  home.solo();
  std::fstream bytes(home.home() / "header", std::ios::binary | std::ios::in | std::ios::out);
  bytes.seekp(8);  // behind the magic
  bytes.put(9);
  bytes.close();
  check_refusal(home.run({"digest"}), 1, "newer Wayside");
}

TEST_CASE("a store that is not ours, or missing, is not opened") {
  Home home;
  home.solo();
  SECTION("missing") { fs::remove(home.home() / "store.db"); }
  SECTION("another file") { home.write("home/store.db", std::string(8192, 'x')); }
  SECTION("truncated") { fs::resize_file(home.home() / "store.db", 1000); }
  const auto refused = home.run({"digest"});
  INFO(refused.err);
  CHECK(refused.code == 1);
  CHECK(refused.err.ends_with(".\n"));
}

TEST_CASE("a vault that is open elsewhere is left alone") {
  Home home;
  home.solo();
  const auto vault = home.open();
  check_refusal(home.run({"digest"}), 1, "Wayside is open elsewhere");
}

TEST_CASE("a second vault is never made over the first") {
  Home home;
  home.solo();
  check_refusal(home.run({"solo", "--device-name", "Again"}), 1, "exists already");
  CHECK(home.ask({"devices", "list"}).at("devices")[0].at("user") == "Amina");
}

TEST_CASE("unknown types, fields and codes are named, and nothing is saved") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  check_refusal(home.run({"put", "spaceship", "--set", "a=b"}), 6, "spaceship");
  check_refusal(home.run({"list", "spaceship"}), 6, "`types`");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "shoe=38"}), 6, "shoe");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "gender=purple"}), 6, "gender");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "dob=1999-02-30"}), 6, "dob");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "archived=yes"}), 2, "`archive`");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "forename"}), 2, "field=value");
  check_refusal(home.run({"put", "person", "--case", case_id, "--set", "forename=A", "forename=B"}), 2, "twice");
  check_refusal(home.run({"put", "person", "--case", case_id}), 2, "nothing to save");
  check_refusal(home.run({"put", "note", "--case", case_id, "--set", "kind=home visit"}), 6, "needed");
  check_refusal(home.run({"history", case_id, "--field", "shoe"}), 6, "shoe");
  CHECK(home.ask({"digest"}).at("records") == 1);
}

TEST_CASE("a record needs a case that is there") {
  Home home;
  home.solo();
  check_refusal(home.run({"put", "person", "--set", "forename=Priya"}), 2, "--case");
  const std::string nowhere = "0197a1b2-0000-7000-8000-0000000000ff";
  check_refusal(home.run({"put", "person", "--case", nowhere, "--set", "forename=Priya"}), 1, "put case");
  check_refusal(home.run({"put", "person", "--case", "C-1", "--set", "forename=Priya"}), 2, "no id");
  check_refusal(home.run({"get", nowhere}), 1, nowhere);
  check_refusal(home.run({"edit", nowhere, "--set", "forename=A"}), 1, nowhere);
  check_refusal(home.run({"put", "case", "--team", "night shift", "--set", "reference=C", "status=open"}), 2, "main");
  CHECK(home.ask({"digest"}).at("records") == 0);
}

TEST_CASE("a save over 1 MiB is refused before anything is written") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const json before = home.ask({"digest"});
  // Four long texts within their own limits, too much together, and random enough not to shrink.
  std::uint64_t state = 88172645463325252ULL;
  json notes = json::array();
  for (int i = 0; i < 4; ++i) {
    std::string text;
    while (text.size() < 500'000) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      text += static_cast<char>(' ' + 1 + state % 94);
    }
    notes.push_back({{"at", "2026-06-10T16:20:00Z"}, {"kind", "home visit"}, {"text", text}});
  }
  check_refusal(home.run({"put", "note", "--case", case_id, "--from-json", "-", "--json"}, notes.dump()), 6,
                "larger than one save");
  CHECK(home.ask({"digest"}) == before);
  notes.erase(notes.begin() + 1, notes.end());
  home.ask({"put", "note", "--case", case_id, "--from-json", "-"}, notes.dump());
}

TEST_CASE("broken JSON is named with its place") {
  Home home;
  home.solo();
  for (const char* text : {"", "{", "[1]", "{\"reference\": \"C\", \"reference\": \"D\"}", "[]",
                           "{\"status\": 1, \"reference\": \"C\"}"}) {
    const auto refused = home.run({"put", "case", "--from-json", "-"}, text);
    INFO(text);
    CHECK(refused.code == 6);
    CHECK(refused.out.empty());
  }
  CHECK(home.ask({"digest"}).at("records") == 0);
}

TEST_CASE("a vault without an office does not reconcile or invite") {
  Home home;
  home.solo();
  check_refusal(home.run({"sync", "--json"}), 1, "solo");
  check_refusal(home.run({"invite", "--role", "advocate", "--out", home.path("t").string()}), 1, "no office");
  CHECK_FALSE(fs::exists(home.path("t")));
}

TEST_CASE("what is no ticket does not make a vault") {
  Home home;
  check_refusal(home.run({"join", home.path("none").string(), "--device-name", "Laptop"}), 1, "none");
  check_refusal(home.run({"join", home.write("ticket", "hello"), "--device-name", "Laptop"}), 6, "not a ticket");
  check_refusal(home.run({"join", home.write("ticket", "WAYSIDE TICKET 1\nAAAA"), "--device-name", "Laptop"}), 6,
                "cut short");
  CHECK_FALSE(fs::exists(home.home() / "header"));
}

TEST_CASE("errors keep stdout empty and hold nothing of what was typed into a field") {
  Home home;
  home.solo();
  const auto refused =
      home.run({"put", "person", "--case", home.new_case(), "--set", "dob=Priya Shah 4 Priory Close", "--json"});
  CHECK(refused.code == 6);
  CHECK(refused.out.empty());
  CHECK_FALSE(refused.err.contains("Priory"));
}
