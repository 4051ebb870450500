#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/schema/schema.h"

/// What every importer hands on: either all that a file holds, checked, or everything that is wrong with it.
namespace wayside::casework {

struct NewField {
  schema::FieldId field = 0;
  std::vector<Value> values;    ///< several only where the field allows them
};

struct NewRecord {
  RecordId id;
  schema::TypeId type = 0;
  std::vector<NewField> fields;
  std::size_t line = 0;         ///< of the file, from 1: where it begins
};

/// Records that are saved as one change-set. The case's own record, where the file brings it, comes first and has the
/// id `case_id`; without it the case must exist already.
struct NewCase {
  std::optional<RecordId> case_id;   ///< nothing: records of the organisation
  std::vector<NewRecord> records;
};

/// One thing that is wrong, with the remedy in words. Holds nothing of what the file says.
struct ImportProblem {
  std::size_t line = 0;    ///< from 1; 0 = the file as a whole
  std::string field;       ///< "notes[3].at", a column's head, or empty
  std::string what;        ///< "needs a moment such as 2026-06-10T16:20:00Z"
};

/// Nothing partial: one problem is enough to import nothing.
using Imported = std::expected<std::vector<NewCase>, std::vector<ImportProblem>>;

}  // namespace wayside::casework
