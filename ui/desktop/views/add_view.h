#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/models/case_page.h"
#include "ui/models/form.h"

namespace wayside::desktop {

/// What can be added to the case, by group, with a box that narrows it; in `content` of a pane that scrolls. Up, Down
/// and Enter choose while typing, Tab reaches every row, Escape goes back. Returns where it ends.
float draw_adding(const Ui& ui, Rect content, ScrollArea& pane, models::CaseModel& model, models::FormModel& form,
                  Asked& asked);

}  // namespace wayside::desktop
