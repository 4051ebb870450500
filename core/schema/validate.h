#pragma once

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema/schema.h"

/// Validation, at save only: what a fold meets is kept, whatever it is.
namespace wayside::schema {

inline constexpr std::size_t kTextLimitBytes = std::size_t{64} << 10;
inline constexpr std::size_t kLongTextLimitBytes = std::size_t{512} << 10;

/// What is wrong with one field, and what to do about it. Holds nothing of the value itself.
struct Problem {
  Errc code = Errc::bad_input;   ///< bad_input, unknown_code or too_large
  std::string field;
  std::string what;              ///< "needs a day such as 1984-03-21"

  /// Lets WAYSIDE_TRY pass it on; `detail` is "field: what".
  operator Error() const { return {code, field + ": " + what}; }  // NOLINT(google-explicit-constructor)
};

template <class T>
using Checked = std::expected<T, Problem>;

/// One value as a person or a table's cell writes it. Flags: yes, no, true, false, 1, 0. Codes: the code, or the label,
/// in any case of letters. Pence: 12050, or £120.50. Times: ISO 8601 with a zone. References: UUID text.
/// Empty text is a value of text fields (it clears them) and of no other kind.
Checked<Value> parse_field(const Field& field, std::string_view text);

/// One value as JSON has it, strictly: a code is the code itself, a number has no fraction, a flag is true or false.
Checked<Value> field_from_json(const Field& field, const nlohmann::json& json);

/// What makes a text unfit to be saved wherever it stands, and what to do: not UTF-8, control characters, marks that turn
/// the direction of writing. Empty when nothing does.
std::string_view text_fault(std::string_view text);

/// Whether `value` may be saved in `field`: right kind, within limits, text without a fault, known code, a real day.
Checked<void> check(const Field& field, const Value& value);

/// The fields that are still needed at `stage` or before, given the ids of those that have a value.
std::vector<const Field*> missing(const RecordType& type, std::span<const FieldId> filled, Required stage);

}  // namespace wayside::schema
