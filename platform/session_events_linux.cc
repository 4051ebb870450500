#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "platform/descriptor.h"
#include "platform/session_events.h"
#include "platform/system_error.h"

namespace wayside::platform {
namespace {

constexpr const char* kLogind = "org.freedesktop.login1";
constexpr const char* kManagerPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr const char* kSession = "org.freedesktop.login1.Session";
// Whoever lists inhibitors reads these: they say what the window's title says.
constexpr const char* kWho = "Timetable";
constexpr const char* kWhy = "Saving";
constexpr std::uint64_t kAnswerWithin_us = 2'000'000;  // a bus that hangs does not keep the program from ending

/// An answer or an event of the bus, given back when it goes out of scope.
class Message {
 public:
  Message() = default;
  ~Message() { sd_bus_message_unref(message_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  sd_bus_message** out() { return &message_; }
  sd_bus_message* get() { return message_; }

 private:
  sd_bus_message* message_ = nullptr;
};

/// The connection to logind. Used by one thread.
class Logind {
 public:
  explicit Logind(SessionEvents::Listener& listener) : listener_(listener) {}
  ~Logind() { close(); }
  Logind(const Logind&) = delete;
  Logind& operator=(const Logind&) = delete;

  /// Without a bus, or without logind on it, nothing happens, and nothing ever will.
  void open() {
    if (sd_bus_open_system(&bus_) < 0) return close();
    sd_bus_set_method_call_timeout(bus_, kAnswerWithin_us);
    find_session();
    const bool listening =
        sd_bus_match_signal(bus_, nullptr, kLogind, kManagerPath, kManager, "PrepareForSleep", on_sleep, this) >= 0 &&
        sd_bus_match_signal(bus_, nullptr, kLogind, nullptr, kSession, "Lock", on_lock, this) >= 0 &&
        sd_bus_match_signal(bus_, nullptr, kLogind, nullptr, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                            on_properties, this) >= 0;
    if (!listening) return close();
    take_inhibitor();
  }

  void process() {
    int done = 1;
    while (bus_ != nullptr && (done = sd_bus_process(bus_, nullptr)) > 0) {
    }
    if (done < 0) close();  // the bus has gone away
  }

  [[nodiscard]] pollfd to_poll() const {
    if (bus_ == nullptr) return {-1, 0, 0};
    return {sd_bus_get_fd(bus_), static_cast<short>(sd_bus_get_events(bus_)), 0};
  }

  void out_of_sight() {
    if (sleeping_) inhibitor_ = Descriptor();
  }

 private:
  void close() {
    inhibitor_ = Descriptor();
    bus_ = sd_bus_flush_close_unref(bus_);
  }

  void ask(const char* method, Message& answer, const char* types, auto... values) {
    sd_bus_call_method(bus_, kLogind, kManagerPath, kManager, method, nullptr, answer.out(), types, values...);
  }

  /// The session that this program runs in; unknown, any session's lock counts as ours: rather once too often.
  void find_session() {
    Message answer;
    const char* path = nullptr;
    const char* id = std::getenv("XDG_SESSION_ID");  // NOLINT(concurrency-mt-unsafe): read before anybody writes
    if (id != nullptr && *id != '\0') ask("GetSession", answer, "s", id);
    else ask("GetSessionByPID", answer, "u", std::uint32_t{0});
    if (answer.get() != nullptr && sd_bus_message_read(answer.get(), "o", &path) >= 0) session_path_ = path;
  }

  void take_inhibitor() {
    Message answer;
    int descriptor = -1;
    ask("Inhibit", answer, "ssss", "sleep", kWho, kWhy, "delay");
    if (answer.get() == nullptr || sd_bus_message_read(answer.get(), "h", &descriptor) < 0) return;
    inhibitor_ = Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));  // the answer keeps its own
  }

  [[nodiscard]] bool is_ours(sd_bus_message* event) const {
    const char* path = sd_bus_message_get_path(event);
    return session_path_.empty() || (path != nullptr && session_path_ == path);
  }

  static int on_sleep(sd_bus_message* event, void* self, sd_bus_error*) {
    auto& logind = *static_cast<Logind*>(self);
    int begins = 0;
    if (sd_bus_message_read(event, "b", &begins) < 0) return 0;
    logind.sleeping_ = begins != 0;
    if (begins != 0) logind.listener_(SessionEvents::Event::sleeping);
    else logind.take_inhibitor();
    return 0;
  }

  static int on_lock(sd_bus_message* event, void* self, sd_bus_error*) {
    auto& logind = *static_cast<Logind*>(self);
    if (logind.is_ours(event)) logind.listener_(SessionEvents::Event::locked);
    return 0;
  }

  /// Desktops that lock by themselves tell logind by LockedHint, and send no Lock.
  static int on_properties(sd_bus_message* event, void* self, sd_bus_error*) {
    auto& logind = *static_cast<Logind*>(self);
    const char* interface = nullptr;
    if (!logind.is_ours(event) || sd_bus_message_read(event, "s", &interface) < 0) return 0;
    if (std::string_view(interface) != kSession || sd_bus_message_enter_container(event, 'a', "{sv}") < 0) return 0;
    while (sd_bus_message_enter_container(event, 'e', "sv") > 0) {
      const char* name = nullptr;
      if (sd_bus_message_read(event, "s", &name) < 0) return 0;
      int locked = 0;
      if (std::string_view(name) == "LockedHint") {
        if (sd_bus_message_read(event, "v", "b", &locked) < 0) return 0;
      } else if (sd_bus_message_skip(event, "v") < 0) {
        return 0;
      }
      if (locked != 0) logind.listener_(SessionEvents::Event::locked);
      if (sd_bus_message_exit_container(event) < 0) return 0;
    }
    return 0;
  }

  SessionEvents::Listener& listener_;
  sd_bus* bus_ = nullptr;
  std::string session_path_;
  Descriptor inhibitor_;
  bool sleeping_ = false;
};

class LinuxSessionEvents final : public SessionEvents {
 public:
  Result<void> begin() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) ::sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &signals_before_);
    signals_ = Descriptor(::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
    bell_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!signals_.is_open() || !bell_.is_open()) return system_failure(errno, Access::reading, "listening", {});
    return {};
  }

  ~LinuxSessionEvents() override {
    stop_ = true;
    ring();
    if (thread_.joinable()) thread_.join();
    ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
  }

  void listen(Listener listener) override {
    listener_ = std::move(listener);
    thread_ = std::thread([this] { run(); });
  }

  void out_of_sight() override {
    out_of_sight_ = true;
    ring();
  }

 private:
  void ring() {
    const std::uint64_t once = 1;
    (void)!::write(bell_.get(), &once, sizeof once);
  }

  void run() {
    Listener tell = [this](Event event) {
      if (event == Event::sleeping) out_of_sight_ = false;  // an answer to an earlier event
      listener_(event);
    };
    Logind logind(tell);
    logind.open();
    while (!stop_) {
      logind.process();
      std::array<pollfd, 3> wait{{{signals_.get(), POLLIN, 0}, {bell_.get(), POLLIN, 0}, logind.to_poll()}};
      ::poll(wait.data(), wait.size(), -1);
      std::uint64_t rings = 0;
      (void)!::read(bell_.get(), &rings, sizeof rings);
      signalfd_siginfo signal{};
      if (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) listener_(Event::ending);
      if (out_of_sight_.exchange(false)) logind.out_of_sight();
    }
  }

  Listener listener_;
  Descriptor signals_, bell_;
  sigset_t signals_before_{};
  std::atomic<bool> stop_ = false;
  std::atomic<bool> out_of_sight_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<SessionEvents>> make_session_events() {
  auto events = std::make_unique<LinuxSessionEvents>();
  WAYSIDE_OK(events->begin());
  return events;
}

}  // namespace wayside::platform
