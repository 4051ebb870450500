#include "core/schema/csv.h"

#include <utility>

#include "platform/result.h"

namespace wayside::schema {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Walks over the text one cell at a time and counts lines on the way.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  std::expected<std::vector<CsvRow>, CsvError> rows() {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      CsvRow row{line_, {}};
      do {
        WAYSIDE_TRY(auto cell, next_cell());
        row.cells.push_back(std::move(cell));
      } while (take(','));
      if (!end_of_line()) return bad("a quoted cell goes on after its closing quote; double the quotes inside it");
      if (row.cells.size() > 1 || !row.cells[0].empty()) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  using Cell = std::expected<std::string, CsvError>;

  Cell next_cell() { return at_ < text_.size() && text_[at_] == '"' ? quoted() : plain(); }

  Cell plain() {
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && !text_.substr(at_).starts_with("\r\n")) {
      if (text_[at_] == '"') return bad("a quote inside an unquoted cell; put the whole cell in quotes");
      if (text_[at_] == '\r') return bad("a carriage return without a line feed; save the file with LF or CRLF");
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  Cell quoted() {
    const auto first_line = line_;
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') return cell;
      }
      if (text_[at_] == '\n') ++line_;
      cell.push_back(text_[at_]);
    }
    line_ = first_line;
    return bad("a quoted cell that never ends; close it with a quote");
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool end_of_line() {
    if (at_ >= text_.size()) return true;
    if (text_.substr(at_).starts_with("\r\n")) ++at_;
    if (!take('\n')) return false;
    ++line_;
    return true;
  }

  [[nodiscard]] std::unexpected<CsvError> bad(std::string what) const {
    return std::unexpected(CsvError{line_, std::move(what)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::expected<std::vector<CsvRow>, CsvError> parse_csv(std::string_view text) { return Reader(text).rows(); }

std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const auto& cell : cells) {
    if (&cell != &cells.front()) out += ',';
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\r\n";
}

}  // namespace wayside::schema
