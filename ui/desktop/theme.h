#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

/// Every colour, size and distance of the desktop. A view writes no number of its own that stands here.
/// Sources: the look's table of tokens; WCAG 2.2 for the ratios that tests/ui/desktop/theme_test.cc computes.
namespace wayside::desktop {

/// 0xRRGGBB.
struct Colour {
  std::uint32_t rgb = 0;
  bool operator==(const Colour&) const = default;
};

enum class Mode { light, dark, contrast };

struct Palette {
  Colour canvas, side, surface, hover;
  Colour line;  ///< decoration: hairlines, edges of cards
  Colour edge;  ///< borders of controls
  Colour ink, ink2;
  Colour accent, accent_soft, on_accent;
  Colour danger, danger_soft, warn, warn_soft, ok, ok_soft;
  Colour selection, focus, focus_line;
  Colour exit, exit_ink;  ///< the quick exit: the only solid block of ink
};

const Palette& palette(Mode mode);

/// (L1 + 0.05) / (L2 + 0.05) of WCAG 2.2, relative luminance; 1 to 21.
double contrast_ratio(Colour a, Colour b);

enum class TextStyle { display, title, heading, strong, body, label, small };

/// ImGui's size of a font is ascent + descent: em × 1.362 for Noto Sans, which is the line height too.
constexpr float line_px(TextStyle style) {
  switch (style) {
    case TextStyle::display: return 38;
    case TextStyle::title: return 30;
    case TextStyle::heading: return 25;
    case TextStyle::strong:
    case TextStyle::body: return 22;
    case TextStyle::label:
    case TextStyle::small: return 19;
  }
  return 22;
}
constexpr bool is_bold(TextStyle style) { return style != TextStyle::body && style != TextStyle::small; }

struct Look {
  Mode mode = Mode::light;
  int text_percent = 100;  ///< 100 to 200
  float display_scale = 1;
};

/// The tokens of one look, in pixels of this display. Text grows in full, space by 1 + 0.3 × (text − 1).
class Theme {
 public:
  explicit Theme(Look look) : look_(look), colours_(palette(look.mode)) {}

  [[nodiscard]] const Look& look() const { return look_; }
  [[nodiscard]] const Palette& colours() const { return colours_; }
  [[nodiscard]] float text_size() const { return static_cast<float>(look_.text_percent) / 100.0f; }
  [[nodiscard]] bool contrast() const { return look_.mode == Mode::contrast; }

  /// A distance of the design in pixels here, whole.
  [[nodiscard]] float px(float design) const {
    return std::round(design * look_.display_scale * (1.0f + 0.3f * (text_size() - 1.0f)));
  }
  [[nodiscard]] float line(TextStyle style) const {
    return std::round(line_px(style) * look_.display_scale * text_size());
  }
  /// A sign or an icon that stands beside text and grows with it.
  [[nodiscard]] float glyph(float design) const { return std::round(design * look_.display_scale * text_size()); }

  [[nodiscard]] float border() const {
    return std::max(1.0f, std::round((contrast() ? 2.0f : 1.0f) * look_.display_scale));
  }
  [[nodiscard]] float thick_border() const { return std::max(2.0f, std::round(2.0f * look_.display_scale)); }
  [[nodiscard]] float target() const { return std::max(px(48), line(TextStyle::strong) + px(20)); }
  [[nodiscard]] float row() const {
    return std::max(px(60), line(TextStyle::strong) + line(TextStyle::small) + px(18));
  }
  [[nodiscard]] float header() const { return std::max(px(64), target() + px(16)); }
  [[nodiscard]] float bar_room() const { return px(14); }  ///< kept free beside what scrolls

  // Corners
  [[nodiscard]] float radius_field() const { return px(6); }
  [[nodiscard]] float radius_button() const { return px(8); }
  [[nodiscard]] float radius_card() const { return px(10); }
  [[nodiscard]] float radius_dialog() const { return px(12); }

  // Widths
  [[nodiscard]] float rail() const { return std::max(px(96), glyph(88)); }
  [[nodiscard]] float sidebar() const { return std::max(px(216), glyph(190)); }
  [[nodiscard]] float preview() const { return px(368); }
  [[nodiscard]] float widest_form() const { return px(680) * std::max(1.0f, text_size() * 0.85f); }
  [[nodiscard]] float widest_text() const { return px(860) * std::max(1.0f, text_size() * 0.85f); }

 private:
  Look look_;
  const Palette& colours_;
};

}  // namespace wayside::desktop
