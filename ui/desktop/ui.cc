#include "ui/desktop/ui.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/models/utf8.h"

namespace wayside::desktop {

namespace pb = models::pb;

ImU32 Ui::packed(Colour colour, float alpha) {
  return IM_COL32(colour.rgb >> 16 & 0xFF, colour.rgb >> 8 & 0xFF, colour.rgb & 0xFF,
                  static_cast<int>(alpha * 255.0f + 0.5f));
}

bool Ui::takes_keyboard(ImGuiID id) const { return panes_ && panes_->item(id == ImGui::GetFocusID()); }

// ---- Text -------------------------------------------------------------------------------------------------------

float Ui::width_of(TextStyle style, std::string_view text) const {
  return std::ceil(font(style)->CalcTextSizeA(line(style), FLT_MAX, 0.0f, text.data(), text.data() + text.size()).x);
}

float Ui::wrapped_height(TextStyle style, std::string_view text, float width) const {
  if (text.empty()) return line(style);
  return std::ceil(
      font(style)
          ->CalcTextSizeA(line(style), FLT_MAX, std::max(1.0f, width), text.data(), text.data() + text.size())
          .y);
}

void Ui::text(float x, float y, TextStyle style, Colour colour, std::string_view text) const {
  if (text.empty()) return;
  draw().AddText(font(style), line(style), {std::round(x), std::round(y)}, packed(colour), text.data(),
                 text.data() + text.size());
}

void Ui::text_right(float right, float y, TextStyle style, Colour colour, std::string_view words) const {
  text(right - width_of(style, words), y, style, colour, words);
}

void Ui::text_centred(const Rect& in, TextStyle style, Colour colour, std::string_view words) const {
  text(in.x + (in.w - width_of(style, words)) / 2, in.y + (in.h - line(style)) / 2, style, colour, words);
}

float Ui::text_wrapped(float x, float y, float width, TextStyle style, Colour colour, std::string_view text) const {
  if (text.empty()) return 0;
  draw().AddText(font(style), line(style), {std::round(x), std::round(y)}, packed(colour), text.data(),
                 text.data() + text.size(), std::max(1.0f, width));
  return wrapped_height(style, text, width);
}

float Ui::text_lines(float x, float y, float width, TextStyle style, Colour colour, std::string_view words,
                     int most_lines, bool draws) const {
  const char* at = words.data();
  const char* const end = at + words.size();
  float height = 0;
  for (int i = 0; i < most_lines && at < end; ++i, height += line(style)) {
    const char* next = font(style)->CalcWordWrapPosition(line(style), at, end, std::max(1.0f, width));
    if (next == at) ++next;
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    const bool cut = i + 1 == most_lines && next < end;
    if (draws && cut)
      text_cut(x, y + height, width, style, colour,
               std::string(rest.substr(0, rest.find('\n'))) + (rest.find('\n') == rest.npos ? "" : " …"));
    else if (draws) text(x, y + height, style, colour, rest.substr(0, static_cast<std::size_t>(next - at)));
    at = next;
    while (at < end && (*at == ' ' || *at == '\n') && at[-1] != '\n') ++at;
  }
  return height;
}

void Ui::text_cut(float x, float y, float width, TextStyle style, Colour colour, std::string_view words) const {
  if (const auto end = words.find('\n'); end != std::string_view::npos) words = words.substr(0, end);
  if (width_of(style, words) <= width) return text(x, y, style, colour, words);
  const std::string_view dots = "…";
  const char* end = nullptr;
  font(style)->CalcTextSizeA(line(style), std::max(0.0f, width - width_of(style, dots)), 0.0f, words.data(),
                             words.data() + words.size(), &end);
  std::string cut(models::trimmed(words.substr(0, static_cast<std::size_t>(end - words.data()))));
  text(x, y, style, colour, cut.append(dots));
}

void Ui::text_marked(float x, float y, float width, TextStyle style, Colour colour, std::string_view words,
                     const std::vector<models::Range>& marks) const {
  const bool cut = width_of(style, words) > width;
  for (const models::Range& mark : marks) {
    const float left = x + width_of(style, words.substr(0, mark.begin));
    const float right = std::min(x + width_of(style, words.substr(0, mark.end)), x + width);
    if (left >= right || (cut && right > x + width - line(style))) continue;
    fill({std::round(left), y, std::round(right - left), line(style)}, colours().accent_soft, px(3));
    fill({std::round(left), y + line(style) - theme.thick_border(), std::round(right - left), theme.thick_border()},
         colours().accent);
  }
  text_cut(x, y, width, style, colour, words);
}

float Ui::advance(TextStyle style, std::uint32_t code_point) const {
  return font(style)->GetFontBaked(line(style))->GetCharAdvance(static_cast<ImWchar>(code_point));
}

// ---- Shapes -----------------------------------------------------------------------------------------------------

void Ui::fill(const Rect& r, Colour colour, float radius) const {
  draw().AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, packed(colour), radius);
}

void Ui::stroke(const Rect& r, Colour colour, float radius, float width) const {
  const float half = width / 2;
  draw().AddRect({r.x + half, r.y + half}, {r.right() - half, r.bottom() - half}, packed(colour),
                 std::max(0.0f, radius - half), 0, width);
}

void Ui::hairline(float x, float y, float w) const {
  fill({std::round(x), std::round(y), std::round(w), std::max(1.0f, std::round(theme.look().display_scale))},
       colours().line);
}

void Ui::card(const Rect& rect) const {
  fill(rect, colours().surface, theme.radius_card());
  stroke(rect, colours().line, theme.radius_card(), theme.border());
}

void Ui::icon(Icon icon, float cx, float cy, float size, Colour colour) const {
  std::string glyph;
  models::append_utf8(glyph, static_cast<std::uint32_t>(icon));
  const float whole = std::round(size);
  draw().AddText(fonts_.icons, whole, {std::round(cx - whole / 2), std::round(cy - whole / 2)}, packed(colour),
                 glyph.data(), glyph.data() + glyph.size());
}

Colour Ui::colour_of(Sign sign) const {
  switch (sign) {
    case Sign::danger:
    case Sign::no: return colours().danger;
    case Sign::medium:
    case Sign::ask:
    case Sign::two_values:
    case Sign::due: return colours().warn;
    case Sign::low: return colours().ink2;
    case Sign::done: return colours().ok;
    case Sign::information:
    case Sign::changed: return colours().accent;
  }
  return colours().ink;
}

Colour Ui::soft_of(Sign sign) const {
  const Colour strong = colour_of(sign);
  if (strong == colours().danger) return colours().danger_soft;
  if (strong == colours().warn) return colours().warn_soft;
  if (strong == colours().ok) return colours().ok_soft;
  return strong == colours().accent ? colours().accent_soft : colours().hover;
}

void Ui::sign(Sign sign, float cx, float cy, float size) const {
  const Colour colour = colour_of(sign);
  const ImU32 ink = packed(colour);
  const float thick = std::max(1.5f, size * 0.11f);
  switch (sign) {
    case Sign::danger: return icon(Icon::warning, cx, cy, size, colour);
    case Sign::done: return icon(Icon::check_circle, cx, cy, size, colour);
    case Sign::ask: return icon(Icon::help, cx, cy, size, colour);
    case Sign::no: return icon(Icon::cancel, cx, cy, size, colour);
    case Sign::due: return icon(Icon::clock, cx, cy, size, colour);
    case Sign::information: return icon(Icon::info, cx, cy, size, colour);
    case Sign::changed: return icon(Icon::history, cx, cy, size, colour);
    case Sign::medium: {
      const float r = size * 0.44f;
      draw().AddQuadFilled({cx, cy - r}, {cx + r, cy}, {cx, cy + r}, {cx - r, cy}, ink);
      return;
    }
    case Sign::low: draw().AddCircle({cx, cy}, size * 0.29f, ink, 0, thick); return;
    case Sign::two_values: {
      const float r = size * 0.31f;
      draw().AddCircle({cx - r * 0.62f, cy}, r, ink, 0, thick);
      draw().AddCircle({cx + r * 0.62f, cy}, r, ink, 0, thick);
      return;
    }
  }
}

void Ui::shield(float cx, float cy, float size, Colour colour) const {
  const float w = size * 0.40f;
  const float h = size * 0.46f;
  ImDrawList& list = draw();
  list.PathLineTo({cx, cy - h});
  list.PathLineTo({cx + w, cy - h * 0.66f});
  list.PathLineTo({cx + w, cy - h * 0.05f});
  list.PathBezierCubicCurveTo({cx + w, cy + h * 0.45f}, {cx + w * 0.55f, cy + h * 0.85f}, {cx, cy + h});
  list.PathBezierCubicCurveTo({cx - w * 0.55f, cy + h * 0.85f}, {cx - w, cy + h * 0.45f}, {cx - w, cy - h * 0.05f});
  list.PathLineTo({cx - w, cy - h * 0.66f});
  list.PathStroke(packed(colour), ImDrawFlags_Closed, std::max(1.5f, size * 0.09f));
}

void Ui::mark(float x, float y, float size, Colour colour) const {
  const float u = size / 20.0f;
  const ImU32 ink = packed(colour);
  const auto at = [&](float dx, float dy) { return ImVec2(std::round(x + dx * u), std::round(y + dy * u)); };
  draw().AddRectFilled(at(8.6f, 8), at(11.4f, 17), ink);
  draw().AddRectFilled(at(2, 17), at(18, 19.2f), ink);
  const ImVec2 arm[] = {at(4.5f, 1), at(14, 1), at(18.5f, 5), at(14, 9), at(4.5f, 9)};
  draw().AddConvexPolyFilled(arm, 5, ink);
}

Sign sign_of(pb::Risk risk) {
  switch (risk) {
    case pb::risk_high: return Sign::danger;
    case pb::risk_medium: return Sign::medium;
    default: return Sign::low;
  }
}

std::string_view word_of(pb::Risk risk) {
  switch (risk) {
    case pb::risk_high: return "High";
    case pb::risk_medium: return "Medium";
    case pb::risk_low: return "Low";
    default: return "Not assessed";
  }
}

}  // namespace wayside::desktop
