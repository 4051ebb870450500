#pragma once

#include <cstdint>

namespace wayside::desktop {

/// Code points of Material Icons, as Debian's fonts-material-design-icons-iconfont numbers them.
enum class Icon : std::uint32_t {
  add = 0xe145,
  arrow_back = 0xe5c4,
  bus = 0xe530,
  cancel = 0xe5c9,        ///< disc with ×
  check_circle = 0xe86c,  ///< disc with tick
  check = 0xe5ca,
  chevron_right = 0xe5cc,
  clock = 0xe8b5,
  close = 0xe5cd,
  expand_more = 0xe5cf,
  folder_shared = 0xe2c9,
  fork = 0xe0b6,     ///< call_split: Review
  help = 0xe887,     ///< disc with ?
  history = 0xe889,  ///< clock with arrow
  info = 0xe88e,     ///< disc with i
  lock = 0xe897,
  menu = 0xe5d2,
  radio_off = 0xe836,
  radio_on = 0xe837,
  search = 0xe8b6,
  settings = 0xe8b8,
  home = 0xe88a,    ///< a house: Places
  today = 0xe8df,   ///< a calendar's leaf
  sync = 0xe863,       ///< autorenew: Reconcile
  text_size = 0xe262,  ///< format_size
  contrast = 0xe3a9,   ///< brightness_medium
  warning = 0xe002,    ///< filled triangle with !
};

/// Signs of a state, each always with its word: shape and colour say the same (see Ui::sign).
enum class Sign { danger, medium, low, done, ask, no, two_values, due, information, changed };

}  // namespace wayside::desktop
