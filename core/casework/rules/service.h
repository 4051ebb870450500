#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/record_fields.h"

/// The directory as the matching rules read it. Field names are those of the record types `service` and `unit`.
namespace wayside::casework::rules {

inline constexpr std::int64_t kNoAgeLimit = 99;  ///< how the table's "None" is written

/// Nothing, empty text or an empty list: the directory does not say.
struct Service {
  RecordId id;
  std::string name, provider, kind, accommodation_type, specialism, exclusive_to, area_la, unit_type;
  std::vector<std::string> safe_zones;  ///< coarse areas inside area_la, never an address
  std::optional<std::int64_t> units, wheelchair_units, largest_family_size, pets_units;
  std::optional<std::int64_t> sons_max_age_certain, sons_max_age_possible;  ///< years, inclusive; kNoAgeLimit
  std::optional<bool> family_size_counts_adults;                            ///< nothing: yes
  std::string accepts_sex;                                                  ///< female, male, any
  std::string nrpf, nrpf_funder;  ///< yes, no, case_by_case, if_funded; who would have to pay
  std::string pets;               ///< yes, no, some
  std::string accepts_origin;     ///< origin_rule; empty: any
  std::vector<std::string> tenures_served, landlords_served, risk_levels_served, ethnicities_served,
      ethnicities_excluded, origins_served, languages_served;
  std::optional<bool> needs_specialist_case, overnight_security, housing_benefit_eligible;
  std::optional<std::int64_t> weekly_rent_pence, service_charge_pence, personal_contribution_pence;
  std::optional<Day> open_from, open_until;
  std::string printed_words;  ///< what the source prints where it can be read in more than one way
};

struct Unit {
  RecordId id, service;
  std::optional<std::int64_t> beds, sons_max_age;
  std::optional<bool> wheelchair, pets;
  std::string state;                         ///< free, held, occupied, out_of_use; empty: not known
  std::vector<RecordId> shares_access_with;  ///< units on the same hallway or access route; read both ways round
  std::optional<bool> single_sex_shared;     ///< no: the shared access is open to all; nothing or yes: same sex only
  std::string occupant_sex;                  ///< of who lives there; empty: not known
  std::optional<std::int64_t> as_at_ms;      ///< when somebody last looked
};

Service service_from(const RecordId& id, const RecordFields& fields);
Unit unit_from(const RecordId& id, const RecordFields& fields);

/// What was last heard about space: of one unit, or of a service as a whole (record type `vacancy`).
struct HeardVacancy {
  RecordId id, service;
  std::optional<RecordId> unit;
  std::string state;
  std::optional<std::int64_t> as_at_ms;
};
HeardVacancy vacancy_from(const RecordId& id, const RecordFields& fields);

/// Gives each unit the state that was heard last, when that is no older than what it says itself; what was heard of a
/// service as a whole becomes one unit more. Any order.
void apply_vacancies(std::vector<Unit>& units, std::vector<HeardVacancy> heard);

/// What the source prints in the cell `cell` ("nrpf", "boys_limit", "pets"); empty when it is not kept.
std::string printed(const Service& service, std::string_view cell);

}  // namespace wayside::casework::rules
