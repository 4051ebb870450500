#include <imgui_internal.h>

#include <algorithm>
#include <array>

#include "ui/desktop/navigation.h"
#include "ui/desktop/shell.h"
#include "ui/desktop/views/reconcile_view.h"
#include "ui/desktop/views/settings_view.h"
#include "ui/desktop/views/today_view.h"
#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"

/// How the shell draws, and the keys that hold on every screen.
namespace wayside::desktop {

namespace pb = models::pb;
using models::Screen;

namespace {

constexpr ImGuiWindowFlags kRootFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                                        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse;

bool chord(ImGuiKey key) {
  const ImGuiIO& io = ImGui::GetIO();
  return io.KeyCtrl && !io.KeyAlt && ImGui::IsKeyPressed(key, false);
}

/// F6 to the next part of the screen, Shift F6 back. A dialog keeps the keyboard.
int panes_asked() {
  if (ImGui::GetCurrentContext()->OpenPopupStack.Size > 0 || !ImGui::IsKeyPressed(ImGuiKey_F6, false)) return 0;
  return ImGui::GetIO().KeyShift ? -1 : 1;
}

}  // namespace

Colour Shell::ground() const { return screen_ == Screen::neutral ? Colour{0xFFFFFF} : palette(settings_.mode).canvas; }

void Shell::draw(const Fonts& fonts, float width, float height, float display_scale, std::int64_t now_ms) {
  // The neutral page has no look of ours: neither colours nor a text size that somebody once chose here.
  const bool neutral = screen_ == Screen::neutral;
  const Theme theme(
      Look{neutral ? Mode::light : settings_.mode, neutral ? 100 : settings_.text_percent, display_scale});
  panes_.begin_frame(panes_asked());
  const Ui ui(theme, fonts, now_ms, &panes_);
  const Rect screen{0, 0, width, height};
  Asked asked;
  if (neutral && ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) ImGui::ClosePopupToLevel(0, false);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  ImGui::Begin("root", nullptr, kRootFlags);
  if (neutral) {
    const IdScope scope("neutral");
    if (draw_neutral(ui, screen, neutral_)) asked.go_to = Screen::unlock;
  } else {
    shortcuts(now_ms, asked);
    exit_ = exit_rect(ui, screen);
    draw_screen(ui, screen, asked);
  }
  ImGui::End();
  if (!neutral) draw_exit(ui, exit_);
  do_asked(asked, now_ms);
}

void Shell::draw_screen(const Ui& ui, const Rect& screen, Asked& asked) {
  if (screen_ == Screen::unlock) {
    const IdScope scope("unlock");
    draw_unlock(ui, screen, unlock_, unlock_ui_, settings_, asked);
  } else {
    draw_open(ui, screen, asked);
    draw_history(ui);
  }
  draw_keys(ui);
}

/// What a person must know whatever she is doing, above the screen's own content.
void Shell::draw_notices(const Ui& ui, Page& page) const {
  const auto strip = [&](const pb::Notice& notice) {
    if (notice.text().empty()) return;
    const float width = std::min(page.body.w - 2 * page.gutter, ui.theme.widest_text());
    page.body.cut_top(ui.px(4));
    page.body.cut_top(banner(ui, page.body.x + page.gutter, page.body.y, width, notice) + ui.px(12));
  };
  if (screen_ == Screen::cases || screen_ == Screen::settings)
    for (const pb::Notice& notice : pages_->standing) strip(notice);
  strip(pages_->notice);
}

void Shell::draw_open(const Ui& ui, const Rect& screen, Asked& asked) {
  const Look& look = ui.theme.look();
  width_ = models::width_class(screen.w, look.display_scale, ui.theme.text_size());
  Page page = draw_navigation(ui, screen, width_, screen_, pages_->review.shown().open(), exit_, asked);
  ui.next_pane();
  draw_notices(ui, page);
  const IdScope scope(models::title_of(screen_));
  switch (screen_) {
    case Screen::today: return draw_today(ui, page, pages_->today, asked);
    case Screen::places: return draw_places(ui, page, pages_->places, pages_->places_ui, asked);
    case Screen::cases: return draw_caseload(ui, page, pages_->caseload, pages_->one_case, pages_->caseload_ui, asked);
    case Screen::one_case: {
      const CaseParts parts{pages_->one_case, pages_->form, pages_->files, pages_->form_ui, pages_->files_ui};
      return draw_case(ui, page, parts, asked);
    }
    case Screen::review: return draw_review(ui, page, pages_->review, pages_->review_ui, asked);
    case Screen::reconcile: return draw_reconcile(ui, page, pages_->reconcile, asked);
    case Screen::settings: return draw_settings(ui, page, settings_, chord_question_);
    case Screen::unlock:
    case Screen::neutral: return;
  }
}

void Shell::draw_history(const Ui& ui) {
  DialogState& state = pages_->history_dialog;
  if (!state.open) return;
  Dialog dialog(ui, "history", pages_->history.title().empty() ? "What was written before" : pages_->history.title(),
                state);
  if (!dialog.visible()) return;
  const Rect& content = dialog.content();
  float y = content.y;
  {
    const float most = ImGui::GetIO().DisplaySize.y - content.y - ui.theme.target() - ui.px(80);
    float needed = ui.px(8);
    for (const auto& value : pages_->history.values())
      needed += ui.wrapped_height(TextStyle::body, value.text(), content.w - ui.px(20)) + ui.line(TextStyle::small) +
                ui.px(16);
    const Rect view{content.x, y, content.w, std::min(needed, std::max(ui.px(80), most))};
    ScrollArea pane(ui, "values", view);
    float row = pane.content().y;
    const float width = pane.content().w;
    if (pages_->history.values_size() == 0)
      row += ui.text_wrapped(view.x, row, width, TextStyle::body, ui.colours().ink2, "Looking it up");
    for (const auto& value : pages_->history.values()) {
      row += ui.text_wrapped(view.x, row, width, TextStyle::body, ui.colours().ink,
                             value.text().empty() ? "Not recorded" : value.text());
      ui.text_cut(view.x, row, width, TextStyle::small, ui.colours().ink2, value.author() + ", " + value.when());
      row += ui.line(TextStyle::small) + ui.px(8);
      if (&value != &*pages_->history.values().rbegin()) ui.hairline(view.x, row - ui.px(4), width);
      row += ui.px(8);
    }
    pane.end(row);
    y = view.bottom() + ui.px(12);
  }
  Rect buttons{content.x, y, content.w, ui.theme.target()};
  if (button_in(ui, buttons, "close", ButtonKind::secondary, "Close")) dialog.close();
  dialog.end(buttons.bottom());
}

void Shell::draw_keys(const Ui& ui) {
  if (!keys_dialog_.open) return;
  Dialog dialog(ui, "keys", "Keys", keys_dialog_);
  if (!dialog.visible()) return;
  static constexpr std::array<std::array<std::string_view, 2>, 12> kKeys{
      {{"Shift three times", "Timetable, at once. Settings add a key of your own"},
       {"Ctrl 1 to 6", "Today, Cases, Places, Review, Reconcile, Settings"},
       {"Ctrl F", "Search; among places: narrow"},
       {"Ctrl N", "New note in the open case"},
       {"Ctrl S", "Save"},
       {"Ctrl Z", "Undo in a text"},
       {"Ctrl plus, Ctrl minus", "Text size"},
       {"Ctrl L", "Lock"},
       {"Alt and left arrow", "Back to the list"},
       {"F6", "The next part of the screen"},
       {"Tab, arrows, Enter", "Move and choose"},
       {"Escape", "Close a dialog, a file or a place"}}};
  const Rect& content = dialog.content();
  float y = content.y;
  const float left = ui.width_of(TextStyle::label, "Ctrl plus, Ctrl minus") + ui.px(24);
  for (const auto& [key, meaning] : kKeys) {
    ui.text(content.x, y, TextStyle::label, ui.colours().ink, key);
    y +=
        ui.text_wrapped(content.x + left, y, content.w - left, TextStyle::small, ui.colours().ink2, meaning) + ui.px(6);
  }
  Rect buttons{content.x, y + ui.px(12), content.w, ui.theme.target()};
  if (button_in(ui, buttons, "close", ButtonKind::secondary, "Close")) dialog.close();
  dialog.end(buttons.bottom());
}

void Shell::shortcuts(std::int64_t now_ms, Asked& asked) {
  if (chord(ImGuiKey_Equal) || chord(ImGuiKey_KeypadAdd)) settings_.text_percent = larger_text(settings_.text_percent);
  if (chord(ImGuiKey_Minus) || chord(ImGuiKey_KeypadSubtract))
    settings_.text_percent = smaller_text(settings_.text_percent);
  if (ImGui::IsKeyPressed(ImGuiKey_F1, false)) keys_dialog_.open = true;
  if (screen_ == Screen::unlock) return;
  constexpr std::array<std::pair<ImGuiKey, Screen>, 6> kScreens{{{ImGuiKey_1, Screen::today},
                                                                 {ImGuiKey_2, Screen::cases},
                                                                 {ImGuiKey_3, Screen::places},
                                                                 {ImGuiKey_4, Screen::review},
                                                                 {ImGuiKey_5, Screen::reconcile},
                                                                 {ImGuiKey_6, Screen::settings}}};
  for (const auto& [key, screen] : kScreens)
    if (chord(key)) asked.go_to = screen;
  if (chord(ImGuiKey_L)) asked.lock = true;
  if (chord(ImGuiKey_F) && screen_ == Screen::places) {
    pages_->places_ui.focus_search = true;
  } else if (chord(ImGuiKey_F)) {
    asked.go_to = Screen::cases;
    pages_->caseload_ui.focus_search = true;
  }
  const bool goes_back = ImGui::GetIO().KeyAlt && ImGui::IsKeyPressed(ImGuiKey_LeftArrow, false);
  if (goes_back && screen_ == Screen::places) asked.go_to = pages_->one_case.open() ? Screen::one_case : Screen::cases;
  if (screen_ != Screen::one_case) return;
  if (chord(ImGuiKey_S) && pages_->form.open()) pages_->form.save(asked.commands);
  if (chord(ImGuiKey_N) && !pages_->one_case.is_new()) {
    pages_->form.keep_draft(now_ms, true, asked.commands);
    pages_->one_case.add("note", asked.commands);
  }
  if (goes_back) asked.go_to = Screen::cases;
}

}  // namespace wayside::desktop
