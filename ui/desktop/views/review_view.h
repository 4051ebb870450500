#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/widgets/choice.h"
#include "ui/models/review.h"

namespace wayside::desktop {

struct ReviewUi {
  bool detail_in_front = false;  ///< compact screens show the queue or the decision
  bool focus_another = false;
  SelectState another;  ///< when another value is chosen from a list
};

/// Review: the queue at the left; one decision at the right, its values side by side, none chosen beforehand.
void draw_review(const Ui& ui, const Page& page, models::ReviewModel& model, ReviewUi& state, Asked& asked);

}  // namespace wayside::desktop
