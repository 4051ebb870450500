#include "ui/desktop/widgets/text_box.h"

#include <imgui_internal.h>

#include <algorithm>
#include <string>

#include "ui/desktop/widgets/edit_item.h"
#include "ui/models/utf8.h"

namespace wayside::desktop {
namespace {

using models::TextEdit;
using models::TextLayout;
using Move = TextEdit::Move;

constexpr float kPadding = 12;

Rect inner_of(const Ui& ui, const Rect& rect, const BoxOptions& options) {
  Rect inner = rect.inset(ui.px(kPadding), 0);
  if (options.leading) inner.cut_left(ui.theme.glyph(20) + ui.px(8));
  inner.cut_right(options.room_right);
  return inner;
}

TextLayout layout_of(const Ui& ui, const TextEdit& edit, float width) {
  return TextLayout(edit.text(), edit.many_lines() ? std::max(1.0f, width) : 0.0f,
                    [&ui](std::uint32_t c) { return ui.advance(TextStyle::body, c); });
}

bool type_characters(TextEdit& edit) {
  ImGuiIO& io = ImGui::GetIO();
  std::string typed;
  if (!io.KeyCtrl || io.KeyAlt)
    for (const ImWchar c : io.InputQueueCharacters) models::append_utf8(typed, c);
  if (!io.InputQueueCharacters.empty()) wipe_typed_characters();
  // Letter by letter, so that a word is one step of undo however fast it came.
  bool changed = false;
  for (std::size_t at = 0; at < typed.size();) {
    const std::size_t next = models::next_character(typed, at);
    changed |= edit.insert(std::string_view(typed).substr(at, next - at));
    at = next;
  }
  return changed;
}

bool edit_keys(ImGuiID id, TextEdit& edit, const TextLayout& layout, bool& submitted) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool select = io.KeyShift;
  const bool word = io.KeyCtrl;
  if (edit_key(id, ImGuiKey_LeftArrow)) edit.move(word ? Move::word_left : Move::left, select);
  if (edit_key(id, ImGuiKey_RightArrow)) edit.move(word ? Move::word_right : Move::right, select);
  if (edit_key(id, ImGuiKey_Home))
    word ? edit.move(Move::text_start, select) : edit.move_to_line_edge(layout, false, select);
  if (edit_key(id, ImGuiKey_End))
    word ? edit.move(Move::text_end, select) : edit.move_to_line_edge(layout, true, select);
  if (edit.many_lines()) {
    if (edit_key(id, ImGuiKey_UpArrow)) edit.move_lines(layout, -1, select);
    if (edit_key(id, ImGuiKey_DownArrow)) edit.move_lines(layout, 1, select);
    if (edit_key(id, ImGuiKey_PageUp)) edit.move_lines(layout, -8, select);
    if (edit_key(id, ImGuiKey_PageDown)) edit.move_lines(layout, 8, select);
  }
  bool changed = false;
  if (edit_key(id, ImGuiKey_Backspace)) changed |= edit.erase_back(word);
  if (edit_key(id, ImGuiKey_Delete)) changed |= edit.erase_forward(word);
  if (edit_key(id, ImGuiKey_Enter) || edit_key(id, ImGuiKey_KeypadEnter)) {
    if (edit.many_lines() && !word) changed |= edit.insert("\n");
    else submitted = true;
  }
  if (!word) return changed;
  if (edit_key(id, ImGuiKey_A)) edit.select_all();
  if (edit_key(id, ImGuiKey_Z)) changed |= io.KeyShift ? edit.redo() : edit.undo();
  if (edit_key(id, ImGuiKey_Y)) changed |= edit.redo();
  const bool cut = edit_key(id, ImGuiKey_X);
  if ((cut || edit_key(id, ImGuiKey_C)) && edit.has_selection()) {
    ImGui::SetClipboardText(std::string(edit.selected()).c_str());
    if (cut) changed |= edit.erase_back();
  }
  if (edit_key(id, ImGuiKey_V))
    if (const char* text = ImGui::GetClipboardText()) changed |= edit.insert(text);
  return changed;
}

void point(const EditItem& item, TextEdit& edit, const TextLayout& layout, float x, float y, float line_height) {
  const ImGuiIO& io = ImGui::GetIO();
  int* dragging = ImGui::GetStateStorage()->GetIntRef(item.id + 2, 0);
  if (!io.MouseDown[0]) *dragging = 0;
  if (!item.clicked && *dragging == 0) return;
  const auto lines = static_cast<float>(layout.lines().size());
  const auto line = static_cast<std::size_t>(std::clamp((io.MousePos.y - y) / line_height, 0.0f, lines - 1));
  const std::size_t at = layout.position_at(line, io.MousePos.x - x);
  if (item.clicks >= 3) edit.select_all();
  else if (item.clicks == 2) edit.select_word(at);
  else if (item.clicked) edit.place_caret(at, io.KeyShift);
  else if (std::abs(io.MouseDelta.x) + std::abs(io.MouseDelta.y) > 0) edit.place_caret(at, true);
  if (item.clicked) *dragging = item.clicks == 1 ? 1 : 0;
}

void draw_lines(const Ui& ui, const TextEdit& edit, const TextLayout& layout, float x, float y, bool active) {
  const float height = ui.line(TextStyle::body);
  const ImVec2 clip_min = ui.draw().GetClipRectMin();
  const ImVec2 clip_max = ui.draw().GetClipRectMax();
  const std::string& text = edit.text();
  for (std::size_t i = 0; i < layout.lines().size(); ++i) {
    const float top = y + static_cast<float>(i) * height;
    if (top + height < clip_min.y || top > clip_max.y) continue;
    const models::TextLine& line = layout.lines()[i];
    const std::size_t from = std::max(edit.selection_begin(), line.begin);
    const std::size_t to = std::min(edit.selection_end(), line.end);
    const bool break_selected = edit.selection_begin() <= line.end && edit.selection_end() > line.end;
    if (active && edit.has_selection() && (from < to || break_selected)) {
      const float left = x + layout.width_of(line.begin, std::max(from, line.begin));
      const float right = x + layout.width_of(line.begin, to) + (break_selected ? ui.px(6) : 0);
      ui.fill({std::round(left), top, std::round(std::max(0.0f, right - left)), height}, ui.colours().selection);
    }
    ui.text(x, top, TextStyle::body, ui.colours().ink,
            std::string_view(text).substr(line.begin, line.end - line.begin));
  }
}

}  // namespace

float text_box_height(const Ui& ui, const TextEdit& edit, float width, int least_lines) {
  const float inner = width - 2 * ui.px(kPadding);
  const auto lines = std::max(static_cast<std::size_t>(least_lines), layout_of(ui, edit, inner).lines().size());
  return static_cast<float>(lines) * ui.line(TextStyle::body) + 2 * ui.px(12);
}

BoxResult text_box(const Ui& ui, std::string_view id, const Rect& rect, TextEdit& edit, const BoxOptions& options) {
  const EditItem item = edit_item(ui, id, rect, options.focus_now, edit.many_lines() || options.keeps_vertical);
  const Rect inner = inner_of(ui, rect, options);
  const float height = ui.line(TextStyle::body);
  const float top = edit.many_lines() ? rect.y + ui.px(12) : std::round(rect.y + (rect.h - height) / 2);
  float* offset = ImGui::GetStateStorage()->GetFloatRef(item.id + 3, 0.0f);

  BoxResult result{.left = item.left, .active = item.active};
  if (item.just_active && item.by_keyboard && !edit.many_lines()) edit.select_all();
  if (item.active) {
    const std::size_t caret_before = edit.caret();
    result.changed |= type_characters(edit);
    {
      const TextLayout layout = layout_of(ui, edit, inner.w);
      point(item, edit, layout, inner.x - *offset, top, height);
      result.changed |= edit_keys(item.id, edit, layout, result.submitted);
    }
    const TextLayout layout = layout_of(ui, edit, inner.w);
    const float x = layout.x_of(edit.caret());
    if (!edit.many_lines()) *offset = std::clamp(*offset, std::max(0.0f, x - inner.w + 2), x);
    if (edit.caret() != caret_before && edit.many_lines()) {
      const float y = top + static_cast<float>(layout.line_of(edit.caret())) * height;
      ImGui::ScrollToRect(ImGui::GetCurrentWindow(), ImRect(rect.x, y - height, rect.right(), y + 2 * height),
                          ImGuiScrollFlags_KeepVisibleEdgeY | ImGuiScrollFlags_NoScrollParent);
    }
  } else {
    *offset = 0;
  }

  box_frame(ui, rect, item.active, options.error);
  if (options.leading)
    ui.icon(*options.leading, rect.x + ui.px(kPadding) + ui.theme.glyph(10), rect.centre_y(), ui.theme.glyph(22),
            ui.colours().ink2);
  if (edit.empty() && !options.when_empty.empty())
    ui.text_cut(inner.x, top, inner.w, TextStyle::body, ui.colours().ink2, options.when_empty);
  const TextLayout layout = layout_of(ui, edit, inner.w);
  ui.draw().PushClipRect({inner.x - 2, rect.y + 1}, {inner.right() + 2, rect.bottom() - 1}, true);
  draw_lines(ui, edit, layout, inner.x - *offset, top, item.active);
  if (item.active) {
    const float x = std::round(inner.x - *offset + layout.x_of(edit.caret()));
    const float y = top + static_cast<float>(layout.line_of(edit.caret())) * height;
    ui.fill({x, y + 1, ui.theme.border(), height - 2}, ui.colours().ink);
  }
  ui.draw().PopClipRect();
  return result;
}

}  // namespace wayside::desktop
