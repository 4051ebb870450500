#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/places.h"

namespace wayside::desktop {

struct PlacesUi {
  bool focus_search = false;  ///< Ctrl F: in the next frame
};

/// Places: the household of the open case, and every service with yes, ask or no and why.
void draw_places(const Ui& ui, const Page& page, models::PlacesModel& model, PlacesUi& state, Asked& asked);

}  // namespace wayside::desktop
