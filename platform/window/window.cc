#include "platform/window/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <functional>
#include <string_view>

namespace wayside::platform {
namespace {

std::string last_words;  // GLFW reports through a plain function, from the one thread that owns windows

void keep_words(int, const char* words) { last_words = words ? words : ""; }

InputSink* sink_of(GLFWwindow* handle) { return static_cast<InputSink*>(glfwGetWindowUserPointer(handle)); }

template <class Call>
void tell(GLFWwindow* handle, Call call) {
  if (InputSink* sink = sink_of(handle)) call(*sink);
}

void install_callbacks(GLFWwindow* handle) {
  glfwSetKeyCallback(handle, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
    tell(w, [&](InputSink& sink) { sink.key(key, scancode, action, mods); });
  });
  glfwSetCharCallback(handle, [](GLFWwindow* w, unsigned c) { tell(w, [&](InputSink& sink) { sink.character(c); }); });
  glfwSetCursorPosCallback(
      handle, [](GLFWwindow* w, double x, double y) { tell(w, [&](InputSink& sink) { sink.pointer_moved(x, y); }); });
  glfwSetMouseButtonCallback(handle, [](GLFWwindow* w, int button, int action, int mods) {
    tell(w, [&](InputSink& sink) { sink.pointer_button(button, action, mods); });
  });
  glfwSetScrollCallback(
      handle, [](GLFWwindow* w, double x, double y) { tell(w, [&](InputSink& sink) { sink.scrolled(x, y); }); });
  glfwSetWindowFocusCallback(handle,
                             [](GLFWwindow* w, int on) { tell(w, [&](InputSink& sink) { sink.focused(on != 0); }); });
  glfwSetCursorEnterCallback(
      handle, [](GLFWwindow* w, int in) { tell(w, [&](InputSink& sink) { sink.pointer_entered(in != 0); }); });
  glfwSetWindowRefreshCallback(handle, [](GLFWwindow* w) { tell(w, [](InputSink& sink) { sink.redraw_needed(); }); });
  glfwSetFramebufferSizeCallback(
      handle, [](GLFWwindow* w, int, int) { tell(w, [](InputSink& sink) { sink.redraw_needed(); }); });
  glfwSetWindowContentScaleCallback(
      handle, [](GLFWwindow* w, float, float) { tell(w, [](InputSink& sink) { sink.redraw_needed(); }); });
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
  glfwSetErrorCallback(keep_words);
  if (!glfwInit()) return fail(Errc::not_found, last_words);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, options.visible ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, options.wm_class.c_str());
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, options.wm_class.c_str());
  GLFWwindow* handle = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
  if (!handle) {
    glfwTerminate();
    return fail(Errc::io, last_words);
  }
  glfwMakeContextCurrent(handle);
  glfwSwapInterval(0);  // frames are drawn on events: waiting for the beam would only delay the quick exit
  install_callbacks(handle);
  return std::unique_ptr<Window>(new Window(handle));
}

Window::~Window() {
  glfwDestroyWindow(handle_);
  glfwTerminate();
}

void Window::set_sink(InputSink* sink) {
  sink_ = sink;
  glfwSetWindowUserPointer(handle_, sink);
}

void Window::wait(double seconds) {
  if (seconds < 0) glfwWaitEvents();
  else if (seconds == 0) glfwPollEvents();
  else glfwWaitEventsTimeout(seconds);
}

void Window::poll() { glfwPollEvents(); }
void Window::wake() { glfwPostEmptyEvent(); }
void Window::swap() { glfwSwapBuffers(handle_); }
void Window::close() { glfwSetWindowShouldClose(handle_, GLFW_TRUE); }
void Window::minimise() { glfwIconifyWindow(handle_); }
bool Window::should_close() const { return glfwWindowShouldClose(handle_) != 0; }
void Window::set_title(const std::string& title) { glfwSetWindowTitle(handle_, title.c_str()); }
void Window::set_size(int width, int height) { glfwSetWindowSize(handle_, width, height); }

int Window::width() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(handle_, &width, &height);
  return width;
}

int Window::height() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(handle_, &width, &height);
  return height;
}

float Window::display_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(handle_, &x, &y);
  return x > 0 ? x : 1;
}

void Clipboard::copy(const std::string& text, std::int64_t now_ms) {
  glfwSetClipboardString(window_.handle(), text.c_str());
  ours_ = std::hash<std::string_view>{}(text);
  ends_ms_ = now_ms + kKeep_ms;
}

std::string Clipboard::paste() const {
  const char* text = glfwGetClipboardString(window_.handle());
  return text ? text : "";
}

void Clipboard::clear_if_ours() {
  if (ends_ms_ < 0) return;
  ends_ms_ = -1;
  const char* text = glfwGetClipboardString(window_.handle());
  if (text && std::hash<std::string_view>{}(text) == ours_) glfwSetClipboardString(window_.handle(), "");
}

}  // namespace wayside::platform
