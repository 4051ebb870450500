#include "ui/desktop/host.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <backends/imgui_impl_opengl3_loader.h>
#include <imgui.h>
#include <imgui_internal.h>
#include <malloc.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "ui/desktop/key_press.h"

namespace wayside::desktop {
namespace {

void* take_memory(std::size_t bytes, void*) { return std::malloc(bytes); }

void wipe_memory(void* memory, void*) {
  if (!memory) return;
  sodium_memzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

LocalTime local_time(platform::Clock& clock) {
  const std::time_t seconds = clock.wall_ms() / 1000;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return {parts.tm_wday, parts.tm_hour * 60 + parts.tm_min};
}

void style_imgui() {
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = style.ItemSpacing = style.FramePadding = {0, 0};
  style.WindowBorderSize = style.ChildBorderSize = style.PopupBorderSize = style.FrameBorderSize = 0;
  style.WindowMinSize = {1, 1};
  style.WindowRounding = style.PopupRounding = 0;
  for (ImVec4& colour : style.Colors) colour = {0, 0, 0, 0};  // widgets draw themselves
  style.Colors[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.45f};
}

}  // namespace

Result<std::unique_ptr<Host>> Host::create(platform::Window& window, platform::Clock& clock, platform::Files& files,
                                           Shell& shell) {
  std::unique_ptr<Host> host(new Host(window, clock, shell));
  host->start_imgui();
  WAYSIDE_TRY(host->fonts_, load_fonts(files));
  window.set_sink(host.get());
  glfwSetDropCallback(window.handle(), [](GLFWwindow* handle, int count, const char** paths) {
    auto* sink = static_cast<platform::InputSink*>(glfwGetWindowUserPointer(handle));
    if (sink != nullptr && count > 0) static_cast<Host*>(sink)->dropped(paths[0], static_cast<std::size_t>(count));
  });
  return host;
}

Host::Host(platform::Window& window, platform::Clock& clock, Shell& shell)
    : window_(window), clock_(clock), shell_(shell), clipboard_(window) {}

void Host::start_imgui() {
  ImGui::SetAllocatorFunctions(take_memory, wipe_memory);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigNavCursorVisibleAuto = true;
  io.ConfigInputTrickleEventQueue = true;
  style_imgui();
  ImGui_ImplGlfw_InitForOpenGL(window_.handle(), false);
  ImGui_ImplOpenGL3_Init("#version 150");
  auto& platform_io = ImGui::GetPlatformIO();
  platform_io.Platform_ClipboardUserData = this;
  platform_io.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) {
    auto& host = *static_cast<Host*>(ImGui::GetPlatformIO().Platform_ClipboardUserData);
    host.clipboard_.copy(text, host.clock_.monotonic_ms());
  };
  platform_io.Platform_GetClipboardTextFn = [](ImGuiContext*) {
    auto& host = *static_cast<Host*>(ImGui::GetPlatformIO().Platform_ClipboardUserData);
    host.pasted_ = host.clipboard_.paste();
    return host.pasted_.c_str();
  };
}

Host::~Host() {
  glfwSetDropCallback(window_.handle(), nullptr);
  window_.set_sink(nullptr);
  clipboard_.clear_if_ours();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
}

// ---- The loop ---------------------------------------------------------------------------------------------------

void Host::turn() {
  std::int64_t now_ms = clock_.monotonic_ms();
  double wait_s = -1;
  if (frames_left_ > 0) {
    wait_s = 0;
  } else {
    auto due_ms = shell_.next_due_ms(now_ms);
    if (clipboard_.ends_ms() >= 0) due_ms = std::min(due_ms.value_or(clipboard_.ends_ms()), clipboard_.ends_ms());
    if (due_ms) wait_s = static_cast<double>(std::max<std::int64_t>(*due_ms - now_ms, 1)) / 1000.0;
  }
  window_.wait(wait_s);
  now_ms = clock_.monotonic_ms();
  if (shell_.take_news(now_ms)) redraw();
  const Settings before = shell_.settings();
  if (shell_.tick(now_ms, local_time(clock_))) redraw();
  if (clipboard_.ends_ms() >= 0 && now_ms >= clipboard_.ends_ms()) clipboard_.clear_if_ours();
  if (frames_left_ > 0) {
    --frames_left_;
    draw_frame();
    shell_.wipe_left_picture();
  }
  if (!(before == shell_.settings())) redraw();
  // After the neutral frame stands on the screen.
  if (shell_.take_clipboard_wish()) {
    clipboard_.clear_if_ours();
    redraw();
  }
}

void Host::draw_frame() {
  sodium_memzero(pasted_.data(), pasted_.size());
  pasted_.clear();
  const int width = window_.width();
  const int height = window_.height();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  const models::Screen before = shell_.screen();
  shell_.draw(fonts_, static_cast<float>(width), static_cast<float>(height), window_.display_scale(),
              clock_.monotonic_ms());
  ImGui::Render();
  // Fast typing is worked off over several frames: go on until nothing is queued.
  if (shell_.screen() != before || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0) redraw();
  const std::uint32_t ground = shell_.ground().rgb;
  glViewport(0, 0, width, height);
  glClearColor(static_cast<float>(ground >> 16 & 0xFF) / 255.0f, static_cast<float>(ground >> 8 & 0xFF) / 255.0f,
               static_cast<float>(ground & 0xFF) / 255.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  window_.swap();
  ++frames_;
}

// ---- Input: the shell first, then ImGui ------------------------------------------------------------------------

void Host::key(int key, int scancode, int action, int mods) {
  redraw();
  if (action == GLFW_PRESS) {
    if (shell_.raw_key(key_press(key, scancode, mods), clock_.monotonic_ms())) return forget_input();
  }
  ImGui_ImplGlfw_KeyCallback(window_.handle(), key, scancode, action, mods);
}

void Host::character(unsigned code_point) {
  redraw();
  ImGui_ImplGlfw_CharCallback(window_.handle(), code_point);
}

void Host::pointer_moved(double x, double y) {
  redraw();
  shell_.touched(clock_.monotonic_ms());
  ImGui_ImplGlfw_CursorPosCallback(window_.handle(), x, y);
}

void Host::pointer_button(int button, int action, int mods) {
  redraw();
  if (action == GLFW_PRESS) {
    double x = 0, y = 0;
    glfwGetCursorPos(window_.handle(), &x, &y);
    swallow_release_ = shell_.raw_pointer(static_cast<float>(x), static_cast<float>(y), clock_.monotonic_ms());
    if (swallow_release_) return forget_input();
  } else if (std::exchange(swallow_release_, false)) {
    return;
  }
  ImGui_ImplGlfw_MouseButtonCallback(window_.handle(), button, action, mods);
}

void Host::scrolled(double x, double y) {
  redraw();
  shell_.touched(clock_.monotonic_ms());
  ImGui_ImplGlfw_ScrollCallback(window_.handle(), x, y);
}

void Host::dropped(std::string_view first, std::size_t count) {
  redraw();
  shell_.dropped(first, count, clock_.monotonic_ms());
}

void Host::focused(bool focused) {
  redraw();
  ImGui_ImplGlfw_WindowFocusCallback(window_.handle(), focused ? 1 : 0);
}

void Host::pointer_entered(bool entered) { ImGui_ImplGlfw_CursorEnterCallback(window_.handle(), entered ? 1 : 0); }

/// What was held or typed belongs to the screen that is gone.
void Host::forget_input() {
  ImGui::GetIO().ClearInputKeys();
  ImGui::GetIO().ClearInputMouse();
  ImGui::GetIO().ClearEventsQueue();
}

}  // namespace wayside::desktop
