#pragma once

#include <cstdint>
#include <optional>

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/shell.h"

namespace wayside::desktop {

/// The way between screens: a sidebar with words, a rail with words under icons, or a menu button, by width.
/// Draws it at the left of `screen`, and returns where the screen itself may draw.
Page draw_navigation(const Ui& ui, const Rect& screen, models::Width width, models::Screen now, std::uint32_t reviews,
                     const Rect& exit, Asked& asked);

/// Where the quick exit stands: top right, 8 px from the edges, the same on every screen.
Rect exit_rect(const Ui& ui, const Rect& screen);
/// Draws it in the foreground, over dialogs too. Pressing it is not ImGui's business (see Shell::raw_pointer).
void draw_exit(const Ui& ui, const Rect& rect);

}  // namespace wayside::desktop
