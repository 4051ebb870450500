#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/casework/imported.h"
#include "platform/env.h"

/// Tables of one record type: a row is a record, a column a field of the same name. Two more columns may be there: `id`
/// (else a new one is made) and `case`, which every type that stands in a case needs, except the case itself.
/// A cell is read as a person writes it (see schema::parse_field); an empty cell is no value. Where a field takes
/// several values they are separated by semicolons, in JSON they are a list.
namespace wayside::casework {

/// Column → field; an empty field leaves the column out. Columns that it does not name keep their own names.
struct ColumnMap {
  std::map<std::string, std::string, std::less<>> fields;
  std::map<std::string, std::size_t, std::less<>> lines;   ///< of the map's file, where each column stands
};

/// Reads MAP.toml: [columns], "Head as it stands" = "field". Errc::bad_input with the line.
Result<ColumnMap> parse_column_map(std::string_view toml);

/// Columns that are mapped to what is no field of `type`, each with its line of the map's file.
std::vector<ImportProblem> faults_of(const ColumnMap& map, const schema::RecordType& type);

using MakeId = std::function<RecordId()>;

/// Comma separated values (RFC 4180). The first row is the heads.
Imported import_csv(const schema::RecordType& type, const ColumnMap& map, platform::File& file, const MakeId& make_id);

/// One flat JSON object a line. Numbers and flags as JSON has them; codes exactly.
Imported import_ndjson(const schema::RecordType& type, const ColumnMap& map, platform::File& file,
                       const MakeId& make_id);

}  // namespace wayside::casework
