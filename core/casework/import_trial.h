#pragma once

#include "core/casework/casebook.h"

/// What an import would do, without doing it.
namespace wayside::casework {

struct WouldImport {
  std::size_t line = 0;                   ///< of the file, from 1
  schema::TypeId type = 0;
  std::optional<RecordId> case_id;
  bool is_new = true;                     ///< false: it is here already, and equal
  std::vector<schema::FieldId> fields;    ///< that it would fill, in the order of the file
};

struct ImportTrial {
  ImportOutcome outcome;                  ///< as import_all would answer; no record of `ids` exists
  std::vector<WouldImport> records;       ///< empty where there is a problem
};

/// Takes the whole way of an import, every check among it, and rolls it back: nothing is written, and no id is used up.
Result<ImportTrial> try_import(Vault& vault, const std::vector<NewCase>& cases, std::optional<TeamId> team,
                               const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace wayside::casework
