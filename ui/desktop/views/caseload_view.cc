#include "ui/desktop/views/caseload_view.h"

#include <imgui_internal.h>

#include <algorithm>
#include <vector>

#include "ui/desktop/widgets/buttons.h"
#include "ui/desktop/widgets/panels.h"
#include "ui/desktop/widgets/scroll_area.h"
#include "ui/desktop/widgets/text_box.h"
#include "ui/models/highlight.h"

namespace wayside::desktop {

namespace pb = models::pb;

namespace {

using models::CaseloadModel;

void search_box(const Ui& ui, const Rect& rect, CaseloadModel& model, CaseloadUi& state, Asked& asked) {
  const float clear_width = model.query().empty() ? 0 : ui.px(44);
  BoxOptions options{.focus_now = state.focus_search,
                     .leading = Icon::search,
                     .when_empty = "Search names, notes, places",
                     .room_right = clear_width};
  options.keeps_vertical = true;
  state.focus_search = false;
  const BoxResult box = text_box(ui, "search", rect, model.query(), options);
  if (box.changed) model.search(ui.now_ms, asked.commands);
  if (box.active) {  // the rows answer to the arrows while the words are typed
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) model.move(1, ui.now_ms);
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) model.move(-1, ui.now_ms);
  }
  if (box.submitted && model.row_count() > 0) {
    model.open(model.selected().value_or(0), asked.commands);
    asked.go_to = models::Screen::one_case;
  }
  if (clear_width > 0 &&
      icon_button(ui, "clear",
                  {rect.right() - clear_width - ui.px(2), rect.y + ui.px(2), clear_width, rect.h - ui.px(4)},
                  Icon::close)) {
    model.clear_search(ui.now_ms, asked.commands);
    state.focus_search = true;
  }
}

// ---- Rows -------------------------------------------------------------------------------------------------------

struct Columns {
  Rect name, risk, next, seen;
  bool narrow = false;  // name and risk only
};

Columns columns_of(const Ui& ui, const Rect& row, bool compact) {
  Rect rest = row.inset(ui.px(16), 0);
  Columns c;
  c.narrow = compact;
  if (!compact) {
    c.seen = rest.cut_right(
        std::max(ui.width_of(TextStyle::label, "Last seen"), ui.width_of(TextStyle::small, "28 September 2025")));
    rest.cut_right(ui.px(12));
    c.next = rest.cut_right(ui.width_of(TextStyle::label, "Plan review 28 September"));
    rest.cut_right(ui.px(12));
  }
  c.risk = rest.cut_right(ui.theme.glyph(16) + ui.px(6) + ui.width_of(TextStyle::label, "Not assessed"));
  rest.cut_right(ui.px(12));
  c.name = rest;
  return c;
}

void heads(const Ui& ui, const Columns& c, float y, std::string_view first) {
  const Colour ink = ui.colours().ink2;
  ui.text(c.name.x, y, TextStyle::label, ink, first);
  ui.text(c.risk.x, y, TextStyle::label, ink, "Risk");
  if (c.narrow) return;
  ui.text(c.next.x, y, TextStyle::label, ink, "Next");
  ui.text_right(c.seen.right(), y, TextStyle::label, ink, "Last seen");
}

void case_row(const Ui& ui, const Rect& rect, const pb::CaseRow& row, const RowLook& look, bool compact,
              std::string_view query) {
  const Columns c = columns_of(ui, rect, compact);
  row_ground(ui, rect, look, c.name.x);
  const Palette& p = ui.colours();
  const float strong = ui.line(TextStyle::strong);
  const float y = rect.y + (rect.h - strong - ui.line(TextStyle::small)) / 2;
  const float signs = (row.two_values() ? ui.px(10) + ui.theme.glyph(20) : 0) +
                      (row.draft() ? ui.px(10) + ui.width_of(TextStyle::label, "Draft") : 0);
  const float room = c.name.w - signs;
  ui.text_marked(c.name.x, y, room, TextStyle::strong, p.ink, row.name(), models::matches(row.name(), query));
  float x = c.name.x + std::min(room, ui.width_of(TextStyle::strong, row.name()));
  if (row.two_values()) {
    ui.sign(Sign::two_values, x + ui.px(10) + ui.theme.glyph(10), y + strong / 2, ui.theme.glyph(20));
    x += ui.px(10) + ui.theme.glyph(20);
  }
  if (row.draft())
    ui.text(x + ui.px(10), y + (strong - ui.line(TextStyle::label)) / 2, TextStyle::label, p.accent, "Draft");
  std::string second = row.second();
  if (compact && row.plan_review_overdue()) second = row.plan_review() + (second.empty() ? "" : ". " + second);
  ui.text_marked(c.name.x, y + strong, c.name.w, TextStyle::small, p.ink2, second, models::matches(second, query));
  const float mid = rect.y + (rect.h - ui.line(TextStyle::label)) / 2;
  const bool closed = row.status() == "Closed";
  const Sign sign = closed ? Sign::low : sign_of(row.risk());
  sign_word(ui, c.risk.x, mid, sign, closed ? "Closed" : word_of(row.risk()));
  if (compact) return;
  ui.text_cut(c.next.x, mid, c.next.w, row.plan_review_overdue() ? TextStyle::label : TextStyle::small,
              row.plan_review_overdue() ? p.danger : p.ink, row.plan_review());
  ui.text_right(c.seen.right(), mid, TextStyle::small, p.ink2, row.last_seen());
}

void note_row(const Ui& ui, const Rect& rect, const pb::NoteHit& hit, const RowLook& look, std::string_view query) {
  const float x = rect.x + ui.px(16);
  const float width = rect.w - 2 * ui.px(16);
  row_ground(ui, rect, look, x);
  const float y = rect.y + (rect.h - ui.line(TextStyle::body) - ui.line(TextStyle::small)) / 2;
  ui.text_marked(x, y, width, TextStyle::body, ui.colours().ink, hit.excerpt(), models::matches(hit.excerpt(), query));
  ui.text_cut(x, y + ui.line(TextStyle::body), width, TextStyle::small, ui.colours().ink2,
              hit.case_name() + (hit.when().empty() ? "" : ", " + hit.when()));
}

/// Where a row stands below the beginning of the list: a heading parts cases from notes.
struct ListGeometry {
  float row_height;
  float heading;
  std::size_t cases;
  std::size_t all;

  [[nodiscard]] float top_of(std::size_t row) const {
    return static_cast<float>(row) * row_height + (row >= cases ? heading : 0);
  }
  [[nodiscard]] float bottom() const { return top_of(all); }
  [[nodiscard]] std::optional<std::size_t> at(float y) const {
    for (std::size_t row = static_cast<std::size_t>(std::max(0.0f, y - heading) / row_height); row < all; ++row) {
      if (y < top_of(row)) return std::nullopt;
      if (y < top_of(row) + row_height) return row;
    }
    return std::nullopt;
  }
};

bool list_keys(const Ui& ui, ImGuiID id, CaseloadModel& model, int page_rows) {
  const auto pressed = [id](ImGuiKey key) {
    ImGui::SetKeyOwner(key, id);
    return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
  };
  const auto before = model.selected();
  if (pressed(ImGuiKey_DownArrow)) model.move(1, ui.now_ms);
  if (pressed(ImGuiKey_UpArrow)) model.move(-1, ui.now_ms);
  if (pressed(ImGuiKey_PageDown)) model.move(page_rows, ui.now_ms);
  if (pressed(ImGuiKey_PageUp)) model.move(-page_rows, ui.now_ms);
  if (pressed(ImGuiKey_Home)) model.select_edge(false, ui.now_ms);
  if (pressed(ImGuiKey_End)) model.select_edge(true, ui.now_ms);
  return model.selected() != before;
}

void open_row(const Page& page, std::size_t row, bool at_once, CaseloadModel& model, std::int64_t now_ms,
              Asked& asked) {
  const bool again = model.selected() == row;
  model.select(row, now_ms);
  // Beside a preview the first press chooses; without one it opens.
  if (page.wide() && !again && !at_once) return;
  model.open(row, asked.commands);
  asked.go_to = models::Screen::one_case;
}

void list(const Ui& ui, const Page& page, const Rect& view, CaseloadModel& model, Asked& asked) {
  ScrollArea pane(ui, "cases", view);
  const Rect& content = pane.content();
  const ListGeometry geometry{ui.theme.row(), ui.px(20) + ui.line(TextStyle::label) + ui.px(6),
                              static_cast<std::size_t>(model.shown().rows_size()), model.row_count()};
  // One item for the whole list: Tab comes here once, then the arrows choose a row.
  const Rect item{view.x, view.y, content.w, view.h};
  const Press hit = press(ui, "rows", item);
  const ImGuiID id = ImGui::GetItemID();
  const std::string query(model.query().text());
  const float mouse_y = ImGui::GetIO().MousePos.y - content.y;
  bool reveal = false;
  if (ImGui::GetFocusID() == id && !ImGui::GetIO().WantTextInput)
    reveal = list_keys(ui, id, model, std::max(1, static_cast<int>(view.h / geometry.row_height) - 1));
  if (hit.pressed && ImGui::IsMouseReleased(0)) {
    if (const auto row = geometry.at(mouse_y)) open_row(page, *row, false, model, ui.now_ms, asked);
  } else if (hit.pressed && geometry.all > 0) {
    open_row(page, model.selected().value_or(0), true, model, ui.now_ms, asked);
  }
  const auto hovered = hit.hovered ? geometry.at(mouse_y) : std::nullopt;
  const auto first =
      static_cast<std::size_t>(std::max(0.0f, (view.y - content.y - geometry.heading) / geometry.row_height));
  for (std::size_t row = first; row < geometry.all; ++row) {
    const Rect rect{content.x, content.y + geometry.top_of(row), content.w, geometry.row_height};
    if (rect.y > view.bottom()) break;
    if (row == geometry.cases)
      ui.text(rect.x + ui.px(16), rect.y - ui.px(6) - ui.line(TextStyle::label), TextStyle::label, ui.colours().ink2,
              "Notes");
    const bool next_selected = model.selected() == row + 1;
    const RowLook look{.selected = model.selected() == row,
                       .focused = hit.focused && model.selected().value_or(0) == row,
                       .hovered = hovered == row,
                       .hairline = !next_selected && row + 1 != geometry.cases};
    const std::string_view marked = model.searching() ? std::string_view(query) : std::string_view();
    if (model.is_note(row)) note_row(ui, rect, model.note_at(row), look, marked);
    else case_row(ui, rect, model.case_at(row), look, !page.wide() && page.compact(), marked);
  }
  if (reveal && model.selected())
    pane.reveal(content.y + geometry.top_of(*model.selected()),
                content.y + geometry.top_of(*model.selected()) + geometry.row_height);
  pane.end(content.y + geometry.bottom());
}

// ---- The chosen case beside the rows ---------------------------------------------------------------------------

void preview_facts(const Ui& ui, const Rect& view, const pb::Case& shown) {
  ScrollArea pane(ui, "facts", view);
  const Rect& content = pane.content();
  float y = content.y;
  const std::vector<std::string> lines(shown.safe_contact().begin(), shown.safe_contact().end());
  const Rect strip{content.x, y, content.w,
                   safe_contact_height(ui, content.w, lines, shown.safe_contact_missing(), true)};
  safe_contact(ui, strip, lines, shown.safe_contact_missing(), true);
  y = strip.bottom() + ui.px(16);
  for (const auto& fact : shown.preview().facts()) {
    ui.text(content.x, y, TextStyle::label, ui.colours().ink2, fact.label());
    y += ui.line(TextStyle::label);
    y += ui.text_wrapped(content.x, y, content.w, TextStyle::body, ui.colours().ink, fact.value()) + ui.px(8);
  }
  pane.end(y);
}

void preview_pane(const Ui& ui, const Rect& card, CaseloadModel& model, const models::CaseModel& preview,
                  Asked& asked) {
  ui.card(card);
  Rect inside = card.inset(ui.px(20));
  if (!model.selected() || model.is_note(*model.selected())) {
    ui.text_wrapped(inside.x, inside.y, inside.w, TextStyle::body, ui.colours().ink2,
                    "Choose a case to see its safe contact and the main facts here.");
    return;
  }
  const pb::CaseRow& row = model.case_at(*model.selected());
  inside.cut_top(ui.text_wrapped(inside.x, inside.y, inside.w, TextStyle::title, ui.colours().ink, row.name()) +
                 ui.px(6));
  Rect chips = inside.cut_top(chip_height(ui));
  const std::string risk = row.risk() == pb::risk_none ? "Not assessed" : std::string(word_of(row.risk())) + " risk";
  chip(ui, chips.x, chips.y, sign_of(row.risk()), risk);
  if (row.two_values()) chip(ui, chips.x + chip_width(ui, risk) + ui.px(12), chips.y, Sign::two_values, "Two values");
  inside.cut_top(ui.px(16));
  const Rect foot = inside.cut_bottom(ui.theme.target());
  inside.cut_bottom(ui.px(12));
  if (preview.shown().case_id() == row.case_id()) {
    inside.w += ui.theme.bar_room() - ui.px(4);
    preview_facts(ui, inside, preview.shown());
  }
  if (button(ui, "open", foot, ButtonKind::primary, "Open case")) {
    model.open(*model.selected(), asked.commands);
    asked.go_to = models::Screen::one_case;
  }
}

void nothing_here(const Ui& ui, const Rect& rect, CaseloadModel& model, Asked& asked) {
  const bool no_cases = !model.searching() && model.shown().filter().empty();
  const std::string_view why =
      no_cases ? "A reconcile brings the cases of your team. You can also begin one here: nothing needs a connection."
               : "Closed cases and notes were searched too.";
  float y = empty_words(ui, rect, no_cases ? Icon::folder_shared : Icon::search, model.empty_sentence(),
                        no_cases || model.searching() ? why : "");
  const float x = std::round(rect.x + (rect.w - std::min(rect.w, ui.px(440))) / 2);
  Rect row{x, y, rect.w, ui.theme.target()};
  if (no_cases) {
    if (button_in(ui, row, "first", ButtonKind::primary, "New case", Icon::add)) {
      asked.commands.new_case();
      asked.go_to = models::Screen::one_case;
    }
    if (button_in(ui, row, "reconcile", ButtonKind::secondary, "Reconcile")) asked.go_to = models::Screen::reconcile;
  } else if (button_in(ui, row, "all", ButtonKind::secondary, "Show all cases")) {
    model.clear_search(ui.now_ms, asked.commands);
  }
}

/// Filter pills and "New case", or what a search found. Returns its height.
float above_rows(const Ui& ui, const Rect& area, CaseloadModel& model, Asked& asked) {
  if (model.searching() && model.row_count() == 0) return ui.px(8);
  if (model.searching())
    return ui.text_wrapped(area.x, area.y, area.w, TextStyle::body, ui.colours().ink2, model.count_sentence()) +
           ui.px(8);
  float x = area.x;
  float y = area.y;
  const float height = pill_height(ui);
  const float add_width = button_width(ui, ButtonKind::quiet, "New case", Icon::add);
  for (const models::Pill& pill_of : model.pills()) {
    const std::string count = std::to_string(pill_of.count);
    const float width = pill_width(ui, pill_of.label, count);
    if (x > area.x && x + width > area.right() - (y == area.y ? add_width + ui.px(16) : 0)) {
      x = area.x;
      y += height + ui.px(8);
    }
    if (pill(ui, pill_of.label, {x, y, width, height}, pill_of.label, count, model.filter() == pill_of.filter))
      model.choose_filter(pill_of.filter, ui.now_ms, asked.commands);
    x += width + ui.px(9);
  }
  const Rect add{area.right() - add_width, area.y - (ui.px(44) - height) / 2, add_width, ui.px(44)};
  if (button(ui, "add", add, ButtonKind::quiet, "New case", Icon::add)) {
    asked.commands.new_case();
    asked.go_to = models::Screen::one_case;
  }
  return y + height - area.y + ui.px(12);
}

}  // namespace

void draw_caseload(const Ui& ui, const Page& page, CaseloadModel& model, const models::CaseModel& preview,
                   CaseloadUi& state, Asked& asked) {
  Rect header = page.header;
  const float title_y = header.y + (header.h - ui.line(TextStyle::title)) / 2;
  ui.text(header.x, title_y, TextStyle::title, ui.colours().ink, "Cases");
  Rect body = page.body.inset(page.gutter, 0);
  const float box_height = ui.theme.target();
  if (page.compact()) {
    search_box(ui, body.cut_top(box_height + ui.px(6)).inset(0, ui.px(3)), model, state, asked);
    body.cut_top(ui.px(8));
  } else {
    header.cut_left(ui.width_of(TextStyle::title, "Cases") + ui.px(24));
    const Rect box{header.x, header.y + std::round((header.h - box_height) / 2), std::min(header.w, ui.px(560)),
                   box_height};
    search_box(ui, box, model, state, asked);
  }
  body.cut_top(ui.px(6));
  Rect beside{};
  if (page.wide()) {
    // The card keeps a gutter of its own, and begins level with the column heads.
    beside = body.cut_right(ui.theme.preview());
    body.cut_right(ui.px(14));
  }
  const float bar = ui.theme.bar_room();
  Rect above = body;
  if (!page.wide()) above.w = body.w;
  body.cut_top(above_rows(ui, page.wide() ? body : above, model, asked));
  if (model.row_count() == 0) {
    if (!model.empty_sentence().empty()) nothing_here(ui, body, model, asked);
  } else {
    body.w += page.wide() ? 0 : std::min(bar, page.gutter);
    const Rect heads_row = body.cut_top(ui.line(TextStyle::label) + ui.px(8));
    const Rect inner{heads_row.x, heads_row.y, heads_row.w - bar, heads_row.h};
    heads(ui, columns_of(ui, inner, page.compact()), heads_row.y, model.searching() ? "Cases" : "Name");
    body.cut_bottom(ui.px(8));
    ui.next_pane();
    list(ui, page, body, model, asked);
  }
  if (page.wide()) {
    beside.cut_bottom(ui.px(20));
    ui.next_pane();
    preview_pane(ui, beside, model, preview, asked);
  }
}

}  // namespace wayside::desktop
