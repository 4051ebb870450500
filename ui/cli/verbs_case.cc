#include <ostream>

#include "core/casework/contact_of_case.h"
#include "core/casework/counts_of_case.h"
#include "core/casework/household_of_case.h"
#include "core/casework/journey_of_case.h"
#include "core/casework/risk_of_case.h"
#include "core/casework/rules/risk_json.h"
#include "core/casework/rules/wording.h"
#include "platform/atomic_file.h"
#include "ui/cli/case_words.h"
#include "ui/cli/command_line.h"
#include "ui/cli/link_words.h"
#include "ui/cli/words.h"

// risk, journey, household, counts, contact

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using casework::CaseFacts;
using nlohmann::json;

constexpr std::uint64_t kPackLimitBytes = std::uint64_t{1} << 20;

/// A file, or else what is installed under that name or id. Nothing for an empty word.
Result<std::optional<rules::QuestionnairePack>> pack_of(Context& context, const std::string& word) {
  if (word.empty()) return std::optional<rules::QuestionnairePack>{};
  if (context.env().files.exists(word) || word.ends_with(".toml")) {
    WAYSIDE_TRY(const Bytes text, platform::read_all(context.env().files, word, kPackLimitBytes));
    return rules::parse_questionnaire(text);
  }
  WAYSIDE_TRY(auto* vault, context.vault());
  std::string names;
  for (auto& each : casework::installed_questionnaires(*vault)) {
    if (each.name == word || each.pack.id == word) return std::optional(std::move(each.pack));
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return fail(Errc::not_found, "questionnaire " + as_typed(word) + ": no file, and of those installed (" +
                                   (names.empty() ? "none" : names) + ") none has that name");
}

// ---- risk ----

struct RiskWords {
  std::string case_id, pack, answers;
};

json assessment_json(const casework::AssessedRisk& each, bool counts) {
  json out{{"id", to_text(each.id)},
           {"level", rules::code_of(each.level)},
           {"questionnaire", each.questionnaire},
           {"questionnaire_version", each.version},
           {"assessed_on", day_json(each.assessed_on)},
           {"signed", each.is_signed},
           {"counts", counts},
           {"ticks", each.ticks},
           {"no", each.noes},
           {"dont_know", each.dont_know},
           {"not_asked", each.not_asked},
           {"score", nullptr},
           {"not_scored", each.not_scored.empty() ? json() : json(each.not_scored)}};
  if (!each.score) return out;
  auto criteria = json::array();
  for (const auto criterion : each.score->criteria) criteria.push_back(rules::code_of(criterion));
  out["score"] = {{"level", rules::code_of(each.score->level)},
                  {"level_by_count", rules::code_of(each.score->by_count)},
                  {"ticks", each.score->ticks},
                  {"not_asked", each.score->not_asked},
                  {"criteria", std::move(criteria)},
                  {"reasons", sentences_json(each.score->reasons)}};
  return out;
}

Result<Exit> risk(Context& context, const RiskWords& words) {
  if (words.case_id.empty()) return fail(Errc::usage, "Name the case, or use `risk score`");
  const auto pack = pack_of(context, words.pack);
  if (!pack && pack.error().code == Errc::bad_input) return refuse_file(context, pack.error());
  if (!pack) return std::unexpected(pack.error());
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  const auto looked_up = casework::risk_of_case(*vault, facts, *pack ? &**pack : nullptr);
  if (!looked_up) return about_records(context, std::unexpected(looked_up.error()));
  const auto& found = *looked_up;
  auto assessments = json::array();
  for (const auto& each : found.assessments) {
    assessments.push_back(assessment_json(each, found.effective.counting.contains(to_text(each.id))));
  }
  if (context.json()) {
    context.print({{"case", to_text(facts.id())},
                   {"level", rules::code_of(found.effective.level)},
                   {"reasons", sentences_json(found.effective.reasons)},
                   {"next_review", day_json(found.next_review)},
                   {"last_marac_referral", day_json(found.last_marac)},
                   {"repeat_until", day_json(found.repeat_until)},
                   {"repeat", found.repeat},
                   {"assessments", std::move(assessments)}});
    return Exit::done;
  }
  context.say("Risk: " + std::string(rules::code_of(found.effective.level)));
  say_reasons(context, found.effective.reasons);
  if (found.next_review) context.say("Review on " + rules::iso(*found.next_review) + ".");
  if (found.repeat) context.say("A new incident within 12 months of the last MARAC referral: refer it as a repeat.");
  for (const auto& each : found.assessments) {
    context.say(to_text(each.id) + "   " + std::string(rules::code_of(each.level)) + "   " + each.questionnaire + "   " +
                std::to_string(each.ticks) + " yes, " + std::to_string(each.not_asked) + " not asked");
    if (each.score) say_reasons(context, each.score->reasons);
    if (!each.not_scored.empty()) context.say("  Not scored by its questionnaire: " + each.not_scored + ".");
  }
  return Exit::done;
}

Result<Exit> score(Context& context, const RiskWords& words) {
  const auto pack = pack_of(context, words.pack);
  if (!pack && pack.error().code == Errc::bad_input) return refuse_file(context, pack.error());
  if (!pack) return std::unexpected(pack.error());
  const auto answers = json_of(context, words.answers);
  if (!answers && answers.error().code == Errc::bad_input) return refuse_file(context, answers.error());
  if (!answers) return std::unexpected(answers.error());
  const auto found = rules::score_json(**pack, *answers);
  if (!found) return refuse_file(context, found.error());
  if (context.json()) {
    context.print(*found);
    return Exit::done;
  }
  context.say("Risk: " + found->at("level").get<std::string>());
  for (const auto& reason : found->at("reasons")) context.say("  " + reason.get<std::string>());
  return Exit::done;
}

// ---- journey ----

json flag_json(const rules::JourneyFlag& flag) {
  return {{"kind", flag.kind == rules::JourneyFlag::Kind::gap ? "gap" : "overlap"},
          {"earlier", flag.earlier},
          {"later", flag.later},
          {"from", rules::iso(flag.from)},
          {"to", rules::iso(flag.to)},
          {"days", flag.days}};
}

json stay_json(const rules::Stay& stay, rules::Day on) {
  const auto move = rules::move_on(stay, on);
  return {{"id", stay.id},
          {"place_type", stay.place_type},
          {"start", rules::iso(stay.start)},
          {"end", day_json(stay.end)},
          {"tenure", stay.tenure},
          {"end_reason", stay.end_reason},
          {"timely_move_on", or_null(move.timely)},
          {"days_waiting", or_null(move.days_waiting)},
          {"sustained_28_days", or_null(rules::sustained(stay, 28, on))},
          {"sustained_90_days", or_null(rules::sustained(stay, 90, on))}};
}

void say_journey(Context& context, const casework::JourneyOfCase& found) {
  const auto& journey = found.journey;
  if (journey.stays.empty()) context.say("No stay with a start is recorded.");
  for (const auto& stay : journey.stays) {
    context.say(rules::iso(stay.start) + " to " + (stay.end ? rules::iso(*stay.end) : "now") + "   " + stay.place_type + "   " + stay.id);
  }
  for (const auto& flag : journey.flags) context.say(casework::sentence_of(flag));
  context.say(rules::counted(journey.moves, "move", "moves") + "." + (journey.settled_on ? " Settled on " + rules::iso(*journey.settled_on) + "." : ""));
  for (const RecordId& id : found.without_start) context.say("No start is recorded for " + to_text(id) + ".");
}

Result<Exit> journey(Context& context, const std::string& case_id, const std::string& on_word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, on_word));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, case_id));
  WAYSIDE_TRY(const auto found, casework::journey_of_case(facts, on));
  if (!context.json()) {
    say_journey(context, found);
    return Exit::done;
  }
  const auto& journey = found.journey;
  auto stays = json::array();
  for (const auto& stay : journey.stays) stays.push_back(stay_json(stay, on));
  auto flags = json::array();
  for (const auto& flag : journey.flags) flags.push_back(flag_json(flag));
  context.print({{"case", to_text(facts.id())},
                 {"on", rules::iso(on)},
                 {"stays", std::move(stays)},
                 {"flags", std::move(flags)},
                 {"moves", journey.moves},
                 {"moves_before_settled", or_null(journey.moves_before_settled)},
                 {"settled_on", day_json(journey.settled_on)},
                 {"days_to_settled", or_null(journey.days_to_settled)},
                 {"settled_at_6_months", rules::name_of(journey.settled_at_6_months)},
                 {"settled_at_12_months", rules::name_of(journey.settled_at_12_months)},
                 {"tenure_kept", or_null(journey.tenure_kept)},
                 {"without_start", ids_json(found.without_start)}});
  return Exit::done;
}

// ---- household ----

json people_json(const std::vector<rules::Member>& people) {
  constexpr std::string_view kSex[] = {"not_stated", "female", "male"};
  auto out = json::array();
  for (const auto& person : people) out.push_back({{"sex", kSex[static_cast<std::size_t>(person.sex)]}, {"age", or_null(person.age)}});
  return out;
}

Result<Exit> household(Context& context, const std::string& case_id, const std::string& on_word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, on_word));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, case_id));
  WAYSIDE_TRY(const auto found, casework::household_of_case(facts, on));
  WAYSIDE_TRY(const auto links, casework::PersonLinks::read(*vault));
  auto members = json::array();
  for (const auto& member : found.members) {
    const auto id = id_from_text<RecordId>(member.person);
    members.push_back({{"person", member.person}, {"name", id ? facts.name_of(*id) : ""}, {"role", member.role},
                       {"moved_in", day_json(member.moved_in)}, {"moved_out", day_json(member.moved_out)}});
    if (!context.json()) context.say(members.back()["name"].get<std::string>() + "   " + member.role);
    if (!id) continue;
    const auto decided = links.of(*id);
    members.back()["links"] = links_json(decided, *id);
    for (const auto& line : context.json() ? std::vector<std::string>{} : link_lines(*vault, decided, *id)) context.say("      " + line);
  }
  auto pets = json::array();
  for (const auto& pet : found.household.pets) pets.push_back({{"kind", pet.kind}, {"count", or_null(pet.count)}});
  if (!context.json()) {
    const auto many = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
    context.say(rules::counted(many(found.household.adults), "adult", "adults") + ", " +
                rules::counted(many(found.household.children), "child", "children") + ", " +
                rules::counted(many(pets), "kind of pet", "kinds of pets") + " on " + rules::iso(on) + ".");
    WAYSIDE_TRY(const auto sharing, sharing_line(*vault, facts.id()));
    if (!sharing.empty()) context.say(sharing);
    return Exit::done;
  }
  WAYSIDE_TRY(const auto sharing, sharing_json(*vault, facts.id()));
  json out = sharing.value_or(json::object());
  out.update({{"case", to_text(facts.id())},
              {"on", rules::iso(on)},
              {"household", found.record ? json(to_text(*found.record)) : json()},
              {"members", std::move(members)},
              {"adults", people_json(found.household.adults)},
              {"children", people_json(found.household.children)},
              {"pets", std::move(pets)}});
  context.print(out);
  return Exit::done;
}

// ---- counts ----

Result<Exit> counts(Context& context, const std::string& case_id, const std::string& on_word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, on_word));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, case_id));
  const auto found = casework::counts_of_case(facts, on);
  json out{{"case", to_text(facts.id())}, {"on", rules::iso(on)}, {"answer", rules::name_of(found.answer)}};
  out["between"] = json::array();
  for (const auto& each : found.between) {
    json row{{"relationship", to_text(each.relationship)}, {"a", to_text(each.a)}, {"b", to_text(each.b)}};
    row.update(verdict_json(each.verdict.answer, each.verdict.reasons));
    out["between"].push_back(std::move(row));
    if (context.json()) continue;
    context.say(facts.name_of(each.a) + " and " + facts.name_of(each.b) + ": " + std::string(rules::name_of(each.verdict.answer)));
    say_reasons(context, each.verdict.reasons);
  }
  out["children"] = json::array();
  for (const auto& each : found.children) {
    json row{{"child", to_text(each.child)}, {"name", facts.name_of(each.child)}};
    row.update(verdict_json(each.verdict.answer, each.verdict.reasons));
    out["children"].push_back(std::move(row));
    if (context.json()) continue;
    context.say(facts.name_of(each.child) + ": " + std::string(rules::name_of(each.verdict.answer)));
    say_reasons(context, each.verdict.reasons);
  }
  out["repeat"] = verdict_json(found.repeat.answer, found.repeat.reasons);
  if (context.json()) {
    context.print(out);
    return Exit::done;
  }
  if (found.between.empty()) context.say("No relationship is recorded. `put relationship` says who is connected, and how.");
  context.say("Repeat within 12 months: " + std::string(rules::name_of(found.repeat.answer)));
  return Exit::done;
}

// ---- contact ----

Result<Exit> contact(Context& context, const std::string& case_id, const std::string& on_word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, on_word));
  WAYSIDE_TRY(const auto facts, case_facts(*vault, case_id));
  const auto card = casework::contact_card(facts, on);
  auto lines = json::array();
  if (!context.json()) {
    for (const auto& warning : card.warnings) context.say("! " + warning);
  }
  for (const auto& line : card.lines) {
    lines.push_back({{"method", line.method}, {"address", line.address}, {"rule", line.sentence}, {"times", line.times},
                     {"code_word", line.code_word}, {"check_again", line.check_again}});
    if (context.json()) continue;
    context.say(line.method + " " + line.address + ": " + line.sentence + (line.times.empty() ? "" : " " + line.times) +
                (line.check_again ? " (ask her again whether this is safe)" : ""));
  }
  if (context.json()) {
    context.print({{"case", to_text(facts.id())}, {"on", rules::iso(on)}, {"any_way", card.any_way}, {"warnings", card.warnings},
                   {"lines", std::move(lines)}});
  }
  return Exit::done;
}

using CaseVerb = Result<Exit> (*)(Context&, const std::string&, const std::string&);

Action declare_on_case(CLI::App& app, CaseVerb verb) {
  const auto case_id = std::make_shared<std::string>();
  const auto on = std::make_shared<std::string>();
  app.add_option("case", *case_id, "the case")->required()->type_name("ID");
  app.add_option("--on", *on, "as at the end of that day; today unless told")->type_name("DATE");
  return [case_id, on, verb](Context& context) { return about_records(context, verb(context, *case_id, *on)); };
}

}  // namespace

Action declare_risk(CLI::App& app) {
  const auto words = std::make_shared<RiskWords>();
  app.add_option("case", words->case_id, "the case")->type_name("ID");
  app.add_option("--pack", words->pack, "questionnaire that scores its answers: a file, or one that is installed")->type_name("FILE");
  CLI::App* const scoring = app.add_subcommand("score", "answers of a file, without a case");
  scoring->add_option("--pack", words->pack, "questionnaire: a file, or one that is installed")->required()->type_name("FILE");
  scoring->add_option("--answers", words->answers, "answers as JSON; - reads standard input")->required()->type_name("FILE");
  return [words, scoring](Context& context) { return scoring->parsed() ? score(context, *words) : risk(context, *words); };
}

Action declare_journey(CLI::App& app) { return declare_on_case(app, journey); }
Action declare_household(CLI::App& app) { return declare_on_case(app, household); }
Action declare_counts(CLI::App& app) { return declare_on_case(app, counts); }
Action declare_contact(CLI::App& app) { return declare_on_case(app, contact); }

}  // namespace wayside::cli
