#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/settings.h"
#include "ui/desktop/ui.h"

namespace wayside::desktop {

/// Settings of this device: text size, colours, when it locks itself, how to leave at once. Changes show at once.
void draw_settings(const Ui& ui, const Page& page, Settings& settings, safe_mode::ChordQuestion& chord);

}  // namespace wayside::desktop
