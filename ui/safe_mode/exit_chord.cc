#include "ui/safe_mode/exit_chord.h"

#include <algorithm>
#include <array>

namespace wayside::safe_mode {
namespace {

/// What Wayside itself answers to (LOOK: keys), and what the desktop around it does.
constexpr std::array<std::string_view, 21> kTaken{"ctrl+1", "ctrl+2", "ctrl+3",   "ctrl+4",   "ctrl+5",   "ctrl+6",
                                                  "ctrl+f", "ctrl+n", "ctrl+s",   "ctrl+z",   "ctrl+shift+z",
                                                  "ctrl+y", "ctrl+a", "ctrl+c",   "ctrl+v",   "ctrl+x",
                                                  "ctrl+l", "f1",     "f6",       "shift+f6", "alt+f4"};

/// Keys that stand for themselves, without Ctrl or Alt: nobody types with them.
constexpr std::array<std::string_view, 3> kAlone{"pause", "scroll lock", "insert"};
/// Keys that may be held with Ctrl or Alt, besides letters and digits.
constexpr std::array<std::string_view, 4> kNamed{"space", "pause", "scroll lock", "insert"};

bool is_function_key(std::string_view name) {
  return name.size() >= 2 && name[0] == 'f' && name[1] >= '1' && name[1] <= '9';
}

bool is_letter_or_digit(std::string_view name) {
  return name.size() == 1 && ((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= '0' && name[0] <= '9'));
}

bool is_known(std::string_view name) {
  return is_letter_or_digit(name) || is_function_key(name) || std::ranges::find(kNamed, name) != kNamed.end();
}

}  // namespace

std::string to_text(const KeyPress& chord) {
  return std::string(chord.ctrl ? "ctrl+" : "") + (chord.alt ? "alt+" : "") + (chord.shift ? "shift+" : "") + chord.name;
}

std::optional<KeyPress> exit_chord_from(std::string_view text) {
  KeyPress chord;
  const auto take = [&](std::string_view prefix, bool& held) {
    if (!text.starts_with(prefix)) return;
    held = true;
    text.remove_prefix(prefix.size());
  };
  take("ctrl+", chord.ctrl);
  take("alt+", chord.alt);
  take("shift+", chord.shift);
  chord.name = text;
  if (!why_no_exit(chord).empty()) return std::nullopt;
  return chord;
}

std::string label_of(const KeyPress& chord) {
  std::string name = chord.name;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return std::string(chord.ctrl ? "Ctrl " : "") + (chord.alt ? "Alt " : "") + (chord.shift ? "Shift " : "") + name;
}

std::string_view why_no_exit(const KeyPress& chord) {
  if (!is_known(chord.name)) return "That key cannot be used. Take a letter, a digit, F2 to F12 or Pause.";
  const bool alone = is_function_key(chord.name) || std::ranges::find(kAlone, chord.name) != kAlone.end();
  if (!chord.ctrl && !chord.alt && !alone) return "You would leave while you type. Hold Ctrl or Alt with it.";
  if (std::ranges::find(kTaken, to_text(chord)) != kTaken.end())
    return "That does something else already. Take another.";
  return {};
}

std::optional<KeyPress> ChordQuestion::pressed(const KeyPress& key) {
  if (!asking_ || key.is_modifier()) return std::nullopt;
  if (key.name == "escape") {
    stop();
    return std::nullopt;
  }
  complaint_ = why_no_exit(key);
  if (!complaint_.empty()) return std::nullopt;
  stop();
  return key;
}

}  // namespace wayside::safe_mode
