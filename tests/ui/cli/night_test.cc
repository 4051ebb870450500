#include <algorithm>

#include "platform/files_posix.h"
#include "sync/spool/last_run.h"
#include "tests/support/read_file.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

namespace {

/// A vault that has an office to go to, as far as its spool knows; nobody answers there.
struct Member : Home {
  Member() {
    solo();
    REQUIRE(spool::write_office(files, layout, {"127.0.0.1:1", *Digest::from(Bytes(32, 'p')), {}, {}, {}}).has_value());
    SecretBytes key(32);
    REQUIRE(spool::write_courier_key(files, layout, key).has_value());
  }
  [[nodiscard]] std::vector<fs::path> units() const {
    std::vector<fs::path> out;
    const fs::path folder = path("config") / "systemd" / "user";
    if (!fs::exists(folder)) return out;
    for (const auto& each : fs::directory_iterator(folder)) out.push_back(each.path());
    std::ranges::sort(out);
    return out;
  }
  platform::PosixFiles files;
  spool::Layout layout{home() / "spool"};
};

}  // namespace

TEST_CASE("a timer for the night is written, told of and taken away; a run that failed is told of") {
  Member member;
  CHECK(member.ask({"night", "status"}).at("at").is_null());
  const json on = member.ask({"night", "on", "--at", "21:45", "--limit-rate", "64"});
  CHECK(on.at("at") == "21:45");
  CHECK(on.at("started") == false);   // no service manager in this environment
  REQUIRE(member.units().size() == 2);
  const std::string service = support::read_file(member.units().at(0));
  CHECK(service.contains("\"--home\" \"" + member.home().string() + "\" \"sync\" \"--locked\" \"--unwatched\" \"--limit-rate\" \"64\"\n"));
  CHECK(member.ask({"night", "status"}).at("at") == "21:45");

  const Outcome run = member.run({"sync", "--locked", "--unwatched"});
  INFO(run.err);
  CHECK(run.code == 5);
  const json last = member.ask({"night", "status"}).at("last");
  CHECK(last.at("error") == "unreachable");
  CHECK(last.at("sent") == 0);
  CHECK(member.run({"night", "status"}).out.contains("the office could not be reached."));

  CHECK(member.ask({"night", "off"}).at("at").is_null());
  CHECK(member.units().empty());
  CHECK(member.ask({"night", "off"}).at("at").is_null());
}

TEST_CASE("words of the night that mean nothing are refused, and no timer is written") {
  Member member;
  for (const char* at : {"24:00", "9:30", "22:60", "noon", "-1:30", ""}) {
    const Outcome out = member.run({"night", "on", "--at", at});
    CHECK(out.code == 2);
    CHECK(out.err.contains("22:30"));
  }
  CHECK(member.run({"night", "on", "--limit-rate", "1"}).code == 2);
  CHECK(member.run({"sync", "--unwatched"}).code == 2);
  CHECK(member.run({"sync", "--locked", "--limit-rate", "7"}).code == 2);
  CHECK(member.units().empty());
}

TEST_CASE("a vault without an office has no night") {
  Home home;
  home.solo();
  const Outcome out = home.run({"night", "on"});
  CHECK(out.code == 1);
  CHECK(out.err.contains("an office"));
  CHECK_FALSE(fs::exists(home.path("config")));
}
