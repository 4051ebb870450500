#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/schema/schema.h"

namespace wayside::schema {

/// What is wrong with a schema that can be read: ids used twice, a policy that its kind does not fit, an order without
/// ranks, safety-critical fields that the newest value would decide … One sentence each; empty when all is well.
/// Schema::parse refuses a schema for which this is not empty.
std::vector<std::string> lint(const Schema& schema);

/// Code lists that no field offers. Not refused by Schema::parse: another version's pack may use them.
std::vector<std::string> unused_code_lists(const Schema& schema);

/// Compares a schema with the ledger of every field id ever used (field_ids.csv: type_id, type, id, name, kind, policy,
/// order, since). Ids are never reused, renumbered or given another kind, policy or order; a field that is gone from
/// the schema stays in the ledger. A type_id of 0 stands for system fields.
std::vector<std::string> compare_with_ledger(const Schema& schema, std::string_view ledger_csv);

}  // namespace wayside::schema
