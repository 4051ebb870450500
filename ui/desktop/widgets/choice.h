#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/desktop/widgets/press.h"
#include "ui/models/text_edit.h"

namespace wayside::desktop {

/// Joined segments, one of which holds. `quiet` (an index, or none) is the segment that means "no answer": grey when
/// chosen, so that answers stand out. Returns the segment that was pressed.
std::optional<int> segments(const Ui& ui, std::string_view id, const Rect& rect, std::span<const std::string> labels,
                            int chosen, int quiet = -1);
/// The width that these labels need side by side.
float segments_width(const Ui& ui, std::span<const std::string> labels);

/// What a list to choose from keeps between frames.
struct SelectState {
  models::TextEdit filter;
  int row = 0;  ///< where the keyboard stands, among the rows that the filter leaves
};

/// A box that opens a list under it: typing narrows it, Up, Down and Enter choose. Returns the chosen index.
/// `shown` is the label of the value held now; empty shows "Not recorded". `always_filtered`: short lists have a box
/// to type in too.
std::optional<int> select_box(const Ui& ui, std::string_view id, const Rect& rect, std::string_view shown,
                              std::span<const std::string> labels, SelectState& state, bool error,
                              bool focus_now = false, bool always_filtered = false);

}  // namespace wayside::desktop
