#include "ui/desktop/views/files_view.h"

#include <imgui_internal.h>

#include <algorithm>
#include <vector>

#include "ui/desktop/views/form_view.h"
#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/text_box.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using models::FilesModel;

/// A dialog or an open list takes Escape for itself.
bool escape_pressed() {
  return ImGui::GetCurrentContext()->OpenPopupStack.Size == 0 && ImGui::IsKeyPressed(ImGuiKey_Escape, false);
}

/// Where the column has come to: each part draws at y and moves it on.
class Column {
 public:
  Column(const Ui& ui, const Rect& content, models::CaseModel& one_case, FilesModel& model, FilesUi& state,
         Asked& asked)
      : ui_(ui),
        x_(content.x),
        width_(content.w),
        y_(content.y),
        one_case_(one_case),
        model_(model),
        state_(state),
        asked_(asked) {}

  void list();
  void opened(const pb::FileRow& file, float view_height);
  [[nodiscard]] float bottom() const { return y_; }

 private:
  void said();
  void progress();
  void add_panel();
  void copy_panel(const pb::FileRow& file);
  bool file_buttons(const pb::FileRow& file);
  void row(const pb::FileRow& file, int index);
  bool box(std::string_view id, models::TextEdit& edit, std::string_view label, std::string_view help,
           std::string_view example, bool focus);
  [[nodiscard]] Rect buttons() const { return {x_, y_, width_, ui_.theme.target()}; }
  void gap(float design) { y_ += ui_.px(design); }

  const Ui& ui_;
  float x_, width_, y_;
  models::CaseModel& one_case_;
  FilesModel& model_;
  FilesUi& state_;
  Asked& asked_;
};

/// What the last adding, fetching or writing came to.
void Column::said() {
  if (model_.shown().notice().text().empty()) return;
  y_ += banner(ui_, x_, y_, width_, model_.shown().notice());
  gap(12);
}

void Column::progress() {
  if (!model_.shows_bar(ui_.now_ms)) return;
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::body, ui_.colours().ink, model_.work_words() + ".");
  gap(8);
  progress_bar(ui_, {x_, y_, width_, ui_.px(10)}, model_.work_share());
  y_ += ui_.px(10);
  gap(8);
  if (model_.may_stop()) {
    Rect row = buttons();
    if (button_in(ui_, row, "stop", ButtonKind::secondary, "Stop fetching")) asked_.commands.stop_fetch();
    y_ = row.bottom();
  }
  gap(12);
}

/// A label, its help and a box of one line. True: Enter was pressed in it.
bool Column::box(std::string_view id, models::TextEdit& edit, std::string_view label, std::string_view help,
                 std::string_view example, bool focus) {
  y_ = field_head(ui_, x_, y_, width_, label, help, "");
  const Rect rect{x_, y_, width_, ui_.theme.target()};
  const BoxResult typed = text_box(ui_, id, rect, edit, {.focus_now = focus, .when_empty = example});
  y_ = rect.bottom();
  gap(14);
  return typed.submitted;
}

void Column::add_panel() {
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::heading, ui_.colours().ink, "Add a file");
  gap(8);
  said();
  progress();
  const bool fresh = model_.take_fresh();
  if (!model_.dropped_sentence().empty()) {
    y_ += state_line(ui_, x_, y_, width_, Sign::information, model_.dropped_sentence());
    gap(8);
  }
  bool go = box("path", model_.path(), "Where is it?", "Type or paste its path, or drop the file on this window.",
                "/home/you/Pictures/photo.jpg", fresh);
  y_ = field_head(ui_, x_, y_, width_, "What is it?", "", "");
  std::vector<std::string> labels;
  for (const auto& kind : model_.shown().kinds()) labels.push_back(kind.label());
  const Rect select{x_, y_, width_, ui_.theme.target()};
  if (const auto chosen = select_box(ui_, "kind", select, model_.kind_label(), labels, state_.kind, false))
    model_.choose_kind(model_.shown().kinds(*chosen).code());
  y_ = select.bottom();
  gap(14);
  go = box("name", model_.name(), "What shall it be called?", "Its own name, unless you write another.", "", false) ||
       go;
  Rect row = buttons();
  const std::string& case_id = one_case_.shown().case_id();
  if (button_in(ui_, row, "add", ButtonKind::primary, "Add file") || go) model_.add(case_id, false, asked_.commands);
  row.cut_left(ui_.px(8));
  if (button_in(ui_, row, "leave", ButtonKind::quiet, "Cancel")) model_.close_panel();
  y_ = row.bottom();
  if (model_.may_keep_as_is()) {
    gap(8);
    row = buttons();
    if (button_in(ui_, row, "as_is", ButtonKind::secondary, "Keep it exactly as it is"))
      model_.add(case_id, true, asked_.commands);
    y_ = row.bottom();
  }
  gap(8);
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::small, ui_.colours().ink2,
                         "Where and with what a photo or PDF was made is taken out before it is kept. Up to 100 MB.");
  if (escape_pressed()) model_.close_panel();
}

void Column::row(const pb::FileRow& file, int index) {
  const IdScope scope(index);
  const float pad = ui_.px(16);
  const float state_width = ui_.theme.glyph(16) + ui_.px(6) + ui_.width_of(TextStyle::label, file.place());
  const bool beside = state_width + ui_.px(220) * ui_.theme.text_size() <= width_;
  const float height = ui_.theme.row() + (beside ? 0 : ui_.line(TextStyle::label));
  const Rect rect{x_, y_, width_, height};
  const Press hit = press(ui_, "file", rect);
  row_ground(ui_, rect, {.focused = hit.focused, .hovered = hit.hovered}, rect.x + pad);
  if (hit.pressed) model_.open(file.file_id(), asked_.commands);
  const float words =
      ui_.line(TextStyle::strong) + ui_.line(TextStyle::small) + (beside ? 0 : ui_.line(TextStyle::label));
  float text_y = rect.y + (rect.h - words) / 2;
  const float chevron = ui_.theme.glyph(24);
  const float room = rect.w - 2 * pad - chevron - (beside ? state_width + ui_.px(12) : 0);
  ui_.text_cut(rect.x + pad, text_y, room, TextStyle::strong, ui_.colours().ink, file.name());
  text_y += ui_.line(TextStyle::strong);
  ui_.text_cut(rect.x + pad, text_y, room, TextStyle::small, ui_.colours().ink2, file.second());
  text_y += ui_.line(TextStyle::small);
  const Sign sign = file.here() ? Sign::done : Sign::low;
  if (beside)
    sign_word(ui_, rect.right() - pad - chevron - state_width, rect.y + (rect.h - ui_.line(TextStyle::label)) / 2, sign,
              file.place());
  else sign_word(ui_, rect.x + pad, text_y, sign, file.place());
  ui_.icon(Icon::chevron_right, rect.right() - pad, rect.centre_y(), ui_.theme.glyph(22), ui_.colours().ink2);
  y_ += height;
}

void Column::list() {
  if (model_.panel() == FilesModel::Panel::adding) return add_panel();
  const bool none = model_.shown().rows().empty();
  Rect top = buttons();
  if (button_in(ui_, top, "begin", none ? ButtonKind::primary : ButtonKind::secondary, "Add a file", Icon::add))
    model_.begin_adding();
  y_ = top.bottom();
  gap(8);
  said();
  progress();
  if (none) {
    y_ += ui_.text_wrapped(
        x_, y_, width_, TextStyle::body, ui_.colours().ink2,
        "No file is kept with this case yet. Photos, letters and orders are kept encrypted, without the "
        "place and the device that they name. You can also drop a file on this window.");
    return;
  }
  int index = 0;
  for (const auto& file : model_.shown().rows()) row(file, index++);
}

void Column::copy_panel(const pb::FileRow& file) {
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::heading, ui_.colours().ink, "Write a copy");
  gap(4);
  y_ += state_line(
      ui_, x_, y_, width_, Sign::due,
      "The copy is not protected any more: whoever can use this computer, or the stick it goes to, can open it.");
  if (!file.stripped()) {
    gap(4);
    y_ += state_line(ui_, x_, y_, width_, Sign::due, "Place and device were not taken out of this file.");
  }
  gap(10);
  bool go = box("copy", model_.copy_to(), "Where shall it go?",
                "A new file, or a folder. Nothing that is there is overwritten.", "/media/stick/", model_.take_fresh());
  Rect row = buttons();
  go = button_in(ui_, row, "write", ButtonKind::primary, "Write the copy") || go;
  if (go) model_.write_copy(asked_.commands);
  row.cut_left(ui_.px(8));
  if (button_in(ui_, row, "leave", ButtonKind::quiet, "Cancel")) model_.close_panel();
  y_ = row.bottom();
  gap(16);
}

/// Back, and what can be done with the file: in one row where they fit. True: back was pressed.
bool Column::file_buttons(const pb::FileRow& file) {
  Rect row = buttons();
  const bool back = button_in(ui_, row, "all", ButtonKind::quiet, "All files", Icon::arrow_back);
  row.cut_left(ui_.px(8));
  const bool fetches = !file.here() && model_.shown().office() && !model_.working();
  const bool copies = file.here() && model_.panel() != FilesModel::Panel::copying;
  constexpr std::string_view kFetch = "Fetch from the office", kCopy = "Write a copy…", kRecord = "What is recorded";
  float needed = button_width(ui_, ButtonKind::quiet, kRecord) + ui_.px(8);
  if (fetches) needed += button_width(ui_, ButtonKind::primary, kFetch, Icon::sync);
  if (copies) needed += button_width(ui_, ButtonKind::secondary, kCopy);
  if (needed > row.w) {
    y_ = row.bottom();
    gap(4);
    row = buttons();
  }
  if (fetches) {
    if (button_in(ui_, row, "fetch", ButtonKind::primary, kFetch, Icon::sync)) model_.fetch(asked_.commands);
    row.cut_left(ui_.px(8));
  }
  if (copies) {
    if (button_in(ui_, row, "begin_copy", ButtonKind::secondary, kCopy)) model_.begin_copying();
    row.cut_left(ui_.px(8));
  }
  if (button_width(ui_, ButtonKind::quiet, kRecord) > row.w) {
    y_ = row.bottom();
    row = buttons();
  }
  if (button_in(ui_, row, "record", ButtonKind::quiet, kRecord)) one_case_.open_record(file.file_id(), asked_.commands);
  y_ = row.bottom();
  gap(8);
  return back;
}

/// The picture is whole on the screen, without scrolling, unless that would make it too small to know anything by.
void Column::opened(const pb::FileRow& file, float view_height) {
  const float top = y_;
  const bool back = file_buttons(file);
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::heading, ui_.colours().ink, file.name());
  y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::small, ui_.colours().ink2, file.second());
  sign_word(ui_, x_, y_, file.here() ? Sign::done : Sign::low, file.place());
  y_ += ui_.line(TextStyle::label);
  gap(10);
  said();
  progress();
  if (model_.panel() == FilesModel::Panel::copying) copy_panel(file);
  const pb::OpenedFile& shown = model_.shown().opened();
  if (!shown.rgba().empty()) state_.picture.hold(file.file_id(), shown.width(), shown.height(), shown.rgba());
  if (!state_.picture.empty()) {
    const float height = std::max(ui_.px(220), view_height - (y_ - top));
    y_ = state_.picture.draw(ui_, {x_, y_, width_, height}).bottom();
  } else if (!shown.no_picture().empty()) {
    y_ += ui_.text_wrapped(x_, y_, width_, TextStyle::body, ui_.colours().ink2, shown.no_picture());
  }
  const bool escape = escape_pressed();
  if (escape && model_.panel() == FilesModel::Panel::copying) return model_.close_panel();
  if (back || escape) {
    state_.picture.drop();
    model_.close(asked_.commands);
  }
}

}  // namespace

float draw_files(const Ui& ui, Rect content, float view_height, models::CaseModel& one_case, FilesModel& model,
                 FilesUi& state, Asked& asked) {
  const IdScope scope("files");
  content.w = std::min(content.w, ui.theme.widest_form());
  content.y += ui.px(8);
  Column column(ui, content, one_case, model, state, asked);
  const pb::FileRow* file = model.opened();
  if (file != nullptr && model.panel() != FilesModel::Panel::adding) {
    const IdScope one("one");
    column.opened(*file, view_height);
  } else {
    state.picture.drop();
    column.list();
  }
  return column.bottom() + ui.px(8);
}

}  // namespace wayside::desktop
