#include "core/casework/rules/risk.h"

#include <algorithm>
#include <array>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

template <class E>
struct Coded {
  E value;
  std::string_view code;
};
constexpr std::array kAnswers{Coded{RiskAnswer::yes, "YES"}, Coded{RiskAnswer::no, "NO"},
                              Coded{RiskAnswer::dont_know, "DONT_KNOW"}, Coded{RiskAnswer::not_asked, "NOT_ASKED"}};
constexpr std::array kLevels{Coded{RiskLevel::not_assessed, "NOT_ASSESSED"}, Coded{RiskLevel::standard, "STANDARD"},
                             Coded{RiskLevel::medium, "MEDIUM"}, Coded{RiskLevel::high, "HIGH"}};
constexpr std::array kCriteria{Coded{MaracCriterion::visible_high, "VISIBLE_HIGH"},
                               Coded{MaracCriterion::professional_judgement, "PROF_JUDGEMENT"},
                               Coded{MaracCriterion::escalation, "ESCALATION"},
                               Coded{MaracCriterion::repeat, "REPEAT"}};

void count_answers(const QuestionnairePack& pack, const RiskInput& input, RiskScore& out) {
  for (const auto& question : pack.questions) {
    if (!question.scored) continue;
    const auto given = input.answers.find(question.id);
    switch (given == input.answers.end() ? RiskAnswer::not_asked : given->second) {
      case RiskAnswer::yes: ++out.ticks; break;
      case RiskAnswer::no: ++out.noes; break;
      case RiskAnswer::dont_know: ++out.dont_know; break;
      case RiskAnswer::not_asked: ++out.not_asked; break;
    }
  }
}

RiskLevel by_ticks(const QuestionnairePack& pack, const RiskScore& score) {
  if (score.ticks >= pack.high_from) return RiskLevel::high;
  if (score.ticks >= pack.medium_from) return RiskLevel::medium;
  return score.ticks + score.noes + score.dont_know > 0 ? RiskLevel::standard : RiskLevel::not_assessed;
}

void explain_count(const QuestionnairePack& pack, RiskScore& out) {
  out.reasons.push_back({Answer::yes, "count",
                         counted(out.ticks, "yes", "yeses") + " of the scored questions; medium from " +
                             std::to_string(pack.medium_from) + ", high from " + std::to_string(pack.high_from) + "."});
  const auto unknown = out.not_asked + out.dont_know;
  if (unknown == 0) return;
  const bool could_rise =
      out.by_count != RiskLevel::high &&
      out.ticks + unknown >= (out.by_count == RiskLevel::medium ? pack.high_from : pack.medium_from);
  out.reasons.push_back({Answer::ask, "unknown",
                         std::to_string(out.not_asked) + " not asked, " + std::to_string(out.dont_know) +
                             " not known: none of them counts as no" +
                             (could_rise ? ", and the level could be higher." : ".")});
}

void find_criteria(const QuestionnairePack& pack, const RiskInput& input, RiskScore& out) {
  const auto met = [&](MaracCriterion criterion, std::string sentence) {
    out.criteria.insert(criterion);
    out.reasons.push_back({Answer::yes, "marac", std::move(sentence)});
  };
  if (out.ticks >= pack.high_from) met(MaracCriterion::visible_high, "MARAC: visible high risk by the count.");
  if (input.judgement.level == RiskLevel::high && out.by_count != RiskLevel::high)
    met(MaracCriterion::professional_judgement, "MARAC: professional judgement.");
  if (input.incidents_in_12_months >= pack.escalation_incidents)
    met(MaracCriterion::escalation, "MARAC: " + counted(input.incidents_in_12_months, "incident", "incidents") +
                                        " in 12 months may be an escalation.");
  if (input.newest_incident && repeats_within_12_months(input.last_marac_referral, *input.newest_incident))
    met(MaracCriterion::repeat,
        "MARAC: repeat within 12 months of the referral of " + iso(*input.last_marac_referral) + ".");
}

using ById = std::map<std::string, const Assessment*>;

Result<ById> by_id(const std::vector<Assessment>& all) {
  ById out;
  for (const auto& each : all) {
    if (!out.emplace(each.id, &each).second) return fail(Errc::bad_input, "assessment " + each.id + " stands twice");
  }
  return out;
}

/// Takes away, again and again, what has seen nothing that is left; a ring stays over. In a ring every one would
/// supersede the next and none would count.
Result<void> refuse_rings(const ById& all) {
  auto left = all;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto each = left.begin(); each != left.end();) {
      const bool has_seen_one =
          std::ranges::any_of(each->second->has_seen, [&](const auto& id) { return left.contains(id); });
      changed = changed || !has_seen_one;
      each = has_seen_one ? std::next(each) : left.erase(each);
    }
  }
  if (left.empty()) return {};
  return fail(Errc::bad_input,
              "assessment " + left.begin()->first + " has seen one that has seen it; each can only see earlier ones");
}

bool may_lower(const Assessment& by) {
  return by.full && !by.lowering_reason.empty() && !by.second_person.empty() && by.second_person != by.assessed_by &&
         by.level != RiskLevel::not_assessed;
}

bool supersedes(const Assessment& newer, const Assessment& older) {
  return newer.has_seen.contains(older.id) && (newer.level >= older.level || may_lower(newer));
}

}  // namespace

std::optional<RiskAnswer> risk_answer_from(std::string_view code) {
  const auto found = std::ranges::find(kAnswers, code, &Coded<RiskAnswer>::code);
  return found == kAnswers.end() ? std::nullopt : std::optional(found->value);
}

std::string_view code_of(RiskLevel level) { return kLevels[static_cast<std::size_t>(level)].code; }
std::string_view code_of(MaracCriterion criterion) { return kCriteria[static_cast<std::size_t>(criterion)].code; }

std::optional<RiskLevel> risk_level_from(std::string_view code) {
  const auto found = std::ranges::find_if(kLevels, [&](const auto& each) { return folded(each.code) == folded(code); });
  return found == kLevels.end() ? std::nullopt : std::optional(found->value);
}

Result<RiskScore> score(const QuestionnairePack& pack, const RiskInput& input) {
  for (const auto& [id, answer] : input.answers) {
    if (std::ranges::find(pack.questions, id, &Question::id) == pack.questions.end())
      return fail(Errc::bad_input, "answers: " + pack.id + " has no such question");
  }
  if (input.judgement.level != RiskLevel::not_assessed && input.judgement.reason.empty())
    return fail(Errc::bad_input, "judgement: needs its reason");
  if (input.incidents_in_12_months < 0) return fail(Errc::bad_input, "incidents_in_12_months: cannot be negative");
  RiskScore out;
  count_answers(pack, input, out);
  out.by_count = by_ticks(pack, out);
  explain_count(pack, out);
  out.level = std::max(out.by_count, input.judgement.level);
  if (input.judgement.level > out.by_count)
    out.reasons.push_back(
        {Answer::yes, "judgement", "Raised by judgement to " + std::string(code_of(out.level)) + "."});
  else if (input.judgement.level != RiskLevel::not_assessed && input.judgement.level < out.by_count)
    out.reasons.push_back(
        {Answer::ask, "judgement", "Judgement may raise the level, never lower it: the count stands."});
  find_criteria(pack, input, out);
  return out;
}

bool repeats_within_12_months(std::optional<Day> earlier, Day later) {
  return earlier && *earlier <= later && within_twelve_months(*earlier, later);
}

Day repeat_flag_until(Day last_marac_referral) { return plus_years(last_marac_referral, 1); }

Result<EffectiveRisk> effective_risk(const std::vector<Assessment>& all) {
  WAYSIDE_TRY(const auto sorted, by_id(all));
  WAYSIDE_OK(refuse_rings(sorted));
  EffectiveRisk out;
  for (const auto& [id, each] : sorted) {
    const bool superseded =
        std::ranges::any_of(sorted, [&](const auto& other) { return supersedes(*other.second, *each); });
    if (superseded) continue;
    out.counting.insert(id);
    out.level = std::max(out.level, each->level);
  }
  for (const auto& id : out.counting) {
    const auto& each = *sorted.at(id);
    out.reasons.push_back({Answer::yes, "counts", "Assessment " + id + ": " + std::string(code_of(each.level)) + "."});
    if (each.level < out.level)
      out.reasons.push_back({Answer::ask, "not_lowered",
                             "Assessment " + id +
                                 " does not lower the level: that needs a full "
                                 "assessment that has seen the higher one, a reason and a second person."});
  }
  return out;
}

}  // namespace wayside::casework::rules
