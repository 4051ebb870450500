#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ui/models/commands.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

/// The files of the open case: what is listed, which one is open, and what a person types to add one or to take a copy.
class FilesModel {
 public:
  enum class Panel { none, adding, copying };
  /// Work that is over sooner is not worth a bar.
  static constexpr std::int64_t kBarAfter_ms = 1000;

  void take(const pb::Files& news, std::int64_t now_ms);
  void drop() { *this = FilesModel(); }

  [[nodiscard]] const pb::Files& shown() const { return shown_; }
  /// The row of the file that is open; null when none is, or it is gone.
  [[nodiscard]] const pb::FileRow* opened() const;
  void open(std::string_view file_id, Commands& out);
  /// The picture goes from here at once, and is asked to go from the worker.
  void close(Commands& out);
  /// Another pane is in front: nothing is open any more. Who went there has told the worker.
  void leave();
  void fetch(Commands& out) const;

  [[nodiscard]] Panel panel() const { return panel_; }
  void begin_adding();
  void begin_copying();
  void close_panel() { panel_ = Panel::none; }
  [[nodiscard]] bool take_fresh() { return std::exchange(fresh_, false); }  ///< its first box takes the keyboard once

  TextEdit& path() { return path_; }
  TextEdit& name() { return name_; }
  TextEdit& copy_to() { return copy_to_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] std::string kind_label() const;
  void choose_kind(std::string_view code) { kind_ = code; }
  /// What came by drag and drop. One file at a time: of several the first, and the sentence says so.
  void dropped(std::string_view first, std::size_t count);
  [[nodiscard]] const std::string& dropped_sentence() const { return dropped_sentence_; }
  void add(std::string_view case_id, bool keep_as_is, Commands& out);
  [[nodiscard]] bool may_keep_as_is() const { return shown_.may_keep_as_is() && asked_path_ == path_.text(); }
  void write_copy(Commands& out);

  // Long work
  [[nodiscard]] bool working() const { return shown_.work().kind() != pb::FileWork::none; }
  [[nodiscard]] bool shows_bar(std::int64_t now_ms) const { return working() && now_ms >= work_since_ms_ + kBarAfter_ms; }
  [[nodiscard]] std::optional<std::int64_t> bar_due_ms(std::int64_t now_ms) const;
  [[nodiscard]] std::string work_words() const;  ///< "Fetching court-order.pdf from the office"
  [[nodiscard]] std::optional<float> work_share() const;
  [[nodiscard]] bool may_stop() const { return shown_.work().kind() == pb::FileWork::fetching; }

 private:
  pb::Files shown_;
  std::string open_id_;
  Panel panel_ = Panel::none;
  TextEdit path_{TextEdit::Shape::one_line};
  TextEdit name_{TextEdit::Shape::one_line};
  TextEdit copy_to_{TextEdit::Shape::one_line};
  std::string kind_;
  std::string asked_path_;        ///< what the worker's last answer is about
  std::string dropped_sentence_;
  bool fresh_ = false;
  std::int64_t work_since_ms_ = 0;
};

}  // namespace wayside::models
