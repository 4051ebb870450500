#include "ui/models/shell.h"

#include <catch2/catch_test_macros.hpp>

#include "ui/models/draft_pace.h"

using namespace wayside::models;

TEST_CASE("larger text asks for a simpler screen") {
  CHECK(width_class(1440, 1, 1.0f) == Width::wide);
  CHECK(width_class(1280, 1, 1.0f) == Width::wide);
  CHECK(width_class(1279, 1, 1.0f) == Width::medium);
  CHECK(width_class(1024, 1, 1.0f) == Width::medium);
  CHECK(width_class(1024, 1, 1.25f) == Width::medium);
  CHECK(width_class(1024, 1, 1.5f) == Width::compact);
  CHECK(width_class(2048, 2, 1.0f) == Width::medium);
  CHECK(width_class(759, 1, 1.0f) == Width::compact);
}

TEST_CASE("no news shows a screen that needs an open vault while it is locked") {
  for (const Screen screen : {Screen::cases, Screen::review, Screen::reconcile, Screen::settings, Screen::one_case,
                              Screen::unlock, Screen::neutral})
    CHECK_FALSE(needs_open_vault(after_news(screen, false)));
}

TEST_CASE("what was left by quick exit stays left, open or not") {
  CHECK(after_news(Screen::neutral, true) == Screen::neutral);
  CHECK(after_news(Screen::neutral, false) == Screen::neutral);
}

TEST_CASE("an opened vault shows its cases, and news moves nobody from where they are") {
  CHECK(after_news(Screen::unlock, true) == Screen::cases);
  CHECK(after_news(Screen::review, true) == Screen::review);
}

TEST_CASE("a draft waits for a pause, but not for ever") {
  DraftPace pace;
  CHECK_FALSE(pace.due_ms().has_value());
  pace.edited(5000);
  CHECK(pace.due_ms() == 5300);
  pace.edited(5900);
  CHECK(pace.due_ms() == 6000);
  pace.sent();
  CHECK_FALSE(pace.pending());
}
