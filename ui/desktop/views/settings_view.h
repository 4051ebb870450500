#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/settings.h"
#include "ui/desktop/ui.h"

namespace wayside::desktop {

/// Settings of this device: text size, colours, when it locks itself. Changes show at once.
void draw_settings(const Ui& ui, const Page& page, Settings& settings);

}  // namespace wayside::desktop
