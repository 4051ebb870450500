#include "platform/session_events.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "platform/child_process.h"
#include "platform/descriptor.h"

using namespace wayside;
using namespace wayside::platform;
using Event = SessionEvents::Event;

namespace {

/// What was told, waited for.
class Heard {
 public:
  SessionEvents::Listener listener() {
    return [this](Event event) {
      const std::lock_guard hold(mutex_);
      events_.push_back(event);
      changed_.notify_all();
    };
  }
  std::vector<Event> wait_for(std::size_t count) {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
};

constexpr std::int64_t kPatience_ms = 60'000;
constexpr const char* kManagerPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr const char* kOurs = "/org/freedesktop/login1/session/ours";
constexpr const char* kAnothers = "/org/freedesktop/login1/session/anothers";

/// A bus of the test's own, with something on it that answers as logind does.
class Logind {
 public:
  static bool possible() { return std::filesystem::exists("/usr/bin/dbus-daemon"); }

  Logind() {
    ChildOptions options;
    options.program = "/usr/bin/dbus-daemon";
    options.arguments = {"--session", "--nofork", "--nosyslog", "--print-address=1"};
    daemon_.emplace(*ChildProcess::start(options));
    const std::string address = **daemon_->read_line(kPatience_ms);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
    unsetenv("XDG_SESSION_ID");
    sd_bus_new(&bus_);
    sd_bus_set_address(bus_, address.c_str());
    sd_bus_set_bus_client(bus_, 1);
    REQUIRE(sd_bus_start(bus_) >= 0);
    REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, kManagerPath, kManager, kTable, this) >= 0);
    REQUIRE(sd_bus_request_name(bus_, "org.freedesktop.login1", 0) >= 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Logind() {
    stop_ = true;
    ring();
    thread_.join();
    sd_bus_flush_close_unref(bus_);
    daemon_->kill();
    unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
  }

  void lock(const char* session) {
    say([session](sd_bus* bus) { sd_bus_emit_signal(bus, session, "org.freedesktop.login1.Session", "Lock", ""); });
  }
  void hint_locked(const char* session) {
    say([session](sd_bus* bus) {
      sd_bus_emit_signal(bus, session, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
                         "org.freedesktop.login1.Session", 2, "IdleHint", "b", 1, "LockedHint", "b", 1, 0);
    });
  }
  void asleep(bool begins) {
    say([begins](sd_bus* bus) {
      sd_bus_emit_signal(bus, kManagerPath, kManager, "PrepareForSleep", "b", begins ? 1 : 0);
    });
  }
  /// Waits until somebody holds a delay of sleep; what it is called.
  std::string wait_for_inhibitor(int count) {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return inhibitors_ >= count; });
    return asked_;
  }
  /// Waits until the delay is given back.
  void wait_until_released() {
    pollfd end{held_.get(), 0, 0};
    while (::poll(&end, 1, -1) < 1) {
    }
    CHECK((end.revents & (POLLERR | POLLHUP)) != 0);
  }
  [[nodiscard]] bool is_held() const {
    pollfd end{held_.get(), 0, 0};
    return ::poll(&end, 1, 0) == 0;
  }

 private:
  static int inhibit(sd_bus_message* call, void* self, sd_bus_error*) {
    auto& logind = *static_cast<Logind*>(self);
    const char *what = nullptr, *who = nullptr, *why = nullptr, *mode = nullptr;
    sd_bus_message_read(call, "ssss", &what, &who, &why, &mode);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
    const Descriptor given(ends[0]);
    const int answered = sd_bus_reply_method_return(call, "h", given.get());
    const std::lock_guard hold(logind.mutex_);
    logind.held_ = Descriptor(ends[1]);
    logind.asked_ = std::string(what) + "/" + who + "/" + why + "/" + mode;
    ++logind.inhibitors_;
    logind.changed_.notify_all();
    return answered;
  }
  static int session(sd_bus_message* call, void*, sd_bus_error*) { return sd_bus_reply_method_return(call, "o", kOurs); }
  static const sd_bus_vtable kTable[];

  void ring() {
    const std::uint64_t once = 1;
    REQUIRE(::write(bell_.get(), &once, sizeof once) == sizeof once);
  }
  void say(std::function<void(sd_bus*)> words) {
    {
      const std::lock_guard hold(mutex_);
      to_say_.push_back(std::move(words));
    }
    ring();
  }
  void serve() {
    while (!stop_) {
      while (sd_bus_process(bus_, nullptr) > 0) {
      }
      std::vector<std::function<void(sd_bus*)>> words;
      {
        const std::lock_guard hold(mutex_);
        words.swap(to_say_);
      }
      for (const auto& each : words) each(bus_);
      std::array<pollfd, 2> wait{
          {{sd_bus_get_fd(bus_), static_cast<short>(sd_bus_get_events(bus_)), 0}, {bell_.get(), POLLIN, 0}}};
      ::poll(wait.data(), wait.size(), -1);
      std::uint64_t rings = 0;
      if ((wait[1].revents & POLLIN) != 0) (void)!::read(bell_.get(), &rings, sizeof rings);
    }
  }

  std::optional<ChildProcess> daemon_;
  sd_bus* bus_ = nullptr;
  Descriptor bell_{::eventfd(0, EFD_CLOEXEC)};
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void(sd_bus*)>> to_say_;
  Descriptor held_;
  std::string asked_;
  int inhibitors_ = 0;
  std::thread thread_;
};

const sd_bus_vtable Logind::kTable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Inhibit", "ssss", "h", inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("GetSession", "s", "o", session, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("GetSessionByPID", "u", "o", session, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
    SD_BUS_VTABLE_END};

}  // namespace

TEST_CASE("each signal that ends a program is told, and ends nothing by itself, also without a bus") {
  setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all", 1);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    Heard heard;
    const auto events = *make_session_events();
    events->listen(heard.listener());
    ::kill(::getpid(), signal);
    CHECK(heard.wait_for(1) == std::vector{Event::ending});
  }
  unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

TEST_CASE("the lock of this session is told, the lock of another's is not") {
  if (!Logind::possible()) SKIP("no dbus-daemon here");
  Logind logind;
  Heard heard;
  const auto events = *make_session_events();
  events->listen(heard.listener());
  logind.wait_for_inhibitor(1);  // from then on it listens
  logind.lock(kAnothers);
  logind.lock(kOurs);
  CHECK(heard.wait_for(1) == std::vector{Event::locked});
  logind.hint_locked(kAnothers);
  logind.hint_locked(kOurs);
  logind.asleep(true);
  CHECK(heard.wait_for(3) == std::vector{Event::locked, Event::locked, Event::sleeping});
}

TEST_CASE("the machine sleeps only when nothing secret is in sight, and the next sleep waits again") {
  if (!Logind::possible()) SKIP("no dbus-daemon here");
  Logind logind;
  Heard heard;
  const auto events = *make_session_events();
  events->listen(heard.listener());
  CHECK(logind.wait_for_inhibitor(1) == "sleep/Timetable/Saving/delay");  // neutral for whoever lists inhibitors
  events->out_of_sight();  // of a lock in the middle of the day: no sleep is near
  logind.asleep(true);
  CHECK(heard.wait_for(1) == std::vector{Event::sleeping});
  CHECK(logind.is_held());
  events->out_of_sight();
  logind.wait_until_released();
  logind.asleep(false);
  logind.wait_for_inhibitor(2);
  CHECK(logind.is_held());
}

TEST_CASE("a bus that goes away is no failure: signals are still told") {
  if (!Logind::possible()) SKIP("no dbus-daemon here");
  auto logind = std::make_unique<Logind>();
  Heard heard;
  const auto events = *make_session_events();
  events->listen(heard.listener());
  logind->wait_for_inhibitor(1);
  logind.reset();
  ::kill(::getpid(), SIGTERM);
  CHECK(heard.wait_for(1) == std::vector{Event::ending});
}
