#include "core/casework/risk_of_case.h"

#include <algorithm>

#include "core/packs/in_force.h"

namespace wayside::casework {
namespace {

using rules::Day;
using rules::RiskAnswer;
using rules::RiskLevel;

/// By question. A yes that stands beside another answer counts: nobody has decided between them.
std::map<std::string, RiskAnswer> answers_to(const CaseFacts& facts, const RecordId& assessment) {
  std::map<std::string, RiskAnswer> out;
  for (const Fact& each : facts.of("risk_answer")) {
    const auto of = each.fields.records("assessment");
    if (std::ranges::find(of, assessment) == of.end()) continue;
    for (const auto& code : each.all_texts("answer")) {
      const auto answer = rules::risk_answer_from(code).value_or(RiskAnswer::not_asked);
      const auto [at, first] = out.emplace(each.fields.text("item"), answer);
      if (!first) at->second = std::min(at->second, answer);
    }
  }
  return out;
}

int count_of(const std::map<std::string, RiskAnswer>& answers, RiskAnswer answer) {
  return static_cast<int>(std::ranges::count_if(answers, [&](const auto& each) { return each.second == answer; }));
}

RiskLevel highest(const Fact& assessment) {
  auto level = RiskLevel::not_assessed;
  for (const auto* field : {"level", "judgement_level"}) {
    for (const auto& code : assessment.all_texts(field)) {
      // A level of a version to come protects most.
      level = std::max(level, rules::risk_level_from(code).value_or(RiskLevel::high));
    }
  }
  return level;
}

std::optional<Day> newest(const std::vector<Fact>& facts, std::string_view field, bool is_time) {
  std::optional<Day> out;
  for (const Fact& fact : facts) {
    auto day = fact.fields.day(field);
    if (is_time) {
      if (const auto ms = fact.fields.time_ms(field)) day = day_of_ms(*ms);
    }
    if (day && (!out || *day > *out)) out = day;
  }
  return out;
}

/// What scores assessments: the questionnaire that somebody gave, and those of the packs in force.
struct Questionnaires {
  const rules::QuestionnairePack* given = nullptr;
  std::vector<InstalledQuestionnaire> installed;

  [[nodiscard]] const rules::QuestionnairePack* find(std::string_view id) const {
    if (given != nullptr && given->id == id) return given;
    for (const auto& each : installed) {
      if (each.pack.id == id) return &each.pack;
    }
    return nullptr;
  }
};

Result<AssessedRisk> assessed(const CaseFacts& facts, const Fact& fact, const RiskOfCase& so_far,
                              const Questionnaires& questionnaires) {
  AssessedRisk out;
  out.id = fact.id;
  out.level = highest(fact);
  out.questionnaire = fact.fields.text("questionnaire");
  out.version = fact.fields.text("questionnaire_version");
  out.assessed_on = fact.fields.day("assessed_on");
  out.is_signed = fact.has("signed_at");
  const auto answers = answers_to(facts, fact.id);
  out.ticks = count_of(answers, RiskAnswer::yes);
  out.noes = count_of(answers, RiskAnswer::no);
  out.dont_know = count_of(answers, RiskAnswer::dont_know);
  out.not_asked = count_of(answers, RiskAnswer::not_asked);
  const auto* pack = questionnaires.find(out.questionnaire);
  if (pack == nullptr) return out;
  rules::RiskInput input;
  input.answers = answers;
  input.judgement.level = rules::risk_level_from(fact.fields.text("judgement_level")).value_or(RiskLevel::not_assessed);
  input.judgement.reason = fact.fields.text("judgement_reason");
  input.incidents_in_12_months = static_cast<int>(fact.fields.number("incidents_12_months").value_or(0));
  input.last_marac_referral = so_far.last_marac;
  input.newest_incident = newest(facts.of("incident"), "at", true);
  auto score = rules::score(*pack, input);
  if (!score && pack == questionnaires.given) return std::unexpected(score.error());
  if (!score) {   // of another version of it, say: what is written and judged counts all the same
    out.not_scored = score.error().detail;
    return out;
  }
  out.score = *std::move(score);
  out.level = std::max(out.level, out.score->level);
  return out;
}

/// What an assessment replaces, and what that replaces: its author was shown them all.
std::set<std::string> seen_by(const std::vector<Fact>& all, const Fact& assessment) {
  std::set<std::string> out;
  std::vector<RecordId> open = assessment.fields.records("supersedes");
  while (!open.empty()) {
    const RecordId next = open.back();
    open.pop_back();
    if (!out.insert(to_text(next)).second) continue;
    const auto found = std::ranges::find(all, next, &Fact::id);
    if (found == all.end()) continue;
    for (const RecordId& older : found->fields.records("supersedes")) open.push_back(older);
  }
  return out;
}

std::string author_of(Vault& vault, const Fact& fact) {
  for (const auto& field : fact.shown->fields) {
    if (!field.view.values.empty()) return vault.user_name(field.view.values.front().held->author.user);
  }
  return {};
}

}  // namespace

std::vector<InstalledQuestionnaire> installed_questionnaires(const Vault& vault) {
  std::vector<InstalledQuestionnaire> out;
  for (const auto& each : packs::questionnaires(vault.packs())) {
    // One that a newer version wrote may not be readable here.
    if (auto pack = rules::parse_questionnaire(each.toml)) out.push_back({each.name, *std::move(pack)});
  }
  return out;
}

Result<RiskOfCase> risk_of_case(Vault& vault, const CaseFacts& facts, const rules::QuestionnairePack* pack) {
  const Questionnaires questionnaires{pack, installed_questionnaires(vault)};
  RiskOfCase out;
  out.last_marac = newest(facts.of("marac"), "sent_on", false);
  if (out.last_marac) {
    out.repeat_until = rules::repeat_flag_until(*out.last_marac);
    const auto incident = newest(facts.of("incident"), "at", true);
    out.repeat = incident && *incident >= *out.last_marac && rules::repeats_within_12_months(out.last_marac, *incident);
  }
  const auto& all = facts.of("risk_assessment");
  std::vector<rules::Assessment> entries;
  for (const Fact& fact : all) {
    WAYSIDE_TRY(AssessedRisk each, assessed(facts, fact, out, questionnaires));
    rules::Assessment entry{fact.key(), each.level, fact.fields.text("completion") == "full", seen_by(all, fact),
                            author_of(vault, fact), fact.fields.text("lowering_reason"), fact.fields.text("second_person")};
    entries.push_back(std::move(entry));
    out.assessments.push_back(std::move(each));
  }
  WAYSIDE_TRY(out.effective, rules::effective_risk(entries));
  for (const Fact& fact : all) {
    const auto review = fact.fields.day("next_review");
    if (!review || !out.effective.counting.contains(fact.key())) continue;
    if (!out.next_review || *review < *out.next_review) out.next_review = review;
  }
  return out;
}

}  // namespace wayside::casework
