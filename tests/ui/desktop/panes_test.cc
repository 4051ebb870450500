#include "ui/desktop/panes.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>

using wayside::desktop::Panes;

namespace {

/// A screen of parts, drawn again and again: "n" has items, "-" has none.
struct Screen {
  Panes panes;
  std::string_view parts;
  int keyboard = -1;  ///< which part has it

  void draw(int step) {
    panes.begin_frame(step);
    for (int i = 0; i < static_cast<int>(parts.size()); ++i) {
      panes.enter();
      if (parts[static_cast<std::size_t>(i)] == '-') continue;
      if (panes.item(keyboard == i)) keyboard = i;
      if (panes.item(false)) keyboard = 100;  // a second item of the part never takes it too
    }
  }
  std::string walk(int step, int times) {
    std::string way;
    for (int i = 0; i < times; ++i) {
      draw(0);
      draw(step);
      way += std::to_string(keyboard);
    }
    return way;
  }
};

}  // namespace

TEST_CASE("F6 goes round the parts of a screen, and Shift F6 the other way") {
  CHECK(Screen{{}, "nnn"}.walk(1, 5) == "01201");
  CHECK(Screen{{}, "nnn", 0}.walk(-1, 4) == "2102");
  CHECK(Screen{{}, "nnn", 1}.walk(1, 2) == "20");
}

TEST_CASE("parts without items are passed over, and a screen without any keeps the keyboard where it is") {
  CHECK(Screen{{}, "n-n-"}.walk(1, 3) == "020");
  CHECK(Screen{{}, "--", 7}.walk(1, 2) == "77");
  CHECK(Screen{{}, "", 7}.walk(-1, 1) == "7");
}

TEST_CASE("a screen with fewer parts than the last begins again") {
  Screen screen{{}, "nnnn", 3};
  screen.draw(0);
  screen.parts = "nn";
  screen.keyboard = -1;
  CHECK(screen.walk(1, 2) == "01");
}
