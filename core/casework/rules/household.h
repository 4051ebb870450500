#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/dates.h"

/// Who looks for a place or for support, as the matching rules read it (the command line's `match --household`).
namespace wayside::casework::rules {

enum class Sex { not_stated, female, male };

/// "female", "F", "woman", "girl" …; everything else, "prefer not to say" among it, is not stated.
Sex sex_from(std::string_view text);

struct Member {
  Sex sex = Sex::not_stated;
  std::optional<int> age;  ///< years
};

struct Pets {
  std::string kind;
  std::optional<int> count;  ///< nothing: at least one
};

/// A need that is not stated is no need. An answer about herself that is not stated gives `ask` where a service asks.
struct Household {
  std::vector<Member> adults;    ///< empty: one adult of whom nothing is stated
  std::vector<Member> children;  ///< sons and daughters who come along, of any age
  std::vector<Pets> pets;
  bool nrpf = false, wheelchair = false, overnight_security = false;
  std::vector<std::string> needs;              ///< need_category codes
  std::vector<std::string> unsafe_areas;       ///< council areas or zones
  std::vector<std::string> perpetrator_areas;  ///< where the perpetrator lives, works or has people; counts as unsafe
  std::string origin_la;
  std::optional<bool> significant_distance;  ///< of the service from where she comes from; nothing: not assessed
  std::optional<bool> assessed_safe;
  std::string tenure, landlord;  ///< codes; a landlord that is not stated follows from the tenure
  std::optional<bool> in_work;
  std::string ethnicity;  ///< a Census 2021 code ("17") or a code of the list `ethnicity`
  std::string country_of_birth;
  std::vector<std::string> languages;
  std::string risk;                     ///< standard, medium, high; case does not matter
  std::optional<bool> specialist_case;  ///< a specialist service has her case open
  std::optional<Day> on_date;           ///< the day for which she asks
};

/// How many people: adults, of whom there is always one, and children.
int size_of(const Household& household, bool with_adults);
bool has_pets(const Household& household);

}  // namespace wayside::casework::rules
