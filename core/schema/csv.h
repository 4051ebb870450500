#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/result.h"

namespace wayside::schema {

struct CsvRow {
  std::size_t line = 0;             ///< where it begins, from 1
  std::vector<std::string> cells;
};

/// Reads comma separated values as RFC 4180 has them: quotes around cells with commas, quotes or line ends; LF or CRLF;
/// a byte order mark is passed over, and so are empty lines. Nothing else is forgiven: Errc::bad_input, `detail` begins
/// with "line N: ".
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

}  // namespace wayside::schema
