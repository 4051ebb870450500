#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/case_page.h"

namespace wayside::desktop {

Sign sign_of(models::pb::Mark mark);

/// Where a case stands, part by part, in a scrolling column; what has a record opens it. Returns where it ends.
float draw_standing(const Ui& ui, Rect content, models::CaseModel& model, Asked& asked);

}  // namespace wayside::desktop
