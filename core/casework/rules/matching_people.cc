#include <array>

#include "core/casework/rules/groups.h"
#include "core/casework/rules/matching_parts.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

bool any_of_sex(const std::vector<Sex>& sexes, Sex sex) { return std::ranges::find(sexes, sex) != sexes.end(); }

/// Whether all of them have the sex: no as soon as one has the other, ask while one is not stated.
Answer all_have(const std::vector<Sex>& sexes, Sex wanted) {
  const auto other = wanted == Sex::female ? Sex::male : Sex::female;
  if (any_of_sex(sexes, other)) return Answer::no;
  return any_of_sex(sexes, Sex::not_stated) ? Answer::ask : Answer::yes;
}

void match_sex(const Household& household, const Service& service, Verdict& verdict) {
  if (service.accepts_sex.empty() || service.accepts_sex == "any") return;
  const auto wanted = sex_from(service.accepts_sex);
  if (wanted == Sex::not_stated)
    return verdict.ask("sex", "Ask whom it takes: the directory says \"" + service.accepts_sex + "\".");
  const bool women = wanted == Sex::female;
  const bool sons_limit_stated = service.sons_max_age_certain || service.sons_max_age_possible;
  const auto answer = all_have(adult_sexes(household, !sons_limit_stated), wanted);
  if (answer == Answer::no) {
    verdict.bar("sex", women ? "Takes women only, and there is a man in the household."
                             : "Takes men only, and there is a woman in the household.");
  } else if (answer == Answer::ask) {
    verdict.ask("sex", std::string(women ? "Takes women only" : "Takes men only") +
                           "; the sex of an adult in the household is not stated.");
  }
}

/// Any adult is young: she is the one who asks. No only when every age is known.
Answer is_young(const Household& household, int until_age) {
  if (household.adults.empty()) return Answer::ask;
  auto answer = Answer::no;
  for (const auto& adult : household.adults) {
    if (!adult.age) answer = std::max(answer, Answer::ask);
    else if (*adult.age <= until_age) answer = Answer::yes;
  }
  return answer;
}

/// Black and minoritised: not the white groups. Whether white minorities belong is said nowhere, so that is asked.
Answer is_minoritised(const Household& household) {
  const auto groups = ethnic_groups(household.ethnicity);
  if (groups == 0) return Answer::ask;
  if (groups == kWhiteBritish) return Answer::no;
  return groups & kWhiteGroups ? Answer::ask : Answer::yes;
}

/// The words before "women" or "men", or all of them: who is meant, as far as a household says it.
Answer is_of_group(const std::string& words, const Household& household, const MatchSettings& settings) {
  constexpr std::array<std::string_view, 10> kMinoritised{"bme",
                                                          "bame",
                                                          "black and minoritised",
                                                          "black and minority ethnic",
                                                          "minoritised",
                                                          "ethnic minority",
                                                          "ethnic minorities",
                                                          "minority ethnic",
                                                          "black and ethnic minority",
                                                          "minoritised ethnic"};
  if (words.empty()) return Answer::yes;
  if (words == "young" || words == "young people") return is_young(household, settings.young_until_age);
  for (const auto name : kMinoritised) {
    if (same_words(words, name)) return is_minoritised(household);
  }
  if (has_need(household.needs, words)) return Answer::yes;
  if (is_need(words)) return household.needs.empty() ? Answer::ask : Answer::no;
  const auto wanted = ethnic_groups(words);
  const auto hers = ethnic_groups(household.ethnicity);
  if (wanted != 0 && hers != 0) {
    if ((hers & ~wanted) == 0) return Answer::yes;
    return hers & wanted ? Answer::ask : Answer::no;
  }
  if (words.starts_with("disabled") && household.wheelchair) return Answer::yes;
  return Answer::ask;
}

void match_exclusive(const Household& household, const Service& service, const MatchSettings& settings,
                     Verdict& verdict) {
  if (service.exclusive_to.empty()) return;
  // In capitals, since those are what scanning takes for another script's.
  auto words = folded(service.exclusive_to);
  if (same_words(words, "BME") || same_words(service.exclusive_to, "BME")) words = "bme";
  auto answer = Answer::yes;
  for (const auto& [ending, sex] : {std::pair<std::string_view, Sex>{"women", Sex::female}, {"men", Sex::male}}) {
    const bool all = words == ending;
    if (!all && !words.ends_with(" " + std::string(ending))) continue;
    answer = all_have(adult_sexes(household, false), sex);
    words.erase(all ? 0 : words.size() - ending.size() - 1);
    break;
  }
  answer = std::min(answer, is_of_group(words, household, settings));
  const auto only = "Only for " + service.exclusive_to;
  if (answer == Answer::no) verdict.bar("exclusive", only + "; what is known of the household does not fit.");
  if (answer == Answer::ask) verdict.ask("exclusive", only + "; what is known of the household does not settle it.");
}

void match_ethnicity(const Household& household, const Service& service, Verdict& verdict) {
  if (service.ethnicities_served.empty() && service.ethnicities_excluded.empty()) return;
  const auto hers = ethnic_groups(household.ethnicity);
  if (!is_stated(household.ethnicity))
    return verdict.ask("ethnicity", "For certain ethnic groups only; her own answer is missing.");
  if (hers == 0)
    return verdict.ask("ethnicity",
                       "For certain ethnic groups only; \"" + household.ethnicity + "\" is none of the list.");
  if (!service.ethnicities_served.empty()) {
    const auto served = ethnic_groups(service.ethnicities_served);
    if ((hers & served) == 0) verdict.bar("ethnicity", "For other ethnic groups only.");
    else if (hers & ~served) verdict.ask("ethnicity", "For certain ethnic groups only; ask which of hers it is.");
  }
  const auto excluded = ethnic_groups(service.ethnicities_excluded);
  if ((hers & ~excluded) == 0) verdict.bar("ethnicity", "Not for her ethnic group, as the service prints it.");
  else if (hers & excluded) verdict.ask("ethnicity", "Not for some ethnic groups; ask which of hers it is.");
}

/// A list that bars whoever is not in it, and asks where her own answer is missing.
void match_list(const std::vector<std::string>& served, std::string_view hers, std::string_view rule,
                std::string_view of_what, Verdict& verdict) {
  if (served.empty() || contains_words(served, hers)) return;
  const auto sentence = "For " + std::string(of_what) + " " + listed(served) + " only";
  if (!is_stated(hers)) verdict.ask(rule, sentence + "; her own answer is missing.");
  else verdict.bar(rule, sentence + ".");
}

void match_origin_group(const Household& household, const Service& service, Verdict& verdict) {
  const auto& served = service.origins_served;
  const auto fits = [&](const std::string& origin) { return country_within(household.country_of_birth, origin); };
  if (served.empty() || std::ranges::any_of(served, fits)) return;
  match_list(served, household.country_of_birth, "origin_group", "people born in", verdict);
}

void match_language(const Household& household, const Service& service, Verdict& verdict) {
  const auto& served = service.languages_served;
  const auto& hers = household.languages;
  if (served.empty() || std::ranges::any_of(hers, [&](const auto& each) { return contains_words(served, each); }))
    return;
  const auto stated = std::ranges::find_if(hers, [](const auto& each) { return is_stated(each); });
  match_list(served, stated == hers.end() ? std::string() : *stated, "language", "speakers of", verdict);
}

void match_risk(const Household& household, const Service& service, Verdict& verdict) {
  const auto risk = folded(household.risk) == "not_assessed" ? std::string() : household.risk;
  match_list(service.risk_levels_served, risk, "risk", "the risk levels", verdict);
}

void match_specialist_case(const Household& household, const Service& service, Verdict& verdict) {
  if (!service.needs_specialist_case.value_or(false) || household.specialist_case.value_or(false)) return;
  if (household.specialist_case)
    verdict.bar("specialist_case", "Needs an open case with a specialist service; there is none.");
  else
    verdict.ask("specialist_case",
                "Needs an open case with a specialist service; it is not stated whether there is one.");
}

}  // namespace

std::vector<Sex> adult_sexes(const Household& household, bool grown_children_too) {
  std::vector<Sex> out;
  for (const auto& adult : household.adults) out.push_back(adult.sex);
  if (out.empty()) out.push_back(Sex::not_stated);
  for (const auto& child : household.children) {
    if (grown_children_too && child.age.value_or(0) >= 18) out.push_back(child.sex);
  }
  return out;
}

void match_people(const Household& household, const Service& service, const MatchSettings& settings, Verdict& verdict) {
  match_sex(household, service, verdict);
  match_exclusive(household, service, settings, verdict);
  match_ethnicity(household, service, verdict);
  match_origin_group(household, service, verdict);
  match_language(household, service, verdict);
  match_risk(household, service, verdict);
  match_specialist_case(household, service, verdict);
}

}  // namespace wayside::casework::rules
