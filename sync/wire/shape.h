#pragma once

#include <cstdint>
#include <span>

#include "platform/bytes.h"
#include "platform/result.h"

/// What a message may look like, as a table that is checked before protobuf builds objects from it.
/// So a request is refused by its outline, and never costs more memory than a few times its size.
namespace wayside::wire {

enum class FieldKind : std::uint8_t { number, bytes, text, message };

struct Shape;

struct FieldShape {
  std::uint32_t number;
  FieldKind kind;
  std::size_t min_bytes = 0;  ///< bytes: an empty one is allowed besides, unless `required`
  std::size_t max_bytes = SIZE_MAX;
  std::size_t max_count = 1;
  bool required = false;          ///< at least once, and not empty
  const Shape* inside = nullptr;  ///< message
};

struct Shape {
  const char* name;  ///< of the message, for Error::detail
  std::span<const FieldShape> fields;
};

/// Errc::bad_input with message and field number when `message` does not fit: torn, groups, wrong wire type or
/// length, text that is not UTF-8, too many of one field, too many elements in all (tuning.h), nested too deeply.
Result<void> check_shape(BytesView message, const Shape& shape);

}  // namespace wayside::wire
