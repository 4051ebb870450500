#pragma once

#include "ui/desktop/ui.h"
#include "ui/models/text_edit.h"
#include "ui/safe_mode/return_gesture.h"
#include "ui/safe_mode/timetable.h"

namespace wayside::desktop {

struct NeutralUi {
  safe_mode::TimetableModel timetable;
  safe_mode::ReturnGesture gesture;
  models::TextEdit search;
};

/// The neutral page: a timetable that works, in colours of its own. Returns true when the return gesture was made.
bool draw_neutral(const Ui& ui, const Rect& screen, NeutralUi& state);

}  // namespace wayside::desktop
