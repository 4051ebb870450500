#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/result.h"

namespace wayside::cli {

/// The words of one line, as a POSIX shell cuts them: blanks between words, '…' as it stands, "…" with \" and \\,
/// a backslash before any other character. A # at the beginning of a word begins a comment. Nothing is expanded.
/// Errc::usage when a quote stays open.
Result<std::vector<std::string>> split_words(std::string_view line);

/// A word as a message may show it: in quotes, at most 60 bytes, and nothing in it that is no printable text, since what was
/// typed or pasted by mistake may be anything.
std::string as_typed(std::string_view word);

/// What a terminal may be shown: control characters but tabs and line ends, marks that turn the writing and what is no UTF-8
/// become "?", and what is over `most` bytes is cut. Values of other devices and words of a command line may hold anything.
std::string printable(std::string_view text, std::size_t most);

/// Of a message. More helps nobody: it quotes a file's name, or a word of the command line.
inline constexpr std::size_t kLongestMessage = 2'000;

}  // namespace wayside::cli
