#pragma once

#include <optional>
#include <string_view>

#include "ui/desktop/widgets/press.h"

namespace wayside::desktop {

/// One primary button on a screen; the others are bordered (secondary) or plain words (quiet).
/// No button is ever disabled: let it be pressed, and say what is missing.
enum class ButtonKind { primary, secondary, quiet };

float button_width(const Ui& ui, ButtonKind kind, std::string_view label, std::optional<Icon> icon = {});
bool button(const Ui& ui, std::string_view id, const Rect& rect, ButtonKind kind, std::string_view label,
            std::optional<Icon> icon = {});
/// As wide as its label, at the left of `row`, which it cuts off with the gap behind it.
bool button_in(const Ui& ui, Rect& row, std::string_view id, ButtonKind kind, std::string_view label,
               std::optional<Icon> icon = {});
/// A picture alone; `name` identifies it and must say what it does somewhere near.
bool icon_button(const Ui& ui, std::string_view id, const Rect& rect, Icon icon);

/// A state: sign and word, never pressed. `soft` gives it its ground.
float chip_width(const Ui& ui, std::string_view word);
float chip_height(const Ui& ui);
void chip(const Ui& ui, float x, float y, Sign sign, std::string_view word);
/// Sign and bold word without a ground, as rows show a state. Returns its width.
float sign_word(const Ui& ui, float x, float y, Sign sign, std::string_view word);

/// Filter pill: chosen = soft ground, thick border, bold. Returns true when pressed.
float pill_width(const Ui& ui, std::string_view label, std::string_view count);
float pill_height(const Ui& ui);
bool pill(const Ui& ui, std::string_view id, const Rect& rect, std::string_view label, std::string_view count,
          bool chosen);

/// A small number over a navigation item.
void badge(const Ui& ui, float centre_x, float centre_y, std::string_view number);

}  // namespace wayside::desktop
