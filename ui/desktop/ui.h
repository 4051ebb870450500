#pragma once

#include <imgui.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "ui/desktop/fonts.h"
#include "ui/desktop/icons.h"
#include "ui/desktop/panes.h"
#include "ui/desktop/rect.h"
#include "ui/desktop/theme.h"
#include "ui/models/commands.h"
#include "ui/models/highlight.h"

namespace wayside::desktop {

/// What every view and widget draws with, for one frame: the theme, text, signs, and the identity of items.
/// It draws into ImGui's current window; coordinates are pixels of the screen, rounded.
class Ui {
 public:
  Ui(const Theme& look, const Fonts& fonts, std::int64_t at_ms, Panes* panes = nullptr)
      : theme(look), now_ms(at_ms), fonts_(fonts), panes_(panes) {}

  const Theme& theme;
  const std::int64_t now_ms;  ///< monotonic

  [[nodiscard]] const Palette& colours() const { return theme.colours(); }
  [[nodiscard]] float px(float design) const { return theme.px(design); }
  [[nodiscard]] ImDrawList& draw() const { return target_ ? *target_ : *ImGui::GetWindowDrawList(); }
  /// The same pen on another sheet: the foreground, over every window.
  [[nodiscard]] Ui onto(ImDrawList& list) const {
    Ui other(*this);
    other.target_ = &list;
    return other;
  }
  [[nodiscard]] static ImU32 packed(Colour colour, float alpha = 1.0f);

  // Text. Heights are whole lines; nothing is cut unless the name says so.
  [[nodiscard]] float line(TextStyle style) const { return theme.line(style); }
  [[nodiscard]] float width_of(TextStyle style, std::string_view text) const;
  [[nodiscard]] float wrapped_height(TextStyle style, std::string_view text, float width) const;
  void text(float x, float y, TextStyle style, Colour colour, std::string_view text) const;
  void text_right(float right, float y, TextStyle style, Colour colour, std::string_view text) const;
  void text_centred(const Rect& in, TextStyle style, Colour colour, std::string_view text) const;
  float text_wrapped(float x, float y, float width, TextStyle style, Colour colour,
                     std::string_view text) const;  ///< its height
  /// At most `most_lines` lines, the last with an ellipsis where more follows; its height. Not drawn when `draws` is
  /// false.
  float text_lines(float x, float y, float width, TextStyle style, Colour colour, std::string_view text, int most_lines,
                   bool draws = true) const;
  void text_cut(float x, float y, float width, TextStyle style, Colour colour,
                std::string_view text) const;  ///< with an ellipsis
  /// One line, cut, with the ranges on soft ground and underlined.
  void text_marked(float x, float y, float width, TextStyle style, Colour colour, std::string_view text,
                   const std::vector<models::Range>& marks) const;
  [[nodiscard]] ImFont* font(TextStyle style) const { return is_bold(style) ? fonts_.bold : fonts_.regular; }
  [[nodiscard]] float advance(TextStyle style, std::uint32_t code_point) const;

  /// What is drawn from now on is another part of the screen, which F6 goes to.
  void next_pane() const {
    if (panes_) panes_->enter();
  }
  /// An item that the keyboard can reach tells itself. True: F6 came to its part, and it takes the keyboard.
  [[nodiscard]] bool takes_keyboard(ImGuiID id) const;

  // Shapes
  void fill(const Rect& rect, Colour colour, float radius = 0) const;
  void stroke(const Rect& rect, Colour colour, float radius, float width) const;  ///< inside the rectangle
  void hairline(float x, float y, float w) const;
  void card(const Rect& rect) const;
  void icon(Icon icon, float centre_x, float centre_y, float size, Colour colour) const;
  void sign(Sign sign, float centre_x, float centre_y, float size) const;  ///< in its state's colour
  void shield(float centre_x, float centre_y, float size, Colour colour) const;
  void mark(float x, float y, float size, Colour colour) const;  ///< the signpost of Wayside
  [[nodiscard]] Colour colour_of(Sign sign) const;
  [[nodiscard]] Colour soft_of(Sign sign) const;

 private:
  const Fonts& fonts_;
  Panes* panes_;
  ImDrawList* target_ = nullptr;
};

/// Items named inside the scope mix its name into theirs.
class IdScope {
 public:
  explicit IdScope(std::string_view name) { ImGui::PushID(name.data(), name.data() + name.size()); }
  explicit IdScope(int index) { ImGui::PushID(index); }
  ~IdScope() { ImGui::PopID(); }
  IdScope(const IdScope&) = delete;
  IdScope& operator=(const IdScope&) = delete;
};

/// The sign of a risk level and its word ("High"); Sign::low for none, with "Not assessed".
Sign sign_of(models::pb::Risk risk);
std::string_view word_of(models::pb::Risk risk);

}  // namespace wayside::desktop
