#include "ui/desktop/key_press.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <utility>

namespace wayside::desktop {
namespace {

constexpr std::array<std::pair<int, const char*>, 15> kNames{{{GLFW_KEY_LEFT_SHIFT, "shift"},
                                                              {GLFW_KEY_RIGHT_SHIFT, "shift"},
                                                              {GLFW_KEY_LEFT_CONTROL, "ctrl"},
                                                              {GLFW_KEY_RIGHT_CONTROL, "ctrl"},
                                                              {GLFW_KEY_LEFT_ALT, "alt"},
                                                              {GLFW_KEY_RIGHT_ALT, "alt"},
                                                              {GLFW_KEY_LEFT_SUPER, "super"},
                                                              {GLFW_KEY_RIGHT_SUPER, "super"},
                                                              {GLFW_KEY_CAPS_LOCK, "caps lock"},
                                                              {GLFW_KEY_ESCAPE, "escape"},
                                                              {GLFW_KEY_SPACE, "space"},
                                                              {GLFW_KEY_PAUSE, "pause"},
                                                              {GLFW_KEY_SCROLL_LOCK, "scroll lock"},
                                                              {GLFW_KEY_INSERT, "insert"},
                                                              {GLFW_KEY_ENTER, "enter"}}};

std::string name_of(int key, int scancode) {
  const auto named = std::ranges::find(kNames, key, &std::pair<int, const char*>::first);
  if (named != kNames.end()) return named->second;
  if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F25) return "f" + std::to_string(key - GLFW_KEY_F1 + 1);
  const char* printed = glfwGetKeyName(key, scancode);
  if (printed == nullptr) return "another";
  std::string name(printed);
  for (char& letter : name)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return name;
}

}  // namespace

safe_mode::KeyPress key_press(int key, int scancode, int mods) {
  safe_mode::KeyPress press{name_of(key, scancode), (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_ALT) != 0,
                            (mods & GLFW_MOD_SHIFT) != 0};
  if (press.is_modifier()) press.ctrl = press.alt = press.shift = false;  // held with nothing but itself
  return press;
}

}  // namespace wayside::desktop
