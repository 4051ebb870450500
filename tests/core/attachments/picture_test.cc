#include "core/attachments/picture.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/attachments/made_files.h"

using namespace wayside;
using namespace wayside::attachments;
using namespace wayside::attachments::testing;

namespace {

/// Which of the four corners is both blue and not red: where the picture's upper left one went.
struct Corner { bool right, bottom; };
Corner origin_of(const Picture& picture) {
  Corner best{};
  int most = -1000;
  for (const bool right : {false, true}) {
    for (const bool bottom : {false, true}) {
      const std::size_t x = right ? picture.width - 1 : 0, y = bottom ? picture.height - 1 : 0;
      const auto* const p = &picture.rgba[(y * picture.width + x) * 4];
      if (p[2] - p[0] > most) most = p[2] - p[0], best = {right, bottom};
    }
  }
  return best;
}

}  // namespace

TEST_CASE("a preview is small, keeps the proportions and shows the same colours") {
  for (const Bytes& file : {plain_jpeg(pixels(480, 320)), plain_png(pixels(480, 320)), plain_png(pixels(480, 320), true)}) {
    const auto small = preview(file, 48);
    REQUIRE(small);
    CHECK(small->width > 24);
    CHECK(small->width <= 48);
    CHECK(small->height == (small->width * 2 + 2) / 3);
    REQUIRE(small->rgba.size() == std::size_t{small->width} * small->height * 4);
    CHECK(small->rgba[3] == 255);
    CHECK(small->rgba[2] > 230);
    CHECK(small->rgba[0] < 25);
    CHECK_FALSE((origin_of(*small).right || origin_of(*small).bottom));
  }
}

TEST_CASE("a small picture is not blown up, and no side passes the limit") {
  CHECK(preview(plain_png(pixels(5, 3)), 512)->width == 5);
  const auto thin = preview(plain_png(pixels(1000, 1)), 7);
  REQUIRE(thin);
  CHECK(thin->width <= 7);
  CHECK(thin->height == 1);
  CHECK_FALSE(preview(plain_png(pixels()), 0));
}

TEST_CASE("a preview is the right side up") {
  struct Case { int orientation; bool swapped; Corner origin; };
  for (const auto& each : {Case{1, false, {false, false}}, Case{2, false, {true, false}}, Case{3, false, {true, true}},
                           Case{4, false, {false, true}}, Case{5, true, {false, false}}, Case{6, true, {true, false}},
                           Case{7, true, {true, true}}, Case{8, true, {false, true}}}) {
    const auto shown = preview(tagged(plain_jpeg(pixels()), each.orientation), 48);
    REQUIRE(shown);
    CAPTURE(each.orientation);
    CHECK(shown->width == (each.swapped ? 32 : 48));
    CHECK(origin_of(*shown).right == each.origin.right);
    CHECK(origin_of(*shown).bottom == each.origin.bottom);
  }
}

TEST_CASE("what is no picture has no preview") {
  CHECK(preview("words", 48).error().code == Errc::bad_input);
  CHECK(preview("%PDF-1.7", 48).error().code == Errc::bad_input);
  CHECK(preview("\xFF\xD8\xFF rubbish", 48).error().code == Errc::bad_input);
  CHECK(preview("\x89PNG\r\n\x1A\n rubbish", 48).error().code == Errc::bad_input);
}
