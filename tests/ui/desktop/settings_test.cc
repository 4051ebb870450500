#include "ui/desktop/settings.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::desktop;

TEST_CASE("settings come back as they were kept") {
  const Settings chosen{.text_percent = 175, .mode = Mode::contrast, .lock_after_minutes = 2};
  CHECK(settings_from_toml(to_toml(chosen)) == chosen);
}

TEST_CASE("settings that cannot be read or make no sense stay at their defaults") {
  CHECK(settings_from_toml("") == Settings());
  CHECK(settings_from_toml("text_percent = [") == Settings());
  CHECK(settings_from_toml("text_percent = 1000\ncolours = \"pink\"\nlock_after_minutes = 0") == Settings());
  CHECK(settings_from_toml("text_percent = \"150\"") == Settings());
  CHECK(settings_from_toml("text_percent = 150\ncolours = 3").text_percent == 150);
}

TEST_CASE("text size steps stay within 100 and 200") {
  CHECK(larger_text(100) == 125);
  CHECK(larger_text(200) == 200);
  CHECK(smaller_text(125) == 100);
  CHECK(smaller_text(100) == 100);
  CHECK(next_text_percent(200) == 100);
}
