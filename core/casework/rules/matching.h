#pragma once

#include <optional>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/household.h"
#include "core/casework/rules/service.h"

/// Which services can take a household: yes, ask or no, each with its reasons. Nothing is ever left out of the list.
///
/// `no` stands only on a printed bar; `ask` where the printed words are conditional, unclear, or need somebody else's
/// money; else `yes`. Sources: Leicester strategy 2022-25 table 5.3 (sons, pets, men, NRPF, wheelchair, overnight
/// staff), Peterborough 2024-27 (origin, residents first, NRPF if funded, Ethnic Minority and A8 IDVA), Southampton
/// 2021-24 (risk tiers, rents, tenures), Isle of Wight 2021-24 (shared access), Dorset 2021-24 (tenures).
///
/// Rules by name, in order: dates, sex, exclusive, ethnicity, origin_group, language, risk, specialist_case, tenure,
/// landlord, family_size, sons_age, pets, nrpf, wheelchair, overnight, zones, area, in_work, shared_access, free_unit,
/// specialism.
namespace wayside::casework::rules {

struct MatchSettings {
  std::int64_t stale_after_hours = 24;  ///< a vacancy looked at longer ago is shown grey. Proposed; no strategy says
  int young_until_age = 24;             ///< "young women": ages 16 to 24 (Leicester strategy 2022-25)
};

struct Vacancy {
  RecordId unit;
  Answer answer = Answer::yes;            ///< whether this unit fits
  std::optional<std::int64_t> age_hours;  ///< since somebody last looked; never negative; nothing: nobody noted it
  bool stale = false;                     ///< shown grey; also when the age is not known
};

struct Match {
  RecordId service;
  std::string name;
  Answer answer = Answer::yes;
  std::vector<Reason> reasons;                    ///< never empty; those that decide come first
  std::vector<Vacancy> vacancies;                 ///< units that are free, by id
  std::optional<std::int64_t> vacancy_age_hours;  ///< of the unit looked at last
  bool vacancy_stale = false;                     ///< there are units, and nobody looked at any of them lately
};

/// One service. `units`: those of this service, in any order. `now_ms`: since 1970 UTC, for the age of vacancies only.
Match match(const Household& household, const Service& service, const std::vector<Unit>& units, std::int64_t now_ms,
            const MatchSettings& settings = {});

/// All services, yes before ask before no, then by name and id. Units of other services are passed over.
std::vector<Match> match_all(const Household& household, const std::vector<Service>& services,
                             const std::vector<Unit>& units, std::int64_t now_ms, const MatchSettings& settings = {});

}  // namespace wayside::casework::rules
