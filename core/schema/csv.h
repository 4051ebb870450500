#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace wayside::schema {

struct CsvRow {
  std::size_t line = 0;             ///< where it begins, from 1
  std::vector<std::string> cells;
};

/// Where a table is broken, and the remedy.
struct CsvError {
  std::size_t line = 0;
  std::string what;
};

/// Reads comma separated values as RFC 4180 has them: quotes around cells with commas, quotes or line ends; LF or CRLF;
/// a byte order mark is passed over, and so are empty lines. Nothing else is forgiven.
std::expected<std::vector<CsvRow>, CsvError> parse_csv(std::string_view text);

/// One row as RFC 4180 has it, with its line end (CRLF).
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace wayside::schema
