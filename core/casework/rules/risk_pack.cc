#include <algorithm>
#include <array>
#include <set>

#include "core/base/value.h"
#include "core/casework/rules/risk.h"
#include "core/schema/toml.h"

namespace wayside::casework::rules {
namespace {

constexpr std::size_t kTextLimitBytes = 2'000;
constexpr std::size_t kQuestionLimit = 500;  ///< the longest published checklists have fewer than 50

std::unexpected<Error> wrong(const toml::node& where, const std::string& what) {
  return fail(Errc::bad_input, "line " + std::to_string(where.source().begin.line) + ": " + what);
}

Result<void> refuse_unknown(const toml::table& table, std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::ranges::find(known, key.str()) == known.end())
      return wrong(node, std::string(key.str()) + " is no key here");
  }
  return {};
}

Result<void> read_text(const toml::table& table, std::string_view key, std::string& out) {
  const auto text = table[key].value<std::string>();
  if (!table[key].is_string() || !text || text->empty()) return wrong(table, std::string(key) + " needs a text");
  if (text->size() > kTextLimitBytes || !is_clean_utf8(*text))
    return wrong(table, std::string(key) + " is too long, or no clean text");
  out = *text;
  return {};
}

Result<void> read_count(const toml::table& table, std::string_view key, int& out) {
  if (!table.contains(key)) return {};
  const auto number = table[key].value<std::int64_t>();
  if (!table[key].is_integer() || !number || *number < 1 || *number > static_cast<std::int64_t>(kQuestionLimit))
    return wrong(table, std::string(key) + " needs a number from 1 to 500");
  out = static_cast<int>(*number);
  return {};
}

Result<Question> read_question(const toml::node& node) {
  const auto* table = node.as_table();
  if (!table) return wrong(node, "a question is a table");
  Question out;
  WAYSIDE_OK(refuse_unknown(*table, {"id", "text", "scored"}));
  WAYSIDE_OK(read_text(*table, "id", out.id));
  WAYSIDE_OK(read_text(*table, "text", out.text));
  if (table->contains("scored")) {
    if (!(*table)["scored"].is_boolean()) return wrong(*table, "scored needs true or false");
    out.scored = *(*table)["scored"].value<bool>();
  }
  return out;
}

Result<void> read_questions(const toml::table& table, QuestionnairePack& out) {
  const auto* questions = table["question"].as_array();
  if (!questions || questions->empty()) return wrong(table, "needs at least one [[question]]");
  if (questions->size() > kQuestionLimit) return wrong(table, "has more than 500 questions");
  std::set<std::string> ids;
  for (const auto& node : *questions) {
    WAYSIDE_TRY(auto question, read_question(node));
    if (!ids.insert(question.id).second) return wrong(node, "this id stands twice: " + question.id);
    out.questions.push_back(std::move(question));
  }
  return {};
}

}  // namespace

Result<QuestionnairePack> parse_questionnaire(std::string_view text) {
  if (!is_clean_utf8(text)) return fail(Errc::bad_input, "is no clean UTF-8 text");
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return fail(Errc::bad_input, "line " + std::to_string(parsed.error().source().begin.line) + ": " +
                                     std::string(parsed.error().description()));
  }
  const toml::table& table = parsed.table();
  QuestionnairePack out;
  WAYSIDE_OK(refuse_unknown(
      table, {"id", "version", "title", "source", "medium_from", "high_from", "escalation_incidents", "question"}));
  WAYSIDE_OK(read_text(table, "id", out.id));
  WAYSIDE_OK(read_text(table, "version", out.version));
  WAYSIDE_OK(read_text(table, "title", out.title));
  WAYSIDE_OK(read_text(table, "source", out.source));
  WAYSIDE_OK(read_count(table, "medium_from", out.medium_from));
  WAYSIDE_OK(read_count(table, "high_from", out.high_from));
  WAYSIDE_OK(read_count(table, "escalation_incidents", out.escalation_incidents));
  WAYSIDE_OK(read_questions(table, out));
  const auto scored = std::ranges::count_if(out.questions, &Question::scored);
  if (out.medium_from >= out.high_from) return wrong(table, "medium_from has to be below high_from");
  if (out.high_from > scored) return wrong(table, "high_from is above the number of scored questions");
  return out;
}

}  // namespace wayside::casework::rules
