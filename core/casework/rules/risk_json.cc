#include "core/casework/rules/risk_json.h"

#include "core/casework/rules/match_json.h"

namespace wayside::casework::rules {
namespace {

std::map<std::string, RiskAnswer> answers_of(JsonReader& in) {
  std::map<std::string, RiskAnswer> out;
  if (!in.has("answers")) in.complain("answers", "is missing");
  auto answers = in.object("answers");
  for (const auto& [id, value] : answers.whole().items()) {
    const auto answer = value.is_string() ? risk_answer_from(value.get_ref<const std::string&>()) : std::nullopt;
    if (answer) out[id] = *answer;
    else answers.complain(id.substr(0, 100), "needs YES, NO, DONT_KNOW or NOT_ASKED");
  }
  in.take(answers);
  return out;
}

Judgement judgement_of(JsonReader& in) {
  Judgement out;
  auto judgement = in.object("judgement");
  if (!in.has("judgement")) return out;
  const auto level = risk_level_from(judgement.text("level"));
  if (!level) judgement.complain("level", "needs STANDARD, MEDIUM or HIGH");
  out.level = level.value_or(RiskLevel::not_assessed);
  out.reason = judgement.text("reason");
  in.take(judgement);
  return out;
}

}  // namespace

Result<json> score_json(const QuestionnairePack& pack, const json& input) {
  constexpr std::int64_t kMostIncidents = 1'000'000;
  JsonReader in(input, "");
  RiskInput facts;
  facts.answers = answers_of(in);
  facts.judgement = judgement_of(in);
  facts.incidents_in_12_months = static_cast<int>(in.number("incidents_in_12_months", 0, kMostIncidents).value_or(0));
  facts.last_marac_referral = in.day("last_marac_referral");
  facts.newest_incident = in.day("newest_incident");
  WAYSIDE_OK(in.done());
  WAYSIDE_TRY(const auto result, score(pack, facts));
  auto criteria = json::array();
  for (const auto criterion : result.criteria) criteria.push_back(code_of(criterion));
  return json{{"answer", code_of(result.level)}, {"reasons", sentences(result.reasons)},
              {"level", code_of(result.level)},  {"level_by_count", code_of(result.by_count)},
              {"ticks", result.ticks},           {"no", result.noes},
              {"dont_know", result.dont_know},   {"not_asked", result.not_asked},
              {"criteria", std::move(criteria)}};
}

}  // namespace wayside::casework::rules
