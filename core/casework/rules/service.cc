#include "core/casework/rules/service.h"

#include <algorithm>
#include <map>

namespace wayside::casework::rules {
namespace {

/// `pets` is a code for a service, and a flag or the same code for a unit: "some" says nothing about one unit.
std::optional<bool> yes_or_no(const RecordFields& fields, std::string_view name) {
  if (const auto flag = fields.flag(name)) return flag;
  const auto text = fields.text(name);
  if (text == "yes") return true;
  if (text == "no") return false;
  return std::nullopt;
}

void read_limits(const RecordFields& fields, Service& out) {
  out.units = fields.number("units");
  out.wheelchair_units = fields.number("wheelchair_units");
  out.largest_family_size = fields.number("largest_family_size");
  out.pets_units = fields.number("pets_units");
  out.sons_max_age_certain = fields.number("sons_max_age_certain");
  out.sons_max_age_possible = fields.number("sons_max_age_possible");
  out.family_size_counts_adults = fields.flag("family_size_counts_adults");
  out.needs_specialist_case = fields.flag("needs_specialist_case");
  out.overnight_security = fields.flag("overnight_security");
  out.housing_benefit_eligible = fields.flag("housing_benefit_eligible");
  out.weekly_rent_pence = fields.number("weekly_rent_pence");
  out.service_charge_pence = fields.number("service_charge_pence");
  out.personal_contribution_pence = fields.number("personal_contribution_pence");
  out.open_from = fields.day("open_from");
  out.open_until = fields.day("open_until");
}

}  // namespace

Service service_from(const RecordId& id, const RecordFields& fields) {
  Service out;
  out.id = id;
  read_limits(fields, out);
  out.name = fields.text("name");
  out.provider = fields.text("provider");
  out.kind = fields.text("kind");
  out.accommodation_type = fields.text("accommodation_type");
  out.specialism = fields.text("specialism");
  out.exclusive_to = fields.text("exclusive_to");
  out.area_la = fields.text("area_la");
  out.unit_type = fields.text("unit_type");
  out.safe_zones = fields.texts("safe_zones");
  out.accepts_sex = fields.text("accepts_sex");
  out.nrpf = fields.text("nrpf");
  out.nrpf_funder = fields.text("nrpf_funder");
  out.pets = fields.text("pets");
  out.accepts_origin = fields.text("accepts_origin");
  out.tenures_served = fields.texts("tenures_served");
  out.landlords_served = fields.texts("landlords_served");
  out.risk_levels_served = fields.texts("risk_levels_served");
  out.ethnicities_served = fields.texts("ethnicities_served");
  out.ethnicities_excluded = fields.texts("ethnicities_excluded");
  out.origins_served = fields.texts("origins_served");
  out.languages_served = fields.texts("languages_served");
  out.printed_words = fields.text("printed_words");
  return out;
}

Unit unit_from(const RecordId& id, const RecordFields& fields) {
  Unit out;
  out.id = id;
  if (const auto services = fields.records("service"); !services.empty()) out.service = services.front();
  out.beds = fields.number("beds");
  out.sons_max_age = fields.number("sons_max_age");
  out.wheelchair = yes_or_no(fields, "wheelchair");
  out.pets = yes_or_no(fields, "pets");
  out.state = fields.text("state");
  out.shares_access_with = fields.records("shares_access_with");
  out.single_sex_shared = fields.flag("single_sex_shared");
  out.occupant_sex = fields.text("occupant_sex");
  out.as_at_ms = fields.time_ms("as_at");
  return out;
}

HeardVacancy vacancy_from(const RecordId& id, const RecordFields& fields) {
  HeardVacancy out;
  out.id = id;
  if (const auto services = fields.records("service"); !services.empty()) out.service = services.front();
  if (const auto units = fields.records("unit"); !units.empty()) out.unit = units.front();
  out.state = fields.text("state");
  out.as_at_ms = fields.time_ms("as_at");
  return out;
}

void apply_vacancies(std::vector<Unit>& units, std::vector<HeardVacancy> heard) {
  std::ranges::sort(heard, {}, [](const HeardVacancy& each) { return std::pair(each.as_at_ms, each.id); });
  std::map<RecordId, Unit> whole;  // by service: the last that was heard
  for (const auto& each : heard) {
    if (!each.unit) {
      Unit unit;
      unit.id = each.id;
      unit.service = each.service;
      unit.state = each.state;
      unit.as_at_ms = each.as_at_ms;
      whole.insert_or_assign(each.service, std::move(unit));
      continue;
    }
    const auto unit = std::ranges::find(units, *each.unit, &Unit::id);
    if (unit == units.end() || unit->as_at_ms > each.as_at_ms) continue;
    unit->state = each.state;
    unit->as_at_ms = each.as_at_ms;
  }
  for (auto& [service, unit] : whole) units.push_back(std::move(unit));
}

std::string printed(const Service& service, std::string_view cell) {
  const std::string head = "\n" + std::string(cell) + " as printed: ";
  const auto text = "\n" + service.printed_words;
  const auto at = text.find(head);
  if (at == std::string::npos) return {};
  const auto begin = at + head.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace wayside::casework::rules
