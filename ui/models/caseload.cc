#include "ui/models/caseload.h"

#include <algorithm>

#include "ui/models/utf8.h"

namespace wayside::models {
namespace {

std::string counted(std::uint32_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

}  // namespace

void CaseloadModel::take(const pb::Caseload& caseload) {
  shown_ = caseload;
  any_news_ = true;
  if (shown_.text() == asked_text_ && shown_.filter() == asked_filter_) asked_at_ms_.reset();
  selected_.reset();
  for (std::size_t row = 0; row < row_count() && !selected_id_.empty(); ++row) {
    const std::string& id = is_note(row) ? note_at(row).record_id() : case_at(row).case_id();
    if (id == selected_id_) {
      selected_ = row;
      break;
    }
  }
}

void CaseloadModel::drop() {
  shown_.Clear();
  any_news_ = false;
  query_.clear();
  filter_.clear();
  asked_text_.clear();
  asked_filter_.clear();
  asked_at_ms_.reset();
  selected_.reset();
  selected_id_.clear();
  preview_due_ms_.reset();
}

std::vector<Pill> CaseloadModel::pills() const {
  return {{"", "All", shown_.total()},
          {"high", "High risk", shown_.high_risk()},
          {"two_values", "Two values", shown_.two_values()},
          {"closed", "Closed", shown_.closed()}};
}

bool CaseloadModel::searching() const { return !trimmed(shown_.text()).empty(); }

std::string CaseloadModel::count_sentence() const {
  if (!searching()) return {};
  const std::uint32_t cases = shown_.matching();
  const std::uint32_t notes = shown_.matching_notes();
  std::string sentence = counted(cases, "case", "cases");
  if (notes > 0) sentence += " and " + counted(notes, "note", "notes");
  const bool one = cases + notes == 1;
  sentence += (one ? " matches “" : " match “") + std::string(trimmed(shown_.text())) + "”";
  if (cases > static_cast<std::uint32_t>(shown_.rows_size()))
    sentence += ". The first " + std::to_string(shown_.rows_size()) + " are shown.";
  return sentence;
}

std::string CaseloadModel::empty_sentence() const {
  if (!any_news_ || row_count() > 0) return {};
  if (searching()) return "No case and no note on this device matches “" + std::string(trimmed(shown_.text())) + "”.";
  if (shown_.filter() == "high") return "No open case is at high risk.";
  if (shown_.filter() == "two_values") return "No case waits for a decision between two values.";
  if (shown_.filter() == "closed") return "No case is closed.";
  return "There are no cases on this device yet.";
}

std::size_t CaseloadModel::row_count() const {
  return static_cast<std::size_t>(shown_.rows_size()) + static_cast<std::size_t>(shown_.notes_size());
}

void CaseloadModel::search(std::int64_t now_ms, Commands& out) {
  if (query_.text() == asked_text_ && filter_ == asked_filter_) return;
  if (const auto due = search_due_ms(); due && now_ms < *due) return;
  asked_text_ = query_.text();
  asked_filter_ = filter_;
  asked_at_ms_ = now_ms;
  out.search(asked_text_, asked_filter_);
}

std::optional<std::int64_t> CaseloadModel::search_due_ms() const {
  if (!asked_at_ms_ || (query_.text() == asked_text_ && filter_ == asked_filter_)) return std::nullopt;
  return *asked_at_ms_ + kUnanswered_ms;
}

void CaseloadModel::choose_filter(std::string_view filter, std::int64_t now_ms, Commands& out) {
  filter_ = filter;
  search(now_ms, out);
}

void CaseloadModel::clear_search(std::int64_t now_ms, Commands& out) {
  query_.clear();
  filter_.clear();
  search(now_ms, out);
}

void CaseloadModel::select(std::size_t row, std::int64_t now_ms) {
  if (row >= row_count()) return;
  selected_ = row;
  selected_id_ = is_note(row) ? note_at(row).record_id() : case_at(row).case_id();
  preview_due_ms_ = now_ms + kPreviewAfter_ms;
}

void CaseloadModel::move(int rows, std::int64_t now_ms) {
  if (row_count() == 0) return;
  const auto last = static_cast<std::ptrdiff_t>(row_count()) - 1;
  const std::ptrdiff_t from = selected_ ? static_cast<std::ptrdiff_t>(*selected_) + rows : 0;
  select(static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(from, 0, last)), now_ms);
}

void CaseloadModel::select_edge(bool last, std::int64_t now_ms) {
  if (row_count() > 0) select(last ? row_count() - 1 : 0, now_ms);
}

void CaseloadModel::open(std::size_t row, Commands& out) {
  if (row >= row_count()) return;
  preview_due_ms_.reset();
  out.open_case(is_note(row) ? note_at(row).case_id() : case_at(row).case_id());
  if (is_note(row)) out.open_record(note_at(row).record_id());
}

void CaseloadModel::preview(std::int64_t now_ms, std::string_view open_case, Commands& out) {
  if (!preview_due_ms_ || now_ms < *preview_due_ms_) return;
  preview_due_ms_.reset();
  if (!selected_) return;
  const std::string& id = is_note(*selected_) ? note_at(*selected_).case_id() : case_at(*selected_).case_id();
  if (id != open_case) out.open_case(id);
}

}  // namespace wayside::models
