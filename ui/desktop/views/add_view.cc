#include "ui/desktop/views/add_view.h"

#include <algorithm>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {
namespace {

/// What choosing it does, where that is not adding.
std::string_view instead_of_adding(const models::CaseModel& model, const models::pb::TypeOffer& offer) {
  const auto* part = model.part(offer.type());
  if (part == nullptr) return {};
  if (part->new_label().empty()) return "Already here: opens it.";
  return part->new_label().starts_with("Add") ? std::string_view() : "You have begun one: opens your draft.";
}

struct Rows {
  const Ui& ui;
  models::CaseModel& model;
  bool typing;  ///< the box has the keyboard: the row that Enter chooses is shown

  /// Draws one row at `y`; its height. `chosen` is set when it is pressed.
  float draw(const Rect& content, float y, int index, bool& chosen) const {
    const auto& offer = *model.adding().rows()[static_cast<std::size_t>(index)].offer;
    const std::string_view instead = instead_of_adding(model, offer);
    const float inner = content.w - 2 * ui.px(12);
    const float height = std::max(
        ui.theme.target(),
        ui.wrapped_height(TextStyle::strong, offer.label(), inner) +
            (instead.empty() ? 0 : ui.wrapped_height(TextStyle::label, instead, inner)) +
            (offer.help().empty() ? 0 : ui.wrapped_height(TextStyle::small, offer.help(), inner)) + 2 * ui.px(8));
    const Rect row{content.x, y, content.w, height};
    const Press hit = press(ui, offer.type(), row);
    chosen |= hit.pressed;
    row_ground(ui, row, {.selected = typing && index == model.adding().row(), .focused = hit.focused,
                         .hovered = hit.hovered}, row.x + ui.px(12));
    float line = y + ui.px(8);
    line += ui.text_wrapped(row.x + ui.px(12), line, inner, TextStyle::strong, ui.colours().ink, offer.label());
    line += ui.text_wrapped(row.x + ui.px(12), line, inner, TextStyle::label, ui.colours().accent, instead);
    ui.text_wrapped(row.x + ui.px(12), line, inner, TextStyle::small, ui.colours().ink2, offer.help());
    return height;
  }
};

/// Title, the way back, and the box. True: the row under the keyboard is chosen.
bool draw_head(const Ui& ui, Rect& content, models::CaseModel& model, bool& typing) {
  Rect top = content.cut_top(ui.theme.target());
  const float cancel = button_width(ui, ButtonKind::quiet, "Go back");
  if (button(ui, "back", top.cut_right(cancel), ButtonKind::quiet, "Go back")) model.stop_adding();
  ui.text_cut(top.x, top.y + (top.h - ui.line(TextStyle::heading)) / 2, top.w - ui.px(12), TextStyle::heading,
              ui.colours().ink, "Add to this case");
  content.cut_top(ui.px(4));
  const Rect box = content.cut_top(ui.theme.target());
  const BoxResult typed = text_box(ui, "find", box, model.adding().query(),
                                   {.focus_now = model.adding().take_fresh(),
                                    .leading = Icon::search,
                                    .when_empty = "Type what it is about",
                                    .keeps_vertical = true});
  if (typed.changed) model.adding().typed();
  typing = typed.active;
  if (!typing) return false;
  const auto pressed = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); };
  if (pressed(ImGuiKey_DownArrow)) model.adding().move(1);
  if (pressed(ImGuiKey_UpArrow)) model.adding().move(-1);
  if (pressed(ImGuiKey_PageDown)) model.adding().move(7);
  if (pressed(ImGuiKey_PageUp)) model.adding().move(-7);
  return typed.submitted;
}

}  // namespace

float draw_adding(const Ui& ui, Rect content, ScrollArea& pane, models::CaseModel& model, models::FormModel& form,
                  Asked& asked) {
  const IdScope scope("adding");
  content.w = std::min(content.w, ui.theme.widest_form());
  content.y += ui.px(8);
  content.h = 100'000;  // it scrolls
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) model.stop_adding();
  const int stood = model.adding().row();
  bool typing = false;
  std::string chosen;
  if (draw_head(ui, content, model, typing) && model.adding().here()) chosen = model.adding().here()->type();
  const bool moved = model.adding().row() != stood;
  const Rows rows{ui, model, typing};
  float y = content.y + ui.px(8);
  for (int i = 0; i < static_cast<int>(model.adding().rows().size()); ++i) {
    const auto& row = model.adding().rows()[static_cast<std::size_t>(i)];
    const float top = y;
    if (!row.heading.empty()) {
      y += ui.px(i == 0 ? 4 : 16);
      y += ui.text_wrapped(content.x, y, content.w, TextStyle::label, ui.colours().ink2, row.heading) + ui.px(4);
    }
    bool pressed = false;
    y += rows.draw(content, y, i, pressed);
    if (pressed) chosen = row.offer->type();
    if (moved && i == model.adding().row()) pane.reveal(top - ui.px(8), y + ui.px(8));
  }
  if (model.adding().known() && model.adding().rows().empty())
    y += ui.text_wrapped(content.x, y + ui.px(8), content.w, TextStyle::body, ui.colours().ink2,
                         "Nothing here is called that. Try a shorter word, or write it in a note.") + ui.px(8);
  if (!chosen.empty()) {
    form.keep_draft(ui.now_ms, true, asked.commands);
    model.choose_type(chosen, asked.commands);
  }
  return y;
}

}  // namespace wayside::desktop
