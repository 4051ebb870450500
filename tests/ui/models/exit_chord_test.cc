#include "ui/safe_mode/exit_chord.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::safe_mode;

TEST_CASE("a chord comes back from its text, and reads as a person would say it") {
  const KeyPress chord{.name = "x", .ctrl = true, .shift = true};
  CHECK(to_text(chord) == "ctrl+shift+x");
  CHECK(exit_chord_from("ctrl+shift+x") == chord);
  CHECK(label_of(chord) == "Ctrl Shift X");
  CHECK(label_of(*exit_chord_from("f9")) == "F9");
  CHECK(label_of(*exit_chord_from("alt+space")) == "Alt Space");
}

TEST_CASE("keys that people type with never leave, nor do keys that do something else") {
  for (const char* text : {"", "x", "shift+x", "space", "enter", "ctrl+enter", "ctrl+s", "ctrl+z", "ctrl+1", "f1", "f6",
                           "alt+f4", "ctrl+", "ctrl+shift", "shift+ctrl+x", "escape"}) {
    INFO(text);
    CHECK_FALSE(exit_chord_from(text).has_value());
  }
  for (const char* text : {"f2", "f12", "pause", "ctrl+shift+x", "ctrl+alt+q", "alt+7", "ctrl+space"}) {
    INFO(text);
    CHECK(exit_chord_from(text).has_value());
  }
}

TEST_CASE("asking for a chord waits for keys that may be one, and says why others may not") {
  ChordQuestion question;
  CHECK_FALSE(question.pressed({.name = "f9"}));  // nobody asked
  question.ask();
  CHECK_FALSE(question.pressed({.name = "ctrl"}));
  CHECK_FALSE(question.pressed({.name = "x"}));
  CHECK(question.asking());
  CHECK_FALSE(question.complaint().empty());
  CHECK_FALSE(question.pressed({.name = "s", .ctrl = true}));
  const auto chord = question.pressed({.name = "x", .ctrl = true});
  CHECK_FALSE(chord);  // cuts
  CHECK(question.pressed({.name = "q", .ctrl = true}) == KeyPress{.name = "q", .ctrl = true});
  CHECK_FALSE(question.asking());
  question.ask();
  CHECK_FALSE(question.pressed({.name = "escape"}));
  CHECK_FALSE(question.asking());
  CHECK(question.complaint().empty());
}
