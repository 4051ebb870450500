#include "core/attachments/named_parts.h"

#include "core/attachments/sealed_file.h"
#include "core/schema/schema.h"

namespace wayside::attachments {
namespace {

bool is_attachment(std::uint32_t type) {
  const schema::RecordType* const known = schema::current().type(type);
  return known != nullptr && known->name == kTypeName;
}

void add_parts(BytesView encoded, std::vector<Digest>& out) {
  const Value value = decode_value(encoded);
  const auto* const text = std::get_if<Text>(&value);
  const auto content = text == nullptr ? Result<Content>(fail(Errc::corrupt)) : parse_content(text->utf8);
  if (content) out.insert(out.end(), content->chunks.begin(), content->chunks.end());
}

}  // namespace

std::vector<Digest> parts_named(const std::vector<ledger::RecordWrites>& records) {
  std::vector<Digest> out;
  for (const ledger::RecordWrites& record : records) {
    for (const ledger::Write& write : record.writes) {
      // The field first: of a thousand saves one names a file.
      if (write.field == kContentField && is_attachment(record.type)) add_parts(write.value, out);
    }
  }
  return out;
}

std::vector<Digest> parts_named(const ledger::RecordState& state) {
  std::vector<Digest> out;
  const ledger::FieldState* const field = state.field(kContentField);
  if (field == nullptr || !is_attachment(state.type)) return out;
  for (const ledger::Held& held : field->held) add_parts(held.value, out);
  return out;
}

}  // namespace wayside::attachments
