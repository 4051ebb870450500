#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/base/ids.h"
#include "platform/result.h"

namespace wayside {

/// How a value is written, on disk and in an envelope: one kind byte, then the payload.
/// Numbers are for ever. A reader keeps a kind that it does not know as it stands.
enum class ValueKind : std::uint8_t {
  text = 1,     ///< UTF-8, no NUL
  integer = 2,  ///< two's complement, little endian, 1 to 8 bytes, as few as hold it. Counts, pence
  flag = 3,     ///< one byte, 0 or 1
  record = 4,   ///< 16 bytes: another record's id
  code = 5,     ///< the code of a code list, UTF-8
  date = 6,     ///< "YYYY-MM-DD"
  time = 7,     ///< ms since 1970 UTC, as an integer
  sealed = 8,   ///< no payload: the value stands elsewhere, under a key of its own (core/ledger/sealed_values.h)
};

struct Text { std::string utf8; bool operator==(const Text&) const = default; };
struct Code { std::string code; bool operator==(const Code&) const = default; };
struct Date { std::string iso; bool operator==(const Date&) const = default; };       ///< valid Gregorian day
struct Instant { std::int64_t ms; bool operator==(const Instant&) const = default; };
struct RawValue { Bytes encoded; bool operator==(const RawValue&) const = default; }; ///< a kind of a newer version

/// One value of one field.
using Value = std::variant<Text, std::int64_t, bool, RecordId, Code, Date, Instant, RawValue>;

Bytes encode(const Value& value);
/// Never fails: what does not decode comes back as RawValue and is shown raw.
Value decode_value(BytesView encoded);

/// ISO 8601 of an instant in UTC ("2026-06-10T16:20:00Z", with ".123" when there are ms).
std::string iso_time(std::int64_t ms);
/// Reads ISO 8601 with a zone ("Z" or "+01:00"); seconds and ms optional. Years 1900 to 2199.
Result<std::int64_t> parse_iso_time(std::string_view text);
/// Errc::bad_input unless `text` is a day of the Gregorian calendar, years 1900 to 2199.
Result<Date> parse_date(std::string_view text);
/// False for overlong forms, surrogates, NUL, or anything else that is not UTF-8 text.
bool is_clean_utf8(std::string_view text);

}  // namespace wayside
