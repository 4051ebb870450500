#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/casework/case_facts.h"
#include "core/casework/rules/answer.h"
#include "ui/cli/verb.h"

/// What the verbs that answer about a case share: which case, which day, and how an answer is written.
namespace wayside::cli {

/// `--on DATE`, or today when the word is empty. Errc::usage.
Result<casework::rules::Day> day_word(vault::Vault& vault, const std::string& word);

/// The case that `word` names, with everything in it; the log of reads says so first. Errc::usage, not_found, not_recorded.
Result<casework::CaseFacts> case_facts(vault::Vault& vault, const std::string& word);

nlohmann::json ids_json(const std::vector<RecordId>& ids);
nlohmann::json day_json(const std::optional<casework::rules::Day>& day);
template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

/// {"answer": "yes" | "ask" | "no", "reasons": [sentence …]}
nlohmann::json verdict_json(casework::rules::Answer answer, const std::vector<casework::rules::Reason>& reasons);
nlohmann::json sentences_json(const std::vector<casework::rules::Reason>& reasons);
/// "  ask: Nobody has …"
void say_reasons(Context& context, const std::vector<casework::rules::Reason>& reasons);

/// In the order of their names.
nlohmann::json user_names_json(const vault::Vault& vault, const std::vector<UserId>& users);

/// With whom the case is shared, or to whom it is left: nothing where it is its own team's alone.
Result<std::optional<nlohmann::json>> sharing_json(vault::Vault& vault, const RecordId& case_id);
/// "A case of North, shared with South." in its place for a person; empty.
Result<std::string> sharing_line(vault::Vault& vault, const RecordId& case_id);

/// Records that cannot be true together are nobody's input: a failure named on stderr, and not exit code 6.
Result<Exit> about_records(Context& context, Result<Exit> outcome);

/// A file that does not fit: the sentence on stderr, and the exit code of bad input.
Exit refuse_file(Context& context, const Error& error);

}  // namespace wayside::cli
