#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/models/commands.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

struct Pill {
  std::string_view filter;  ///< what Search.filter takes
  std::string_view label;
  std::uint32_t count;
};

/// The list of cases: what was searched, which rows answer, which one is chosen.
class CaseloadModel {
 public:
  /// A newer search is sent while an older one is unanswered only after this time: typing never piles up work.
  static constexpr std::int64_t kUnanswered_ms = 1000;
  /// A row must stay chosen this long before a wide window previews it: each opening is logged.
  static constexpr std::int64_t kPreviewAfter_ms = 200;

  void take(const pb::Caseload& caseload);
  void drop();

  TextEdit& query() { return query_; }
  [[nodiscard]] const TextEdit& query() const { return query_; }
  [[nodiscard]] const std::string& filter() const { return filter_; }
  [[nodiscard]] std::vector<Pill> pills() const;
  [[nodiscard]] bool searching() const;              ///< the rows answer a search text
  [[nodiscard]] std::string count_sentence() const;  ///< "3 cases and 2 notes match “sha”"
  /// Why there are no rows, and what to do; empty while there are rows or no news yet.
  [[nodiscard]] std::string empty_sentence() const;

  // Rows: cases first, then notes; one selection walks through both.
  [[nodiscard]] const pb::Caseload& shown() const { return shown_; }
  [[nodiscard]] std::size_t row_count() const;
  [[nodiscard]] bool is_note(std::size_t row) const { return row >= static_cast<std::size_t>(shown_.rows_size()); }
  [[nodiscard]] const pb::CaseRow& case_at(std::size_t row) const { return shown_.rows(static_cast<int>(row)); }
  [[nodiscard]] const pb::NoteHit& note_at(std::size_t row) const {
    return shown_.notes(static_cast<int>(row) - shown_.rows_size());
  }
  [[nodiscard]] std::optional<std::size_t> selected() const { return selected_; }

  void search(std::int64_t now_ms, Commands& out);  ///< the query changed: ask, when it is time to
  [[nodiscard]] std::optional<std::int64_t> search_due_ms() const;
  void choose_filter(std::string_view filter, std::int64_t now_ms, Commands& out);
  void clear_search(std::int64_t now_ms, Commands& out);

  void select(std::size_t row, std::int64_t now_ms);
  void move(int rows, std::int64_t now_ms);  ///< stays inside; from nothing: the first row
  void select_edge(bool last, std::int64_t now_ms);
  /// Opens the chosen row: its case, or the note in its case.
  void open(std::size_t row, Commands& out);
  /// For wide windows: asks for the chosen case when it has stood long enough. `open_case` is the one shown now.
  void preview(std::int64_t now_ms, std::string_view open_case, Commands& out);
  [[nodiscard]] std::optional<std::int64_t> preview_due_ms() const { return preview_due_ms_; }

 private:
  pb::Caseload shown_;
  bool any_news_ = false;
  TextEdit query_{TextEdit::Shape::one_line};
  std::string filter_;
  std::string asked_text_;
  std::string asked_filter_;
  std::optional<std::int64_t> asked_at_ms_;  ///< unanswered since
  std::optional<std::size_t> selected_;
  std::string selected_id_;  ///< follows its case when rows change
  std::optional<std::int64_t> preview_due_ms_;
};

}  // namespace wayside::models
