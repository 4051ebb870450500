#include "tests/e2e/courier_trace.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace wayside::e2e {
namespace {

constexpr const char* kCalls = "trace=%file,clone,clone3,fork,vfork";

/// Of one line of a trace: who, which call, all of its text, and what it returned.
struct Call {
  long who = 0;
  std::string name, text;
  long returned = -1;
};

std::optional<Call> call_of(const std::string& line) {
  static const std::regex kWhole(R"re(^(\d+) +(\w+)\((.*)\) += (-?\d+).*$)re");
  std::smatch part;
  if (!std::regex_match(line, part, kWhole)) return std::nullopt;
  return Call{std::stol(part[1]), part[2], part[3], std::stol(part[4])};
}

/// A call that another thread's line came between stands in two lines.
std::vector<Call> calls_in(const std::string& text) {
  static const std::regex kBegun(R"re(^(\d+) +(.*) <unfinished \.\.\.>$)re");
  static const std::regex kEnded(R"re(^(\d+) +<\.\.\. \w+ resumed>(.*)$)re");
  std::map<std::string, std::string> begun;
  std::vector<Call> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch part;
    if (std::regex_match(line, part, kBegun)) {
      begun[part[1]] = part[2];
      continue;
    }
    if (std::regex_match(line, part, kEnded)) line = part[1].str() + " " + begun[part[1]] + part[2].str();
    if (auto call = call_of(line)) out.push_back(*std::move(call));
  }
  return out;
}

std::vector<std::string> quoted(const std::string& text) {
  static const std::regex kQuoted("\"((?:[^\"\\\\]|\\\\.)*)\"");
  std::vector<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), kQuoted), end; at != end; ++at) out.push_back((*at)[1]);
  return out;
}

bool starts_courier(const Call& call) {
  return call.name == "execve" && call.returned == 0 && call.text.find("\"courier\"") != std::string::npos;
}

}  // namespace

CourierTrace trace(const Stage& stage, const Home& home, const Words& verb) {
  const fs::path file = stage.root() / "trace";
  platform::ChildOptions plain = home.options(verb);
  platform::ChildOptions traced = plain;
  traced.program = "strace";
  traced.arguments = {"-f", "-qq", "-s", "4096", "-e", kCalls, "-o", file.string(), plain.program.string()};
  traced.arguments.insert(traced.arguments.end(), plain.arguments.begin(), plain.arguments.end());
  CourierTrace out;
  out.outcome = run_program(std::move(traced));
  REQUIRE(fs::exists(file));

  std::set<long> courier;   // it and its threads
  for (const Call& call : calls_in(read_file(file))) {
    if (starts_courier(call)) {
      courier.insert(call.who);
      continue;
    }
    const bool its = courier.contains(call.who);
    if (its && call.returned > 0 && (call.name.starts_with("clone") || call.name.ends_with("fork"))) courier.insert(call.returned);
    const auto paths = quoted(call.text);
    if (its && call.name == "execve" && call.returned == 0) out.programs.push_back(paths.at(0));
    auto& named = its ? out.of_courier : out.of_others;
    named.insert(named.end(), paths.begin(), paths.end());
  }
  REQUIRE_FALSE(courier.empty());
  return out;
}

}  // namespace wayside::e2e
