#pragma once

#include <string_view>

#include "platform/secret_bytes.h"
#include "ui/desktop/widgets/press.h"

namespace wayside::desktop {

struct SecretResult {
  bool changed = false;
  bool submitted = false;
};

/// A box for a passphrase. Its text lives in guarded memory only: characters go there straight from the event queue,
/// which is then wiped. Typing at the end, Backspace, Ctrl Backspace for all, paste; no copy, no undo.
/// `shown` is the person's wish to read it; a button inside the box changes it.
SecretResult secret_box(const Ui& ui, std::string_view id, const Rect& rect, SecretString& secret, bool& shown,
                        bool focus_now, bool error);

}  // namespace wayside::desktop
