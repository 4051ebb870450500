#include "ui/models/field_hints.h"

#include <catch2/catch_test_macros.hpp>

#include "ui/models/highlight.h"

using namespace wayside::models;
using Field = pb::FormField;

TEST_CASE("days are read as people write them") {
  for (const char* day :
       {"14 3 1991", "14/3/1991", "14.03.1991", "1991-03-14", "14 March 1991", "14 mar 1991", "29 2 2024"})
    CHECK(reads_as_date(day));
  for (const char* no : {"31 2 1991", "29 2 2023", "14 3", "3 14 1991", "14 3 91", "tomorrow", "14 ma 1991", "1 2 3 4"})
    CHECK_FALSE(reads_as_date(no));
}

TEST_CASE("an empty box needs no hint") {
  for (const auto kind : {Field::date, Field::integer, Field::pence, Field::time, Field::text})
    CHECK(hint_for(kind, "  ").empty());
}

TEST_CASE("numbers, amounts and times have a hint when they cannot be read") {
  CHECK(hint_for(Field::integer, "12").empty());
  CHECK_FALSE(hint_for(Field::integer, "twelve").empty());
  for (const char* amount : {"12", "12.50", "£1,200.00"}) CHECK(hint_for(Field::pence, amount).empty());
  for (const char* no : {"12.5", "a lot", ".50", "12.505"}) CHECK_FALSE(hint_for(Field::pence, no).empty());
  for (const char* time : {"09:40", "14 6 2026 09:40"}) CHECK(hint_for(Field::time, time).empty());
  for (const char* no : {"25:00", "9", "14 6 2026", "31 2 2026 09:40"}) CHECK_FALSE(hint_for(Field::time, no).empty());
}

TEST_CASE("the letters of a search are marked once each, in order") {
  using Ranges = std::vector<Range>;
  CHECK(matches("Priya Shah", "sha") == Ranges{{6, 9}});
  CHECK(matches("Natasha Shaw", "SHA") == Ranges{{4, 7}, {8, 11}});
  CHECK(matches("shared", "sha are") == Ranges{{0, 5}});
  CHECK(matches("Priya", "").empty());
  CHECK(matches("", "x").empty());
}
