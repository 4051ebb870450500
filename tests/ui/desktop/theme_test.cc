#include "ui/desktop/theme.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <initializer_list>

using namespace wayside::desktop;

namespace {

double lowest(Colour ink, std::initializer_list<Colour> grounds) {
  double ratio = 21;
  for (const Colour ground : grounds) ratio = std::min(ratio, contrast_ratio(ink, ground));
  return ratio;
}

// The table of the look gives one decimal.
bool at_least(double ratio, double promised) { return ratio >= promised - 0.05; }

struct Promised {
  Mode mode;
  double edge, ink, ink2, accent, on_accent, danger, warn, ok, selected_ink, exit;
};
constexpr Promised kPromised[] = {{Mode::light, 4.1, 13.9, 7.3, 7.5, 9.0, 7.8, 7.3, 7.6, 11.8, 16.6},
                                  {Mode::dark, 5.2, 11.4, 7.9, 7.8, 9.8, 7.8, 8.3, 8.1, 8.5, 15.4},
                                  {Mode::contrast, 21, 13.5, 13.5, 9.6, 15, 7.9, 10.3, 10.1, 7.9, 21}};

}  // namespace

TEST_CASE("contrast is computed as WCAG says") {
  CHECK(contrast_ratio({0x000000}, {0xFFFFFF}) > 20.99);
  CHECK(contrast_ratio({0x777777}, {0x777777}) == 1.0);
  CHECK(contrast_ratio({0xFFFFFF}, {0x767676}) > 4.53);
  CHECK(contrast_ratio({0xFFFFFF}, {0x767676}) < 4.55);
}

TEST_CASE("every colour of text reaches the ratio that is promised on every ground it meets") {
  for (const Promised& promised : kPromised) {
    const Palette& c = palette(promised.mode);
    INFO("mode " << static_cast<int>(promised.mode));
    CHECK(at_least(lowest(c.edge, {c.canvas, c.side, c.surface}), promised.edge));
    CHECK(at_least(lowest(c.ink, {c.canvas, c.side, c.surface, c.hover, c.accent_soft, c.warn_soft}), promised.ink));
    CHECK(at_least(lowest(c.ink2, {c.canvas, c.side, c.surface, c.hover, c.accent_soft}), promised.ink2));
    CHECK(at_least(lowest(c.accent, {c.canvas, c.side, c.surface, c.accent_soft}), promised.accent));
    CHECK(at_least(contrast_ratio(c.on_accent, c.accent), promised.on_accent));
    CHECK(at_least(lowest(c.danger, {c.canvas, c.surface, c.accent_soft, c.danger_soft}), promised.danger));
    CHECK(at_least(lowest(c.warn, {c.canvas, c.surface, c.accent_soft, c.warn_soft}), promised.warn));
    CHECK(at_least(lowest(c.ok, {c.canvas, c.surface, c.ok_soft}), promised.ok));
    CHECK(at_least(contrast_ratio(c.ink, c.selection), promised.selected_ink));
    CHECK(at_least(contrast_ratio(c.exit_ink, c.exit), promised.exit));
  }
}

TEST_CASE("text always reaches WCAG's strictest ratio, and the ring of focus is seen on every ground") {
  for (const Mode mode : {Mode::light, Mode::dark, Mode::contrast}) {
    const Palette& c = palette(mode);
    for (const Colour ground : {c.canvas, c.side, c.surface, c.hover, c.accent_soft}) {
      CHECK(contrast_ratio(c.ink, ground) >= 7);
      CHECK(contrast_ratio(c.ink2, ground) >= 7);
      CHECK(std::max(contrast_ratio(c.focus, ground), contrast_ratio(c.focus_line, ground)) >= 8);
    }
  }
}

TEST_CASE("text grows in full, space by less, and targets never shrink below 44") {
  const Theme plain(Look{Mode::light, 100, 1});
  const Theme large(Look{Mode::light, 200, 1});
  const Theme crisp(Look{Mode::light, 100, 1.75f});
  CHECK(plain.line(TextStyle::body) == 22);
  CHECK(large.line(TextStyle::body) == 44);
  CHECK(large.px(20) == 26);
  CHECK(crisp.line(TextStyle::body) == 39);  // whole pixels
  for (const Theme* theme : {&plain, &large, &crisp}) {
    CHECK(theme->target() >= 44 * theme->look().display_scale);
    CHECK(theme->target() >= theme->line(TextStyle::strong));
    CHECK(theme->row() >= theme->line(TextStyle::strong) + theme->line(TextStyle::small));
  }
}

TEST_CASE("no text is smaller than 14 em pixels") {
  for (const TextStyle style : {TextStyle::display, TextStyle::title, TextStyle::heading, TextStyle::strong,
                                TextStyle::body, TextStyle::label, TextStyle::small})
    CHECK(line_px(style) >= 14 * 1.362f - 0.5f);
}
