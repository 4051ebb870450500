#include "ui/models/case_page.h"

namespace wayside::models {

void CaseModel::take(const pb::Case& news) {
  const bool other_case = news.case_id() != shown_.case_id();
  const bool other_form = news.form().form_id() != shown_.form().form_id();
  const std::string type_before = tab() ? tab()->type() : std::string();
  const bool keeps_tab = !other_case && tab() != nullptr;
  shown_ = news;
  adding_.take(news);
  shown_.clear_types();
  shown_.clear_files();  // another model has them, and the picture is large
  if (other_case) {
    pane_ = Pane::form;
    tab_ = 0;
  }
  // A form that has just been opened comes to the front, with its tab; otherwise the tab stays, wherever it stands now.
  if ((other_case || other_form) && shown_.has_form()) to_tab_of(shown_.form().type());
  else if (keeps_tab) to_tab_of(type_before);
  if (other_form && shown_.has_form()) pane_ = Pane::form;
  if (!shown_.has_form() && pane_ == Pane::form) pane_ = Pane::records;
}

void CaseModel::to_tab_of(std::string_view type) {
  for (int i = 0; i < shown_.tabs_size(); ++i)
    if (shown_.tabs(i).type() == type) tab_ = i;
}

void CaseModel::leave_pane(Commands& out) const {
  if (pane_ == Pane::files) out.open_file({});
  if (pane_ == Pane::standing) out.show_standing(false);
}

void CaseModel::come_back(Commands& out) const {
  if (pane_ == Pane::standing) out.show_standing(true);
}

void CaseModel::go_to(Pane pane, Commands& out) {
  if (pane == pane_) return;
  leave_pane(out);
  pane_ = pane;
  come_back(out);
}

void CaseModel::choose_tab(int tab, Commands& out) {
  if (tab >= shown_.tabs_size()) return go_to(Pane::timeline, out);
  tab_ = tab;
  const auto& chosen = shown_.tabs(tab);
  if (chosen.shows() == pb::CaseTab::files) go_to(Pane::files, out);
  else if (chosen.shows() == pb::CaseTab::standing) go_to(Pane::standing, out);
  else if (chosen.record_id().empty()) go_to(Pane::records, out);
  else open_record(chosen.record_id(), out);
}

void CaseModel::show_files(Commands& out) {
  for (int i = 0; i < shown_.tabs_size(); ++i)
    if (shown_.tabs(i).shows() == pb::CaseTab::files) choose_tab(i, out);
}

void CaseModel::open_record(std::string_view record_id, Commands& out) {
  if (shown_.form().record_id() == record_id) {
    go_to(Pane::form, out);
    return to_tab_of(shown_.form().type());
  }
  leave_pane(out);
  out.open_record(record_id);
}

void CaseModel::add(std::string_view type, Commands& out) {
  if (const pb::CaseTab* held = part(type); held != nullptr && held->shows() == pb::CaseTab::files) return show_files(out);
  if (shown_.form().is_new() && shown_.form().type() == type) {  // it is open already: the worker will say nothing new
    go_to(Pane::form, out);
    return to_tab_of(type);
  }
  leave_pane(out);
  out.new_record(shown_.case_id(), type);
}

void CaseModel::begin_adding(Commands& out) {
  if (pane_ != Pane::adding) before_adding_ = pane_;
  go_to(Pane::adding, out);
  adding_.begin();
  out.list_types();
}

void CaseModel::stop_adding() {
  if (pane_ == Pane::adding) pane_ = before_adding_;
}

const pb::CaseTab* CaseModel::part(std::string_view type) const {
  for (const auto& tab : shown_.tabs())
    if (tab.type() == type) return &tab;
  return nullptr;
}

void CaseModel::choose_type(std::string_view type, Commands& out) {
  const pb::CaseTab* held = part(type);
  if (held == nullptr || !held->new_label().empty()) return add(type, out);
  stop_adding();
  int index = 0;
  while (shown_.tabs(index).type() != type) ++index;
  choose_tab(index, out);
}

}  // namespace wayside::models
