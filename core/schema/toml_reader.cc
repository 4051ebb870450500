#include "core/schema/toml_reader.h"

#include "core/base/value.h"

namespace wayside::schema {
namespace {

constexpr std::array<std::string_view, 11> kTurning{
    "\xE2\x80\x8E", "\xE2\x80\x8F",   // left-to-right and right-to-left mark
    "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE",   // embeddings, overrides
    "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"};                     // isolates

bool is_hidden(char c) {
  const auto code = static_cast<unsigned char>(c);
  return (code < 0x20 && c != '\n' && c != '\r' && c != '\t') || code == 0x7F;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  return is_clean_utf8(text) && std::ranges::none_of(text, is_hidden) &&
         std::ranges::none_of(kTurning, [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

std::string place_in(std::string_view path, std::size_t line) {
  return std::string(path) + " line " + std::to_string(line);
}

Result<toml::table> read_toml(std::string_view path, std::string_view text) {
  auto parsed = toml::parse(text, path);
  if (parsed) return std::move(parsed).table();
  return fail(Errc::bad_input, place_in(path, parsed.error().source().begin.line) + ": " +
                                   std::string(parsed.error().description()));
}

}  // namespace wayside::schema
