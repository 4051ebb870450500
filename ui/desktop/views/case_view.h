#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/views/files_view.h"
#include "ui/desktop/views/form_view.h"
#include "ui/models/case_page.h"
#include "ui/models/form.h"

namespace wayside::desktop {

/// What the case page draws from and into.
struct CaseParts {
  models::CaseModel& model;
  models::FormModel& form;
  models::FilesModel& files;
  FormUi& form_ui;
  FilesUi& files_ui;
};

/// One case: name and risk, how she may be reached safely, its records as tabs, the form in front, the timeline.
void draw_case(const Ui& ui, const Page& page, const CaseParts& parts, Asked& asked);

}  // namespace wayside::desktop
