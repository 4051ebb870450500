#include <algorithm>
#include <iterator>

#include "core/casework/rules/groups.h"
#include "core/casework/rules/matching_parts.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

void match_dates(const Household& household, const Service& service, Verdict& verdict) {
  if (!service.open_from && !service.open_until) return;
  if (!household.on_date) return verdict.ask("dates", "Open for a limited time only; ask, since no day is given.");
  if (service.open_from && *household.on_date < *service.open_from)
    verdict.bar("dates", "Not open before " + iso(*service.open_from) + ".");
  if (service.open_until && *household.on_date > *service.open_until)
    verdict.bar("dates", "Closed after " + iso(*service.open_until) + ".");
}

/// Inside one authority zones are coarse areas, never an address. Every zone unsafe bars, some of them ask.
void match_zones(const Household& household, const Service& service, Verdict& verdict) {
  if (household.unsafe_areas.empty() && household.perpetrator_areas.empty()) return;
  bool only_unsafe = true;
  const auto is_hit = [&](const std::string& area) {
    if (contains_words(household.unsafe_areas, area)) return true;
    if (!contains_words(household.perpetrator_areas, area)) return false;
    only_unsafe = false;
    return true;
  };
  const auto why = [&] {
    return only_unsafe ? "which is not safe for her" : "which is not safe for her or where the perpetrator has ties";
  };
  if (!service.area_la.empty() && is_hit(service.area_la))
    return verdict.bar("zones", "Lies in " + service.area_la + ", " + why() + ".");
  std::vector<std::string> hit;
  std::ranges::copy_if(service.safe_zones, std::back_inserter(hit), is_hit);
  std::ranges::sort(hit);
  if (!hit.empty() && hit.size() == service.safe_zones.size())
    return verdict.bar("zones", "Lies in " + listed(hit) + " only, " + why() + ".");
  if (!hit.empty())
    return verdict.ask("zones",
                       "May lie in " + listed(hit) + ", " + why() + ": ask the office, which knows the place.");
  const bool has_a_place = service.kind != "support" && service.kind != "sanctuary";
  if (has_a_place && service.area_la.empty() && service.safe_zones.empty())
    verdict.ask("zones", "The directory does not say where it lies: ask the office whether that is safe for her.");
}

/// Peterborough strategy 2024-27: its refuge takes people from out of area, and from within if there is significant
/// distance and it is deemed safe; its dispersed houses are for residents first. Southampton 2021-24: no locality cap.
void match_area(const Household& household, const Service& service, Verdict& verdict) {
  const auto& rule = service.accepts_origin;
  if (rule.empty() || rule == "any") return;
  std::optional<bool> local;
  if (is_stated(household.origin_la) && !service.area_la.empty())
    local = same_words(household.origin_la, service.area_la);
  const std::string area = service.area_la.empty() ? "its area" : service.area_la;
  if (rule == "out_of_area_only") {
    if (!local)
      verdict.ask("area", "Takes people from outside of " + area + " only; where she comes from is not known.");
    else if (*local) verdict.bar("area", "Takes people from outside of " + area + " only.");
  } else if (rule == "in_area_if_distant_and_safe") {
    const bool both = household.significant_distance.value_or(false) && household.assessed_safe.value_or(false);
    if (both || local == false) return;
    const bool either_false = household.significant_distance == false || household.assessed_safe == false;
    const auto words = "Takes people from " + area + " only where there is significant distance and it is deemed safe";
    if (local == true && either_false) verdict.bar("area", words + "; that is not so.");
    else verdict.ask("area", words + (local ? "; that is not assessed." : "; where she comes from is not known."));
  } else if (rule == "residents_first") {
    if (local != true) verdict.ask("area", "Residents of " + area + " come first; ask about others.");
  } else {
    verdict.ask("area", "Ask from where it takes people: the directory says \"" + rule + "\".");
  }
}

void match_tenure(const Household& household, const Service& service, Verdict& verdict) {
  const auto& served = service.tenures_served;
  if (served.empty() || contains_words(served, household.tenure)) return;
  if (is_stated(household.tenure)) verdict.bar("tenure", "Is not for the tenure of her home.");
  else verdict.ask("tenure", "Depends on the tenure of her home, which is not known.");
}

/// The landlord that a tenure has by its nature; empty where it may be anybody.
std::string_view landlord_of(const Household& household) {
  if (is_stated(household.landlord)) return household.landlord;
  const auto& tenure = household.tenure;
  if (tenure.starts_with("LA_")) return "council";
  if (tenure.starts_with("RP_")) return "housing_association";
  if (tenure == "PRS") return "private";
  return tenure == "OWNER" ? "owned" : "";
}

void match_landlord(const Household& household, const Service& service, Verdict& verdict) {
  const auto& served = service.landlords_served;
  const auto landlord = landlord_of(household);
  if (served.empty() || contains_words(served, landlord)) return;
  if (!landlord.empty()) verdict.bar("landlord", "Is not for homes of her landlord.");
  else verdict.ask("landlord", "Depends on who her landlord is, which is not known.");
}

}  // namespace

void match_where_and_when(const Household& household, const Service& service, Verdict& verdict) {
  match_dates(household, service, verdict);
  match_zones(household, service, verdict);
  match_area(household, service, verdict);
  match_tenure(household, service, verdict);
  match_landlord(household, service, verdict);
}

}  // namespace wayside::casework::rules
