#pragma once

// How our build compiles Dear ImGui: nothing that we do not use, nothing that writes a file or starts a program.
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_USE_WCHAR32
#define IMGUI_DEFINE_MATH_OPERATORS
