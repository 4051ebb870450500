#include "ui/desktop/widgets/buttons.h"

namespace wayside::desktop {
namespace {

constexpr float kPadding = 20;
constexpr float kIcon = 20;
constexpr float kIconGap = 8;

float padding(const Ui& ui, ButtonKind kind) { return kind == ButtonKind::quiet ? 0 : ui.px(kPadding); }

}  // namespace

float button_width(const Ui& ui, ButtonKind kind, std::string_view label, std::optional<Icon> icon) {
  const float words = ui.width_of(TextStyle::strong, label) + (icon ? ui.theme.glyph(kIcon) + ui.px(kIconGap) : 0);
  return words + 2 * padding(ui, kind);
}

bool button(const Ui& ui, std::string_view id, const Rect& rect, ButtonKind kind, std::string_view label,
            std::optional<Icon> icon) {
  const Press hit = press(ui, id, rect);
  const Palette& c = ui.colours();
  const float radius = ui.theme.radius_button();
  Colour ink = c.ink;
  if (kind == ButtonKind::primary) {
    ui.fill(rect, c.accent, radius);
    ink = c.on_accent;
    if (hit.hovered || hit.held) ui.stroke(rect.inset(ui.px(3)), c.on_accent, radius - ui.px(3), ui.theme.border());
  } else if (kind == ButtonKind::secondary) {
    ui.fill(rect, hit.hovered || hit.held ? c.hover : c.surface, radius);
    ui.stroke(rect, c.edge, radius, ui.theme.border());
  } else {
    ink = c.accent;
  }
  const float words = button_width(ui, kind, label, icon) - 2 * padding(ui, kind);
  float x = kind == ButtonKind::quiet ? rect.x : rect.x + std::max(0.0f, (rect.w - words) / 2);
  if (icon) {
    ui.icon(*icon, x + ui.theme.glyph(kIcon) / 2, rect.centre_y(), ui.theme.glyph(kIcon), ink);
    x += ui.theme.glyph(kIcon) + ui.px(kIconGap);
  }
  const float y = rect.y + (rect.h - ui.line(TextStyle::strong)) / 2;
  ui.text_cut(x, y, rect.right() - x - (kind == ButtonKind::quiet ? -1 : 0), TextStyle::strong, ink, label);
  if (kind == ButtonKind::quiet && (hit.hovered || hit.held))
    ui.fill({std::round(x), std::round(y + ui.line(TextStyle::strong)),
             std::min(ui.width_of(TextStyle::strong, label), rect.right() - x), ui.theme.border()},
            ink);
  if (hit.focused)
    focus_ring(ui, kind == ButtonKind::quiet ? Rect{rect.x - ui.px(6), rect.y, rect.w + ui.px(12), rect.h} : rect,
               radius);
  return hit.pressed;
}

bool button_in(const Ui& ui, Rect& row, std::string_view id, ButtonKind kind, std::string_view label,
               std::optional<Icon> icon) {
  const Rect rect = row.cut_left(button_width(ui, kind, label, icon));
  row.cut_left(ui.px(kind == ButtonKind::quiet ? 24 : 12));
  return button(ui, id, rect, kind, label, icon);
}

bool icon_button(const Ui& ui, std::string_view id, const Rect& rect, Icon icon) {
  const Press hit = press(ui, id, rect);
  if (hit.hovered || hit.held) ui.fill(rect, ui.colours().hover, ui.theme.radius_button());
  ui.icon(icon, rect.centre_x(), rect.centre_y(), ui.theme.glyph(24), ui.colours().ink);
  if (hit.focused) focus_ring(ui, rect, ui.theme.radius_button(), true);
  return hit.pressed;
}

float chip_height(const Ui& ui) { return ui.line(TextStyle::label) + ui.px(8); }

float chip_width(const Ui& ui, std::string_view word) {
  return ui.px(8) + ui.theme.glyph(16) + ui.px(6) + ui.width_of(TextStyle::label, word) + ui.px(12);
}

void chip(const Ui& ui, float x, float y, Sign sign, std::string_view word) {
  const Rect rect{std::round(x), std::round(y), chip_width(ui, word), chip_height(ui)};
  ui.fill(rect, ui.soft_of(sign), rect.h / 2);
  if (ui.theme.contrast()) ui.stroke(rect, ui.colour_of(sign), rect.h / 2, 1);
  sign_word(ui, rect.x + ui.px(8), rect.y + ui.px(4), sign, word);
}

float sign_word(const Ui& ui, float x, float y, Sign sign, std::string_view word) {
  const float size = ui.theme.glyph(16);
  const float height = ui.line(TextStyle::label);
  ui.sign(sign, x + size / 2, y + height / 2, size);
  ui.text(x + size + ui.px(6), y, TextStyle::label, ui.colour_of(sign), word);
  return size + ui.px(6) + ui.width_of(TextStyle::label, word);
}

float pill_height(const Ui& ui) { return std::max(ui.px(32), ui.line(TextStyle::label) + ui.px(12)); }

float pill_width(const Ui& ui, std::string_view label, std::string_view count) {
  const float words = ui.width_of(TextStyle::label, label);  // measured bold: choosing must not move its neighbours
  return 2 * ui.px(14) + words + (count.empty() ? 0 : ui.px(8) + ui.width_of(TextStyle::small, count));
}

bool pill(const Ui& ui, std::string_view id, const Rect& rect, std::string_view label, std::string_view count,
          bool chosen) {
  // The target is taller than what is drawn, so that a finger meets it.
  const float extra = std::max(0.0f, (ui.px(44) - rect.h) / 2);
  const Press hit = press(ui, id, {rect.x, rect.y - extra, rect.w, rect.h + 2 * extra});
  const Palette& c = ui.colours();
  const float radius = rect.h / 2;
  ui.fill(rect, chosen ? c.accent_soft : hit.hovered ? c.hover : c.canvas, radius);
  ui.stroke(rect, chosen ? c.accent : c.edge, radius, chosen ? ui.theme.thick_border() : ui.theme.border());
  const TextStyle style = chosen ? TextStyle::label : TextStyle::small;
  const float y = rect.y + (rect.h - ui.line(style)) / 2;
  const float label_room = ui.width_of(TextStyle::label, label);
  ui.text(rect.x + ui.px(14) + (label_room - ui.width_of(style, label)) / 2, y, style, chosen ? c.accent : c.ink,
          label);
  if (!count.empty())
    ui.text(rect.x + ui.px(14) + label_room + ui.px(8), y, TextStyle::small, chosen ? c.accent : c.ink2, count);
  if (hit.focused) focus_ring(ui, rect, radius);
  return hit.pressed;
}

void badge(const Ui& ui, float cx, float cy, std::string_view number) {
  const float height = ui.theme.glyph(21);
  const float width = std::max(height, ui.width_of(TextStyle::label, number) + ui.px(10));
  const Rect rect{std::round(cx - width / 2), std::round(cy - height / 2), width, height};
  ui.fill(rect, ui.colours().warn, height / 2);
  ui.text_centred(rect, TextStyle::label,
                  ui.theme.look().mode == Mode::light ? ui.colours().surface : ui.colours().canvas, number);
}

}  // namespace wayside::desktop
