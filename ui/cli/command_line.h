#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/result.h"

namespace wayside::cli {

/// The words of one line, as a POSIX shell cuts them: blanks between words, '…' as it stands, "…" with \" and \\,
/// a backslash before any other character. A # at the beginning of a word begins a comment. Nothing is expanded.
/// Errc::usage when a quote stays open.
Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace wayside::cli
