#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/who_counts.h"

/// Whose case this is in law, for every two people and every child of a case.
namespace wayside::casework {

struct CountsBetween {
  RecordId relationship, a, b;
  rules::Verdict verdict;
};
struct CountsChild {
  RecordId child;
  rules::Verdict verdict;
};
struct CountsOfCase {
  std::vector<CountsBetween> between;   ///< people of whom one is known to harm, or whose roles are not known
  std::vector<CountsChild> children;
  rules::Verdict repeat;                ///< an incident within 12 months of another
  rules::Answer answer = rules::Answer::ask;   ///< of the two people for whom it is clearest; ask: nobody is recorded
};
CountsOfCase counts_of_case(const CaseFacts& facts, rules::Day on);

}  // namespace wayside::casework
