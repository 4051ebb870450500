#include "ui/cli/command_line.h"

#include <algorithm>

#include "core/schema/validate.h"

namespace wayside::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Reads one word from the front of `rest`.
Result<std::string> take_word(std::string_view& rest) {
  std::string word;
  while (!rest.empty() && kBlanks.find(rest.front()) == std::string_view::npos) {
    const char first = rest.front();
    rest.remove_prefix(1);
    if (first == '\'') {
      const auto end = rest.find('\'');
      if (end == std::string_view::npos) return fail(Errc::usage, "A ' is not closed. Close it on the same line");
      word += rest.substr(0, end);
      rest.remove_prefix(end + 1);
    } else if (first == '"') {
      bool closed = false;
      while (!rest.empty() && !closed) {
        const bool escaped = rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\');
        closed = rest.front() == '"';
        if (!closed) word += escaped ? rest[1] : rest.front();
        rest.remove_prefix(escaped ? 2 : 1);
      }
      if (!closed) return fail(Errc::usage, "A \" is not closed. Close it on the same line");
    } else if (first == '\\') {
      if (rest.empty())
        return fail(Errc::usage, "A line cannot go on after a backslash. Write the command on one line");
      word += rest.front();
      rest.remove_prefix(1);
    } else {
      word += first;
    }
  }
  return word;
}

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> words;
  for (std::string_view rest = line;;) {
    const auto begin = rest.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return words;
    rest.remove_prefix(begin);
    if (rest.front() == '#') return words;
    WAYSIDE_TRY(words.emplace_back(), take_word(rest));
  }
}

std::string as_typed(std::string_view word) {
  constexpr std::size_t kMost = 60;
  std::string out = "\"";
  for (const char letter : word.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(letter);
    out += byte >= 0x20 && byte < 0x7f ? letter : '?';
  }
  return out + (word.size() > kMost ? "…\"" : "\"");
}

std::string printable(std::string_view text, std::size_t most) {
  const bool cut = text.size() > most;
  if (cut) text = text.substr(0, most);
  if (!cut && schema::text_fault(text).empty()) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = std::min<std::size_t>(text.size(), lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
    const bool fine = schema::text_fault(text.substr(0, length)).empty();
    out += fine ? text.substr(0, length) : "?";
    text.remove_prefix(fine ? length : 1);
  }
  return out + (cut ? "…" : "");
}

}  // namespace wayside::cli
