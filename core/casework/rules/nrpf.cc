#include "core/casework/rules/nrpf.h"

#include <algorithm>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

bool has_access_to_funds(const ImmigrationFacts& facts) {
  return facts.nrpf == false || facts.status == "british_irish" || facts.status == "settled";
}

/// By status alone: which of the routes an adviser would want to hear about. Never which one is right.
std::vector<std::string> routes_for(const ImmigrationFacts& facts) {
  if (has_access_to_funds(facts)) return {};
  std::vector<std::string> out;
  if (facts.status == "pre_settled") out = {"MVDAC_EU", "MVDAC_FM", "PRE_SETTLED_DWP"};
  else if (facts.status == "partner_leave") out = {"APPENDIX_VDA", "MVDAC_FM", "MVDAC_WORK_STUDY"};
  else if (facts.status == "limited_leave") out = {"MVDAC_WORK_STUDY"};
  if (facts.children_in_household) out.emplace_back("CHILDREN_ACT");
  out.emplace_back("OTHER_LEGAL");
  std::ranges::sort(out);
  return out;
}

bool is_concession(std::string_view route) { return route.starts_with("MVDAC"); }

void add_clock(std::string what, Day ends_on, Day on, const NrpfSettings& settings, NrpfStanding& out) {
  const auto left = days_between(on, ends_on);
  out.clocks.push_back({std::move(what), ends_on, left, left <= settings.warn_days});
}

void judge(const ImmigrationFacts& facts, Verdict& next) {
  const bool decided = facts.granted_on || facts.refused_on;
  if (!facts.nrpf && !has_access_to_funds(facts))
    next.ask("nrpf", "It is not known whether she has recourse to public funds.");
  if (has_access_to_funds(facts)) return;
  if (facts.adviser.empty()) next.ask("adviser", "Signpost to a regulated immigration adviser; none is named.");
  if (facts.route.empty() || facts.route == "NONE") next.ask("route", "No route is chosen: ask the adviser.");
  else if (!facts.applied_on && !decided) next.ask("apply", "The adviser has not applied yet.");
  if (facts.refused_on && !facts.granted_on)
    next.ask("refused", "Refused on " + iso(*facts.refused_on) + ": go back to the adviser.");
  if (facts.route == "MVDAC_WORK_STUDY")
    next.note("no_settlement",
              "This concession is no way to settlement as a victim; the adviser will know what follows.");
}

}  // namespace

NrpfStanding nrpf_standing(const ImmigrationFacts& facts, Day on, const NrpfSettings& settings) {
  NrpfStanding out;
  out.routes_to_ask_about = routes_for(facts);
  // The clock starts on the grant, not on the application.
  if (is_concession(facts.route) && facts.granted_on)
    add_clock("concession", plus_months(*facts.granted_on, settings.mvdac_months), on, settings, out);
  if (facts.leave_ends && !has_access_to_funds(facts)) add_clock("leave", *facts.leave_ends, on, settings, out);
  std::ranges::sort(out.clocks, {}, [](const NrpfClock& clock) { return std::pair(clock.ends_on, clock.what); });
  judge(facts, out.next);
  for (const auto& clock : out.clocks) {
    if (!clock.alarm) continue;
    const auto left = clock.days_left < 0
                          ? "ended on " + iso(clock.ends_on)
                          : "ends on " + iso(clock.ends_on) + ", in " + counted(clock.days_left, "day", "days");
    out.next.ask("clock", "The " + clock.what + " " + left + ": see the adviser now.");
  }
  out.next.sort();
  return out;
}

}  // namespace wayside::casework::rules
