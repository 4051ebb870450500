#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/env.h"

namespace wayside::platform {

struct ChildOptions {
  Path program;                                     ///< looked up in PATH when it has no slash
  std::vector<std::string> arguments{};              ///< without the program's name; never a secret: others read them
  std::map<std::string, std::string> environment{}; ///< beside what passes anyway (PATH, HOME, LANG, XDG_*, WAYSIDE_* …)
  bool capture_errors = false;                      ///< else the child writes to our stderr
  std::size_t output_limit_bytes = std::size_t{64} << 20;  ///< unread output beyond it is Errc::too_large
};

struct ChildExit {
  int code = 0;                                     ///< what it returned; -1 when a signal ended it
  int signal = 0;
  [[nodiscard]] bool ok() const { return code == 0; }
};

/// A program run as a child, with pipes for its stdin and stdout. It inherits no other file of ours, and of our
/// environment only what ChildOptions says. Destroying this kills and reaps it.
/// One thread at a time. A timeout, and a child that has gone, are Errc::unreachable.
class ChildProcess {
 public:
  static Result<ChildProcess> start(const ChildOptions& options);
  ~ChildProcess();
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;

  Result<void> write(BytesView bytes, std::int64_t timeout_ms);
  void close_input();                               ///< the child reads the end of its stdin
  /// Without the newline; the last line may lack one. Nothing at the end of the output.
  Result<std::optional<std::string>> read_line(std::int64_t timeout_ms);
  /// All that is left, to the end of the output.
  Result<Bytes> read_rest(std::int64_t timeout_ms);
  /// Frames: a length of 4 bytes, little endian, then so many bytes. Nothing at the end of the output.
  Result<void> write_frame(BytesView payload, std::int64_t timeout_ms);
  Result<std::optional<Bytes>> read_frame(std::size_t limit_bytes, std::int64_t timeout_ms);

  /// Waits for the end. Goes on taking in what the child writes, so that it cannot block on a full pipe.
  Result<ChildExit> wait(std::int64_t timeout_ms);
  void kill();                                      ///< SIGKILL; `wait` still tells how it ended
  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] const Bytes& errors() const;        ///< with capture_errors: what it has written to stderr so far

 private:
  struct State;
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Starts, feeds `input`, reads to the end, waits.
struct ChildOutcome {
  ChildExit exit;
  Bytes output;
  Bytes errors;
};
Result<ChildOutcome> run_child(ChildOptions options, BytesView input, std::int64_t timeout_ms);

}  // namespace wayside::platform
