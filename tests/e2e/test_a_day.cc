#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

/// One box of commands in docs/A_DAY.md, and the box below it with what they print.
struct Step {
  std::string heading, commands;
  std::vector<std::string> printed;
};

std::vector<Step> steps_of(const std::string& page) {
  std::vector<Step> steps;
  std::istringstream lines(page);
  std::string heading, box;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      box = box.empty() ? line.substr(3) : "";
      if (box == "sh") steps.push_back({heading, {}, {}});
    } else if (box == "sh") {
      steps.back().commands += line + "\n";
    } else if (box == "text") {
      steps.back().printed.push_back(line);
    } else if (line.starts_with("## ")) {
      heading = line.substr(3);
    }
  }
  return steps;
}

/// Whether `line` is `wanted`, in which every … stands for anything.
bool fits(std::string_view line, std::string_view wanted) {
  constexpr std::string_view kAnything = "…";
  for (bool first = true;; first = false) {
    const auto end = wanted.find(kAnything);
    const auto part = wanted.substr(0, end);
    if (end == std::string_view::npos) return first ? line == part : line.ends_with(part);
    const auto at = line.find(part);
    if (at == std::string_view::npos || (first && at != 0)) return false;
    line.remove_prefix(at + part.size());
    wanted.remove_prefix(end + kAnything.size());
  }
}

/// All steps as one script; what each prints stands behind a line of its own.
std::string script_of(const std::vector<Step>& steps) {
  std::string script = "set -eu\n";
  for (const Step& step : steps) script += "echo '@@@'\n" + step.commands;
  return script;
}

std::vector<std::vector<std::string>> printed_by(const std::string& out) {
  std::vector<std::vector<std::string>> all;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    if (line == "@@@") all.emplace_back();
    else if (!all.empty()) all.back().push_back(line);
  }
  return all;
}

}  // namespace

TEST_CASE("the day of docs/A_DAY.md runs as it is written, and prints what it says") {
  const auto steps = steps_of(read_file(WAYSIDE_A_DAY));
  REQUIRE(steps.size() == 12);   // the morning's preparations and steps 1 to 12, without the one that no command plays

  Stage stage(Cli::cheap);
  stage.found();
  const fs::path day = stage.root() / "day";
  fs::create_directories(day / "bin");
  fs::create_symlink(stage.cli_program(), day / "bin" / "wayside-cli");
  fs::copy_file(stage.ticket("first"), day / "ticket");
  fs::copy_file(stage.passphrase_file(), day / "passphrase");
  fs::copy_file(WAYSIDE_TEST_DATA "/leicester_services.csv", day / "leicester_services.csv");
  fs::copy_file(WAYSIDE_DEMONSTRATION_PACK, day / "demonstration.toml");
  fs::permissions(day / "ticket", fs::perms::owner_read | fs::perms::owner_write);
  write_file(day / "script", script_of(steps));

  platform::ChildOptions options;
  options.program = "/bin/bash";
  options.arguments = {"-c", "cd \"$1\" && . ./script", "bash", day.string()};
  options.environment = stage.environment();
  options.environment["WAYSIDE_OFFICE"] = stage.address_for_devices();
  options.environment["PATH"] = (day / "bin").string() + ":/usr/bin:/bin";
  options.capture_errors = true;
  const Outcome outcome = run_program(options);
  INFO(outcome.out << outcome.err);
  const auto printed = printed_by(outcome.out);
  REQUIRE(outcome.code == 0);
  REQUIRE(printed.size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto line = printed[i].begin();
    for (const auto& wanted : steps[i].printed) {
      INFO(steps[i].heading << ": " << wanted);
      line = std::find_if(line, printed[i].end(), [&](const std::string& each) { return fits(each, wanted); });
      REQUIRE(line != printed[i].end());
      ++line;
    }
  }
}
