#include "sync/wire/shape.h"

#include <array>
#include <optional>

#include "core/base/value.h"
#include "sync/wire/tuning.h"

namespace wayside::wire {
namespace {

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

/// Reads protobuf's framing and nothing more.
class Cursor {
 public:
  explicit Cursor(BytesView rest) : rest_(rest) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 10 && i < rest_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(rest_[i]);
      if (i == 9 && byte > 1) return std::nullopt;
      value |= std::uint64_t{byte & 0x7fU} << (7 * i);
      if ((byte & 0x80U) == 0) {
        rest_.remove_prefix(i + 1);
        return value;
      }
    }
    return std::nullopt;
  }

  std::optional<BytesView> take(std::uint64_t size) {
    if (size > rest_.size()) return std::nullopt;
    const BytesView taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

 private:
  BytesView rest_;
};

class Checker {
 public:
  explicit Checker(std::size_t message_bytes) : budget_(kElementsFree + message_bytes / kBytesPerElement) {}

  Result<void> check(BytesView message, const Shape& shape, int depth) {
    if (depth > kMaxDepth) return bad(shape, 0, "nested too deeply");
    std::array<std::size_t, 64> counts{};
    std::size_t unknown = 0;
    Cursor cursor(message);
    while (!cursor.at_end()) {
      const auto tag = cursor.varint();
      if (!tag || *tag > UINT32_MAX || (*tag >> 3) == 0) return bad(shape, 0, "torn");
      const auto number = static_cast<std::uint32_t>(*tag >> 3);
      WAYSIDE_TRY(const BytesView content, value(cursor, static_cast<std::uint32_t>(*tag & 7U), shape, number));
      const std::size_t index = place_of(shape, number);
      if (index == shape.fields.size()) {
        if (++unknown > kMaxUnknownFields) return bad(shape, number, "too many unknown fields");
        continue;
      }
      if (++counts[index] > shape.fields[index].max_count) return bad(shape, number, "too many");
      WAYSIDE_OK(check_field(content, static_cast<std::uint32_t>(*tag & 7U), shape, shape.fields[index], depth));
    }
    for (std::size_t i = 0; i < shape.fields.size(); ++i) {
      if (shape.fields[i].required && counts[i] == 0) return bad(shape, shape.fields[i].number, "missing");
    }
    return {};
  }

 private:
  static std::unexpected<Error> bad(const Shape& shape, std::uint32_t field, const char* what) {
    return fail(Errc::bad_input, std::string(shape.name) + " field " + std::to_string(field) + ": " + what);
  }

  static std::size_t place_of(const Shape& shape, std::uint32_t number) {
    std::size_t index = 0;
    while (index < shape.fields.size() && shape.fields[index].number != number) ++index;
    return index;
  }

  /// The content of a delimited field; nothing for a number.
  Result<BytesView> value(Cursor& cursor, std::uint32_t type, const Shape& shape, std::uint32_t number) {
    std::optional<BytesView> taken;
    switch (type) {
      case kVarint:
        if (cursor.varint()) return BytesView{};
        break;
      case kFixed64:
        if (cursor.take(8)) return BytesView{};
        break;
      case kFixed32:
        if (cursor.take(4)) return BytesView{};
        break;
      case kDelimited: {
        if (budget_-- == 0) return bad(shape, number, "too many elements");
        const auto size = cursor.varint();
        if (size) taken = cursor.take(*size);
        if (taken) return *taken;
        break;
      }
      default: return bad(shape, number, "not a field");
    }
    return bad(shape, number, "torn");
  }

  Result<void> check_field(BytesView content, std::uint32_t type, const Shape& shape, const FieldShape& field,
                           int depth) {
    if ((field.kind == FieldKind::number) != (type == kVarint) || (type != kVarint && type != kDelimited)) {
      return bad(shape, field.number, "wrong wire type");
    }
    if (field.kind == FieldKind::message) return check(content, *field.inside, depth + 1);
    if (field.kind == FieldKind::number || (content.empty() && !field.required)) return {};
    if (content.empty() || content.size() < field.min_bytes || content.size() > field.max_bytes) {
      return bad(shape, field.number, "wrong length");
    }
    // Protobuf would refuse it too, but also write a line about it into our log.
    if (field.kind == FieldKind::text && !is_clean_utf8(content)) return bad(shape, field.number, "not text");
    return {};
  }

  std::size_t budget_;
};

}  // namespace

Result<void> check_shape(BytesView message, const Shape& shape) {
  return Checker(message.size()).check(message, shape, 1);
}

}  // namespace wayside::wire
