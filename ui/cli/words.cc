#include "ui/cli/words.h"

#include <algorithm>
#include <istream>
#include <iterator>

#include "core/casework/import_source.h"
#include "core/schema/validate.h"
#include "core/vault/audit.h"
#include "core/vault/sharing.h"
#include "platform/atomic_file.h"
#include "ui/cli/command_line.h"

namespace wayside::cli {
namespace {

constexpr std::uint64_t kTextLimitBytes = std::uint64_t{64} << 20;

std::string names_of(const vault::Vault& vault, const std::vector<TeamId>& teams) {
  std::string names;
  for (const TeamId& team : teams) names += (names.empty() ? "" : ", ") + vault.team_name(team);
  return names.empty() ? "none" : names;
}

}  // namespace

Result<RecordId> record_id(const std::string& word) {
  if (const auto id = id_from_text<RecordId>(word)) return *id;
  return fail(Errc::usage, as_typed(word) + " is no id. An id has 32 hex digits, as `list` and `find` show it");
}

Result<casework::ShownRecord> shown_record(vault::Vault& vault, const std::string& word) {
  WAYSIDE_TRY(const RecordId id, record_id(word));
  auto record = casework::get(vault, id);
  if (!record && record.error().code == Errc::not_found) {
    WAYSIDE_TRY(const auto elsewhere, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, id.view()));
    if (elsewhere) WAYSIDE_OK(vault::check_is_here(vault, *elsewhere));
  }
  if (!record && record.error().code == Errc::not_found) return fail(Errc::not_found, "record " + to_text(id));
  return record;
}

Result<void> note_shown(vault::Vault& vault, const casework::ShownRecord& record) {
  return record.case_id ? vault::note_opened(vault, record.case_id, record.row.id) : Result<void>{};
}

Result<RecordId> known_case(vault::Vault& vault, const std::string& word) {
  WAYSIDE_TRY(const RecordId id, record_id(word));
  WAYSIDE_TRY(const auto ledger, vault.store().ledger_of(ledger::LedgerKind::case_ledger, id.view()));
  if (!ledger) {
    WAYSIDE_TRY(const auto elsewhere, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, id.view()));
    if (elsewhere) WAYSIDE_OK(vault::check_is_here(vault, *elsewhere));
    return fail(Errc::not_found,
                "case " + to_text(id) + "; make one with `put case`, or `sync` if a colleague made it");
  }
  return id;
}

Result<UserId> user_named(const vault::Vault& vault, const std::string& name) {
  std::vector<UserId> found;
  for (const auto& [id, user] : vault.membership().users()) {
    if (vault.user_name(id) == name || to_text(id) == name) found.push_back(id);
  }
  if (found.empty()) return fail(Errc::not_found, "a member called " + name + "; `devices list` has their names");
  if (found.size() > 1) return fail(Errc::usage, "Several members are called " + name + ". Give the id that `devices list --json` has");
  return found.front();
}

Result<std::vector<UserId>> users_named(const vault::Vault& vault, const std::vector<std::string>& names) {
  std::vector<UserId> out;
  for (const std::string& name : names) {
    WAYSIDE_TRY(const UserId user, user_named(vault, name));
    if (std::ranges::find(out, user) == out.end()) out.push_back(user);
  }
  return out;
}

Result<std::optional<TeamId>> team_named(const vault::Vault& vault, const std::string& word) {
  if (word.empty()) return std::optional<TeamId>{};
  const auto teams = vault.membership().teams_of(vault.identity().user);
  const auto found = std::ranges::find_if(teams, [&](const TeamId& team) { return vault.team_name(team) == word; });
  if (found != teams.end()) return *found;
  return fail(Errc::usage, "You are in no team " + as_typed(word) + ". Your teams: " + names_of(vault, teams));
}

Result<TeamId> any_team(const vault::Vault& vault, const std::string& word) {
  std::vector<TeamId> all, found;
  for (const auto& [id, team] : vault.membership().teams()) {
    all.push_back(id);
    if (vault.team_name(id) == word || to_text(id) == word) found.push_back(id);
  }
  if (found.empty()) return fail(Errc::usage, "There is no team " + as_typed(word) + ". The teams: " + names_of(vault, all));
  if (found.size() > 1) return fail(Errc::usage, "Several teams are called " + as_typed(word) + ". Give the id of one: " + to_text(found[0]) + " …");
  return found.front();
}

Result<std::optional<TeamId>> team_for_case(const vault::Vault& vault, const std::string& word) {
  const auto teams = vault.membership().teams_of(vault.identity().user);
  if (word.empty() && teams.size() > 1) {
    return fail(Errc::usage,
                "You are in several teams. Name the one for this case with --team: " + names_of(vault, teams));
  }
  return team_named(vault, word);
}

Result<void> check_text(std::string_view name, const std::string& text) {
  if (text.size() > schema::kTextLimitBytes) return fail(Errc::too_large, std::string(name) + " is longer than 64 KiB; shorten it");
  if (const auto fault = schema::text_fault(text); !fault.empty()) return fail(Errc::bad_input, std::string(name) + " " + std::string(fault));
  return {};
}

Result<std::string> text_of(Context& context, const std::string& file) {
  if (file != "-") return platform::read_all(context.env().files, file, kTextLimitBytes);
  if (context.standard_input_is_taken())
    return fail(Errc::usage, "Standard input holds the batch. Name a file instead of -");
  auto& in = context.surroundings().in;
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

Result<nlohmann::json> json_of(Context& context, const std::string& file) {
  WAYSIDE_TRY(const std::string text, text_of(context, file));
  auto json = casework::strict_json(text);
  if (!json) return fail(Errc::bad_input, (file == "-" ? "standard input" : file) + " " + json.error());
  return *std::move(json);
}

}  // namespace wayside::cli
