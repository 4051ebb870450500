#include <array>
#include <ostream>

#include "core/casework/matching_of_case.h"
#include "core/casework/rules/match_json.h"
#include "core/casework/rules/rule_book.h"
#include "ui/cli/case_words.h"
#include "ui/cli/words.h"

// match, rule

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using nlohmann::json;

struct MatchWords {
  std::string case_id, household, on;
};

void say_matches(Context& context, const std::vector<rules::Match>& matches) {
  if (matches.empty()) context.say("There are no services here. `import` a directory, or `sync`.");
  for (const auto& match : matches) {
    std::string line = std::string(rules::name_of(match.answer)) + "   " + match.name;
    if (match.vacancy_age_hours) {
      line += "   (looked at " + std::to_string(*match.vacancy_age_hours) + (*match.vacancy_age_hours == 1 ? " hour ago" : " hours ago") +
              (match.vacancy_stale ? ", too long" : "") + ")";
    }
    context.say(line);
    for (const auto& reason : match.reasons) context.say("      " + reason.sentence);
  }
}

void answer(Context& context, const std::vector<rules::Match>& matches, json head) {
  if (!context.json()) return say_matches(context, matches);
  head.update(rules::to_json(matches));
  context.print(head);
}

Result<Exit> match_case(Context& context, const MatchWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  WAYSIDE_TRY(const auto matches, casework::match_case(*vault, facts, on));
  answer(context, matches, {{"case", to_text(facts.id())}, {"on", rules::iso(on)}});
  return Exit::done;
}

/// One household, or an array of them: then one list of services for each, in the same order.
Result<Exit> match_file(Context& context, const MatchWords& words) {
  const auto given = json_of(context, words.household);
  if (!given && given.error().code == Errc::bad_input) return refuse_file(context, given.error());
  if (!given) return std::unexpected(given.error());
  std::vector<rules::Household> households;
  for (const json& each : given->is_array() ? *given : json::array({*given})) {
    auto household = rules::household_from_json(each);
    if (!household) return refuse_file(context, household.error());
    households.push_back(*std::move(household));
  }
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const auto directory, casework::directory(*vault));
  auto all = json::array();
  for (auto& household : households) {
    if (!words.on.empty() || !household.on_date) household.on_date = on;
    const auto matches = casework::match_household(household, directory, context.env().clock.wall_ms());
    if (!given->is_array()) answer(context, matches, json::object());
    else if (context.json()) all.push_back(rules::to_json(matches));
    else say_matches(context, matches);
  }
  if (given->is_array() && context.json()) context.print({{"households", std::move(all)}});
  return Exit::done;
}

Result<Exit> match(Context& context, const MatchWords& words) {
  if (words.case_id.empty() == words.household.empty()) {
    return fail(Errc::usage, "Say for whom: --case ID, or --household FILE");
  }
  return words.case_id.empty() ? match_file(context, words) : about_records(context, match_case(context, words));
}

// ---- rule ----

Result<Exit> list_rules(Context& context) {
  auto all = json::array();
  for (const auto& rule : rules::rule_book()) {
    auto keys = json::array();
    for (const auto key : rule.keys) {
      const bool needed = key.ends_with('*');
      keys.push_back({{"key", key.substr(0, key.size() - (needed ? 1 : 0))}, {"needed", needed}});
    }
    all.push_back({{"name", rule.name}, {"source", rule.source}, {"keys", std::move(keys)}});
    if (!context.json()) context.say(std::string(rule.name) + "   " + std::string(rule.source));
  }
  if (context.json()) context.print({{"rules", std::move(all)}});
  return Exit::done;
}

Result<Exit> run_rule(Context& context, const std::string& name, const std::string& file) {
  if (rules::rule_named(name) == nullptr) return fail(Errc::usage, "There is no such rule. `rule list` shows them");
  if (file.empty()) return fail(Errc::usage, "Name what the rule reads with --input FILE");
  const auto given = json_of(context, file);
  if (!given && given.error().code == Errc::bad_input) return refuse_file(context, given.error());
  if (!given) return std::unexpected(given.error());
  const auto found = rules::run_rule(name, *given);
  if (!found) return refuse_file(context, found.error());
  if (context.json()) {
    context.print(*found);
    return Exit::done;
  }
  context.say(found->at("answer").is_string() ? found->at("answer").get<std::string>() : found->at("answer").dump());
  for (const auto& reason : found->at("reasons")) context.say("  " + reason.get<std::string>());
  return Exit::done;
}

}  // namespace

Action declare_match(CLI::App& app) {
  const auto words = std::make_shared<MatchWords>();
  app.add_option("--case", words->case_id, "the household of this case")->type_name("ID");
  app.add_option("--household", words->household, "a household as JSON, or an array of them; - reads standard input")->type_name("FILE");
  app.add_option("--on", words->on, "the day for which a place is wanted; today unless told")->type_name("DATE");
  return [words](Context& context) { return match(context, *words); };
}

Action declare_rule(CLI::App& app) {
  const auto name = std::make_shared<std::string>();
  const auto file = std::make_shared<std::string>();
  app.add_option("name", *name, "list, or the rule")->required();
  app.add_option("--input", *file, "what it reads, as JSON; - reads standard input")->type_name("FILE");
  return [name, file](Context& context) { return *name == "list" ? list_rules(context) : run_rule(context, *name, *file); };
}

}  // namespace wayside::cli
