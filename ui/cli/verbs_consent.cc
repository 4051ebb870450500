#include <algorithm>

#include "core/casework/consent_of_case.h"
#include "core/casework/rules/dates.h"
#include "core/casework/rules/wording.h"
#include "core/schema/validate.h"
#include "ui/cli/case_words.h"
#include "ui/cli/words.h"

// consent

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using nlohmann::json;

struct ConsentWords {
  std::string case_id, person, recipient, purpose, basis = "CONSENT", language, reason, expires, on;
  std::vector<std::string> share;
};

/// The one that is named, or the case's only person. Errc::usage where there are several.
Result<RecordId> person_word(const casework::CaseFacts& facts, const std::string& word) {
  if (!word.empty()) return record_id(word);
  const auto& people = facts.of("person");
  if (people.size() == 1) return people.front().id;
  return fail(Errc::usage, people.empty() ? "The case holds no person yet. `put person` adds one" : "Say whose consent, with --person ID");
}

Result<std::set<std::string>> scope_words(const std::vector<std::string>& words) {
  const auto& known = casework::consent_scopes();
  std::set<std::string> out;
  for (const auto& word : words) {
    if (std::ranges::find(known, word) == known.end()) return fail(Errc::usage, "--share takes " + rules::listed(known) + ", not \"" + word + "\"");
    out.insert(word);
  }
  return out;
}

Result<void> check_code(std::string_view field, const std::string& code) {
  if (code.empty()) return {};
  WAYSIDE_OK(schema::parse_field(*schema::current().type("consent")->field(field), code));
  return {};
}

Result<Exit> give(Context& context, const ConsentWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  casework::GiveConsent what;
  WAYSIDE_TRY(what.person, person_word(facts, words.person));
  WAYSIDE_TRY(what.scope, scope_words(words.share));
  WAYSIDE_TRY(what.asked_on, day_word(*vault, words.on));
  WAYSIDE_OK(check_code("basis", words.basis));
  WAYSIDE_OK(check_code("language", words.language));
  if (!words.expires.empty()) {
    what.expires = rules::day_of(words.expires);
    if (!what.expires) return fail(Errc::usage, "--expires needs a day such as 2026-06-10");
  }
  what.recipient = words.recipient;
  what.purpose = words.purpose;
  what.basis = words.basis;
  what.language = words.language;
  what.reason = words.reason;
  WAYSIDE_TRY(const RecordId id, casework::give_consent(*vault, facts, what));
  if (context.json()) context.print({{"id", to_text(id)}, {"recipient", words.recipient}, {"decision", "GIVEN"}, {"scope", what.scope}});
  else context.say("Written down. `consent who` shows what may be shared now.");
  return Exit::done;
}

Result<Exit> withdraw(Context& context, const ConsentWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  std::optional<RecordId> person;
  if (!words.person.empty()) {
    WAYSIDE_TRY(person, record_id(words.person));
  }
  WAYSIDE_TRY(const auto ids, casework::withdraw_consent(*vault, facts, words.recipient, person, words.reason));
  if (context.json()) context.print({{"ids", ids_json(ids)}, {"recipient", words.recipient}, {"decision", "WITHDRAWN"}});
  else context.say("Withdrawn: nothing may be shared with " + words.recipient + " from now on. What they have already, they have.");
  return Exit::done;
}

Result<Exit> who(Context& context, const ConsentWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  auto all = json::array();
  for (const auto& each : casework::who_may_see(facts, words.recipient, on)) {
    const auto name = facts.name_of(each.person);
    json row{{"person", each.person == RecordId{} ? json() : json(to_text(each.person))}, {"name", name}, {"recipient", each.recipient},
             {"scope", each.sharing.scope}, {"until", day_json(each.sharing.until)}};
    row.update(verdict_json(each.sharing.answer, each.sharing.reasons));
    all.push_back(std::move(row));
    if (context.json()) continue;
    const std::vector<std::string> scope(each.sharing.scope.begin(), each.sharing.scope.end());
    context.say(each.recipient + "   " + (scope.empty() ? "nothing" : rules::listed(scope)) +
                (each.sharing.until ? "   until " + rules::iso(*each.sharing.until) : ""));
    say_reasons(context, each.sharing.reasons);
  }
  if (context.json()) context.print({{"case", to_text(facts.id())}, {"on", rules::iso(on)}, {"sharing", std::move(all)}});
  else if (all.empty()) context.say("Nobody was asked. Without consent nothing is shared.");
  return Exit::done;
}

}  // namespace

Action declare_consent(CLI::App& app) {
  const auto words = std::make_shared<ConsentWords>();
  app.require_subcommand(1);
  auto* const give_app = app.add_subcommand("give", "she agrees to share with somebody");
  give_app->add_option("--share", words->share, "contact, risk, housing, needs, health, children, immigration, perpetrator")->required()->delimiter(',')->type_name("WHAT");
  give_app->add_option("--purpose", words->purpose, "why; needed the first time")->type_name("TEXT");
  give_app->add_option("--basis", words->basis, "of the code list sharing_basis")->capture_default_str()->type_name("CODE");
  give_app->add_option("--language", words->language, "in which language she was asked")->type_name("CODE");
  give_app->add_option("--expires", words->expires, "the last day on which it holds")->type_name("DATE");
  auto* const withdraw_app = app.add_subcommand("withdraw", "she takes it back: counts at once");
  auto* const who_app = app.add_subcommand("who", "who may see what on a day: what all entries agree on");
  for (CLI::App* each : {give_app, withdraw_app, who_app}) each->add_option("case", words->case_id, "the case")->required()->type_name("ID");
  for (CLI::App* each : {give_app, withdraw_app}) {
    each->add_option("--with", words->recipient, "the organisation or person")->required()->type_name("NAME");
    each->add_option("--person", words->person, "whose; the case's only person unless told")->type_name("ID");
    each->add_option("--reason", words->reason, "why; needed to give more than before, or after a no")->type_name("TEXT");
  }
  who_app->add_option("--with", words->recipient, "one organisation or person alone")->type_name("NAME");
  for (CLI::App* each : {give_app, who_app}) each->add_option("--on", words->on, "the day; today unless told")->type_name("DATE");
  return [words, give_app, withdraw_app](Context& context) {
    if (give_app->parsed()) return give(context, *words);
    if (withdraw_app->parsed()) return withdraw(context, *words);
    return who(context, *words);
  };
}

}  // namespace wayside::cli
