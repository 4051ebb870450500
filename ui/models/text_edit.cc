#include "ui/models/text_edit.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "ui/models/utf8.h"

namespace wayside::models {
namespace {

/// The length of a mark at `at` that turns the direction of what follows; 0 where none is. Phones and address books put
/// them around a number that is copied, nobody sees them, and no field is saved with them.
std::size_t turning_mark(std::string_view text, std::size_t at) {
  if (text.size() - at < 3 || text[at] != '\xE2') return 0;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  const auto third = static_cast<unsigned char>(text[at + 2]);
  return (second == 0x80 && third >= 0xAA && third <= 0xAE) || (second == 0x81 && third >= 0xA6 && third <= 0xA9) ? 3 : 0;
}

/// What may stand in a box: no control characters but the line break of a long text, and nothing that turns the writing.
std::string cleaned(std::string_view text, bool many_lines) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const auto length = turning_mark(text, i); length > 0) {
      i += length - 1;
    } else if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      clean.push_back(many_lines ? '\n' : ' ');
    } else if (c == '\n' || c == '\t') {
      clean.push_back(c == '\n' && many_lines ? '\n' : ' ');
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      clean.push_back(c);
    }
  }
  return clean;
}

}  // namespace

TextEdit::TextEdit(Shape shape, std::string_view text) : shape_(shape) { set_text(text); }

TextEdit::~TextEdit() {
  wipe(text_);
  wipe(undo_);
  wipe(redo_);
}

TextEdit& TextEdit::operator=(TextEdit&& other) noexcept {
  if (this == &other) return *this;
  wipe(text_);
  wipe(undo_);
  wipe(redo_);
  shape_ = other.shape_;
  text_ = std::move(other.text_);
  caret_ = other.caret_;
  anchor_ = other.anchor_;
  goal_x_ = other.goal_x_;
  last_kind_ = other.last_kind_;
  undo_ = std::move(other.undo_);
  redo_ = std::move(other.redo_);
  return *this;
}

std::string_view TextEdit::selected() const {
  return std::string_view(text_).substr(selection_begin(), selection_end() - selection_begin());
}

void TextEdit::set_text(std::string_view text) {
  std::string clean = cleaned(text, many_lines());
  if (clean.size() > kMostBytes) clean.resize(previous_character(clean, kMostBytes + 1));
  wipe(text_);
  wipe(undo_);
  wipe(redo_);
  text_ = std::move(clean);
  caret_ = anchor_ = text_.size();
  goal_x_ = -1;
  last_kind_ = Kind::none;
}

bool TextEdit::insert(std::string_view utf8) {
  std::string clean = cleaned(utf8, many_lines());
  const std::size_t kept = text_.size() - (selection_end() - selection_begin());
  const std::size_t room = kMostBytes > kept ? kMostBytes - kept : 0;
  if (clean.size() > room) clean.resize(previous_character(clean, room + 1));
  if (clean.empty()) return false;
  // A word typed letter by letter is one step of undo; its space ends it.
  const bool letter = next_character(clean, 0) == clean.size() && clean != "\n";
  const bool changed = replace(selection_begin(), selection_end(), clean, letter ? Kind::typing : Kind::other);
  if (clean == " ") last_kind_ = Kind::none;
  wipe(clean);
  return changed;
}

bool TextEdit::erase_back(bool word) {
  if (has_selection()) return replace(selection_begin(), selection_end(), {}, Kind::other);
  const std::size_t from = word ? previous_word(text_, caret_) : previous_character(text_, caret_);
  return replace(from, caret_, {}, word ? Kind::other : Kind::erasing);
}

bool TextEdit::erase_forward(bool word) {
  if (has_selection()) return replace(selection_begin(), selection_end(), {}, Kind::other);
  const std::size_t to = word ? next_word(text_, caret_) : next_character(text_, caret_);
  return replace(caret_, to, {}, word ? Kind::other : Kind::erasing);
}

bool TextEdit::replace(std::size_t begin, std::size_t end, std::string_view with, Kind kind) {
  if (begin == end && with.empty()) return false;
  remember(has_selection() ? Kind::other : kind);
  text_.replace(begin, end - begin, with);
  caret_ = anchor_ = begin + with.size();
  goal_x_ = -1;
  return true;
}

void TextEdit::remember(Kind kind) {
  wipe(redo_);
  const bool goes_on = kind != Kind::other && kind == last_kind_ && !undo_.empty();
  last_kind_ = kind;
  if (goes_on) return;
  undo_.push_back({text_, caret_, anchor_});
  std::size_t held = 0;
  std::size_t keep_from = undo_.size();
  while (keep_from > 0 && undo_.size() - keep_from < kUndoSteps &&
         held + undo_[keep_from - 1].text.size() <= kUndoBytes)
    held += undo_[--keep_from].text.size();
  for (std::size_t i = 0; i < keep_from; ++i) wipe(undo_[i].text);
  undo_.erase(undo_.begin(), undo_.begin() + static_cast<std::ptrdiff_t>(keep_from));
}

bool TextEdit::undo() { return travel(undo_, redo_); }
bool TextEdit::redo() { return travel(redo_, undo_); }

bool TextEdit::travel(std::vector<Step>& from, std::vector<Step>& to) {
  if (from.empty()) return false;
  to.push_back({std::move(text_), caret_, anchor_});
  text_ = std::move(from.back().text);
  caret_ = from.back().caret;
  anchor_ = from.back().anchor;
  from.pop_back();
  goal_x_ = -1;
  last_kind_ = Kind::none;
  return true;
}

void TextEdit::set_caret(std::size_t at, bool select) {
  caret_ = std::min(at, text_.size());
  if (!select) anchor_ = caret_;
  last_kind_ = Kind::none;
}

void TextEdit::move(Move move, bool select) {
  goal_x_ = -1;
  const bool collapse = has_selection() && !select;
  switch (move) {
    case Move::left: return set_caret(collapse ? selection_begin() : previous_character(text_, caret_), select);
    case Move::right: return set_caret(collapse ? selection_end() : next_character(text_, caret_), select);
    case Move::word_left: return set_caret(previous_word(text_, caret_), select);
    case Move::word_right: return set_caret(next_word(text_, caret_), select);
    case Move::line_start: {
      const auto before = caret_ == 0 ? std::string::npos : text_.rfind('\n', caret_ - 1);
      return set_caret(before == std::string::npos ? 0 : before + 1, select);
    }
    case Move::line_end: return set_caret(std::min(text_.find('\n', caret_), text_.size()), select);
    case Move::text_start: return set_caret(0, select);
    case Move::text_end: return set_caret(text_.size(), select);
  }
}

void TextEdit::move_lines(const TextLayout& layout, int lines, bool select) {
  const float x = goal_x_ >= 0 ? goal_x_ : layout.x_of(caret_);
  const auto target = static_cast<std::ptrdiff_t>(layout.line_of(caret_)) + lines;
  if (target < 0) {
    set_caret(0, select);
  } else if (target >= static_cast<std::ptrdiff_t>(layout.lines().size())) {
    set_caret(text_.size(), select);
  } else {
    set_caret(layout.position_at(static_cast<std::size_t>(target), x), select);
  }
  goal_x_ = x;
}

void TextEdit::move_to_line_edge(const TextLayout& layout, bool end, bool select) {
  const std::size_t line = layout.line_of(caret_);
  const std::size_t at = end ? layout.position_at(line, 1e9f) : layout.lines()[line].begin;
  set_caret(at, select);
  goal_x_ = -1;
}

void TextEdit::place_caret(std::size_t at, bool select) {
  set_caret(at, select);
  goal_x_ = -1;
}

void TextEdit::select_all() {
  anchor_ = 0;
  caret_ = text_.size();
  last_kind_ = Kind::none;
}

void TextEdit::select_word(std::size_t at) {
  const std::size_t end = next_word(text_, previous_word(text_, next_character(text_, at)));
  anchor_ = previous_word(text_, end);
  caret_ = end;
  last_kind_ = Kind::none;
}

void TextEdit::wipe(std::string& text) {
  sodium_memzero(text.data(), text.capacity());
  text.clear();
}

void TextEdit::wipe(std::vector<Step>& steps) {
  for (Step& step : steps) wipe(step.text);
  steps.clear();
}

}  // namespace wayside::models
