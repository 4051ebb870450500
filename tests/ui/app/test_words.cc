#include <catch2/catch_test_macros.hpp>

#include "tests/support/fleet.h"
#include "ui/app/review_page.h"
#include "ui/app/typed.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::int64_t kNoon10June2026_ms = 1'781'089'200'000;  // 11:00 UTC, 12:00 on the wall

std::string read(std::string_view type, std::string_view field, std::string_view text) {
  support::need(schema::load_builtin());
  const auto value = read_typed(support::field_named(type, field), text, kNoon10June2026_ms);
  return value ? typed_text(support::field_named(type, field), *value) : value.error();
}

}  // namespace

TEST_CASE("days and times are said as people say them, in the time of the United Kingdom") {
  CHECK(iso_day(kNoon10June2026_ms) == "2026-06-10");
  CHECK(clock_time(kNoon10June2026_ms) == "12:00");
  CHECK(short_day("2026-06-10", kNoon10June2026_ms) == "10 June");
  CHECK(short_day("2024-06-10", kNoon10June2026_ms) == "10 June 2024");
  CHECK(short_day("soon", kNoon10June2026_ms) == "soon");
  CHECK(short_time(kNoon10June2026_ms, kNoon10June2026_ms) == "10 June, 12:00");
  // 23:30 UTC in summer is half past midnight of the next day on the wall.
  CHECK(iso_day(kNoon10June2026_ms + 45'000'000) == "2026-06-11");
}

TEST_CASE("what happened lately is told in days") {
  CHECK(how_long_ago(0, kNoon10June2026_ms) == "never");
  CHECK(how_long_ago(kNoon10June2026_ms - 3'600'000, kNoon10June2026_ms) == "today 11:00");
  CHECK(how_long_ago(kNoon10June2026_ms - 13 * 3'600'000, kNoon10June2026_ms) == "yesterday 23:00");
  CHECK(how_long_ago(kNoon10June2026_ms - 72 * 3'600'000, kNoon10June2026_ms) == "3 days ago");
}

TEST_CASE("a clock that lies beyond every calendar still gives words") {
  CHECK_FALSE(iso_day(std::int64_t{1} << 47).empty());
  CHECK_FALSE(clock_time(-5).empty());
}

TEST_CASE("an age is in full years") {
  CHECK(age_on("1991-03-14", "2026-06-10") == 35);
  CHECK(age_on("1991-06-11", "2026-06-10") == 34);
  CHECK_FALSE(age_on("2991-03-14", "2026-06-10"));
  CHECK_FALSE(age_on("", "2026-06-10"));
}

TEST_CASE("a text is cut between words and between characters") {
  CHECK(cut_at_word("short", 20) == "short");
  CHECK(cut_at_word("one two three", 9) == "one two…");
  CHECK(cut_at_word("ünbelievable", 5) == "ünbe…");
  CHECK(cut_at_word("  trimmed  ", 20) == "trimmed");
}

TEST_CASE("an excerpt shows the words around the match") {
  const std::string text =
      "She said that the landlord came again on Tuesday and that the neighbours heard it. "
      "We agreed that she keeps the falconry glove in the hall cupboard,\nand calls on Friday.";
  const std::string found = excerpt(text, "falcon", 60);
  CHECK(found.find("falconry glove") != std::string::npos);
  CHECK(found.starts_with("…"));
  CHECK(found.ends_with("…"));
  CHECK(found.find('\n') == std::string::npos);
  CHECK(excerpt(text, "nowhere", 30).starts_with("She said"));
  CHECK(excerpt("a short note", "note", 120) == "a short note");
  CHECK_FALSE(has_match("the landlord", "lord"));
  CHECK(has_match("the landlord", "xyz LAND"));
}

TEST_CASE("a day may be written as people write days") {
  for (const char* typed : {"14 3 1991", "14/3/1991", "14.03.1991", "14 March 1991", "14 mar 1991", "1991-03-14"}) {
    CHECK(read("person", "dob", typed) == "14 March 1991");
  }
  CHECK(read("person", "dob", "14 3 2991") == "2991 is in the future. Check the year.");
  CHECK(read("person", "dob", "11 6 2026") == "11 June is in the future. Check the day.");
  CHECK(read("person", "dob", "30 2 1991") == "There is no such day. Check the day and the month.");
  CHECK(read("person", "dob", "soon") == "That day cannot be read. Write day, month, year, for example 14 3 1991.");
  CHECK(read("person", "dob", "14 3 91").starts_with("Write the year with four digits"));
  CHECK(read("support_plan", "review_date", "11 6 2027") == "11 June 2027");
}

TEST_CASE("a time is that of the clock on the wall, in summer and in winter") {
  CHECK(read("note", "at", "10 June 2026, 17:20") == "10 June 2026, 17:20");
  CHECK(read("note", "at", "14 1 2026 09:40") == "14 January 2026, 09:40");
  CHECK(read("note", "at", "09:40") == "10 June 2026, 09:40");
  CHECK(read("note", "at", "at noon") == "That time cannot be read. Write it like 14 6 2026 09:40.");
  CHECK(read("note", "at", "10 June 2026 25:00") == "That time cannot be read. Write it like 14 6 2026 09:40.");
}

TEST_CASE("money is in pounds, with or without the sign") {
  CHECK(read("service", "weekly_rent_pence", "12.50") == "£12.50");
  CHECK(read("service", "weekly_rent_pence", "£120") == "£120.00");
  CHECK(read("service", "weekly_rent_pence", "a lot") == "Write an amount in pounds, for example 12.50.");
}

TEST_CASE("a code may be typed as its label, and anything else is refused in words") {
  CHECK(read("risk_assessment", "level", "high") == "HIGH");
  CHECK(read("risk_assessment", "level", "enormous") == "Choose one of the answers in the list.");
  CHECK(read("risk_assessment", "score", "many") == "Write a whole number, for example 3.");
}

TEST_CASE("a question is built from the label of the field") {
  support::need(schema::load_builtin());
  CHECK(question_of(support::field_named("person", "address")) == "Which address is right?");
  CHECK(question_of(support::field_named("person", "dob")) == "Which date of birth is right?");
  CHECK(question_of(support::field_named("support_plan", "agencies")) == "Which agencies are right?");
  CHECK(question_of(support::field_named("person", "safe_contact")) == "How contact is safe: which answer is right?");
  CHECK(question_of(support::field_named("risk_assessment", "coercion")) ==
        "Coercion or control: which answer is right?");
}

}  // namespace wayside::app
