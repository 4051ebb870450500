#include "ui/desktop/run.h"

#include <atomic>
#include <cstdio>
#include <memory>

#include "ui/desktop/host.h"

namespace wayside::desktop {
namespace {

// Neutral everywhere a stranger might look: title, class, list of windows.
constexpr const char* kTitle = "Timetable";
constexpr const char* kClass = "timetable";

int say(const std::string& sentence) {
  std::fprintf(stderr, "wayside: %s\n", sentence.c_str());
  return 1;
}

std::string sentence_for_window(const Error& error) {
  if (error.code == Errc::not_found)
    return "there is no display to open a window on. Start it in a desktop session, or use wayside-cli. (" +
           error.detail + ")";
  return "this display cannot give a window with OpenGL 3.2. Update its driver, or use wayside-cli. (" + error.detail +
         ")";
}

/// "12 83141 cases": the frame's number, the monotonic ms when it stood on the screen, the screen it shows.
class FrameLog {
 public:
  static Result<FrameLog> open(platform::Files& files, const std::optional<platform::Path>& path) {
    FrameLog log;
    if (!path) return log;
    WAYSIDE_TRY(log.file_, files.open(*path, platform::OpenMode::create));
    WAYSIDE_OK(log.file_->truncate(0));
    return log;
  }
  void note(std::uint64_t frames, std::int64_t now_ms, models::Screen screen) {
    if (!file_ || frames == noted_) return;
    noted_ = frames;
    const std::string line =
        std::to_string(frames) + " " + std::to_string(now_ms) + " " + std::string(models::title_of(screen)) + "\n";
    if (file_->write_at(size_, line)) size_ += line.size();
  }

 private:
  std::unique_ptr<platform::File> file_;
  std::uint64_t size_ = 0;
  std::uint64_t noted_ = 0;
};

/// What the session told, between its thread and the window's.
struct Told {
  std::atomic<bool> hide = false;
  std::atomic<bool> sleeping = false;  ///< the machine waits for us
  std::atomic<bool> ending = false;

  void take(platform::SessionEvents::Event event) {
    using Event = platform::SessionEvents::Event;
    if (event == Event::ending) ending = true;
    else hide = true;
    if (event == Event::sleeping) sleeping = true;
  }
};

}  // namespace

int run_desktop(app::WorkerLink& worker, platform::SessionEvents& session, platform::Clock& clock,
                platform::Files& files, const RunOptions& options) {
  auto window =
      platform::Window::open({.title = kTitle, .wm_class = kClass, .width = options.width, .height = options.height});
  if (!window) return say(sentence_for_window(window.error()));
  Shell shell(worker);
  shell.touched(clock.monotonic_ms());
  auto host = Host::create(**window, clock, files, shell);
  if (!host) return say("a font is missing: " + host.error().detail + ". Install the package, then start again.");
  auto log = FrameLog::open(files, options.frame_log);
  if (!log) return say("the frame log cannot be written: " + log.error().detail);

  worker.set_wakeup(&platform::Window::wake);
  const auto told = std::make_shared<Told>();  // shared: the session's thread may outlive this function
  session.listen([told](platform::SessionEvents::Event event) {
    told->take(event);
    platform::Window::wake();
  });
  while (!(*window)->should_close() && !told->ending) {
    if (told->hide.exchange(false)) {
      shell.leave(true, clock.monotonic_ms());
      (*host)->redraw();
    }
    if (told->sleeping && shell.at_rest()) {
      told->sleeping = false;
      session.out_of_sight();
    }
    (*host)->turn();
    log->note((*host)->frames(), clock.monotonic_ms(), shell.screen());
  }
  worker.set_wakeup({});
  shell.close(clock.monotonic_ms());
  shell.wipe_left_picture();
  return 0;
}

}  // namespace wayside::desktop
