#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/widgets/choice.h"
#include "ui/desktop/widgets/picture.h"
#include "ui/models/case_page.h"
#include "ui/models/files.h"

namespace wayside::desktop {

struct FilesUi {
  SelectState kind;
  Picture picture;  ///< of the open file; dropped when that is closed or another pane comes to the front
};

/// The files of a case in a scrolling column: the list, a file with its picture, and the boxes to add one or to take a
/// copy out. Returns where it ends.
float draw_files(const Ui& ui, Rect content, float view_height, models::CaseModel& one_case, models::FilesModel& model,
                 FilesUi& state, Asked& asked);

}  // namespace wayside::desktop
