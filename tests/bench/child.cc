#include "tests/bench/child.h"

#include <iostream>
#include <stdexcept>

namespace wayside::bench {
namespace {
using nlohmann::json;
constexpr std::int64_t kPatience_ms = 30 * 60 * 1000;   // a slow machine and 10,000 cases
}

JsonChild::JsonChild(const platform::Path& program, const std::vector<std::string>& arguments)
    : child_([&] {
        auto started = platform::ChildProcess::start({.program = program, .arguments = arguments});
        if (!started) throw std::runtime_error("cannot start " + program.string() + ": " + started.error().detail);
        return *std::move(started);
      }()) {}

void JsonChild::send(const nlohmann::json& command) {
  if (!child_.write(command.dump() + "\n", kPatience_ms)) throw std::runtime_error("a child has ended");
}

nlohmann::json JsonChild::answer() {
  const auto line = child_.read_line(kPatience_ms);
  if (!line || !*line) throw std::runtime_error("a child has ended");
  nlohmann::json answer = nlohmann::json::parse(**line);
  if (answer.contains("error")) throw std::runtime_error(answer.at("error").get<std::string>());
  return answer;
}

nlohmann::json JsonChild::ask(const nlohmann::json& command) {
  send(command);
  return answer();
}

int answer_lines(const std::function<json(const json&)>& answer) {
  for (std::string line; std::getline(std::cin, line);) {
    json out;
    try {
      out = answer(json::parse(line));
    } catch (const std::exception& fault) {
      out = {{"error", fault.what()}};
    }
    std::cout << out.dump() << std::endl;
  }
  return 0;
}

Finished run(const platform::Path& program, const std::vector<std::string>& arguments) {
  auto outcome = platform::run_child({.program = program, .arguments = arguments}, "", kPatience_ms);
  if (!outcome) throw std::runtime_error("cannot run " + program.string() + ": " + outcome.error().detail);
  return {outcome->exit.code, outcome->output};
}

}  // namespace wayside::bench
