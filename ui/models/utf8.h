#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Walking UTF-8 text. Broken bytes count as one code point each, so that no text can stop a walk.
namespace wayside::models {

/// The code point that begins at `at`, and how many bytes it takes (at least one).
struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};
CodePoint code_point_at(std::string_view text, std::size_t at);

/// Where the next (or previous) character begins. A combining mark belongs to the letter before it.
std::size_t next_character(std::string_view text, std::size_t at);
std::size_t previous_character(std::string_view text, std::size_t at);

/// Word moves as a person expects them from Ctrl and an arrow: over spaces, then over one word.
std::size_t next_word(std::string_view text, std::size_t at);
std::size_t previous_word(std::string_view text, std::size_t at);

void append_utf8(std::string& text, std::uint32_t code_point);

/// ASCII letters only: enough to compare what a person typed with what stands in a row.
std::string lower_ascii(std::string_view text);
/// Without the spaces at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace wayside::models
