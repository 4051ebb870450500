#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/schema/schema.h"

/// Records made from the schema alone, so that a test or a benchmark covers every type that there is, and every one to come.
namespace wayside::support {

/// A value that `field` takes. `n` varies it. Not for references.
Value made_value(const schema::Field& field, std::uint64_t n = 0);

/// A record that a reference of this field may point to; nothing when there is none yet.
using FindRecord = std::function<std::optional<RecordId>(const schema::Field&)>;
using MadeFields = std::vector<std::pair<const schema::Field*, std::vector<Value>>>;

enum class Fill { needed_to_save, everything };
/// Fields that fit together: a case is open, an assessment replaces no other. Nothing where a reference that is needed
/// has nothing to point to. What only the program writes is left out unless a save needs it.
std::optional<MadeFields> made_fields(const schema::RecordType& type, Fill fill, const FindRecord& find, std::uint64_t n = 0);

/// All types of the schema in force of which a person makes records, in an order in which the references that each needs can be
/// filled.
std::vector<const schema::RecordType*> types_in_order();

/// {"field": value}, as `put --from-json` and `import` take it.
nlohmann::json to_json(const MadeFields& fields);
MadeFields without(MadeFields fields, const schema::Field& field);

/// A record that is complete, in which one field that a save or a sending needs can be taken away.
struct NeededField {
  const schema::Field* field = nullptr;
  MadeFields complete;   ///< with it: may be saved, as far as the rules see
  MadeFields lacking;    ///< without it: may not
};
/// For every field of `type` that is needed `to_save` or `to_send`, one such record. For a field that is needed to send,
/// the record is one that was sent; where no answer of the type sends it, `complete` is empty.
std::vector<NeededField> needed_fields(const schema::RecordType& type, const FindRecord& find);

}  // namespace wayside::support
