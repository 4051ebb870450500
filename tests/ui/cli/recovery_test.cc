#include "core/recovery/papers.h"
#include "core/vault/recovery_kit.h"
#include "tests/support/read_file.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kNewWords = "nine brown otters sleep under the weir";

Words unlock_with(Home& home, const std::string& kit) {
  return {"recovery", "unlock", "--kit-file", kit, "--new-passphrase-file", home.write("new", std::string(kNewWords) + "\n")};
}

/// From here on the vault opens with what the kit has set.
void type_new(Home& home) { home.write("passphrase", std::string(kNewWords) + "\n"); }

}  // namespace

TEST_CASE("a kit is made, opens the vault once the passphrase is forgotten, and every use is told") {
  Home home;
  home.solo();
  const std::string of_case = home.new_case("W-1");
  json status = home.ask({"recovery", "status"});
  CHECK(status.at("kit") == json{{"there", false}, {"made", nullptr}, {"uses", json::array()}});

  const std::string kit = home.path("kit");
  const auto made = home.run({"recovery", "kit", "--out", kit});
  CHECK(made.code == 0);
  CHECK(made.err.contains("delete the file"));
  CHECK_FALSE((made.out + made.err).contains(support::read_file(kit).substr(support::read_file(kit).find("\n 1  ") + 5, 19)));
  CHECK(fs::status(kit).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  status = home.ask({"recovery", "status"});
  CHECK(status.at("kit").at("there") == true);
  CHECK(status.at("kit").at("made").is_string());
  CHECK_FALSE(home.run({"digest"}).err.contains("recovery kit"));

  home.write("passphrase", "what was it again\n");
  CHECK(home.run({"digest"}).code == 3);
  const auto opened = home.run(unlock_with(home, kit));
  INFO(opened.err);
  CHECK(opened.code == 0);
  type_new(home);
  CHECK(home.ask({"get", of_case}).at("fields").at("reference").at("shown") == "W-1");
  status = home.ask({"recovery", "status"});
  CHECK(status.at("kit").at("uses").size() == 1);
  CHECK(home.run({"digest"}).err.contains("opened with its recovery kit on"));
}

TEST_CASE("with the device's secret gone the kit opens the vault, and makes a new one") {
  Home home;
  home.solo();
  const std::string kit = home.path("kit");
  home.ask({"recovery", "kit", "--out", kit});
  fs::remove_all(home.keys());
  CHECK(home.run({"digest"}).code == 3);
  CHECK(home.run(unlock_with(home, kit)).code == 0);
  type_new(home);
  CHECK(home.run({"digest"}).code == 0);
}

TEST_CASE("a kit that is mistyped, replaced, of another vault or no kit is refused by file and line; nothing changes") {
  Home home, other;
  home.solo();
  other.solo();
  const std::string kit = home.path("kit"), newer = home.path("newer"), foreign = other.path("kit");
  CHECK(home.run(unlock_with(home, home.path("none"))).code == 1);
  home.ask({"recovery", "kit", "--out", kit});
  const auto replaced = home.ask({"recovery", "kit", "--out", newer});
  CHECK(replaced.at("replaced") == true);
  other.ask({"recovery", "kit", "--out", foreign});

  const auto refused = [&](const std::string& file, const std::string& words) {
    const auto outcome = home.run(unlock_with(home, file));
    INFO(file << ": " << outcome.err);
    CHECK(outcome.code == 6);
    CHECK(outcome.err.contains(words));
    CHECK(outcome.out.empty());
  };
  refused(kit, "a newer one has replaced it");
  refused(foreign, "of another vault");
  std::string typed = support::read_file(newer);
  char& letter = typed[typed.find("\n 2  ") + 6];
  letter = letter == 'A' ? 'B' : 'A';
  refused(home.write("mistyped", typed), "mistyped: line 2 has a wrong letter");
  refused(home.write("rubbish", "hello"), "line 1 is missing");
  CHECK(home.run({"digest"}).code == 0);
  CHECK(home.ask({"recovery", "status"}).at("kit").at("uses").empty());
  CHECK(home.run(unlock_with(home, newer)).code == 0);
}

TEST_CASE("a kit replaces no file, and is not left behind when it could not be made") {
  Home home;
  home.solo();
  const std::string there = home.write("there", "letters");
  CHECK(home.run({"recovery", "kit", "--out", there}).code == 1);
  CHECK(support::read_file(there) == "letters");
  home.write("passphrase", "not this one\n");
  CHECK(home.run({"recovery", "kit", "--out", home.path("kit")}).code == 3);
  CHECK_FALSE(fs::exists(home.path("kit")));
  CHECK(home.run({"recovery", "kit", "--out", home.path("no/such/kit")}).code != 0);
  CHECK(home.run({"recovery"}).code == 2);
}

TEST_CASE("cases are opened with pages only where there is an office") {
  Home home;
  home.solo();
  CHECK(home.run({"recovery", "cases"}).code == 2);
  CHECK(home.run({"recovery", "cases", "--share", home.write("one", "x"), "--share", home.write("two", "y")}).code == 6);
}
