#include "core/casework/journey_of_case.h"

#include "core/casework/rules/adapters.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework {

Result<JourneyOfCase> journey_of_case(const CaseFacts& facts, rules::Day on) {
  JourneyOfCase out;
  std::vector<rules::Stay> stays;
  for (const Fact& fact : facts.of("stay")) {
    if (auto stay = rules::stay_from(fact.key(), fact.fields)) stays.push_back(*std::move(stay));
    else out.without_start.push_back(fact.id);
  }
  WAYSIDE_TRY(out.journey, rules::journey(std::move(stays), facts.own().day("opened"), on));
  return out;
}

std::string sentence_of(const rules::JourneyFlag& flag) {
  const bool gap = flag.kind == rules::JourneyFlag::Kind::gap;
  return (gap ? "Gap: nobody knows where she was from " : "Overlap: two places at once from ") + rules::iso(flag.from) + " to " + rules::iso(flag.to) +
         ", " + rules::counted(flag.days, "day", "days") + ".";
}

}  // namespace wayside::casework
