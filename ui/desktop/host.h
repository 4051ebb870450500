#pragma once

#include <cstdint>

#include "platform/env.h"
#include "platform/window/window.h"
#include "ui/desktop/fonts.h"
#include "ui/desktop/shell.h"

namespace wayside::desktop {

/// Joins window, ImGui and shell: input goes to the shell first, then to ImGui; frames are drawn when something
/// happened, and counted. ImGui keeps no file, no log and no clipboard of its own, and its memory is wiped when freed.
class Host : public platform::InputSink {
 public:
  /// Errc::not_found when a font is missing; `detail` names it and its package.
  static Result<std::unique_ptr<Host>> create(platform::Window& window, platform::Clock& clock, platform::Files& files,
                                              Shell& shell);
  ~Host() override;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Waits for an event or for what is due, then draws as many frames as that needs (usually none or three).
  void turn();
  void draw_frame();
  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  void redraw() { frames_left_ = kFramesAfterEvent; }

  // InputSink
  void key(int key, int scancode, int action, int mods) override;
  void character(unsigned code_point) override;
  void pointer_moved(double x, double y) override;
  void pointer_button(int button, int action, int mods) override;
  void scrolled(double x, double y) override;
  void focused(bool focused) override;
  void pointer_entered(bool entered) override;
  void redraw_needed() override { redraw(); }
  void dropped(std::string_view first, std::size_t count);  ///< files on the window: a path, and how many there were

 private:
  /// ImGui settles focus and layout over up to three frames after an event.
  static constexpr int kFramesAfterEvent = 3;

  Host(platform::Window& window, platform::Clock& clock, Shell& shell);
  void start_imgui();
  void forget_input();

  platform::Window& window_;
  platform::Clock& clock_;
  Shell& shell_;
  platform::Clipboard clipboard_;
  Fonts fonts_;
  std::string pasted_;  ///< what ImGui was last given; wiped on the next frame
  std::uint64_t frames_ = 0;
  int frames_left_ = kFramesAfterEvent;
  bool swallow_release_ = false;  ///< the press was the quick exit
};

}  // namespace wayside::desktop
