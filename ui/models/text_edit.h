#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ui/models/text_layout.h"

namespace wayside::models {

/// What a text box holds: text, caret, selection and undo, without a pixel. Positions are byte offsets at the
/// beginning of a character. Everything it held is wiped when it ends. Passphrases do not belong here.
class TextEdit {
 public:
  enum class Shape { one_line, many_lines };
  enum class Move { left, right, word_left, word_right, line_start, line_end, text_start, text_end };
  static constexpr std::size_t kMostBytes = 256 * 1024;  ///< a note of 40,000 words; a save is refused over 1 MiB
  static constexpr std::size_t kUndoSteps = 100;
  static constexpr std::size_t kUndoBytes = 4 << 20;  ///< of kept texts; older steps go first

  explicit TextEdit(Shape shape = Shape::one_line, std::string_view text = {});
  ~TextEdit();
  TextEdit(TextEdit&&) noexcept = default;
  TextEdit& operator=(TextEdit&& other) noexcept;
  TextEdit(const TextEdit&) = delete;
  TextEdit& operator=(const TextEdit&) = delete;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::size_t caret() const { return caret_; }
  [[nodiscard]] std::size_t selection_begin() const { return caret_ < anchor_ ? caret_ : anchor_; }
  [[nodiscard]] std::size_t selection_end() const { return caret_ < anchor_ ? anchor_ : caret_; }
  [[nodiscard]] bool has_selection() const { return caret_ != anchor_; }
  [[nodiscard]] std::string_view selected() const;
  [[nodiscard]] bool many_lines() const { return shape_ == Shape::many_lines; }

  /// Replaces everything from outside (a new snapshot). No undo leads back over it.
  void set_text(std::string_view text);
  void clear() { set_text({}); }

  // What a person does. Each returns whether the text changed.
  bool insert(
      std::string_view utf8);  ///< over the selection; what does not fit is left out; one_line turns breaks into spaces
  bool erase_back(bool word = false);  ///< Backspace; the selection when there is one
  bool erase_forward(bool word = false);
  bool undo();
  bool redo();

  void move(Move move, bool select);
  /// Up and down by the lines of `layout`, keeping the column over shorter lines. Past the ends: to the very end.
  void move_lines(const TextLayout& layout, int lines, bool select);
  void move_to_line_edge(const TextLayout& layout, bool end, bool select);  ///< Home and End on wrapped lines
  void place_caret(std::size_t at, bool select);
  void select_all();
  void select_word(std::size_t at);

 private:
  struct Step {
    std::string text;
    std::size_t caret;
    std::size_t anchor;
  };
  enum class Kind { none, typing, erasing, other };

  bool replace(std::size_t begin, std::size_t end, std::string_view with, Kind kind);
  void remember(Kind kind);
  bool travel(std::vector<Step>& from, std::vector<Step>& to);
  void set_caret(std::size_t at, bool select);
  static void wipe(std::string& text);
  static void wipe(std::vector<Step>& steps);

  Shape shape_;
  std::string text_;
  std::size_t caret_ = 0;
  std::size_t anchor_ = 0;
  float goal_x_ = -1;  ///< column kept while moving by lines
  Kind last_kind_ = Kind::none;
  std::vector<Step> undo_;
  std::vector<Step> redo_;
};

}  // namespace wayside::models
