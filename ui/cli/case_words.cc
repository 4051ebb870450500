#include "ui/cli/case_words.h"

#include <ostream>

#include "core/casework/rules/dates.h"
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
  return casework::CaseFacts::read(vault, id);
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
