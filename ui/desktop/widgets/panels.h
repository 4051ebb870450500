#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/desktop/widgets/press.h"

namespace wayside::desktop {

/// Strips and lines that a page is made of. Each draws at (x, y) or into a rectangle; those that wrap return their
/// height.

/// What happened, what is safe, what to do: a strip in the page that stays until it is solved.
float banner(const Ui& ui, float x, float y, float width, const models::pb::Notice& notice);
/// Sign and bold words of one state, wrapped: the line of an error or a change over a field.
float state_line(const Ui& ui, float x, float y, float width, Sign sign, std::string_view words);
float state_line_height(const Ui& ui, float width, std::string_view words);

/// The safe-contact strip: never cut, never hidden. Several lines when several values stand side by side.
float safe_contact_height(const Ui& ui, float width, std::span<const std::string> lines, bool missing, bool stacked);
void safe_contact(const Ui& ui, const Rect& rect, std::span<const std::string> lines, bool missing, bool stacked);

void progress_bar(const Ui& ui, const Rect& rect, std::optional<float> share);

struct Tab {
  std::string label;
  std::string count = {};  ///< empty for none
  bool two_values = false;
  std::string group = {};  ///< heading over it under More
};
/// What does not fit goes under More; the chosen one always stands in the strip. Returns the tab that was pressed.
std::optional<int> tabs(const Ui& ui, std::string_view id, const Rect& rect, std::span<const Tab> all, int chosen);

/// A pressed row: whole row is the target, selected = soft ground and a bar, hairline from the text's left edge.
struct RowLook {
  bool selected = false;
  bool focused = false;
  bool hovered = false;
  bool hairline = true;
};
void row_ground(const Ui& ui, const Rect& rect, const RowLook& look, float text_left);

/// What is so, and why: the column of an empty screen. Returns where its buttons may begin.
float empty_words(const Ui& ui, const Rect& rect, Icon icon, std::string_view title, std::string_view words);

}  // namespace wayside::desktop
