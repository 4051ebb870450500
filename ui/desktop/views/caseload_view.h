#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/case_page.h"
#include "ui/models/caseload.h"

namespace wayside::desktop {

struct CaseloadUi {
  bool focus_search = false;  ///< Ctrl F: in the next frame
};

/// Cases: search, filters, rows, and on a wide screen the chosen case beside them.
/// `preview` is the case that the worker has in front; shown when it is the chosen one.
void draw_caseload(const Ui& ui, const Page& page, models::CaseloadModel& model, const models::CaseModel& preview,
                   CaseloadUi& state, Asked& asked);

}  // namespace wayside::desktop
