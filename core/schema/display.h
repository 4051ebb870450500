#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/schema/schema.h"

namespace wayside::schema {

/// A value as a person reads it: the label of a code, Yes or No, "10 June 2026", "10 June 2026, 17:20" in the time
/// of the United Kingdom, "£120.50". A value that does not fit its field's kind is shown as it stands.
std::string display(const Field& field, const Value& value);

/// A value as JSON has it: text, codes, days, times (ISO 8601 UTC) and ids as strings; {"raw": hex} for a kind that
/// this version does not know.
nlohmann::json to_json(const Value& value);

/// A value as a form's box holds it, so that parse_field reads it back.
std::string form_text(const Field& field, const Value& value);

/// "10 June 2026, 17:20" of an instant, in the time of the United Kingdom.
std::string display_time(std::int64_t ms);
/// `ms`, an hour on where it is summer time in the United Kingdom: read as UTC, what a clock on the wall shows.
std::int64_t uk_wall_ms(std::int64_t ms);
/// "10 June 2026"; the text itself when it is not a day.
std::string display_date(std::string_view iso);

}  // namespace wayside::schema
