#include "platform/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "platform/descriptor.h"
#include "platform/system_error.h"

extern char** environ;  // NOLINT: POSIX wants it declared by us

namespace wayside::platform {
namespace {

constexpr std::size_t kFrameHeadBytes = 4;
constexpr int kReapPollMs = 10;  // only where the kernel has no pidfd

/// What a child may see of our environment: enough to find its files, its language and its diagnostics.
constexpr std::array<std::string_view, 14> kPassedNames = {"PATH",
                                                           "HOME",
                                                           "LANG",
                                                           "LANGUAGE",
                                                           "TZ",
                                                           "TMPDIR",
                                                           "USER",
                                                           "DISPLAY",
                                                           "WAYLAND_DISPLAY",
                                                           "XAUTHORITY",
                                                           "DBUS_SESSION_BUS_ADDRESS",
                                                           "https_proxy",
                                                           "HTTPS_PROXY",
                                                           "no_proxy"};
constexpr std::array<std::string_view, 7> kPassedPrefixes = {"LC_",    "XDG_",  "WAYSIDE_", "ASAN_",
                                                             "UBSAN_", "LSAN_", "LIBGL_"};

bool passes(std::string_view name) {
  return std::find(kPassedNames.begin(), kPassedNames.end(), name) != kPassedNames.end() ||
         std::any_of(kPassedPrefixes.begin(), kPassedPrefixes.end(),
                     [&](auto prefix) { return name.starts_with(prefix); });
}

std::vector<std::string> environment_for(const ChildOptions& options) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view entry = *line;
    const std::string name(entry.substr(0, entry.find('=')));
    if (passes(name) && !options.environment.contains(name)) lines.emplace_back(entry);
  }
  for (const auto& [name, value] : options.environment) lines.emplace_back(name).append("=").append(value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> all;
  all.reserve(lines.size() + 1);
  for (std::string& line : lines) all.push_back(line.data());
  all.push_back(nullptr);
  return all;
}

struct Channel {
  Descriptor ours;
  Descriptor childs;
};

Result<Channel> make_pipe(const Path& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure(errno, Access::writing, "starting", program);
  Channel channel{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK);
  return channel;
}

/// The child's stdin is a socket: writing to one whose reader has gone is an error and no signal.
Result<Channel> make_input(const Path& program) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return system_failure(errno, Access::writing, "starting", program);
  }
  Channel channel{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK);
  ::shutdown(channel.ours.get(), SHUT_RD);
  return channel;
}

/// posix_spawn with what every child of ours needs: default signals, and no file but the three.
int spawn(const ChildOptions& options, int input, int output, int errors, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  if (errors >= 0) ::posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t all;
  sigset_t none;
  ::sigfillset(&all);
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> words{options.program.string()};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> lines = environment_for(options);
  const int failed = ::posix_spawnp(&pid, options.program.c_str(), &files, &attributes, pointers(words).data(),
                                    pointers(lines).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  return failed;
}

class Countdown {
 public:
  explicit Countdown(std::int64_t timeout_ms)
      : end_(std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms)) {}
  [[nodiscard]] int left_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace

struct ChildProcess::State {
  Path program;
  pid_t pid = -1;
  std::size_t limit = 0;
  Descriptor input;
  Descriptor output;
  Descriptor errors;
  Descriptor process;  // pidfd; readable once the child has ended
  Bytes output_bytes;
  Bytes error_bytes;
  std::optional<ChildExit> exit;

  [[nodiscard]] std::unexpected<Error> gone(std::string_view what) const {
    return fail(Errc::unreachable, program.filename().string() + ": " + std::string(what));
  }
  bool reap();
  Result<void> take_in(Descriptor& from, Bytes& into);
  Result<void> pump(const Countdown& countdown, bool want_write, bool want_exit);
};

bool ChildProcess::State::reap() {
  if (exit) return true;
  int status = 0;
  if (::waitpid(pid, &status, WNOHANG) != pid) return false;
  exit = WIFEXITED(status) ? ChildExit{WEXITSTATUS(status), 0} : ChildExit{-1, WTERMSIG(status)};
  return true;
}

Result<void> ChildProcess::State::take_in(Descriptor& from, Bytes& into) {
  std::array<char, 64 * 1024> chunk;
  for (;;) {
    const ssize_t got = ::read(from.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) {
      from.close();
      return {};
    }
    if (static_cast<std::size_t>(got) > limit - std::min(limit, into.size())) {
      return fail(Errc::too_large, "output of " + program.filename().string());
    }
    into.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

/// Waits until anything happens that the caller wants, taking in what the child writes.
Result<void> ChildProcess::State::pump(const Countdown& countdown, bool want_write, bool want_exit) {
  std::array<pollfd, 4> wanted{};
  wanted[0] = {output.get(), POLLIN, 0};  // poll ignores a closed one, which is -1
  wanted[1] = {errors.get(), POLLIN, 0};
  wanted[2] = {want_write ? input.get() : -1, POLLOUT, 0};
  wanted[3] = {want_exit ? process.get() : -1, POLLIN, 0};
  const bool must_look_again = want_exit && !process.is_open();
  const int left_ms = countdown.left_ms();
  const int happened = ::poll(wanted.data(), wanted.size(), must_look_again ? std::min(left_ms, kReapPollMs) : left_ms);
  if (happened < 0 && errno != EINTR) return system_failure(errno, Access::reading, "waiting for", program);
  if (happened == 0 && left_ms == 0) return gone("timed out");
  if (wanted[0].revents != 0) WAYSIDE_OK(take_in(output, output_bytes));
  if (wanted[1].revents != 0) WAYSIDE_OK(take_in(errors, error_bytes));
  return {};
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (!state_ || state_->reap()) return;
  kill();
  while (::waitpid(state_->pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
  WAYSIDE_TRY(Channel input, make_input(options.program));
  WAYSIDE_TRY(Channel output, make_pipe(options.program));
  Channel errors;
  if (options.capture_errors) {
    WAYSIDE_TRY(errors, make_pipe(options.program));
  }
  auto state = std::make_unique<State>();
  state->program = options.program;
  state->limit = options.output_limit_bytes;
  const int failed = spawn(options, input.childs.get(), output.childs.get(), errors.childs.get(), state->pid);
  if (failed != 0) return system_failure(failed, Access::reading, "starting", options.program);
  state->process = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, state->pid, 0)));
  state->input = std::move(input.ours);
  state->output = std::move(output.ours);
  state->errors = std::move(errors.ours);
  return ChildProcess(std::move(state));
}

Result<void> ChildProcess::write(BytesView bytes, std::int64_t timeout_ms) {
  const Countdown countdown(timeout_ms);
  while (!bytes.empty()) {
    if (!state_->input.is_open()) return state_->gone("its input is closed");
    const ssize_t put = ::send(state_->input.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      WAYSIDE_OK(state_->pump(countdown, true, false));
    } else if (errno != EINTR) {
      return state_->gone("it takes no more input");
    }
  }
  return {};
}

void ChildProcess::close_input() { state_->input.close(); }

Result<std::optional<std::string>> ChildProcess::read_line(std::int64_t timeout_ms) {
  const Countdown countdown(timeout_ms);
  Bytes& bytes = state_->output_bytes;
  for (;;) {
    if (const auto end = bytes.find('\n'); end != Bytes::npos) {
      std::string line = bytes.substr(0, end);
      bytes.erase(0, end + 1);
      return line;
    }
    if (!state_->output.is_open()) {
      if (bytes.empty()) return std::nullopt;
      return std::exchange(bytes, {});
    }
    WAYSIDE_OK(state_->pump(countdown, false, false));
  }
}

Result<Bytes> ChildProcess::read_rest(std::int64_t timeout_ms) {
  const Countdown countdown(timeout_ms);
  while (state_->output.is_open()) WAYSIDE_OK(state_->pump(countdown, false, false));
  return std::exchange(state_->output_bytes, {});
}

Result<void> ChildProcess::write_frame(BytesView payload, std::int64_t timeout_ms) {
  if (payload.size() > UINT32_MAX) return fail(Errc::too_large, "a frame");
  Bytes frame;
  for (std::size_t i = 0; i < kFrameHeadBytes; ++i) frame.push_back(static_cast<char>(payload.size() >> (8 * i)));
  frame.append(payload);
  return write(frame, timeout_ms);
}

Result<std::optional<Bytes>> ChildProcess::read_frame(std::size_t limit_bytes, std::int64_t timeout_ms) {
  const Countdown countdown(timeout_ms);
  Bytes& bytes = state_->output_bytes;
  for (;;) {
    if (bytes.size() >= kFrameHeadBytes) {
      std::size_t size = 0;
      for (std::size_t i = 0; i < kFrameHeadBytes; ++i)
        size |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
      if (size > limit_bytes) return fail(Errc::too_large, "a frame, limit " + std::to_string(limit_bytes));
      if (bytes.size() - kFrameHeadBytes >= size) {
        Bytes payload = bytes.substr(kFrameHeadBytes, size);
        bytes.erase(0, kFrameHeadBytes + size);
        return payload;
      }
    }
    if (!state_->output.is_open()) {
      if (bytes.empty()) return std::nullopt;
      return state_->gone("it ended within a frame");
    }
    WAYSIDE_OK(state_->pump(countdown, false, false));
  }
}

Result<ChildExit> ChildProcess::wait(std::int64_t timeout_ms) {
  const Countdown countdown(timeout_ms);
  while (!state_->reap()) WAYSIDE_OK(state_->pump(countdown, false, true));
  // What it wrote last may still lie in the pipes. A grandchild may hold them open, so only what is there.
  if (state_->output.is_open()) WAYSIDE_OK(state_->take_in(state_->output, state_->output_bytes));
  if (state_->errors.is_open()) WAYSIDE_OK(state_->take_in(state_->errors, state_->error_bytes));
  return *state_->exit;
}

void ChildProcess::kill() {
  if (!state_->reap()) ::kill(state_->pid, SIGKILL);
}

pid_t ChildProcess::pid() const { return state_->pid; }
const Bytes& ChildProcess::errors() const { return state_->error_bytes; }

Result<ChildOutcome> run_child(ChildOptions options, BytesView input, std::int64_t timeout_ms) {
  options.capture_errors = true;
  WAYSIDE_TRY(ChildProcess child, ChildProcess::start(options));
  const auto fed = child.write(input, timeout_ms);  // a child that needs less than all of it is no failure
  if (!fed && fed.error().code != Errc::unreachable) return std::unexpected(fed.error());
  child.close_input();
  ChildOutcome outcome;
  WAYSIDE_TRY(outcome.output, child.read_rest(timeout_ms));
  WAYSIDE_TRY(outcome.exit, child.wait(timeout_ms));
  outcome.errors = child.errors();
  return outcome;
}

}  // namespace wayside::platform
