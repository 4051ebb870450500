#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/casework/casebook.h"

/// Records as files for somebody outside: TYPE.ndjson, TYPE.csv, and what has no place in a flat record beside them.
namespace wayside::cli {

/// Which safety-critical and criminal data somebody asked for by name.
class WantedFields {
 public:
  /// "address", "person.address" or "all". Errc::unknown_field.
  static Result<WantedFields> read(const std::vector<std::string>& names);
  /// Fields of S3 and S4 only when named; what this version does not know only with all.
  [[nodiscard]] bool includes(const schema::RecordType* type, const schema::Field* field) const;

 private:
  Result<void> add(const std::string& name);
  bool all_ = false;
  std::set<std::pair<schema::TypeId, schema::FieldId>> named_;
};

struct ExportChoice {
  WantedFields wanted;
  bool ndjson = true, csv = false;
  bool for_recipient = false;   ///< only what counts now, and nothing of equality monitoring, which leaves as counts alone
};

struct ExportFiles {
  std::map<std::string, std::string> files;               ///< name → content
  std::map<std::string, std::set<std::string>> left_out;  ///< type → fields
  std::set<const schema::RecordType*> types;              ///< of which there are records
  std::size_t records = 0, undecided = 0;
};

/// TYPE.ndjson holds what `import` takes back: flat records in the order given, keys sorted. Records that are put away stand
/// in TYPE.archived.ndjson, and every other live value in others.ndjson, so that nothing is dropped. The same as CSV, where
/// several values of a field are joined by "; ", and text that a spreadsheet would take for a formula begins with an
/// apostrophe; `import` takes that off again.
ExportFiles export_files(const vault::Vault& vault, const std::vector<casework::ShownRecord>& records, const ExportChoice& choice);

/// dictionary.csv (every field of those types: label, kind, unit or code list, sensitivity, policy, whether it was exported)
/// and codes.csv (every code of their lists, with its source).
void add_dictionary(const ExportChoice& choice, ExportFiles& to);

}  // namespace wayside::cli
