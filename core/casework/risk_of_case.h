#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/risk.h"

/// How high the risk of a case is, from all its assessments, and what follows from it.
namespace wayside::casework {

struct AssessedRisk {
  RecordId id;
  rules::RiskLevel level = rules::RiskLevel::not_assessed;   ///< the highest of what is written, judged and counted
  std::string questionnaire, version;
  std::optional<rules::Day> assessed_on;
  bool is_signed = false;
  int ticks = 0, dont_know = 0, not_asked = 0, noes = 0;     ///< of its answers, whatever the questionnaire
  std::optional<rules::RiskScore> score;                     ///< where its questionnaire was given or is installed
  std::string not_scored;                                    ///< why not, where the installed one does not fit its answers
};

struct RiskOfCase {
  rules::EffectiveRisk effective;
  std::vector<AssessedRisk> assessments;            ///< in the order in which they were made
  std::optional<rules::Day> next_review;            ///< the earliest of those that count
  std::optional<rules::Day> last_marac, repeat_until;
  bool repeat = false;                              ///< an incident within 12 months of the last referral
};

/// The questionnaires of the packs in force, each under the name that `pack list` gives it ("lad/dash").
struct InstalledQuestionnaire {
  std::string name;
  rules::QuestionnairePack pack;
};
std::vector<InstalledQuestionnaire> installed_questionnaires(const Vault& vault);

/// Assessments are scored by the installed questionnaire that they name by its id; `pack` takes the place of one with the
/// same id. An assessment has seen those that it replaces, and what they replace.
/// Errc::bad_input: assessments that replace each other in a ring; answers that do not fit `pack`.
Result<RiskOfCase> risk_of_case(Vault& vault, const CaseFacts& facts, const rules::QuestionnairePack* pack = nullptr);

}  // namespace wayside::casework
