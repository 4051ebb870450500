#pragma once

#include "platform/env.h"
#include "platform/result.h"

struct ImFont;

namespace wayside::desktop {

/// The faces on the screen. ImGui bakes glyphs as sizes are asked for, so a change of text size needs no restart.
struct Fonts {
  ImFont* regular = nullptr;
  ImFont* bold = nullptr;
  ImFont* icons = nullptr;
};

/// Loads Noto Sans and Material Icons into ImGui's atlas from where Debian's packages fonts-noto-core and
/// fonts-material-design-icons-iconfont put them. Errc::not_found; `detail` names the missing file and its package.
Result<Fonts> load_fonts(platform::Files& files);

}  // namespace wayside::desktop
