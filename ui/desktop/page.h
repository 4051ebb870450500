#pragma once

#include <optional>

#include "platform/secret_bytes.h"
#include "ui/desktop/rect.h"
#include "ui/models/commands.h"
#include "ui/models/shell.h"

namespace wayside::desktop {

/// Where a screen may draw: the shell has cut off the navigation and the quick exit.
struct Page {
  Rect header;  ///< title and what belongs to it; ends before the quick exit
  Rect body;    ///< below the header, without gutters
  models::Width width = models::Width::medium;
  float gutter = 0;  ///< free at the left and right of the content

  [[nodiscard]] bool compact() const { return width == models::Width::compact; }
  [[nodiscard]] bool wide() const { return width == models::Width::wide; }
};

/// What one frame asked for, besides what it changed in its models. The shell does it when the frame is drawn.
struct Asked {
  models::Commands commands;
  std::optional<models::Screen> go_to;
  std::optional<SecretString> passphrase;  ///< to try
  bool lock = false;
};

}  // namespace wayside::desktop
