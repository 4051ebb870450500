#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/views/form_view.h"
#include "ui/models/case_page.h"
#include "ui/models/form.h"

namespace wayside::desktop {

/// One case: name and risk, how she may be reached safely, its records as tabs, the form in front, the timeline.
void draw_case(const Ui& ui, const Page& page, models::CaseModel& model, models::FormModel& form, FormUi& form_ui,
               Asked& asked);

}  // namespace wayside::desktop
