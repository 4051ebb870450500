#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "platform/result.h"

struct GLFWwindow;

namespace wayside::platform {

/// Raw input as the window system tells it, before any user interface has seen it. Pixels from the top left.
class InputSink {
 public:
  virtual ~InputSink() = default;
  virtual void key(int key, int scancode, int action, int mods) = 0;  ///< GLFW's numbers
  virtual void character(unsigned code_point) = 0;
  virtual void pointer_moved(double x, double y) = 0;
  virtual void pointer_button(int button, int action, int mods) = 0;
  virtual void scrolled(double x, double y) = 0;
  virtual void focused(bool focused) = 0;
  virtual void pointer_entered(bool entered) = 0;
  virtual void redraw_needed() = 0;  ///< exposed, resized, moved to another display
};

struct WindowOptions {
  std::string title;     ///< what the task bar and the window list show
  std::string wm_class;  ///< what the window manager files it under
  int width = 1024;
  int height = 600;
  bool visible = true;  ///< false for pictures made by tests
};

/// One window with an OpenGL 3.2 core context. Used by one thread, but for `wake`.
class Window {
 public:
  /// Errc::not_found when there is no display, Errc::io when the display cannot give an OpenGL 3.2 window;
  /// `detail` holds the system's words.
  static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Events go to `sink` while waiting. The sink outlives the window or is taken away with nullptr.
  void set_sink(InputSink* sink);
  void wait(double seconds);  ///< negative: until an event comes
  void poll();
  static void wake();  ///< ends a wait; from any thread
  void swap();
  void close();
  void minimise();

  [[nodiscard]] bool should_close() const;
  [[nodiscard]] int width() const;  ///< of the framebuffer, in pixels
  [[nodiscard]] int height() const;
  [[nodiscard]] float display_scale() const;
  [[nodiscard]] GLFWwindow* handle() const { return handle_; }
  void set_title(const std::string& title);
  void set_size(int width, int height);

 private:
  explicit Window(GLFWwindow* handle) : handle_(handle) {}
  GLFWwindow* handle_;
  InputSink* sink_ = nullptr;
};

/// The clipboard, with an end: what we put there goes after a minute, or at once on quick exit, unless another
/// program has put something else there meanwhile.
class Clipboard {
 public:
  static constexpr std::int64_t kKeep_ms = 60'000;

  explicit Clipboard(Window& window) : window_(window) {}
  void copy(const std::string& text, std::int64_t now_ms);
  [[nodiscard]] std::string paste() const;
  void clear_if_ours();
  /// When ours ends; negative when nothing of ours is there.
  [[nodiscard]] std::int64_t ends_ms() const { return ends_ms_; }

 private:
  Window& window_;
  std::size_t ours_ = 0;  ///< hash of what we copied: the text itself is not kept twice
  std::int64_t ends_ms_ = -1;
};

}  // namespace wayside::platform
