#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// No recourse to public funds: which routes to ask an adviser about, and the clock that runs. It signposts and never
/// advises: only a regulated immigration adviser may.
///
/// Sources: NRPF Network and Home Office guidance v4 (2024) as the code list nrpf_route cites them (MVDAC: 3 months);
/// Peterborough strategy 2024-27 (pre-settled status, Children's Services). Facts for design, not advice.
namespace wayside::casework::rules {

struct ImmigrationFacts {
  std::string status;  ///< code list immigration_status
  std::string route;   ///< code list nrpf_route; empty: none chosen
  std::string adviser;
  std::optional<bool> nrpf;
  bool children_in_household = false;
  std::optional<Day> leave_ends, applied_on, granted_on, refused_on;
};

struct NrpfSettings {
  int mvdac_months = 3;  ///< how long the concession lasts from its grant
  int warn_days = 28;    ///< before the clock runs out. Proposed
};

struct NrpfClock {
  std::string what;  ///< "concession", "leave"
  Day ends_on;
  std::int64_t days_left = 0;  ///< negative: run out
  bool alarm = false;
};

struct NrpfStanding {
  std::vector<std::string> routes_to_ask_about;  ///< codes, sorted; an adviser decides
  std::vector<NrpfClock> clocks;                 ///< the earliest first
  Verdict next;                                  ///< yes: nothing to do now; ask: each reason is a thing to do
};

NrpfStanding nrpf_standing(const ImmigrationFacts& facts, Day on, const NrpfSettings& settings = {});

}  // namespace wayside::casework::rules
