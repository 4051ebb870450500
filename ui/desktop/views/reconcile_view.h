#pragma once

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/models/reconcile.h"

namespace wayside::desktop {

/// Reconcile: one sentence, one bar, three steps, Pause; below, how the last one ended and what waits for a person.
void draw_reconcile(const Ui& ui, const Page& page, const models::ReconcileModel& model, Asked& asked);

}  // namespace wayside::desktop
