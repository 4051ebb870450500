#include "ui/desktop/settings.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::desktop;

TEST_CASE("settings come back from the worker as they were sent") {
  const Settings chosen{.text_percent = 175,
                        .mode = Mode::contrast,
                        .lock_after_minutes = 2,
                        .exit_chord = safe_mode::exit_chord_from("ctrl+shift+x"),
                        .night_at = "22:30"};
  REQUIRE(chosen.exit_chord);
  CHECK(settings_from(to_message(chosen)) == chosen);
  CHECK(settings_from(to_message(Settings())) == Settings());
}

TEST_CASE("settings that make no sense stay at their defaults") {
  app::pb::Settings odd;
  CHECK(settings_from(odd) == Settings());
  odd.set_text_percent(1000);
  odd.set_colours(static_cast<app::pb::Settings::Colours>(9));
  odd.set_lock_after_minutes(1);
  odd.set_exit_chord("x");
  odd.set_night_at("25:00");
  CHECK(settings_from(odd) == Settings());
}

TEST_CASE("text size steps stay within 100 and 200") {
  CHECK(larger_text(100) == 125);
  CHECK(larger_text(200) == 200);
  CHECK(smaller_text(125) == 100);
  CHECK(smaller_text(100) == 100);
  CHECK(next_text_percent(200) == 100);
}
