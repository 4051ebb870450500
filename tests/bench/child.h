#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "platform/child_process.h"

namespace wayside::bench {

/// A child that answers JSON lines with JSON lines.
class JsonChild {
 public:
  JsonChild(const platform::Path& program, const std::vector<std::string>& arguments);
  /// Throws with the child's own words when it could not do it.
  nlohmann::json ask(const nlohmann::json& command);
  /// Asks without waiting; `answer` collects. So several devices work at once.
  void send(const nlohmann::json& command);
  nlohmann::json answer();

 private:
  platform::ChildProcess child_;
};

/// The other end: answers each line of stdin until it ends. What `answer` throws is told as {"error"}.
int answer_lines(const std::function<nlohmann::json(const nlohmann::json& command)>& answer);

struct Finished { int exit_code = 0; std::string out; };
/// Runs to the end; throws when it could not be started.
Finished run(const platform::Path& program, const std::vector<std::string>& arguments);

}  // namespace wayside::bench
