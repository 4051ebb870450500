#pragma once

#include "platform/secret_bytes.h"
#include "ui/desktop/page.h"
#include "ui/desktop/settings.h"
#include "ui/desktop/ui.h"
#include "ui/models/unlock.h"

namespace wayside::desktop {

struct UnlockUi {
  SecretString passphrase;
  bool shown = false;
  bool focus = true;  ///< the box takes the keyboard when the screen comes
};

/// Unlock: a column in the middle; text size and colours at the foot, for whoever needs them before she can read it.
void draw_unlock(const Ui& ui, const Rect& screen, models::UnlockModel& model, UnlockUi& state, Settings& settings,
                 Asked& asked);

}  // namespace wayside::desktop
