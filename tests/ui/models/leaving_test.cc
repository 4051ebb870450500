#include <catch2/catch_test_macros.hpp>
#include <string_view>

#include "ui/safe_mode/quick_exit.h"
#include "ui/safe_mode/return_gesture.h"

using namespace wayside::safe_mode;
using Key = QuickExitKeys::Key;

TEST_CASE("three Shifts leave, two do not") {
  QuickExitKeys keys;
  CHECK_FALSE(keys.pressed(Key::shift, 0));
  CHECK_FALSE(keys.pressed(Key::shift, 100));
  CHECK(keys.pressed(Key::shift, 200));
  CHECK_FALSE(keys.pressed(Key::shift, 300));  // it starts over
}

TEST_CASE("up to five seconds may lie between two presses, not more") {
  QuickExitKeys keys;
  keys.pressed(Key::shift, 0);
  keys.pressed(Key::shift, 5000);
  CHECK(keys.pressed(Key::shift, 10'000));
  keys.pressed(Key::shift, 20'000);
  keys.pressed(Key::shift, 20'100);
  CHECK_FALSE(keys.pressed(Key::shift, 25'101));
  CHECK_FALSE(keys.pressed(Key::shift, 25'200));
  CHECK(keys.pressed(Key::shift, 25'300));
}

TEST_CASE("another key or a pointer press starts over, so that capitals never leave") {
  QuickExitKeys keys;
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(keys.pressed(Key::shift, i * 100));
    CHECK_FALSE(keys.pressed(Key::other, i * 100 + 50));
  }
  keys.pressed(Key::shift, 2000);
  keys.pressed(Key::shift, 2100);
  keys.pointer_pressed();
  CHECK_FALSE(keys.pressed(Key::shift, 2200));
}

TEST_CASE("holding the heading for a second leads back, a tap does not") {
  ReturnGesture gesture;
  CHECK_FALSE(gesture.held(true, 0));
  CHECK(gesture.due_ms() == 1000);
  CHECK_FALSE(gesture.held(true, 999));
  CHECK(gesture.held(true, 1000));
  CHECK_FALSE(gesture.held(true, 2000));
  CHECK_FALSE(gesture.held(false, 2100));
  CHECK_FALSE(gesture.due_ms().has_value());
}

TEST_CASE("w, a, y leads back when typed together") {
  const auto typed = [](std::string_view letters, std::int64_t gap_ms) {
    ReturnGesture gesture;
    bool back = false;
    std::int64_t now = 0;
    for (const char letter : letters) back |= gesture.typed(static_cast<unsigned char>(letter), now += gap_ms);
    return back;
  };
  CHECK(typed("way", 100));
  CHECK(typed("WAY", 2000));
  CHECK(typed("wway", 100));
  CHECK_FALSE(typed("way", 2001));
  CHECK_FALSE(typed("wa", 100));
  CHECK_FALSE(typed("wiay", 100));
}
