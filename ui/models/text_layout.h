#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace wayside::models {

/// One line as it stands on the screen: bytes [begin, end) of the text, without its line break.
struct TextLine {
  std::size_t begin;
  std::size_t end;
};

/// Where the words of a text stand when it is wrapped to a width: the geometry that a caret moves in.
/// Widths are in pixels and come from the caller, so that a test can use letters of one width.
class TextLayout {
 public:
  using Advance = std::function<float(std::uint32_t code_point)>;

  /// `wrap_width` 0: one line per line of text, however long (what a one-line field scrolls through).
  TextLayout(std::string_view text, float wrap_width, Advance advance);

  [[nodiscard]] const std::vector<TextLine>& lines() const { return lines_; }  ///< at least one
  [[nodiscard]] std::size_t line_of(std::size_t at) const;
  [[nodiscard]] float x_of(std::size_t at) const;                          ///< from the left edge of its line
  [[nodiscard]] std::size_t position_at(std::size_t line, float x) const;  ///< the nearest gap between characters
  [[nodiscard]] float width_of(std::size_t begin, std::size_t end) const;

 private:
  void wrap_paragraph(std::size_t begin, std::size_t end, float wrap_width);

  std::string_view text_;  ///< the caller keeps it while the layout lives
  Advance advance_;
  std::vector<TextLine> lines_;
};

}  // namespace wayside::models
