#include "core/schema/csv.h"

#include <catch2/catch_test_macros.hpp>

using wayside::schema::parse_csv;

namespace {

std::size_t line_of_error(std::string_view text) {
  const auto rows = parse_csv(text);
  REQUIRE_FALSE(rows.has_value());
  CHECK_FALSE(rows.error().what.empty());
  return rows.error().line;
}

}  // namespace

TEST_CASE("comma separated values keep quoted commas, quotes and line ends") {
  const auto rows = parse_csv("a,b\n\"x, y\",\"say \"\"no\"\"\"\n\"two\nlines\",\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 3);
  CHECK((*rows)[0].cells == std::vector<std::string>{"a", "b"});
  CHECK((*rows)[1].cells == std::vector<std::string>{"x, y", "say \"no\""});
  CHECK((*rows)[2].cells == std::vector<std::string>{"two\nlines", ""});
}

TEST_CASE("a row knows the line it begins on, after cells of several lines and empty lines too") {
  const auto rows = parse_csv("h\n\"one\ntwo\"\n\nlast");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 3);
  CHECK((*rows)[0].line == 1);
  CHECK((*rows)[1].line == 2);
  CHECK((*rows)[2].line == 5);
}

TEST_CASE("a byte order mark and CRLF are passed over") {
  const auto rows = parse_csv("\xEF\xBB\xBFname,units\r\nJuno House,8\r\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 2);
  CHECK((*rows)[0].cells[0] == "name");
  CHECK((*rows)[1].cells[1] == "8");
}

TEST_CASE("empty text has no rows") {
  CHECK(parse_csv("")->empty());
  CHECK(parse_csv("\n\r\n\n")->empty());
}

TEST_CASE("what RFC 4180 does not allow is refused with its line") {
  CHECK(line_of_error("a\nb\"c\n") == 2);
  CHECK(line_of_error("a\n\"b\"c\n") == 2);
  CHECK(line_of_error("a\nb\n\"never\nends") == 3);
  CHECK(line_of_error("a\rb") == 1);
}
