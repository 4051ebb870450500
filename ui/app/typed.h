#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "core/schema/schema.h"

/// What stands in a form's box, and what it means: the forms in which people write days, times and money.
namespace wayside::app {

/// A value as the box of its field holds it, so that `read_typed` reads it back: "14 March 1991", "10 June 2026,
/// 17:20", "£12.50"; codes as codes, flags as yes and no.
std::string typed_text(const schema::Field& field, const Value& value);

/// The value that somebody typed, or what is wrong with it as a whole sentence ("2991 is in the future. Check the
/// year."). Days: "14 3 1991", "14/3/1991", "14 March 1991", "1991-03-14". Times: a day and "09:40", or "09:40" for
/// today. Money is in pounds. `text` is not empty.
std::expected<Value, std::string> read_typed(const schema::Field& field, std::string_view text, std::int64_t now_ms);

/// Up to when a field is needed, and what serves as well: "Needed before it is sent: this or “Other service”."
std::string needed_words(const schema::RecordType& type, const schema::Field& field);

/// What to do about a field that is needed and empty.
std::string needed_sentence(const schema::Field& field);

}  // namespace wayside::app
