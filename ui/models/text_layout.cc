#include "ui/models/text_layout.h"

#include <algorithm>
#include <utility>

#include "ui/models/utf8.h"

namespace wayside::models {

TextLayout::TextLayout(std::string_view text, float wrap_width, Advance advance)
    : text_(text), advance_(std::move(advance)) {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    wrap_paragraph(begin, end, wrap_width);
    if (end == text_.size()) return;
    begin = end + 1;
  }
}

void TextLayout::wrap_paragraph(std::size_t begin, std::size_t end, float wrap_width) {
  std::size_t line_begin = begin;
  std::size_t after_space = begin;  // where the line may break: just after its last space
  float width = 0;
  float width_after_space = 0;
  for (std::size_t at = begin; at < end;) {
    const std::size_t next = std::min(next_character(text_, at), end);
    const float step = width_of(at, next);
    const bool is_space = text_[at] == ' ';
    // A space may hang over the edge: it begins no line.
    if (wrap_width > 0 && width + step > wrap_width && !is_space && at > line_begin) {
      const std::size_t break_at = after_space > line_begin ? after_space : at;
      lines_.push_back({line_begin, break_at});
      width = break_at == at ? 0 : width - width_after_space;
      line_begin = after_space = break_at;
      width_after_space = 0;
    }
    width += step;
    if (is_space) {
      after_space = next;
      width_after_space = width;
    }
    at = next;
  }
  lines_.push_back({line_begin, end});
}

std::size_t TextLayout::line_of(std::size_t at) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), at,
                                      [](std::size_t position, const TextLine& line) { return position < line.begin; });
  return after == lines_.begin() ? 0 : static_cast<std::size_t>(after - lines_.begin()) - 1;
}

float TextLayout::x_of(std::size_t at) const { return width_of(lines_[line_of(at)].begin, at); }

std::size_t TextLayout::position_at(std::size_t line, float x) const {
  const TextLine& on = lines_[std::min(line, lines_.size() - 1)];
  float left = 0;
  for (std::size_t at = on.begin; at < on.end;) {
    const std::size_t next = std::min(next_character(text_, at), on.end);
    const float step = width_of(at, next);
    if (x < left + step / 2) return at;
    left += step;
    // The gap after a wrapped line's last character is the next line's beginning: stay before it.
    if (next == on.end && next < text_.size() && text_[next] != '\n') return at;
    at = next;
  }
  return on.end;
}

float TextLayout::width_of(std::size_t begin, std::size_t end) const {
  float width = 0;
  for (std::size_t at = begin; at < end && at < text_.size();) {
    const CodePoint point = code_point_at(text_, at);
    width += advance_(point.value);
    at += point.bytes;
  }
  return width;
}

}  // namespace wayside::models
