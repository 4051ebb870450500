#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/casework/casebook.h"
#include "core/vault/drafts.h"

/// Records as the command line prints them: as JSON for scripts (docs/COMMAND_LINE.md), as lines for people.
namespace wayside::cli {

/// {"id", "type", "case", "archived", "fields": {NAME: {"policy", "shown", "values": [..]}}}. `case` is null for
/// records of the organisation. A field that this version does not know is named by its number.
nlohmann::json record_json(const vault::Vault& vault, const casework::ShownRecord& record);

/// Every live value: [{"value", "dot", "author", "device", "time"}]. Where equal values were written apart, "dots"
/// names all of them; "request" is true for what a desk has not answered yet; "corrects" names the entry that one
/// corrects.
nlohmann::json values_json(const vault::Vault& vault, const ledger::FieldView& view);

/// What counts as the field's content now: one value, or an array for fields of several; null when there is none.
nlohmann::json shown_json(const casework::ShownField& field);
bool shows_array(const schema::Field* field);

std::string name_of(const casework::ShownField& field);
std::string type_name(const casework::ShownRecord& record);
/// The strong line of a list's row, and the one below it: "Priya Shah", "Leicester, 0116 …".
std::string title_of(const casework::ShownRecord& record);
std::string subtitle_of(const casework::ShownRecord& record);

/// As lines: a field a line, values side by side with who and when.
std::vector<std::string> record_lines(const vault::Vault& vault, const casework::ShownRecord& record);
/// "  9 Orchard Way   (Ben, 10 June 2026, 17:05, DOT)"
std::string value_line(const vault::Vault& vault, const schema::Field* field, const ledger::Shown& value);

nlohmann::json history_json(const vault::Vault& vault, const casework::HistoryEntry& entry);
nlohmann::json draft_json(const vault::Draft& draft);

std::string time_text(std::uint64_t hybrid_time);  ///< ISO 8601, UTC

}  // namespace wayside::cli
