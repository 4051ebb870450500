#pragma once

#include <optional>
#include <string>

#include "core/casework/casebook.h"
#include "ui/cli/context.h"

/// Words of a command line that name something: ids, teams, cases, files. Errors say what to write instead.
namespace wayside::cli {

/// Errc::usage when it is no id.
Result<RecordId> record_id(const std::string& word);
/// Errc::not_found names the remedy.
Result<casework::ShownRecord> shown_record(vault::Vault& vault, const std::string& word);
/// The log of reads says that its case was opened: before anything of it is printed. Errc::not_recorded.
Result<void> note_shown(vault::Vault& vault, const casework::ShownRecord& record);
/// A case that this device holds.
Result<RecordId> known_case(vault::Vault& vault, const std::string& word);

/// A member, by her name or id. Errc::not_found; usage where several are called so.
Result<UserId> user_named(const vault::Vault& vault, const std::string& name);
Result<std::vector<UserId>> users_named(const vault::Vault& vault, const std::vector<std::string>& names);

/// Nothing for an empty word. Errc::usage names the teams there are.
Result<std::optional<TeamId>> team_named(const vault::Vault& vault, const std::string& word);
/// Any team of the organisation, by its name or id. Errc::not_found names the teams there are.
Result<TeamId> any_team(const vault::Vault& vault, const std::string& word);
/// For a new case: the team named, or the worker's only one.
Result<std::optional<TeamId>> team_for_case(const vault::Vault& vault, const std::string& word);

/// Errc::bad_input, too_large: what no history may hold, whether it stands in a field or is said beside a save. `name` is the
/// word's own, "--reason".
Result<void> check_text(std::string_view name, const std::string& text);

/// What --limit-rate takes: a slower line would not carry one answer in its time, a faster one needs no limit.
inline constexpr std::uint64_t kSlowestKilobytes = 8, kFastestKilobytes = 1'000'000;

/// The whole of a file, or of standard input for "-".
Result<std::string> text_of(Context& context, const std::string& file);
/// Errc::bad_input with what is wrong and where.
Result<nlohmann::json> json_of(Context& context, const std::string& file);

}  // namespace wayside::cli
