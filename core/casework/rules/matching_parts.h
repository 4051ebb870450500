#pragma once

#include "core/casework/rules/matching.h"

/// The parts of one match, each a table row of the domain's rules. For matching.cc alone.
namespace wayside::casework::rules {

/// Whom the service is for: sex, exclusive_to, ethnicity, origin, language, risk, specialist case.
void match_people(const Household& household, const Service& service, const MatchSettings& settings, Verdict& verdict);

/// What the place can hold: family size, sons, pets, NRPF, wheelchair, overnight staff, cost for who is in work.
void match_place(const Household& household, const Service& service, Verdict& verdict);

/// Where it is: unsafe zones, and from where it takes people; when it is open; tenure and landlord.
void match_where_and_when(const Household& household, const Service& service, Verdict& verdict);

/// The units that are free: their own limits and who shares a hallway with them.
void match_units(const Household& household, const Service& service, const std::vector<const Unit*>& units,
                 std::vector<Vacancy>& vacancies, Verdict& verdict);

/// Whether a son who can be taken is of any age, certainly or perhaps (nothing: no limit stated).
struct SonsLimit {
  std::optional<std::int64_t> certain, possible;
  std::string printed_words;
};
void match_sons(const std::vector<Member>& children, const SonsLimit& limit, Verdict& verdict);

/// The sexes of those who count as adults: adults, and children of 18 or more where no limit for sons is stated.
std::vector<Sex> adult_sexes(const Household& household, bool grown_children_too);

}  // namespace wayside::casework::rules
