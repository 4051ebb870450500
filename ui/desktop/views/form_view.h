#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ui/desktop/page.h"
#include "ui/desktop/ui.h"
#include "ui/desktop/widgets/choice.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/models/form.h"

namespace wayside::desktop {

struct FormUi {
  std::map<std::uint32_t, SelectState> selects;  ///< by field number
  std::string form_id;                           ///< whose selects these are
  std::optional<std::uint32_t> focus_field;      ///< take the keyboard there in the next frame
  std::optional<std::uint32_t> reveal_field;
  bool at_top = true;
};

/// A form made from its fields' kinds, drawn in `content` of a pane that scrolls. Returns where it ends.
float draw_form(const Ui& ui, Rect content, ScrollArea& pane, models::FormModel& model, FormUi& state, Asked& asked);

/// Save, undo, the draft, what the last save said: it stays put under the pane.
float save_bar_height(const Ui& ui, const models::FormModel& model, float width);
void save_bar(const Ui& ui, Rect bar, models::FormModel& model, Asked& asked);

/// One label, one box, for other screens that ask for text: label, help or complaint, then the box at `y`.
/// Returns where the box may begin.
float field_head(const Ui& ui, float x, float y, float width, std::string_view label, std::string_view help,
                 std::string_view complaint);

}  // namespace wayside::desktop
