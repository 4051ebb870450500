#pragma once

#include "platform/result.h"
#include "platform/secret_bytes.h"

/// Bytes as numbered lines that a person copies from paper, with a check of its own on each:
///
///      3  K7QF M2XA 9T4B 0HRS  6WZP
///
/// Four groups carry 10 bytes in base 32 (the digits and the letters but I, L, O and U); the fifth is the check: the first
/// 20 bits of BLAKE2b over the line's number, the bytes of line 1 (not in line 1 itself) and its own. So a letter that is
/// wrong is told by its line, and a line of another page is told too, where the pages' first lines differ.
/// Upper or lower case, spaces, hyphens and what separates the number do not matter; O reads as 0, I and L read as 1.
namespace wayside::recovery {

inline constexpr std::size_t kLineBytes = 10;

/// `bytes` is a multiple of kLineBytes, at most 99 of them.
SecretBytes typed_lines(const SecretBytes& bytes);

/// Finds the lines in a text; whatever does not begin with a number is passed over. Errc::bad_input names every line that
/// is missing, of the wrong length, there twice, or mistyped.
Result<SecretBytes> read_typed_lines(BytesView text, std::size_t lines);

}  // namespace wayside::recovery
