#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wayside::safe_mode {

/// One key as it was pressed: the character on it ("x", "7"), or its name ("f9", "pause", "shift"), in small letters;
/// and what was held with it.
struct KeyPress {
  std::string name;
  bool ctrl = false;
  bool alt = false;
  bool shift = false;

  [[nodiscard]] bool is_shift() const { return name == "shift"; }
  [[nodiscard]] bool is_modifier() const {
    return is_shift() || name == "ctrl" || name == "alt" || name == "super" || name == "caps lock";
  }
  bool operator==(const KeyPress&) const = default;
};

/// "ctrl+shift+x": as settings hold it.
std::string to_text(const KeyPress& chord);
/// Nothing for what is no chord, or one that `why_no_exit` refuses.
std::optional<KeyPress> exit_chord_from(std::string_view text);
/// "Ctrl Shift X": as a person reads it.
std::string label_of(const KeyPress& chord);

/// Why this may not be a way to leave, as a sentence; empty when it may. What is typed in the middle of work never
/// leaves, and what already does something here goes on doing it.
std::string_view why_no_exit(const KeyPress& chord);

/// Asks a person for her own way to leave: the next keys that may be one are it.
class ChordQuestion {
 public:
  void ask() {
    asking_ = true;
    complaint_ = {};
  }
  void stop() { *this = ChordQuestion(); }
  [[nodiscard]] bool asking() const { return asking_; }
  [[nodiscard]] std::string_view complaint() const { return complaint_; }

  /// The answer, when this was one. Escape ends the question without.
  std::optional<KeyPress> pressed(const KeyPress& key);

 private:
  bool asking_ = false;
  std::string_view complaint_;
};

}  // namespace wayside::safe_mode
