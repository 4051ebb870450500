#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"
#include "platform/result.h"

/// Risk by any questionnaire that is loaded, raised by judgement and lowered only by a person who has seen the higher.
///
/// Sources: SafeLives' published guidance and Southampton's and Plymouth's pages (thresholds 1-9, 10-13, 14 and more
/// are suggestions; judgement may raise and never lower; four criteria of referral to MARAC; repeat within 12 months).
/// None of the DASH wording is shipped: its authors forbid copying. Questionnaires are data.
namespace wayside::casework::rules {

enum class RiskAnswer { yes, no, dont_know, not_asked };
std::optional<RiskAnswer> risk_answer_from(std::string_view code);  ///< YES, NO, DONT_KNOW, NOT_ASKED

/// In the order of protection; the codes are those of the code list risk_level.
enum class RiskLevel { not_assessed, standard, medium, high };
std::string_view code_of(RiskLevel level);                        ///< "HIGH"
std::optional<RiskLevel> risk_level_from(std::string_view code);  ///< any case

struct Question {
  std::string id;  ///< unique in the pack, for ever
  std::string text;
  bool scored = true;  ///< a yes is a tick
};

/// A questionnaire as data. TOML:
///   id = "…"  version = "…"  title = "…"  source = "…"
///   medium_from = 10   high_from = 14   escalation_incidents = 3
///   [[question]]  id = "…"  text = "…"  scored = true
struct QuestionnairePack {
  std::string id, version, title, source;
  std::vector<Question> questions;
  int medium_from = 10;  ///< ticks. A setting of the pack
  int high_from = 14;
  int escalation_incidents = 3;  ///< incidents in 12 months; the local threshold may differ
};

/// Errc::bad_input with the line or the key: unknown keys, ids twice, no question, thresholds that are not in order or
/// that the questions cannot reach; texts of more than 2,000 bytes, more than 500 questions.
Result<QuestionnairePack> parse_questionnaire(std::string_view toml);

/// What a worker noted beside the answers.
struct Judgement {
  RiskLevel level = RiskLevel::not_assessed;  ///< not_assessed: none given
  std::string reason;                         ///< needed with a level
};

struct RiskInput {
  std::map<std::string, RiskAnswer> answers;  ///< by question id; a question that is missing was not asked
  Judgement judgement;
  int incidents_in_12_months = 0;
  std::optional<Day> last_marac_referral;  ///< of the same survivor and perpetrator
  std::optional<Day> newest_incident;
};

enum class MaracCriterion { visible_high, professional_judgement, escalation, repeat };
std::string_view code_of(MaracCriterion criterion);  ///< VISIBLE_HIGH, PROF_JUDGEMENT, ESCALATION, REPEAT

struct RiskScore {
  int ticks = 0, noes = 0, dont_know = 0, not_asked = 0;  ///< of the scored questions
  RiskLevel by_count = RiskLevel::not_assessed;           ///< not_assessed while nothing scored was asked
  RiskLevel level = RiskLevel::not_assessed;              ///< with judgement
  std::set<MaracCriterion> criteria;                      ///< any one is enough for a referral to MARAC
  std::vector<Reason> reasons;
};

/// Errc::bad_input: an answer to no question of the pack, a judgement without a reason, a negative count.
Result<RiskScore> score(const QuestionnairePack& pack, const RiskInput& input);

/// Whether this incident repeats one of within 12 calendar months (SafeLives' definition counts from the last MARAC
/// referral; the same rule serves repeat incidents). False without an earlier one.
bool repeats_within_12_months(std::optional<Day> earlier, Day later);

/// Until when a new incident makes a case a repeat: 12 months from the last referral.
Day repeat_flag_until(Day last_marac_referral);

// ---- Which level counts ----

/// One signed assessment. Immutable: a change is a new one.
struct Assessment {
  std::string id;
  RiskLevel level = RiskLevel::not_assessed;
  bool full = true;                ///< completed, with an answer given or noted as not asked for every question
  std::set<std::string> has_seen;  ///< ids of assessments that its author was shown
  std::string assessed_by;
  std::string lowering_reason;  ///< needed to lower
  std::string second_person;    ///< who agreed; somebody else than assessed_by
};

struct EffectiveRisk {
  RiskLevel level = RiskLevel::not_assessed;
  std::set<std::string> counting;  ///< ids of the assessments that nobody has superseded
  std::vector<Reason> reasons;
};

/// The most protective assessment that nobody has superseded. One supersedes another that it has seen when it is at
/// least as high; a lower one only when it is full, gives a reason and names a second person. Any order of rows.
/// Errc::bad_input: an id twice, or assessments that have seen each other in a ring.
Result<EffectiveRisk> effective_risk(const std::vector<Assessment>& all);

}  // namespace wayside::casework::rules
