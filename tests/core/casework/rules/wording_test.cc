#include "core/casework/rules/wording.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "core/casework/rules/dates.h"

using namespace wayside::casework::rules;

TEST_CASE("words that only look alike are the same words") {
  CHECK(same_words("BME", "\xD0\x92\xD0\x9C\xD0\x95"));  // Cyrillic capitals
  CHECK(same_words(" bme ", "BME"));
  CHECK(same_words("bme", "\xD0\x92\xD0\x9C\xD0\x95"));
  CHECK(same_words("lmkaan", "Imkaan"));
  CHECK(same_words("North  Street", "north street"));
  CHECK_FALSE(same_words("BME", "BMA"));
  CHECK_FALSE(same_words("North", ""));
  CHECK_FALSE(same_words(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
  CHECK_FALSE(same_words("\xFF", "\xFE"));
  CHECK(same_words("\xFF", "\xFF"));
}

TEST_CASE("money is written in pounds and pence") {
  CHECK(pounds(0) == "£0.00");
  CHECK(pounds(5) == "£0.05");
  CHECK(pounds(-12'345) == "-£123.45");
  CHECK(pounds(std::numeric_limits<std::int64_t>::min()) == "-£92233720368547758.08");
}

TEST_CASE("days are counted as people count them") {
  const auto day = [](std::string_view text) { return day_of(text).value(); };
  CHECK(iso(day("2024-02-29")) == "2024-02-29");
  CHECK_FALSE(day_of("2023-02-29").has_value());
  CHECK_FALSE(day_of("0000-01-01").has_value());
  CHECK_FALSE(day_of("9999-12-31").has_value());
  CHECK(iso(plus_months(day("2024-01-31"), 1)) == "2024-02-29");
  CHECK(iso(plus_months(day("2024-02-29"), 12)) == "2025-02-28");
  CHECK(iso(plus_months(day("2024-12-15"), -13)) == "2023-11-15");
  CHECK(age_on(day("2010-06-10"), day("2026-06-09")) == 15);
  CHECK(age_on(day("2010-06-10"), day("2026-06-10")) == 16);
  CHECK(age_on(day("2008-02-29"), day("2026-02-28")) == 17);
  CHECK(age_on(day("2008-02-29"), day("2026-03-01")) == 18);
  CHECK(within_twelve_months(day("2025-01-10"), day("2026-01-10")));
  CHECK_FALSE(within_twelve_months(day("2026-01-11"), day("2025-01-10")));
}
