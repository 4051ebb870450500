#pragma once

#include "ui/safe_mode/exit_chord.h"

namespace wayside::desktop {

/// A key of GLFW's as a person knows it: by the character on it, whatever the layout, else by its name.
safe_mode::KeyPress key_press(int key, int scancode, int mods);

}  // namespace wayside::desktop
