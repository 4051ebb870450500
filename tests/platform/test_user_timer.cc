#include "platform/user_timer.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>

#include "platform/files_posix.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

/// A login whose service manager is a script that writes down what it is asked.
struct Login {
  support::TempFolder folder;
  PosixFiles files;
  std::map<std::string, std::string> variables{{"XDG_CONFIG_HOME", (folder / "config").string()}};
  Environment environment = [this](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  DailyRun run{.name = "wayside-0a1b", .description = "by night", .program = "/opt/a b/program",
               .arguments = {"--home", "/home/x/100% \"mine\" $HOME \\ end"}, .hour = 4, .minute = 5, .spread_min = 90,
               .again_min = 15, .times = 8};

  void give_manager(int exit_code) {
    std::filesystem::create_directory(folder / "bin");
    std::ofstream(folder / "bin/systemctl") << "#!/bin/sh\necho \"$@\" >> " << (folder / "asked").string() << "\nexit " << exit_code << "\n";
    std::filesystem::permissions(folder / "bin/systemctl", std::filesystem::perms::owner_all);
    variables["PATH"] = "relative:" + (folder / "none").string() + ":" + (folder / "bin").string();
  }
  [[nodiscard]] std::filesystem::path unit(const std::string& suffix) const { return folder / ("config/systemd/user/wayside-0a1b" + suffix); }
};

}  // namespace

TEST_CASE("a unit starts the program with its words as they are, whatever stands in them") {
  const Login login;
  const std::string service = service_unit(login.run);
  CHECK(service.contains("ExecStart=\"/opt/a b/program\" \"--home\" \"/home/x/100%% \\\"mine\\\" $$HOME \\\\ end\"\n"));
  CHECK(service.contains("Restart=on-failure\nRestartSec=15min\n"));
  CHECK(service.contains("StartLimitBurst=8\n"));
  const std::string timer = timer_unit(login.run);
  CHECK(timer.contains("OnCalendar=*-*-* 04:05:00\nRandomizedDelaySec=90min\nPersistent=true\n"));
}

TEST_CASE("a timer is written, started, told of, and taken away") {
  Login login;
  login.give_manager(0);
  CHECK(daily_at(login.files, login.environment, login.run.name) == std::nullopt);
  CHECK(start_daily(login.files, login.environment, login.run) == Manager::answered);
  CHECK(support::read_file(login.unit(".service")) == service_unit(login.run));
  CHECK(support::read_file(login.unit(".timer")) == timer_unit(login.run));
  CHECK(daily_at(login.files, login.environment, login.run.name) == "04:05");
  login.run.hour = 23;
  CHECK(start_daily(login.files, login.environment, login.run) == Manager::answered);
  CHECK(daily_at(login.files, login.environment, login.run.name) == "23:05");
  CHECK(stop_daily(login.files, login.environment, login.run.name) == Manager::answered);
  CHECK_FALSE(std::filesystem::exists(login.unit(".timer")));
  CHECK_FALSE(std::filesystem::exists(login.unit(".service")));
  const std::string started = "--user --quiet daemon-reload\n--user --quiet enable wayside-0a1b.timer\n--user --quiet restart wayside-0a1b.timer\n";
  CHECK(support::read_file(login.folder / "asked") ==
        started + started + "--user --quiet disable --now wayside-0a1b.timer\n--user --quiet daemon-reload\n");
}

TEST_CASE("without a service manager the files stand there for its next start") {
  Login login;
  SECTION("none is there") {}
  SECTION("it does not answer") { login.give_manager(1); }
  CHECK(start_daily(login.files, login.environment, login.run) == Manager::silent);
  CHECK(std::filesystem::exists(login.unit(".timer")));
  CHECK(stop_daily(login.files, login.environment, login.run.name) == Manager::silent);
  CHECK_FALSE(std::filesystem::exists(login.unit(".timer")));
  CHECK(stop_daily(login.files, login.environment, login.run.name) == Manager::silent);   // again, and it is fine
}

TEST_CASE("what would end a line of a unit is refused, and nothing is written") {
  Login login;
  SECTION("in a word") { login.run.arguments.emplace_back("a\nExecStart=/bin/sh"); }
  SECTION("in the path") { login.run.program = "/opt/a\nb"; }
  SECTION("in the name") { login.run.name = "../a"; }
  const auto done = start_daily(login.files, login.environment, login.run);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Errc::bad_input);
  CHECK_FALSE(std::filesystem::exists(login.folder / "config"));
}
