#include "ui/models/text_layout.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using wayside::models::TextLayout;

namespace {

TextLayout layout(std::string_view text, float width) {
  return TextLayout(text, width, [](std::uint32_t) { return 10.0f; });
}

std::vector<std::string> lines(std::string_view text, float width) {
  std::vector<std::string> out;
  const TextLayout wrapped = layout(text, width);
  for (const auto& line : wrapped.lines()) out.emplace_back(text.substr(line.begin, line.end - line.begin));
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty text has one empty line") { CHECK(lines("", 100) == Lines{""}); }

TEST_CASE("words wrap whole, and a space hangs over the edge") {
  CHECK(lines("one two three", 70) == Lines{"one two ", "three"});
  CHECK(lines("one two three", 80) == Lines{"one two ", "three"});
}

TEST_CASE("a word longer than the line breaks between characters") {
  CHECK(lines("abcdefghijkl", 50) == Lines{"abcde", "fghij", "kl"});
  CHECK(lines("x abcdefgh", 50) == Lines{"x ", "abcde", "fgh"});
}

TEST_CASE("line breaks of the text always hold") { CHECK(lines("a\n\nb\n", 100) == Lines{"a", "", "b", ""}); }

TEST_CASE("every byte stands on exactly one line") {
  const std::string text = "She may share a room with her sister\nuntil the locks are changed. Zoë said so.";
  for (float width = 10; width < 400; width += 10) {
    std::string joined;
    std::size_t expected = 0;
    const TextLayout wrapped = layout(text, width);
    for (const auto& line : wrapped.lines()) {
      REQUIRE(line.begin >= expected);
      REQUIRE(line.begin - expected <= 1);  // at most the line break itself
      expected = line.end;
    }
    CHECK(expected == text.size());
  }
}

TEST_CASE("positions and columns agree") {
  const std::string text = "wrapped words here";
  const TextLayout wrapped = layout(text, 100);
  REQUIRE(wrapped.lines().size() == 2);
  CHECK(wrapped.line_of(7) == 0);
  CHECK(wrapped.line_of(8) == 1);
  CHECK(wrapped.x_of(10) == 20);
  CHECK(wrapped.position_at(1, 24) == 10);
  CHECK(wrapped.position_at(1, 26) == 11);
  CHECK(wrapped.position_at(0, 1000) == 7);  // before the space that hangs over
  CHECK(wrapped.position_at(9, 1000) == text.size());
}

TEST_CASE("width 0 never wraps") { CHECK(lines("one two three four", 0).size() == 1); }
