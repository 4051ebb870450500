#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/env.h"
#include "tests/bench/child.h"

namespace wayside::bench {

/// A real office and devices that joined it, each of them a process of its own, in one folder that is made anew.
/// Throws std::runtime_error when a step fails.
class Organisation {
 public:
  explicit Organisation(platform::Path work);

  /// An office on a free port, listening when it returns.
  void found();
  /// Invites (all but the first) and joins; nothing is opened yet.
  void join(int device);
  /// Opens the vault in a process of its own and gives what opening took.
  nlohmann::json open(int device);
  void close(int device) { devices_.at(static_cast<std::size_t>(device)).reset(); }
  [[nodiscard]] JsonChild& device(int number) { return *devices_.at(static_cast<std::size_t>(number)); }
  /// One verb of wayside-cli on a vault that is not open.
  void cli(int device, std::vector<std::string> arguments);

  [[nodiscard]] platform::Path home(int device) const;
  [[nodiscard]] platform::Path data() const { return work_ / "office"; }
  [[nodiscard]] const platform::Path& work() const { return work_; }
  [[nodiscard]] const std::string& office() const { return office_; }

 private:
  platform::Path work_;
  std::optional<platform::ChildProcess> office_process_;
  std::string office_;
  std::vector<std::unique_ptr<JsonChild>> devices_;
};

/// "A", "B", "C" …
std::string letter(int device);
/// Beside this program.
platform::Path program(const char* name);
/// What goes on, for whoever waits.
void say(const std::string& line);

}  // namespace wayside::bench
