#include "ui/models/case_page.h"

namespace wayside::models {

void CaseModel::take(const pb::Case& news) {
  const bool other_case = news.case_id() != shown_.case_id();
  const bool other_form = news.form().form_id() != shown_.form().form_id();
  const std::string type_before = tab() ? tab()->type() : std::string();
  shown_ = news;
  adding_.take(news);
  shown_.clear_types();
  if (other_case) {
    pane_ = Pane::form;
    tab_ = 0;
  }
  // A form that has just been opened comes to the front, with its tab; otherwise the tab stays, wherever it stands now.
  const std::string wanted = (other_case || other_form) && shown_.has_form() ? shown_.form().type() : type_before;
  for (int i = 0; i < shown_.tabs_size(); ++i)
    if (shown_.tabs(i).type() == wanted) tab_ = i;
  if (other_form && shown_.has_form()) pane_ = Pane::form;
  if (!shown_.has_form() && pane_ == Pane::form) pane_ = Pane::records;
}

void CaseModel::choose_tab(int tab, Commands& out) {
  if (tab >= shown_.tabs_size()) {
    pane_ = Pane::timeline;
    return;
  }
  tab_ = tab;
  const auto& chosen = shown_.tabs(tab);
  if (chosen.record_id().empty()) pane_ = Pane::records;
  else open_record(chosen.record_id(), out);
}

void CaseModel::open_record(std::string_view record_id, Commands& out) {
  if (shown_.form().record_id() == record_id) {
    pane_ = Pane::form;
    for (int i = 0; i < shown_.tabs_size(); ++i)
      if (shown_.tabs(i).type() == shown_.form().type()) tab_ = i;
    return;
  }
  out.open_record(record_id);
}

void CaseModel::add(std::string_view type, Commands& out) {
  if (shown_.form().is_new() && shown_.form().type() == type) {  // it is open already: the worker will say nothing new
    pane_ = Pane::form;
    for (int i = 0; i < shown_.tabs_size(); ++i)
      if (shown_.tabs(i).type() == type) tab_ = i;
    return;
  }
  out.new_record(shown_.case_id(), type);
}

void CaseModel::begin_adding(Commands& out) {
  if (pane_ != Pane::adding) before_adding_ = pane_;
  pane_ = Pane::adding;
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
