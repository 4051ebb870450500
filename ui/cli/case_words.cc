#include "ui/cli/case_words.h"

#include <algorithm>
#include <ostream>

#include "core/casework/rules/dates.h"
#include "core/vault/audit.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"
#include "ui/cli/command_line.h"
#include "ui/cli/words.h"

namespace wayside::cli {

using casework::rules::Answer;
using casework::rules::Day;
using casework::rules::Reason;
using nlohmann::json;

Result<Day> day_word(vault::Vault& vault, const std::string& word) {
  if (word.empty()) return casework::today(vault);
  if (const auto day = casework::rules::day_of(word)) return *day;
  return fail(Errc::usage, "--on needs a day such as 2026-06-10, from 1900 to 2199");
}

Result<casework::CaseFacts> case_facts(vault::Vault& vault, const std::string& word) {
  WAYSIDE_TRY(const RecordId id, known_case(vault, word));
  WAYSIDE_OK(vault::note_opened(vault, id, id));
  return casework::CaseFacts::read(vault, id);
}

namespace {

struct Readers { ledger::LedgerRow ledger; std::vector<TeamId> with; std::vector<UserId> named; };

/// Nothing of a case that its team reads and nobody else.
Result<std::optional<Readers>> readers_of(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(auto row, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!row) return std::nullopt;
  WAYSIDE_TRY(auto with, vault::shared_with(vault, *row));
  WAYSIDE_TRY(auto named, vault::circle_of(vault, *row));
  if (with.empty() && named.empty()) return std::nullopt;
  return Readers{*std::move(row), std::move(with), std::move(named)};
}

}  // namespace

json user_names_json(const vault::Vault& vault, const std::vector<UserId>& users) {
  std::vector<std::string> names;
  for (const UserId& user : users) names.push_back(vault.user_name(user));
  std::ranges::sort(names);
  return names;
}

Result<std::optional<json>> sharing_json(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto readers, readers_of(vault, case_id));
  if (!readers) return std::nullopt;
  json out{{"team", readers->ledger.team ? json(vault.team_name(*readers->ledger.team)) : json()}};
  if (!readers->with.empty()) out["shared_with"] = json::array();
  for (const TeamId& team : readers->with) out["shared_with"].push_back(vault.team_name(team));
  if (!readers->named.empty()) out["restricted_to"] = user_names_json(vault, readers->named);
  return out;
}

Result<std::string> sharing_line(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto readers, readers_of(vault, case_id));
  if (!readers) return std::string();
  const std::string whose = "A case of " + (readers->ledger.team ? vault.team_name(*readers->ledger.team) : std::string("no team"));
  if (!readers->named.empty()) return whose + ", left to named workers alone: " + vault::names_of(vault, readers->named) + ".";
  std::string names;
  for (const TeamId& team : readers->with) names += (names.empty() ? "" : ", ") + vault.team_name(team);
  return whose + ", shared with " + names + ".";
}

json ids_json(const std::vector<RecordId>& ids) {
  auto out = json::array();
  for (const RecordId& id : ids) out.push_back(to_text(id));
  return out;
}

json day_json(const std::optional<Day>& day) { return day ? json(casework::rules::iso(*day)) : json(); }

json sentences_json(const std::vector<Reason>& reasons) {
  auto out = json::array();
  for (const auto& reason : reasons) out.push_back(reason.sentence);
  return out;
}

json verdict_json(Answer answer, const std::vector<Reason>& reasons) {
  return {{"answer", casework::rules::name_of(answer)}, {"reasons", sentences_json(reasons)}};
}

void say_reasons(Context& context, const std::vector<Reason>& reasons) {
  for (const auto& reason : reasons) {
    context.say("  " + (reason.answer == Answer::yes ? "" : std::string(casework::rules::name_of(reason.answer)) + ": ") + reason.sentence);
  }
}

Result<Exit> about_records(Context& context, Result<Exit> outcome) {
  if (outcome || outcome.error().code != Errc::bad_input) return outcome;
  context.err() << printable(app::sentence(outcome.error()), kLongestMessage) << '\n';
  return Exit::failed;
}

Exit refuse_file(Context& context, const Error& error) {
  context.err() << printable(app::sentence(error), kLongestMessage) << '\n';
  return Exit::bad_input;
}

}  // namespace wayside::cli
