#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/today.h"

namespace wayside::desktop {

/// Today: what is due over all cases, the earliest first. Pressing one opens its case.
void draw_today(const Ui& ui, const Page& page, models::TodayModel& model, Asked& asked);

}  // namespace wayside::desktop
